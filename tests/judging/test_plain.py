"""Cells that do nothing but define functions are told from all others by their text alone."""

from __future__ import annotations

import pytest

from autograder.judging.plain import is_plain, raised

from .conftest import cells

PLAIN = {
    "a function": "def f(z):\n    return z",
    "one that works on a copy": "def f(z):\n    z = z.copy()\n    z[z < 0] = 0\n    return z",
    "one that changes its argument": "def f(z):\n    z[0] = 1\n    return z",
    "defaults and annotations": "def f(z: float, a: int = -1, *, b=(1, 2), c=None) -> float:\n    return z",
    "a document string": "def f(z):\n    'doubles'\n    return 2 * z",
    "imports": "import numpy as np\nfrom math import exp, pi\nimport matplotlib.pyplot as plt",
    "constants and a lambda": "EPS = 1e-12\nA = B = -2\nf = lambda z, a=1: a * z",
    "a text above a function": "'''notes'''\ndef f(z):\n    return z",
    "nothing": "# to do\n",
}
NOT_PLAIN = {
    "a value that is shown": "3",
    "a print": "print(1)",
    "a call": "def f(z):\n    return z\nx = f(1)",
    "a decorator": "@g\ndef f(z):\n    return z",
    "a default that is computed": "def f(z, a=g()):\n    return z",
    "a default that can change": "def f(z, seen=[]):\n    return z",
    "a default that fails": "def f(z, a=~1.5):\n    return z",
    "an annotation that may be missing": "def f(z: Array):\n    return z",
    "a list": "SEEN = []",
    "a name that may be missing": "f = g",
    "an import of what may be missing": "from numpy import no_such_thing",
    "another module": "import os",
    "a module within a function": "def f(z):\n    import sys\n    return z",
    "a global name": "def f(z):\n    global n\n    n = z\n    return z",
    "an own attribute": "def f(z):\n    f.calls = 1\n    return z",
    "a store outside": "def f(z):\n    SEEN[0] = z\n    return z",
    "a store in a nameless thing": "def f(z):\n    vars()['n'] = z\n    return z",
    "a class": "class A:\n    pass",
    "a loop": "for i in range(3):\n    pass",
    "an error in the syntax": "def f(z:\n    return z",
    "an error that only the compiler finds": "def f(z):\n    nonlocal y\n    return z",
    "a return outside": "return 3",
    "a warning of the compiler": "def f(z):\n    return '\\d'",
    "a magic": "%matplotlib inline",
    "the stub": "raise NotImplementedError('not written yet')",
    "text without end": "def f(z):\n    return z\n" * 2000,
}


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_cell_that_only_defines_is_plain(source, judge):
    assert is_plain(source)
    outcome = judge(source)[0]
    assert outcome.passed
    assert (outcome.stdout, outcome.stderr, outcome.displays) == ("", "", ())


@pytest.mark.parametrize("source", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_cell_that_may_show_or_remember_something_is_not_plain(source):
    assert not is_plain(source)


STUBS = [
    'raise NotImplementedError("not written yet")',
    "# YOUR CODE HERE\nraise NotImplementedError('not written yet')",
    "import numpy as np\n\n\ndef f(z):\n    return z\n\n\nraise NotImplementedError('half')\n# so far",
]
NO_STUBS = [
    "raise NotImplementedError(f())",
    "raise NotImplementedError",
    "raise NotImplementedError('')",
    "raise NotImplementedError('two\\nlines')",
    "raise NotImplementedError('a', 'b')",
    "raise NotImplementedError('a') from None",
    "if True: raise NotImplementedError('a')",
    "print(1)\nraise NotImplementedError('a')",
    "a = 1; raise NotImplementedError('a')",
    "raise NotImplementedError(\n    'a')",
    "raise ValueError('a')",
]


@pytest.mark.parametrize("source", STUBS)
def test_error_of_a_stub_is_known_as_it_will_be(source, judge):
    outcome = judge(source, ("test", "assert True"))[0]
    assert not outcome.passed
    assert raised(source, "<student-1>") == outcome.error


@pytest.mark.parametrize("source", NO_STUBS)
def test_any_other_error_is_not_known_beforehand(source):
    assert raised(source, "<cell>") is None


def test_stub_below_a_test_fails_as_one_above_does(judge):
    above = judge(STUBS[1], ("test", "assert True"))[0]
    below = judge(("test", "assert True"), STUBS[1])[1]
    assert above.error.traceback.replace("student-1", "student-2") == below.error.traceback
    assert (above.error.name, above.error.message) == (below.error.name, below.error.message)


SPY = """\
import sys
SEEN = []
def tell(frame, event, arg):
    if SEEN and frame.f_code.co_filename.startswith('<'):
        print('SEEN', SEEN)
def f(z):
    SEEN.append(z)
    sys.setprofile(tell)
    return z
"""


@pytest.mark.parametrize("below", ["def g(z):\n    return z", "def g(z):\n    return z\ng(1)", "print(SEEN)"])
def test_what_a_test_told_the_code_above_is_not_shown_below(judge, below):
    outcomes = judge(SPY, ("test", "assert f(123.25) == 123.25"), below, ("test", "assert g(1.5) == 1.5"))
    assert outcomes[1].passed
    assert "123.25" not in repr([outcome for outcome in outcomes if outcome.cell.kind == "student"])


def test_cells_above_the_first_test_show_what_they_print(judge):
    shown = judge("print('hello')\n1 + 1", "def f(z):\n    return z", ("test", "assert f(1) == 1"))
    assert (shown[0].stdout, shown[0].displays) == ("hello\n", ("2",))


def test_cells_below_the_first_test_show_what_they_print(judge):
    sources = ("def f(z):\n    return z", ("test", "assert f(1) == 1"), "print('hello')\nf(3)")
    assert (judge(*sources)[2].stdout, judge(*sources)[2].displays) == ("hello\n", ("3",))


def test_one_process_judges_plain_cells_and_two_judge_others(warm, monkeypatch):
    from autograder.judging.session import judge_submission

    started = []
    fork = type(warm).fork
    monkeypatch.setattr(type(warm), "fork", lambda self, limits: started.append(1) or fork(self, limits))
    test = ("test", "assert f(1) == 1")
    judge_submission(warm, cells("def f(z):\n    return z", test, "def g(z):\n    return z"))
    assert len(started) == 1
    judge_submission(warm, cells("def f(z):\n    return z", test, "f(1)"))
    assert len(started) == 3
