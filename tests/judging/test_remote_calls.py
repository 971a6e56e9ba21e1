"""A remote call means what a local one would: each test cell here also passes in a notebook."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell
from autograder.judging.process import Process
from autograder.judging.session import Session, judge_submission

from .conftest import QUICK, cells

MEANS_THE_SAME = {
    "an array changed in place": (
        "def f(z):\n    z[z < 0] = 0\n    return z",
        "z = np.array([-1.0, 2.0])\nw = f(z)\nassert w is z and z.tolist() == [0, 2]",
    ),
    "a row of an array changed": (
        "def f(z):\n    z += 1",
        "z = np.zeros((2, 3))\nf(z[1])\nassert z.tolist() == [[0, 0, 0], [1, 1, 1]]",
    ),
    "an array that is left alone": (
        "def f(z):\n    return z + 1",
        "z = np.zeros(2)\nassert f(z) is not z and not z.any()",
    ),
    "a read-only array": (
        "def f(z):\n    z[0] = 1",
        (
            "z = np.zeros(2)\nz.flags.writeable = False\ntry:\n    f(z)\nexcept ValueError:\n    pass\n"
            "else:\n    assert False"
        ),
    ),
    "a list and a dict changed in place": (
        "def f(a, d):\n    a.append(3)\n    d['w'][0] = 5\n    d['b'] = 1",
        (
            "w = np.zeros(2)\na, d = [1], {'w': w}\nf(a, d)\n"
            "assert a == [1, 3] and w[0] == 5 and d['w'] is w and d['b'] == 1"
        ),
    ),
    "one object passed twice": (
        "def f(a, b):\n    return a is b",
        "z = np.zeros(2)\nassert f(z, z) and not f(z, z.copy())",
    ),
    "the types of numbers": (
        "def f(x):\n    return type(x).__name__, getattr(x, 'shape', None)",
        "assert f(1) == ('int', None) and f(1.0) == ('float', None) and f(True) == ('bool', None)\n"
        "assert f(np.float64(1)) == ('float64', ()) and f(np.array(1.0)) == ('ndarray', ())",
    ),
    "results keep their types": (
        "def f(k):\n    return [1.0, np.float64(1), np.array(1.0), np.array([1]), (1, 2), None][k]",
        "assert [type(f(k)).__name__ for k in range(6)] == "
        "['float', 'float64', 'ndarray', 'ndarray', 'tuple', 'NoneType']",
    ),
    "defaults and keywords": (
        "def f(z, alpha=0.01, *, beta=2):\n    return z * alpha * beta",
        "assert f(100) == 2 and f(1, beta=3, alpha=2) == 6",
    ),
    "a function passed and called back": (
        "def f(g, x):\n    return (g(x + 1e-5) - g(x - 1e-5)) / 2e-5",
        "seen = []\ndef square(x):\n    seen.append(x)\n    return x * x\n"
        "assert abs(f(square, 3.0) - 6) < 1e-6 and len(seen) == 2 and abs(f(np.exp, 0.0) - 1) < 1e-6",
    ),
    "the student's own function passed": (
        "def g(x):\n    return 2 * x\ndef f(h, x):\n    return h is g, h(x)",
        "assert f(g, 4) == (True, 8)",
    ),
    "a function that calls back into the student's": (
        "def g(x):\n    return x + 1\ndef f(h, x):\n    return h(x) * 10",
        "assert f(lambda x: g(x) + 1, 1) == 30",
    ),
    "an exception of the function passed": (
        "def f(h):\n    return h(0)",
        "class Mine(Exception): pass\ndef h(x):\n    raise Mine('x')\n"
        "try:\n    f(h)\nexcept Mine as error:\n    assert str(error) == 'x'\nelse:\n    assert False",
    ),
    "an exception caught by the student": (
        "def f(h):\n    try:\n        h(0)\n    except ZeroDivisionError:\n        return 'caught'",
        "assert f(lambda x: 1 / x) == 'caught'",
    ),
    "exceptions arrive as themselves": (
        "def f(k):\n    raise [ValueError('v'), KeyError('k'), LookupError('l'), IndexError(3)][k]",
        (
            "kinds = [(ValueError, ('v',)), (KeyError, ('k',)), (LookupError, ('l',)), (IndexError, (3,))]\n"
            "for k, (kind, args) in enumerate(kinds):\n"
            "    try:\n        f(k)\n    except kind as error:\n"
            "        assert type(error) is kind and error.args == args\n    else:\n        assert False"
        ),
    ),
    "own exceptions keep their name and kind": (
        "class Shape(ValueError):\n    pass\ndef f():\n    raise Shape('2 and 3')",
        (
            "try:\n    f()\nexcept ValueError as error:\n"
            "    assert type(error).__name__ == 'Shape' and str(error) == '2 and 3'\nelse:\n"
            "    assert False"
        ),
    ),
    "warnings are passed on": (
        "def f(z):\n    return np.exp(z)",
        (
            "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n"
            "    warnings.simplefilter('always')\n"
            "    f(np.array([1000.0]))\n"
            "assert [w.category for w in seen] == [RuntimeWarning] and 'overflow' in str(seen[0].message)"
        ),
    ),
    "warnings made errors": (
        "def f(z):\n    return np.exp(z)",
        "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('error')\n"
        "    try:\n        f(np.array([1000.0]))\n    except RuntimeWarning:\n        pass\n"
        "    else:\n        assert False",
    ),
    "floating-point errors raised on request": (
        "def f(z):\n    return np.exp(z)",
        "with np.errstate(over='raise'):\n    try:\n        f(np.array([1000.0]))\n"
        "    except FloatingPointError:\n        pass\n"
        "    else:\n        assert False",
    ),
    "a generator is used up alike": (
        "def f(rng):\n    return rng.normal(size=3)",
        "a, b = np.random.default_rng(3), np.random.default_rng(3)\n"
        "assert np.array_equal(f(a), b.normal(size=3)) and a.integers(1 << 60) == b.integers(1 << 60)",
    ),
    "global values are fetched": (
        "table = {'relu': [1, 2]}\nalpha = 0.5",
        "assert table == {'relu': [1, 2]} and alpha == 0.5",
    ),
    "a function made by a function": (
        "def f(a):\n    return lambda x: a * x",
        "g = f(3)\nassert callable(g) and g(2) == 6 and f(2)(g(1)) == 6",
    ),
    "an instance with attributes": (
        "class Line:\n    def __init__(self, w):\n        self.w = w\n    def at(self, x):\n"
        "        return self.w * x\n"
        "def f(line):\n    return line.w",
        "line = Line(2)\nassert line.w == 2 and line.at(3) == 6 and f(line) == 2",
    ),
    "a name that is not defined": (
        "x = 1",
        (
            "try:\n    nothing(1)\nexcept NameError as error:\n    assert 'nothing' in str(error)\n"
            "else:\n    assert False"
        ),
    ),
    "wrong arguments": (
        "def f(z):\n    return z",
        (
            "try:\n    f(1, 2)\nexcept TypeError as error:\n"
            "    assert 'takes 1 positional argument' in str(error)\nelse:\n    assert False"
        ),
    ),
    "the source of a function": (
        (
            "import math\n\n@np.vectorize\ndef g(x):\n    return x\n\ndef f(z):\n    # no tanh here\n"
            "    return np.exp(z)\n\nh = 3"
        ),
        "import inspect, ast\nassert ast.parse(inspect.getsource(f)).body[0].name == 'f'\n"
        "assert inspect.getsource(f) == 'def f(z):\\n    # no tanh here\\n    return np.exp(z)\\n'",
    ),
    "the parameters of a function": (
        "def f(z, alpha=0.01, *, beta=None):\n    return z",
        (
            "import inspect\nassert str(inspect.signature(f)) == '(z, alpha=0.01, *, beta=None)'\n"
            "assert f.__name__ == 'f'"
        ),
    ),
    "text, sets, ranges and complex numbers": (
        "def f(*args):\n    return args",
        (
            "args = ('λ', {1, 2}, frozenset({3}), range(3), 1j, b'x', None, {'a': (1,)})\n"
            "assert f(*args) == args"
        ),
    ),
    "an array of text": (
        "def f(a):\n    return np.char.upper(a)",
        "assert f(np.array(['a', 'b'])).tolist() == ['A', 'B']",
    ),
}


@pytest.mark.parametrize(("student", "test"), MEANS_THE_SAME.values(), ids=MEANS_THE_SAME)
def test_a_cell_means_the_same_in_the_judge(judge, student, test):
    outcome = judge(student, ("test", test))[-1]
    assert outcome.passed, outcome.error


@pytest.mark.parametrize(
    ("student", "test"),
    [pair for name, pair in MEANS_THE_SAME.items() if "source" not in name],
    ids=[name for name in MEANS_THE_SAME if "source" not in name],
)
def test_and_the_same_in_a_notebook(student, test):
    names = {"np": np}
    exec(student, names)
    exec(test, names)


LIES = {
    "an array whose comparison lies": (
        "class L(np.ndarray):\n    def __eq__(self, o): return np.ones(self.shape, bool)\n"
        "    def __array_ufunc__(self, *a, **k): return np.ones(self.shape, bool)\n"
        "def f(z):\n    return (z * 0).view(L)",
        "z = np.ones(3)\nassert type(f(z)) is np.ndarray and not (f(z) == z).any()",
    ),
    "an object that claims a shape and a value": (
        "class L:\n    shape = (3,)\n    dtype = np.dtype(float)\n"
        "    def __array__(self, *a, **k): return np.ones(3)\n"
        "    def __eq__(self, o): return True\n    def __sub__(self, o): return np.zeros(3)\n"
        "    __rsub__ = __sub__\n"
        "def f(z):\n    return L()",
        "out = f(np.ones(3))\nassert not hasattr(out, 'shape') and not hasattr(out, '__array__')\n"
        "ones = np.ones(3)\n"
        "for check in (lambda: out == ones, lambda: out - 1, lambda: np.testing.assert_allclose(out, ones)):\n"
        "    try:\n        check()\n    except (TypeError, AssertionError):\n        continue\n"
        "    assert False",
    ),
    "a text that equals everything": (
        (
            "class L(str):\n    def __eq__(self, o): return True\n    __hash__ = str.__hash__\n"
            "def f():\n    return L('no')"
        ),
        "assert f() != 'yes' and type(f()) is str",
    ),
}


@pytest.mark.parametrize(("student", "test"), LIES.values(), ids=LIES)
def test_a_value_cannot_lie_about_itself(judge, student, test):
    outcome = judge(student, ("test", test))[-1]
    assert outcome.passed, outcome.error


def test_an_instructors_name_and_pythons_own_cannot_be_replaced(judge):
    outcomes = judge(
        ("setup", "def close(a, b):\n    return abs(a - b) < 1e-9"),
        "import builtins\nclose = lambda a, b: True\nabs = lambda x: 0\n"
        "np.abs = np.allclose = abs\nbuiltins.abs = abs\n"
        "AssertionError = ValueError\nnp.testing.assert_allclose = print\ndef f(z):\n    return 7",
        ("test", "assert close(f(1), 1), 'not 1'"),
        ("test", "assert np.abs(-3) == 3 and abs(-3) == 3"),
        ("test", "np.testing.assert_allclose(f(1), 1)"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, True, False, True, False]


def test_a_solution_keeps_its_name_even_when_a_test_uses_it(warm):
    notebook = [
        Cell("test", "sign-values", "step = 3\ncheck = abs"),
        Cell("student", "step", "def step(z):\n    return 1"),
        Cell("test", "step-values", "assert step(2) == 1"),
    ]
    assert judge_submission(warm, notebook)[-1].passed


@pytest.mark.parametrize("name", ["close", "check", "isinstance", "AssertionError"])
def test_a_cell_that_takes_an_instructors_name_gains_nothing(warm, name):
    notebook = [
        Cell("setup", "setup", "def close(a, b):\n    return a == b"),
        Cell("test", "step-values", "check = close"),
        Cell("student", name, f"def {name}(*args):\n    return True"),
        Cell("test", "step-shape", "assert isinstance(1, str) or close(1, 2) or check(1, 2), 'wrong'"),
    ]
    outcome = judge_submission(warm, notebook)[-1]
    assert (outcome.passed, outcome.error.name) == (False, "AssertionError")


def test_results_that_cannot_travel_fail_the_call_only(judge):
    outcomes = judge(
        (
            "def many():\n    return list(range(10**6))\ndef deep():\n    x = []\n"
            "    for _ in range(99): x = [x]\n    return x\n"
            "def loop():\n    x = []\n    x.append(x)\n    return x\ndef objects():\n"
            "    return np.array([object()])\n"
            "def huge():\n    return 1 << 10**6\ndef big():\n    return np.broadcast_to(0.0, (10**5, 10**5))\n"
            "def fine():\n    return 1"
        ),
        *[("test", f"{name}()") for name in ("many", "deep", "loop", "huge", "big")],
        ("test", "assert fine() == 1"),
    )
    assert [outcome.passed for outcome in outcomes[1:]] == [False] * 5 + [True]
    assert {outcome.error.name for outcome in outcomes[1:-1]} == {"TypeError"}
    assert {outcome.error.origin for outcome in outcomes[1:-1]} == {"student"}


def test_a_session_calls_functions_after_judging(warm):
    with Session(warm, QUICK) as session:
        session.judge(cells("def f(z):\n    z += 1\n    return z", "def g():\n    return 1 / 0"))
        z = np.zeros(2)
        call = session.call("f", z)
        assert call.args[0].tolist() == [0, 0]
        assert call.result.tolist() == [1, 1]
        assert session.call("g").error.name == "ZeroDivisionError"
        assert session.call("nothing").error.name == "NameError"


BY_MANY = {
    "results": ("return 2 * z", [1.0, np.arange(3), "a", np.zeros((50, 90)), [1, (2,)], np.arange(3)]),
    "errors between results": ("return 1 / z", [1, 0, 2, None, 4]),
    "what a call left behind": ("f.seen = [*getattr(f, 'seen', ()), z]\n    return list(f.seen)", [1, 2, 3]),
    "arguments changed in place": ("z += 1", [np.zeros(2), np.ones(3)]),
    "functions between plain values": (
        "f.kept = z if callable(z) else f.kept\n    return f.kept(2)",
        [abs, lambda x: x + 1, 2, lambda x: x - 1, 3],
    ),
    "what is printed": ("print(z)\n    return np.random.rand()", [1, 2]),
    "more than a socket holds": ("return len(z), z", ["x" * 9_000] * 60),
}


@pytest.mark.parametrize(("body", "values"), BY_MANY.values(), ids=BY_MANY.keys())
def test_calls_that_travel_together_answer_as_single_ones(body, values, warm):
    answers = []
    for together in (True, False):
        with Session(warm, QUICK) as session:
            session.load(cells(f"def f(z):\n    {body}"))
            given = [((value.copy() if isinstance(value, np.ndarray) else value,), {}) for value in values]
            calls = session.calls("f", given) if together else [session.call("f", *args) for args, _ in given]
            answers.append(
                [(call.result, call.error, args) for call, (args, _) in zip(calls, given, strict=True)]
            )
    assert repr(answers[0]) == repr(answers[1])


@pytest.mark.parametrize(
    "end", ["while True: pass", "import os; os._exit(1)", "import os; os.write(3, b'x' * 99)"]
)
def test_no_call_is_made_after_one_that_runs_into_a_limit_and_none_is_answered_by_another(end, warm):
    source = f"def f(z):\n    if z == 2:\n        {end}\n    return z\ndef g(z):\n    return -z"
    with Session(warm, QUICK) as session:
        session.load(cells(source))
        calls = session.calls("f", [((number,), {}) for number in range(9)])
        assert [call.result for call in calls] == [0, 1, None]
        assert calls[2].error.origin == "limit"
        assert [call.result for call in session.calls("g", [((n,), {}) for n in range(3)])] == [0, -1, -2]


def test_an_answer_that_nobody_waited_for_is_not_taken_for_that_of_the_next_call(warm, monkeypatch):
    with Session(warm, QUICK) as session:
        session.load(cells("def f(z):\n    return z"))
        late = iter([lambda connection: 1 / 0])  # while the calls travel together
        ready = Process._ready

        def interrupted(process):
            connection = ready(process)
            next(late, lambda connection: None)(connection)
            return connection

        monkeypatch.setattr(Process, "_ready", interrupted)
        calls = session.calls("f", [((number,), {}) for number in range(5)])
        assert all(call.error or call.result == number for number, call in enumerate(calls))
        assert session.call("f", 7).result == 7


def test_the_last_call_of_a_failed_test_is_kept(judge):
    outcome = judge(
        "def f(z, k=1):\n    z *= 0\n    return z",
        ("test", "assert f(np.ones(2), k=3)[0] == 1, 'must keep z'"),
    )[-1]
    call = outcome.last_call
    assert (call.function, call.kwargs, call.result.tolist()) == ("f", {"k": 3}, [0, 0])
    assert call.args[0].tolist() == [1, 1]


def test_limits_have_defaults():
    assert Limits().call > 0
