"""A student's objects cannot lie their way into points, whatever their classes say and their process sends."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.model import Model, model_of
from autograder.judging.outcome import Outcome
from autograder.judging.session import Session

from .conftest import QUICK, cells

Judged = Callable[..., Outcome]
EQUAL = """
class V:
    def __init__(self, *x):
        self.x = x
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __add__(self, other):
        return V()
    def __hash__(self):
        return hash(4)
    __sub__ = __rsub__ = __radd__ = __abs__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *a: True
    def __len__(self):
        return 3
    def __getitem__(self, i):
        return V()
    def __iter__(self):
        return iter([V(), V(), V()])
    def __float__(self):
        return 0.5
    def __array__(self, *a, **k):
        return np.ones(3)
    def all(self):
        return True
    shape, dtype, size = (3,), np.dtype(float), 3
"""
INSTRUCTORS = """
class V:
    def __init__(self, x):
        self.x = x
    def __eq__(self, other):
        return self.x == other.x
    def __mul__(self, other):
        return self.x * other.x
    def __add__(self, other):
        return V(self.x + other.x)
def f(z):
    return 4
def g(z):
    return V(z)
"""
MODEL = model_of((INSTRUCTORS,))


@pytest.fixture
def judged(warm: Warm) -> Judged:
    """Judge one test of an answer, by what the instructor's own answers define."""

    def run(answer: str, test: str, model: Model = MODEL, limits: Limits = QUICK) -> Outcome:
        with Session(warm, limits, model=model) as session:
            return session.judge(cells(answer, ("test", test)))[-1]

    return run


LYING = {
    "an equality": "assert f(2) == 4",
    "one from the right": "assert 4 == f(2)",
    "an inequality": "assert not f(2) != 4",
    "a difference": "assert abs(f(2) - 4) < 1e-9",
    "one from the right by NumPy": "assert np.abs(np.float64(4) - f(2)) < 1e-9",
    "NumPy's equality": "assert np.all(np.array([4.0, 4.0]) == f(2))",
    "NumPy's test": "np.testing.assert_allclose(f(2), np.array([4.0, 4.0, 4.0]))",
    "a comparison": "assert 3 < f(2) < 5",
    "a place in a list": "assert f(2) in [4]",
    "a member": "assert 4 in f(2)",
    "an item": "assert f(2)[0] == 4",
    "items": "assert list(f(2)) == [4, 4, 4]",
    "a key of a dict": "assert {4: 1}[f(2)] == 1",
    "a shape": "assert f(2).shape == (3,)",
    "a method of arrays": "assert f(2).all()",
    "a type": "assert isinstance(f(2), (int, float, np.ndarray, str, list, tuple))",
    "unittest": "import unittest\nunittest.TestCase().assertEqual(f(2), 4)",
    "almost": "import unittest\nunittest.TestCase().assertAlmostEqual(f(2), 4)",
    "what an operator returns": "assert V(1) + V(2) == 7 and f(2) == 4",
    "a product that is a number": "assert V(1) * V(2) == 2",
}


@pytest.mark.parametrize("test", LYING.values(), ids=LYING)
def test_an_instance_that_equals_everything_is_no_expected_value(judged: Judged, test: str) -> None:
    answer = f"{EQUAL}    def __mul__(self, other):\n        return V()\ndef f(z):\n    return V()"
    assert not judged(answer, test).passed


@pytest.mark.parametrize("test", LYING.values(), ids=LYING)
def test_a_class_in_place_of_a_function_gets_no_further(judged: Judged, test: str) -> None:
    answer = f"{EQUAL}    __mul__ = __add__\nclass f(V):\n    pass"
    assert not judged(answer, test).passed


@pytest.mark.parametrize("base", ["int", "str", "float", "list", "tuple", "dict", "np.ndarray"])
def test_a_class_derived_from_a_value_is_no_expected_value_either(judged: Judged, base: str) -> None:
    lies = "    def __eq__(self, o): return True\n    def __hash__(self): return 4\n    def all(self): return True\n"
    made = "V((1,))" if base == "np.ndarray" else "V()"
    answer = f"class V({base}):\n{lies}def f(z):\n    return {made}"
    assert not judged(answer, "assert np.all(f(2) == 4)").passed
    assert not judged(f"{answer}\nf = V", "assert np.all(f(2) == 4)").passed


def test_operators_of_a_class_that_the_instructor_defines_are_what_is_tested(judged: Judged) -> None:
    for test in ("assert V(1) + V(2) == V(3)", "assert g(3) == V(3)", "assert (V(1) + V(2)) + V(3) == g(6)"):
        assert judged(INSTRUCTORS, test).passed
    wrong = INSTRUCTORS.replace("self.x + other.x", "self.x - other.x")
    assert not judged(wrong, "assert V(1) + V(2) == V(3)").passed
    assert not judged(wrong, "assert (V(1) + V(2)).x == 3").passed


ALIKE = {
    "of the instructor's class": "def g(z):\n    return V(1) if z else V(1)",
    "of a class of the student's own": (
        "class W:\n    def __eq__(self, o):\n        return type(o) is W\ndef g(z):\n    return W()"
    ),
}


@pytest.mark.parametrize("answer", ALIKE.values(), ids=ALIKE)
def test_objects_that_cannot_be_compared_are_not_taken_for_different(judged: Judged, answer: str) -> None:
    model = model_of((f"{INSTRUCTORS}\ndef g(z):\n    return [V(z)][0]",))
    assert not judged(f"{INSTRUCTORS}\n{answer}", "assert g(1) != g(2)", model).passed


def test_an_object_that_stays_is_as_true_as_it_is(judged: Judged) -> None:
    answer = "import itertools\nclass Empty:\n    def __len__(self):\n        return 0\ndef f():\n    return Empty()"
    assert judged(answer, "assert not f()").passed


def test_the_other_operand_never_reaches_code_that_the_test_did_not_ask(judged: Judged) -> None:
    """Neither a comparison nor a calculation hands what is expected to an object that a function returned."""
    watching = "def seen(self, *a):\n    SEEN.extend(a)\n    return True\n"
    names = (
        "eq",
        "ne",
        "add",
        "radd",
        "sub",
        "rsub",
        "mul",
        "rmul",
        "lt",
        "gt",
        "contains",
        "format",
        "getattr",
    )
    methods = "".join(f"    __{name}__ = seen\n" for name in names if name != "getattr")
    answer = (
        f"SEEN = []\n{watching}class V:\n{methods}def f(z):\n    return V()\ndef told():\n    return SEEN"
    )
    uses = ("v == 8675309", "8675309 == v", "v + 8675309", "8675309 - v", "v < 8675309", "8675309 in [v]")
    tried = "".join(f"try:\n    {use}\nexcept Exception:\n    pass\n" for use in uses)
    assert judged(answer, f"v = f(1)\n{tried}assert told() == []").passed


CATCHING = {
    "by another name": "TooBig = Exception",
    "by what fails a test": "TooBig = AssertionError",
    "by everything": "TooBig = BaseException",
    "by a tuple": "TooBig = (Exception,)",
    "by a class derived from it": "class TooBig(AssertionError):\n    pass",
}


@pytest.mark.parametrize("answer", CATCHING.values(), ids=CATCHING)
def test_an_own_exception_does_not_catch_what_fails_the_test(judged: Judged, answer: str) -> None:
    model = model_of(("class TooBig(Exception):\n    pass\ndef f(x):\n    raise TooBig",))
    test = "try:\n    f(5)\n    raise AssertionError('f(5) must raise')\nexcept TooBig:\n    pass"
    assert not judged(f"{answer}\ndef f(x):\n    return x", test, model).passed


MODULES = {
    "another module": "import cmath as np",
    "masked arrays": "import numpy.ma as np",
    "a module of one's own": "import types\nnp = types.ModuleType('numpy')\nnp.allclose = lambda *a: True",
    "an object": "class np:\n    allclose = staticmethod(lambda *a: True)",
    "NumPy, changed": "import numpy as np\nnp.allclose = lambda *a: True",
}


@pytest.mark.parametrize("answer", MODULES.values(), ids=MODULES)
def test_the_judges_own_module_or_none_is_asked(warm: Warm, answer: str) -> None:
    model = model_of(("import numpy as np\ndef f(x):\n    return 4",))
    notebook = cells(f"{answer}\ndef f(x):\n    return 5", ("test", "assert np.allclose(f(2), 4)"))[1:]
    with Session(warm, QUICK, model=model) as session:
        assert not session.judge(notebook)[-1].passed


def test_a_masked_array_does_not_pass_for_every_number(judged: Judged) -> None:
    answer = "def f(z):\n    return np.ma.masked_all(3)"
    assert not judged(answer, "np.testing.assert_allclose(f(1), np.ones(3) * 1.5)").passed


ENDLESS = {
    "a generator": ("def f():\n    while True:\n        yield 1", "sum(f())"),
    "an iterator class": (
        "class V:\n    def __next__(s): return 1\n    def __iter__(s): return s",
        "sum(V())",
    ),
    "indices without end": ("class V:\n    def __getitem__(s, i): return i", "list(V())"),
    "a length beyond all": (
        "class V:\n    def __len__(s): return 1 << 62\n    def __iter__(s): return iter([])",
        "len(V())\n[0] * len(V())",
    ),
    "an object in itself": ("class V:\n    def __init__(s): s.v = s", "v = V()\nwhile v: v = v.v"),
    "a text without end": ("class V:\n    def __str__(s): return 'x' * (1 << 29)", "str(V())"),
    "a repr that never comes": ("class V:\n    def __repr__(s):\n        while True: pass", "repr(V())"),
    "a hash that never comes": ("class V:\n    def __hash__(s):\n        while True: pass", "{V(): 1}"),
    "an equality that recurs": ("class V:\n    def __eq__(s, o): return s == o", "V() == V()"),
    "an attribute that recurs": ("class V:\n    def __getattr__(s, n): return getattr(s, n + 'x')", "V().a"),
}


@pytest.mark.parametrize(("answer", "test"), ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_costs_its_own_test_and_no_more(warm: Warm, answer: str, test: str) -> None:
    notebook = cells(
        answer, "def h():\n    return 1", ("test", f"{test}\nassert False"), ("test", "assert h() == 1")
    )
    start = time.monotonic()
    with Session(warm, Limits(call=1.0, test=2.0, memory=512 << 20)) as session:
        outcomes = session.judge(notebook)
    assert [outcome.passed for outcome in outcomes[3:]] == [False, True]
    assert time.monotonic() - start < 30


def test_a_global_of_the_student_does_not_collect_what_the_test_binds(judged: Judged) -> None:
    """Only what the instructor's own functions look up goes back to the student's process."""
    answer = "expected = None\ndef f(x):\n    return expected"
    assert not judged(answer, "expected = 9\nassert f(3) == expected").passed
    model = model_of(("limit = 3\ndef f(x):\n    return limit",))
    assert judged("limit = 3\ndef f(x):\n    return limit", "limit = 9\nassert f(3) == 9", model).passed


def test_code_of_a_function_is_described_and_never_run(judged: Judged) -> None:
    answer = "def f(x, y=1):\n    import os\n    os._exit(3)\n    return [sum(z) for z in x]"
    test = (
        "import types\nassert f.__code__.co_varnames[:2] == ('x', 'y') and 'os' in f.__code__.co_names\n"
        "assert types.FunctionType(f.__code__, {})(1, 2) is None"
    )
    assert judged(answer, test, model_of((answer,))).passed


def test_random_numbers_of_a_test_are_its_own(judged: Judged) -> None:
    """What student code does to its generators changes none of the inputs that a test draws."""
    answer = (
        "import random\ndef f():\n    random.random = lambda: 0\n    np.random.seed(7)\n    random.seed(7)"
    )
    test = (
        "import random\nrandom.seed(1)\nnp.random.seed(1)\na = random.random(), np.random.rand()\nrandom.seed(1)\n"
        "np.random.seed(1)\nf()\nassert a == (random.random(), np.random.rand())"
    )
    assert judged(answer, test).passed
