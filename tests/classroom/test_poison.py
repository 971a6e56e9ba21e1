"""A submission that ends the process which grades it: it is given up, told in one line, and no other is touched."""

import pytest

from autograder.classroom.course import load_course
from autograder.classroom.grade import crews
from autograder.classroom.gradebook import records
from tests.support import courses, poisoned
from tests.support.courses import TINY, hand_in

pytestmark = pytest.mark.slow

RIGHT = "def double(x):\n    return 2 * x"
OTHERS = [f"s{number}" for number in range(5)]


@pytest.fixture
def handed_in(released, monkeypatch):
    monkeypatch.setattr(crews, "_MODULE", "tests.support.poisoned")
    monkeypatch.setenv("PYTHONPATH", str(courses.ROOT))
    for student in OTHERS:
        hand_in(released, student)
    return released


def _points(course):
    return {student: score.points for student, score in records.scores(load_course(course), TINY).items()}


def test_a_submission_that_kills_its_process_twice_is_given_up_alone(handed_in, autograder):
    hand_in(handed_in, "poison", f"{poisoned.ALWAYS}\n{RIGHT}")
    done = autograder(handed_in, "grade", TINY, "--jobs", "2")
    assert (done.status, done.err) == (
        1,
        "poison: its grading process was ended by SIGKILL, 2 times: look at what it does.\n",
    )
    assert _points(handed_in) == dict.fromkeys(OTHERS, 3.0)
    assert not (handed_in / "class" / "autograded" / "poison").exists()

    hand_in(handed_in, "poison", RIGHT)
    assert autograder(handed_in, "grade", TINY, "--jobs", "1").status == 0
    assert _points(handed_in) == dict.fromkeys([*OTHERS, "poison"], 3.0)


def test_a_process_that_dies_once_takes_no_grade_with_it(handed_in, autograder, tmp_path):
    hand_in(handed_in, "unlucky", f"{poisoned.ONCE}{tmp_path / 'mark'}\n{RIGHT}")
    done = autograder(handed_in, "grade", TINY, "--jobs", "1")
    assert (done.status, done.err) == (0, "")
    assert (tmp_path / "mark").exists()
    assert _points(handed_in) == dict.fromkeys([*OTHERS, "unlucky"], 3.0)


def test_a_process_that_hangs_is_ended_when_the_judge_must_have_ended_long_ago(
    handed_in, autograder, monkeypatch
):
    monkeypatch.setattr(crews, "_patience", lambda rules: 8.0)
    hand_in(handed_in, "endless", f"{poisoned.HANG}\n{RIGHT}")
    done = autograder(handed_in, "grade", TINY, "--jobs", "2")
    assert (done.status, done.err) == (
        1,
        "endless: its grading process did not come to an end, 2 times: look at what it does.\n",
    )
    assert _points(handed_in) == dict.fromkeys(OTHERS, 3.0)
