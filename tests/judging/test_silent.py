"""Cells that do nothing but define functions are told from all others by their text, and that gives nothing away."""

from __future__ import annotations

import gc

import pytest

from autograder.judging.cell_code import are_silent, definitions, is_silent, raised
from autograder.judging.forkserver import ForkServer
from autograder.judging.session import judge_submission
from tests.support import memory

from .conftest import QUICK, cells

SILENT = {
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
NOT_SILENT = {
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
    "a value bound in passing": "A = (b := 3)",
    "a text put together": "A = f'{print(1)}'",
    "a sum": "A = 10 ** 10 ** 10",
    "an unpacking": "a, b = 1, 2",
    "an attribute": "import numpy as np\nnp.left = 1",
    "an entry": "import math\nmath.__dict__['pi'] = 3",
    "a deletion": "del f",
    "a coroutine": "async def f(z):\n    return z",
    "a type of its own": "type A = int",
    "an import from here": "from . import a",
    "all of a module": "from numpy import *",
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


@pytest.mark.parametrize("source", SILENT.values(), ids=SILENT)
def test_cell_that_only_defines_is_silent(source, judge):
    assert is_silent(source)
    outcome = judge(source)[0]
    assert outcome.passed
    assert (outcome.stdout, outcome.stderr, outcome.displays) == ("", "", ())


@pytest.mark.parametrize("source", NOT_SILENT.values(), ids=NOT_SILENT)
def test_cell_that_may_show_something_is_not_silent(source):
    assert not is_silent(source)


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


# Ways to remember what a test passed, each in a cell that is silent by its text, and ways to come back to it.
KEEPS = {
    "globals": "def f(z):\n    globals().update(SEEN=z)\n    return z",
    "a global name": "def f(z):\n    global SEEN\n    SEEN = z\n    return z",
    "an attribute of the function": "def f(z):\n    f.seen = z\n    return z",
    "the function's own dict": "def f(z):\n    f.__dict__.setdefault('seen', z)\n    return z",
    "its code": "def f(z):\n    f.__code__ = f.__code__.replace(co_consts=(*f.__code__.co_consts, z))\n    return z",
    "its defaults": "def f(z, a=None):\n    f.__defaults__ = (z,)\n    return z",
    "setattr": "def f(z):\n    setattr(f, 'seen', z)\n    return z",
    "a module": "import numpy as np\ndef f(z):\n    np.seen = z\n    return z",
    "a module's dict": "import numpy as np\ndef f(z):\n    np.exp and np.__dict__.update(seen=z)\n    return z",
    "NumPy's settings": "import numpy as np\ndef f(z):\n    np.seterrcall(lambda *a, z=z: print(z))\n    return z",
    "the seed": "import numpy as np\ndef f(z):\n    np.random.seed(int(z))\n    return z",
    "an import": "def f(z):\n    __import__('sys').seen = z\n    return z",
    "exec": "def f(z):\n    exec('global SEEN; SEEN = z', globals(), {'z': z})\n    return z",
    "a class": "def f(z):\n    class A:\n        seen = z\n    globals()['A'] = A\n    return z",
    "a generator": "def f(z):\n    globals()['g'] = (z for _ in range(9))\n    return z",
    "a lambda": "f = lambda z: globals().update(SEEN=z) or z",
    "print": "def f(z):\n    print('SEEN', z)\n    return z",
    "a file": "def f(z):\n    open('seen', 'w').write(str(z))\n    return z",
    "a warning": "def f(z):\n    __import__('warnings').warn(str(z))\n    return z",
    "a thread": (
        "def f(z):\n    t = __import__('threading')\n    t.Timer(0.01, print, ['SEEN', z]).start()\n    return z"
    ),
    "a profiler": (
        "def f(z):\n    s = __import__('sys')\n    s.setprofile(lambda *a: print('SEEN', z))\n    return z"
    ),
    "a hook on imports": (
        "def f(z):\n    b, old = __import__('builtins'), __import__\n"
        "    b.__import__ = lambda *a, **k: print('SEEN', z) or old(*a, **k)\n    return z"
    ),
    "a hook on display": "def f(z):\n    __import__('builtins').display = lambda *a: print(z)\n    return z",
    "an exception": "def f(z):\n    f.failed = ValueError(z)\n    return z",
}
TELLS = {
    "silent": "import math\ndef g(z, a=1):\n    return z",
    "a stub": "raise NotImplementedError('not written yet')",
    "loud": (
        "import sys, os\nimport numpy as np\nprint(globals(), vars(np), sys.modules, os.listdir('.'))\n"
        "print([vars(v) for v in list(globals().values()) if hasattr(v, '__dict__')])\nnp.random.rand()"
    ),
}


@pytest.mark.parametrize("tells", TELLS.values(), ids=TELLS)
@pytest.mark.parametrize("keeps", KEEPS.values(), ids=KEEPS)
def test_what_a_function_keeps_of_a_test_is_never_shown(judge, keeps, tells):
    assert is_silent(keeps)
    outcomes = judge(keeps, ("test", "assert f(8_675_309) == 8_675_309"), tells, ("test", "f(8_675_309)"))
    assert outcomes[1].passed
    assert "8675309" not in repr([outcome for outcome in outcomes if outcome.cell.kind == "student"])


@pytest.mark.parametrize("keeps", [*KEEPS.values(), *SILENT.values()], ids=[*KEEPS, *SILENT])
def test_points_are_the_same_with_a_rehearsal(warm, keeps, monkeypatch):
    sources = (
        keeps,
        ("test", "assert f(1) == 1"),
        "def g(z):\n    return z",
        ("test", "assert g(f(2)) == 2"),
    )
    short = judge_submission(warm, cells(*sources), QUICK)
    monkeypatch.setattr("autograder.judging.session.are_silent", lambda sources: False)
    long = judge_submission(warm, cells(*sources), QUICK)
    assert [outcome.passed for outcome in short] == [outcome.passed for outcome in long]


def test_cells_above_the_first_test_show_what_they_print(judge):
    shown = judge("print('hello')\n1 + 1", "def f(z):\n    return z", ("test", "assert f(1) == 1"))
    assert (shown[0].stdout, shown[0].displays) == ("hello\n", ("2",))


def test_cells_below_the_first_test_show_what_they_print(judge):
    sources = ("def f(z):\n    return z", ("test", "assert f(1) == 1"), "print('hello')\nf(3)")
    assert (judge(*sources)[2].stdout, judge(*sources)[2].displays) == ("hello\n", ("3",))


def test_one_process_judges_silent_cells_and_two_judge_others(warm, monkeypatch):
    started = []
    fork = ForkServer.fork
    monkeypatch.setattr(ForkServer, "fork", lambda self, limits: started.append(1) or fork(self, limits))
    test = ("test", "assert f(1) == 1")
    judge_submission(warm, cells("def f(z):\n    return z", test, "def g(z):\n    return z"))
    assert len(started) == 1
    judge_submission(warm, cells("def f(z):\n    return z", test, "f(1)"))
    assert len(started) == 3


def test_one_process_does_not_do_where_a_cell_above_the_first_test_may_show_something(warm, monkeypatch):
    started = []
    fork = ForkServer.fork
    monkeypatch.setattr(ForkServer, "fork", lambda self, limits: started.append(1) or fork(self, limits))
    judge_submission(warm, cells("print(1)", "def f(z):\n    return z", ("test", "assert f(1) == 1")))
    judge_submission(warm, cells("def print(z): ...", ("setup", "print(1)"), ("test", "assert 1")))
    assert len(started) == 4


def test_what_is_remembered_of_cells_stays_small():
    memory.start_anew()
    before = memory.most()
    for number in range(60):
        for kind in ("\n".join(f"v{n}_{number} = 1" for n in range(1500)), f"# {number}{'x' * 400_000}"):
            are_silent([kind])
            definitions([(0, kind)])
    gc.collect()
    assert memory.most() - before < 60
