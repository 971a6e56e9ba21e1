"""A forbidden function raises while its test runs, whatever way it is reached, and works everywhere else."""

from __future__ import annotations

import _imp
import math
import subprocess
import sys

import numpy as np
import pytest

from autograder.judging.outcome import Cell
from autograder.judging.session import judge_submission
from autograder.judging.worker.forbidding import guard

NAMES = ("numpy.tanh", "math.tanh", "cmath.tanh", "numpy.sinh", "numpy.cosh")
SETUP = Cell("setup", "setup", "import numpy as np\nimport math, cmath")
WAYS = {
    "by name": "def tanh(z):\n    return np.tanh(z)",
    "by an alias": "g = np.tanh\ndef tanh(z):\n    return g(z)",
    "by an import": "from numpy import tanh as t\ndef tanh(z):\n    return t(z)",
    "by a helper": "def helper(z):\n    return np.tanh(z)\ndef tanh(z):\n    return helper(z)",
    "by getattr": "def tanh(z):\n    return getattr(np, 'ta' + 'nh')(z)",
    "by the module's dict": "def tanh(z):\n    return np.__dict__['tanh'](z)",
    "by a default": "def tanh(z, f=np.tanh):\n    return f(z)",
    "by another place": "import numpy._core.umath as u\ndef tanh(z):\n    return u.tanh(z)",
    "by a method": "def tanh(z):\n    out = np.array(z)\n    np.tanh.at(out, ...)\n    return out",
    "by sinh and cosh": "def tanh(z):\n    return np.sinh(z) / np.cosh(z)",
    "by math": "def tanh(z):\n    return np.vectorize(math.tanh)(z)",
    "by cmath": "def tanh(z):\n    return np.array([cmath.tanh(x).real for x in z])",
    "by a class": "class T:\n    f = staticmethod(np.tanh)\ndef tanh(z):\n    return T.f(z)",
    "by map": "def tanh(z):\n    return np.array(list(map(np.tanh, z)))",
    "later": "def tanh(z):\n    f = lambda: np.tanh(z)\n    return f()",
}
OWN = "def tanh(z):\n    e = np.exp(-2 * np.abs(z))\n    return np.sign(z) * (1 - e) / (1 + e)"
TEST = "assert np.allclose(tanh(np.array([0.5, -2.0])), [0.46211716, -0.96402758]), 'wrong numbers'"


def judged(warm, source: str, *tests: Cell):
    return judge_submission(warm, [SETUP, Cell("student", "tanh", source), *tests])[2:]


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_forbidden_function_raises_whatever_way_it_is_reached(warm, source):
    strict, loose = judged(
        warm, source, Cell("test", "tanh-own", TEST, NAMES), Cell("test", "tanh-values", TEST)
    )
    assert (strict.error.name, strict.error.origin) == ("RuntimeError", "student")
    assert "is not allowed here" in strict.error.message
    assert loose.passed, loose.error


def test_own_way_passes(warm):
    assert all(o.passed for o in judged(warm, OWN, Cell("test", "tanh-own", TEST, NAMES)))


def test_ban_lasts_as_long_as_its_test(warm):
    tests = [Cell("test", f"tanh-{n}", TEST, NAMES if n % 2 else ()) for n in range(4)]
    assert [o.passed for o in judged(warm, WAYS["by name"], *tests)] == [True, False, True, False]


def test_ban_outlives_a_crash_of_the_process(warm):
    crashing = f"import os\n{WAYS['by name']}\ndef crash():\n    os._exit(1)"
    test = f"try:\n    crash()\nexcept BaseException:\n    pass\n{TEST}"
    assert not judged(warm, crashing, Cell("test", "tanh-own", test, NAMES))[0].passed


def test_stand_in_is_what_it_was_otherwise(warm):
    looking = (
        "def tanh(z):\n    return np.tanh(z)\n"
        "seen = (repr(np.tanh), np.tanh.__name__, np.tanh.nin, float(np.tanh.reduce.__self__(0.5)))"
    )
    test = f"assert seen == {(repr(np.tanh), 'tanh', 1, float(np.tanh(0.5)))!r}"
    assert judged(warm, looking, Cell("test", "tanh-own", test), Cell("test", "tanh-x", "", NAMES))[0].passed


def test_judges_own_functions_are_never_forbidden(warm):
    test = f"assert np.tanh(0.5) > 0\n{TEST}\nassert np.tanh(np.array([0.5]))[0] > 0"
    assert judged(warm, OWN, Cell("test", "tanh-own", test, NAMES))[0].passed


def test_names_that_are_nowhere_are_left_out(warm):
    names = ("numpy.no_such_function", "nowhere.at_all", "tanh", *NAMES)
    assert judged(warm, OWN, Cell("test", "tanh-own", TEST, names))[0].passed


@pytest.mark.parametrize(
    "name", ["numpy.no_such", "no.module", "numpy.", ".", "numpy.pi", "math.tanh.__call__"]
)
def test_name_that_means_nothing_ends_no_worker(warm, name):
    (outcome,) = judged(warm, OWN, Cell("test", "tanh-own", TEST, (name, "numpy.tanh")))
    assert outcome.passed, outcome.error


def test_place_that_cannot_be_changed_is_left_as_it_is(monkeypatch):
    class Fixed:
        __module__ = 7

        def __setattr__(self, name, value):
            raise TypeError("it is fixed")

    def original(z):
        return z

    fixed, module = Fixed(), type(math)("numpy.fixed")
    fixed.__dict__["tanh"] = module.tanh = original
    module.fixed = fixed
    for create in ("create_builtin", "create_dynamic"):
        monkeypatch.setattr(_imp, create, getattr(_imp, create))
    monkeypatch.setitem(sys.modules, "numpy.fixed", module)
    monkeypatch.setitem(sys.modules, "numpy.broken", fixed)
    guard(["numpy.fixed.tanh"])
    assert (module.tanh is original, fixed.tanh is original) == (False, True)


COPIES = """
import _imp, math
from importlib.machinery import ModuleSpec, PathFinder
from autograder.judging.worker.forbidding import guard

guard(["math.tanh"])

class Lying:
    origin = (PathFinder.find_spec("math") or math.__spec__).origin
    names = iter(["math", "other"])
    name = property(lambda self: next(self.names))

for create in (_imp.create_builtin, _imp.create_dynamic):
    for spec in (math.__spec__, ModuleSpec("my.math", None, origin=Lying.origin), Lying()):
        try:
            copy = create(spec)
        except ImportError as refused:
            assert "no second one" in str(refused), refused
        else:
            raise SystemExit(f"{create.__name__} made {copy}")
    Lying.names = iter(["math", "other"])
import _opcode, _queue  # compiled and not loaded: these still can be
"""


def test_no_second_module_is_made_of_what_is_guarded():
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", COPIES], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
