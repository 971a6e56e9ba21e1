"""Large arrays travel in one copy, are compared in place, and are refused beyond the limit."""

from __future__ import annotations

import pytest

from autograder.judging.limits import Limits
from autograder.judging.session import judge_submission

from .conftest import cells

ROOMY = Limits()


def passed(warm, student: str, *tests: str, limits: Limits = ROOMY) -> list[bool]:
    outcomes = judge_submission(warm, cells(student, *(("test", test) for test in tests)), limits)
    return [outcome.passed for outcome in outcomes[2:]]


def test_a_hundred_megabytes_go_there_and_back(warm):
    test = "z = np.arange(13e6)\nw = f(z)\nassert np.abs(w - z - 1).max() == 0 and z[5] == 5"
    assert passed(warm, "def f(z):\n    return z + 1", test) == [True]


def test_results_up_to_the_limit_arrive_and_larger_ones_fail_their_test(warm):
    student = "def f(n):\n    return np.zeros(n << 17)"
    tests = ["assert f(250).nbytes == 250 << 20", "f(257)", "assert f(1).size == 1 << 17"]
    assert passed(warm, student, *tests) == [True, False, True]


@pytest.mark.parametrize("order", ["C", "F"])
def test_change_of_a_large_argument_arrives(warm, order):
    student = "def f(z):\n    z[-1, -1] = 5\n    return z[0, 0]"
    test = (
        f"z = np.zeros((1000, 1000), order={order!r})\nassert f(z) == 0 and z[-1, -1] == 5 and z.sum() == 5"
    )
    assert passed(warm, student, test) == [True]


@pytest.mark.parametrize("change", ["z.shape = (-1,)", "z = z.copy()", "z.view(np.int64)[:] = 0", "z.sort()"])
def test_large_argument_that_keeps_its_numbers_stays(warm, change):
    test = "z = np.zeros((300, 300))\nf(z)\nassert z.shape == (300, 300) and not z.any()"
    assert passed(warm, f"def f(z):\n    {change}", test) == [True]


def test_large_view_result_and_list_of_arrays_arrive(warm):
    student = "def f(z):\n    return z[::2], z.T, [z * 1, z.astype(np.float32)], z > 0"
    test = (
        "z = np.random.default_rng(0).normal(size=(300, 200))\na, b, c, d = f(z)\n"
        "assert (a == z[::2]).all() and (b == z.T).all() and (c[0] == z).all() and c[1].dtype == np.float32\n"
        "assert (d == (z > 0)).all() and np.shares_memory(a, z)"
    )
    assert passed(warm, student, test) == [True]


def test_false_booleans_beside_a_message_are_refused(warm):
    student = "def f():\n    return np.full(1 << 17, 3, np.uint8).view(bool)\ndef g():\n    return 1"
    assert passed(warm, student, "f()", "assert g() == 1") == [False, True]
