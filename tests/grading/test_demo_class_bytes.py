"""The whole demo class, graded by one process or several, gives the same bytes and scores."""

import multiprocessing

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.mistakes.diagnosis import Item
from tests.demo_class.students import ASSIGNMENT, hand_in, students
from tests.grading import real


def handed_in() -> list[bytes]:
    """What the class hands in."""
    files = (file for student in students() for file in hand_in(student).items())
    return [text.encode() for name, text in files if name.endswith(".ipynb")]


def graded_by(jobs: int, notebooks: list[bytes]) -> list[tuple[bytes, tuple[Item, ...]]]:
    if jobs == 1:
        return _graded(notebooks)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        parts = pool.map(_graded, [notebooks[part::jobs] for part in range(jobs)])
    return [parts[place % jobs][place // jobs] for place in range(len(notebooks))]


def _graded(notebooks: list[bytes]) -> list[tuple[bytes, tuple[Item, ...]]]:
    with Warm() as warm:
        results = [grade(real.assignment(ASSIGNMENT), data, warm, real.QUICK) for data in notebooks]
    return [(result.notebook, result.feedback) for result in results]


@pytest.mark.slow
@pytest.mark.xdist_group("demo class bytes")
def test_runs_by_one_process_and_by_three_agree_to_the_byte() -> None:
    """The whole class, the second time in the opposite order."""
    everything = handed_in()
    first = graded_by(1, everything)
    assert len(first) == len(everything) > 30
    assert graded_by(3, everything[::-1]) == first[::-1]
