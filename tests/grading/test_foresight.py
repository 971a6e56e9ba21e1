"""What the tests will call is seen from the instructor's answers, and decides nothing."""

import time
from dataclasses import replace

import pytest

from autograder.judging import foresight
from autograder.judging.assignment import Assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.outcome import Limits
from tests.grading import real

NAME = "02-sigmoid"


def with_test(source: str) -> Assignment:
    """The assignment with another test in place of its first."""
    whole = real.assignment(NAME)
    first = next(cell for cell in whole.cells if cell.role == "test")
    cells = tuple(replace(cell, source=source) if cell is first else cell for cell in whole.cells)
    return replace(whole, cells=cells)


def calls_of_first(source: str) -> tuple[bytes | None, ...]:
    return next(iter(foresight.foresee(with_test(source)).values()))


def test_every_test_of_the_course_is_foreseen() -> None:
    script = foresight.foresee(real.assignment(NAME))
    assert all(script.values())


def test_calls_that_depend_on_answers_are_not_foreseen() -> None:
    first, second, third = calls_of_first("a = step(1.0)\nstep(2.0 * a)\nstep(3.0)")
    assert first is not None
    assert second is None
    assert third is not None


def test_functions_that_are_handed_over_are_not_foreseen() -> None:
    assert calls_of_first("step(len)\nstep(2.0)")[0] is None


@pytest.mark.parametrize("wrong", ["step(1.0)\nassert False", "step(1.0)\nno_such_name", "step(1.0)\n1 +"])
def test_test_that_the_reference_fails_is_foreseen_as_far_as_it_goes(wrong: str) -> None:
    assert len(calls_of_first(wrong)) == (0 if wrong.endswith("1 +") else 1)


def test_test_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foresight, "_LIMITS", Limits(test=0.2))
    start = time.monotonic()
    assert len(calls_of_first("step(1.0)\nwhile True:\n    pass")) == 1
    assert time.monotonic() - start < 10


def test_grading_with_foresight_and_without_gives_the_same_bytes(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "def sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))"
    submissions = [real.submission(NAME), real.submission(NAME, sigmoid=wrong)]
    ahead = [grade(real.assignment(NAME), data, warm) for data in submissions]
    monkeypatch.setattr("autograder.judging.grading.foresee", lambda assignment: {})
    assert [grade(real.assignment(NAME), data, warm) for data in submissions] == ahead
