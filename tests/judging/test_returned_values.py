"""Whatever a student's function returns costs the grading process bounded memory and bounded time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.judging.limits import Limits
from autograder.judging.session import judge_submission
from tests.support import memory

from .conftest import cells

ROOT = Path(__file__).resolve().parents[2]
EACH, TESTS, SUBMISSIONS = 50, 10, 20

STUDENT = """
import random, collections

class Liar:
    shape, dtype, ndim, size = (3,), np.dtype(float), 1, 3
    def __array__(self, *a, **k): return np.ones(3)
    def __len__(self): return 7
    def __iter__(self): return iter([1.0, "a"])
    def __eq__(self, other): return True
    def __getitem__(self, key): return [1.0][key]
    def __float__(self): return 1.0
    def __repr__(self): return "x" * (1 << 20)

class Hopeless(Liar):  # to look at it takes all the time that there is
    def __len__(self): return 1 << 60
    def __iter__(self): return iter(int, 1)
    def __getitem__(self, key): return self

class Text(str):
    def __len__(self): return 5
    def __str__(self): return "y" * (1 << 22)

class Endless(list):
    def __len__(self): return 7
    def __iter__(self): return iter(int, 1)

class Array(np.ndarray):
    def __eq__(self, other): return True
    nbytes, shape = 0, (1,)

class Loud(Exception):
    def __str__(self): return "e" * (1 << 24)

def array(r):
    shape = tuple(r.choice([0, 1, 2, 3, 7]) for _ in range(r.randrange(5)))
    return np.ones(shape, r.choice("?bhilqBHILQefdgFDG"))

def leaf(r, z):
    return r.choice([
        lambda: None, lambda: r.random(), lambda: r.randrange(-9, 9), lambda: 10 ** r.randrange(5000),
        lambda: float("nan"), lambda: 1j, lambda: "t" * r.randrange(1000), lambda: b"b" * r.randrange(1000),
        lambda: array(r), lambda: np.float32(3), lambda: np.array(2.5), lambda: z, lambda: z[::-1], lambda: z.T,
        lambda: range(r.randrange(10 ** r.randrange(1, 12))), lambda: len, lambda: Liar(), lambda: Text("t"),
        lambda: Endless(), lambda: np.ones(3).view(Array), lambda: np.broadcast_to(1.0, (1 << 20, 1 << 20)),
        lambda: np.zeros(2, "M8[s]"), lambda: np.array([object()]), lambda: np.zeros(2, [("a", "f8")]),
        lambda: np.ma.masked_array([1.0, 2.0], [True, False]), lambda: np.array(["a" * r.randrange(1, 50)] * 3),
        lambda: np.empty((1 << 40, 0)), lambda: np.random.default_rng(1), lambda: (i for i in [1]), lambda: int,
        lambda: collections.deque([1]), lambda: collections.Counter("abc"), lambda: np.random.RandomState(3),
    ])()

def large(r, z):
    return r.choice([
        lambda: [z] * r.randrange(250_000), lambda: [range(100_000_000)], lambda: "s" * (1 << r.randrange(27)),
        lambda: np.ones(1 << r.randrange(24), r.choice("bdD")), lambda: [0.0] * r.randrange(250_000),
        lambda: [np.ones(100)] * r.randrange(20_000), lambda: list(range(r.randrange(250_000))),
        lambda: dict.fromkeys(range(r.randrange(6000))), lambda: [np.ones(1 << 20)] * r.randrange(40),
        lambda: np.array(["u" * 1000] * r.randrange(1, 20_000)), lambda: [[z, z[1:]]] * r.randrange(50_000),
        lambda: Hopeless() if r.random() < 0.2 else Liar(),
        lambda: b"c" * (1 << r.randrange(26)), lambda: {n: [n] * 40 for n in range(r.randrange(5000))},
    ])()

def deep(r, z):
    value = leaf(r, z)
    for _ in range(r.randrange(40)):
        value = r.choice([lambda v: [v, v], lambda v: (v,), lambda v: {"a": v, "b": v}, lambda v: [v] * 5])(value)
    return value

def endless(r, z):
    value = [z]
    value.append(value)
    return value

def some(r, z, depth=0):
    if depth > 3 or r.random() < 0.4:
        return leaf(r, z)
    parts = [some(r, z, depth + 1) for _ in range(r.randrange(5))]
    return r.choice([list, tuple, lambda p: dict(enumerate(p)), lambda p: {str(n): v for n, v in enumerate(p)}])(parts)

def f(seed, z):
    r = random.Random(seed)
    kind = r.random()
    if kind < 0.02:
        raise Loud(*[some(r, z)] * 3)
    if kind < 0.03:
        print("p" * 10 ** r.randrange(7))
    if kind < 0.05:
        z += 1
    return (large if kind < 0.0515 else deep if kind < 0.055 else endless if kind < 0.06 else some)(r, z)
"""

TEST = """
z = np.arange(20.0).reshape(4, 5)
for seed in range({first}, {last}):
    try:
        value = f(seed, z)
        seen.append(type(value).__name__)
        for look in (lambda v: np.asarray(v, dtype=float), str, lambda v: v == z, len, lambda v: list(v)[:3],
                     lambda v: np.abs(v - z) <= 1e-9, lambda v: np.isfinite(v).all(), lambda v: float(v), hash):
            try:
                look(value)
            except Exception:
                pass
    except Exception as error:
        seen.append(str(error)[:200])
"""

RUN = """
import json
from tests.judging import test_returned_values as fuzz
print(json.dumps(fuzz.fuzzed()))
"""


def fuzzed() -> dict[str, object]:
    """Judge all of the structures; what the process took of memory, and the submissions of time."""
    from autograder.judging.forkserver import Warm

    limits = Limits(call=2, test=5, submission=20, memory=512 << 20)
    times, passed = [], []
    with Warm() as warm:
        for number in range(SUBMISSIONS):
            first = number * TESTS * EACH
            tests = [
                ("test", TEST.format(first=at, last=at + EACH))
                for at in range(first, first + TESTS * EACH, EACH)
            ]
            start = time.monotonic()
            outcomes = judge_submission(warm, cells(STUDENT, ("setup", "seen = []"), *tests), limits)
            times.append(time.monotonic() - start)
            passed += [o.error.name if o.error else "" for o in outcomes if o.cell.kind == "test"]
    return {"peak": memory.most(), "slowest": max(times), "all": sum(times), "ends": passed}


@pytest.mark.slow
def test_ten_thousand_random_structures_stay_within_memory_and_time():
    run = subprocess.run([sys.executable, "-c", RUN], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    assert found["peak"] < 500
    assert found["slowest"] < 20 + 5
    assert found["ends"].count("") > 0.5 * TESTS * SUBMISSIONS


BOMBS = {
    "a range in a list": "[range(100_000_000)]",
    "references to an array": "[z] * 190_000",
    "references to references": "[[z] * 400] * 400",
    "views of an array": "[z[1:] for _ in range(190_000)]",
    "a text": "'x' * (300 << 20)",
    "bytes as numbers": "np.ones(200 << 20, np.int8)",
    "nested twice as often": "__import__('functools').reduce(lambda v, _: [v, v], range(30), z)",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bomb_costs_its_own_test_only_and_little(warm, bomb):
    looks = "w = f(np.ones(1000))\nnp.asarray(w, dtype=float)\nstr(w)\nassert w == 3"
    start = time.monotonic()
    outcomes = judge_submission(
        warm,
        cells(
            f"def f(z):\n    return {bomb}\ndef g():\n    return 1", ("test", looks), ("test", "assert g()")
        ),
        Limits(test=3),
    )
    assert [outcome.passed for outcome in outcomes[2:]] == [False, True]
    assert time.monotonic() - start < 12


def test_test_that_uses_a_returned_number_for_a_size_is_bounded(judge):
    outcomes = judge("def f():\n    return 10**9", ("test", "np.ones(f())"), ("test", "assert f() == 10**9"))
    assert "MemoryError" in outcomes[1].error.name
    assert outcomes[2].passed


def test_error_that_takes_long_to_say_is_called_by_its_name(judge):
    slow = "class Slow(Exception):\n    def __str__(self):\n        while True: pass\nf()\nraise Slow()"
    outcomes = judge("def f():\n    return 1", ("test", slow), ("test", "assert f() == 1"))
    assert (outcomes[1].error.name, outcomes[1].error.message) == ("Slow", "it cannot be put into words")
    assert outcomes[2].passed


def test_whole_time_of_a_submission_bounds_its_tests_too(warm):
    notebook = cells("def f():\n    return 1", *[("test", "f()\nwhile True:\n    pass")] * 5)
    start = time.monotonic()
    outcomes = judge_submission(warm, notebook, Limits(test=2, submission=4))
    assert time.monotonic() - start < 9
    assert outcomes[-1].skipped


def test_values_of_names_are_bounded_as_results_are(judge):
    outcomes = judge("big = [range(10**9)]\nz = np.ones(4)", ("test", "big"), ("test", "assert z.sum() == 4"))
    assert [outcome.passed for outcome in outcomes[1:]] == [False, True]
    assert np.ones(4).sum() == 4
