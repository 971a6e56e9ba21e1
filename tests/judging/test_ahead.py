"""Calls sent ahead of the tests: quicker, and otherwise as if every call waited for the one before."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.judging.ahead import Script
from autograder.judging.session import Limits, Session
from autograder.judging.wire import quick

from .conftest import QUICK, cells


def foreseen(*calls: tuple[str, object]) -> tuple[bytes | None, ...]:
    """A test's calls of one argument each, as foresight writes them; None for one that it cannot foresee."""
    return tuple(encoded[0] if (encoded := quick.call_body(name, (arg,))) else None for name, arg in calls)


def judged(warm, script: Script, *sources: str | tuple[str, str], limits: Limits = QUICK) -> list:
    with Session(warm, limits, script) as session:
        return list(session.judge(cells(*sources)))[1:]


def both(warm, script: Script, *sources: str | tuple[str, str], limits: Limits = QUICK) -> list:
    """Judge with the script and without; the outcomes must be the same."""
    ahead = judged(warm, script, *sources, limits=limits)
    assert ahead == judged(warm, {}, *sources, limits=limits)
    return ahead


F = "def f(z):\n    return 2 * z"
Z = [np.array([1.0, 2.0]), np.array([-3.0]), 4.0]


def test_foreseen_calls_get_their_own_answers(warm):
    script = {"test-2": foreseen(*[("f", z) for z in Z]), "test-3": foreseen(("f", 5.0))}
    many = "for z in (np.array([1.0, 2.0]), np.array([-3.0]), 4.0):\n    assert np.all(f(z) == 2 * z)"
    assert all(o.passed for o in both(warm, script, F, ("test", many), ("test", "assert f(5.0) == 10")))


def test_calls_that_come_otherwise_than_foreseen_are_made_as_ever(warm):
    script = {"test-2": foreseen(("f", 1.0), ("f", 2.0), ("f", 3.0)), "test-3": foreseen(("f", 7.0))}
    other = "assert f(1.0) == 2\nassert f(9.0) == 18\nassert f(3.0) == 6\nassert f(2.0) == 4"
    assert all(o.passed for o in both(warm, script, F, ("test", other), ("test", "assert f(7.0) == 14")))


def test_test_that_fails_early_leaves_the_next_ones_their_answers(warm):
    script = {"test-2": foreseen(("f", 1.0), ("f", 2.0)), "test-3": foreseen(("f", 3.0))}
    outcomes = both(
        warm, script, F, ("test", "assert f(1.0) == 3\nf(2.0)"), ("test", "assert f(3.0) == 6"), F
    )
    assert [outcome.passed for outcome in outcomes[1:3]] == [False, True]


def test_exception_in_a_call_made_ahead_is_raised_in_its_own_test(warm):
    raising = "def f(z):\n    if z > 1:\n        raise ValueError('large')\n    return z"
    script = {"test-2": foreseen(("f", 1.0), ("f", 2.0), ("f", 0.5)), "test-3": foreseen(("f", 0.0))}
    caught = "assert f(1.0) == 1\ntry:\n    f(2.0)\nexcept ValueError:\n    pass\nassert f(0.5) == 0.5"
    assert all(
        o.passed for o in both(warm, script, raising, ("test", caught), ("test", "assert f(0.0) == 0"))
    )


def test_warnings_and_changed_arguments_arrive_with_their_own_call(warm):
    changing = "def f(z):\n    z[0] = 7\n    return np.exp(z)"
    script = {"test-2": foreseen(("f", np.zeros(2)), ("f", np.array([1.0, 1e4])))}
    test = (
        "import warnings\nz, far = np.zeros(2), np.array([1.0, 1e4])\nf(z)\nassert z[0] == 7\n"
        "with warnings.catch_warnings(record=True) as seen:\n    warnings.simplefilter('always')\n    f(far)\n"
        "assert len(seen) == 1 and far[0] == 7"
    )
    assert both(warm, script, changing, ("test", test))[-1].passed


def test_result_that_is_the_argument_stays_that_argument(warm):
    script = {"test-2": foreseen(("f", np.zeros(2)), ("f", np.ones(2)))}
    test = "a, b = np.zeros(2), np.ones(2)\nassert f(a) is a\nassert f(b) is b"
    assert both(warm, script, "def f(z):\n    return z", ("test", test))[-1].passed


@pytest.mark.parametrize(
    "harm", ["os._exit(3)", "ctypes.string_at(0)", "os.close(3)", "os.write(3, b'x' * 99)", "time.sleep(60)"]
)
def test_call_made_ahead_that_ends_the_process_costs_its_own_test_only(warm, harm):
    harmful = (
        "def f(z):\n    if z == 2:\n        os = __import__('os')\n        ctypes = __import__('ctypes')\n"
    )
    harmful += f"        time = __import__('time')\n        {harm}\n    return z"
    script = {f"test-{n}": foreseen(("f", float(n)), ("f", float(n - 1))) for n in (2, 3, 4)}
    tests = [("test", f"assert f({n}.0) == {n}") for n in (1, 2, 4)]
    limits = Limits(call=0.5, patience=0.3, cell=2.0)
    start = time.monotonic()
    outcomes = judged(warm, script, harmful, *tests, limits=limits)
    assert [outcome.passed for outcome in outcomes[1:]] == [True, False, True]
    assert outcomes[2].error.origin == "limit"
    assert time.monotonic() - start < 10


def test_calls_are_not_made_ahead_for_code_that_may_remember_them(warm):
    counting = "CALLS = []\ndef f(z):\n    CALLS.append(z)\n    return len(CALLS)"
    script = {"test-2": foreseen(("f", 1.0), ("f", 2.0)), "test-3": foreseen(("f", 3.0))}
    outcomes = both(
        warm, script, counting, ("test", "assert f(1.0) == 2\nf(2.0)"), ("test", "assert f(3.0) == 2")
    )
    assert [outcome.passed for outcome in outcomes[1:]] == [False, True]


def test_each_test_starts_from_the_same_seed_when_calls_go_ahead(warm):
    drawing = "def f(z):\n    return np.random.normal() + z"
    script = {"test-2": foreseen(("f", 0.0), ("f", 0.0)), "test-3": foreseen(("f", 0.0))}
    first = "np.random.seed(0)\na, b = np.random.normal(2) * 0, 0\nx, y = f(0.0), f(0.0)\nassert x != y"
    second = "np.random.seed(0)\nassert f(0.0) == np.random.normal()"
    assert all(o.passed for o in both(warm, script, drawing, ("test", first), ("test", second)))


def test_function_defined_below_is_not_yet_there_for_the_tests_above(warm):
    using = "def f(z):\n    return helper(z)"
    script = {"test-2": foreseen(("f", 1.0)), "test-4": foreseen(("f", 1.0), ("f", 2.0))}
    outcomes = both(
        warm,
        script,
        using,
        ("test", "assert f(1.0) == 1"),
        "def helper(z):\n    return z",
        ("test", "assert f(1.0) == 1 and f(2.0) == 2"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, False, True, True]
