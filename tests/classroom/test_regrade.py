"""A changed test: whose scores would change, then the change, then the earlier grades on record."""

import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from tests.support import class_state, courses
from tests.support.courses import TINY, WRONG, hand_in


def _change_hidden_test(course):
    """Ask for more: the visible test's answer 4 no longer passes, and the hidden test takes any."""
    path = course / "solutions" / TINY / f"{TINY}.ipynb"
    path.write_text(path.read_text().replace("double(-1234567) == -2469134", "double(1) in (2, 4)"))


def _state(course):
    return class_state.rows(course, TINY), courses.snapshot(course / "class" / "autograded")


def test_a_dry_run_lists_whose_scores_would_change_and_writes_nothing(graded, judged, autograder):
    before = _state(graded)
    _change_hidden_test(graded)
    hand_in(graded, "cleo", WRONG)
    done = autograder(graded, "grade", TINY, "--dry-run")
    assert done.status == 0
    lines = [line.split() for line in done.out.splitlines()]
    assert ["ben", "│", "2", "│", "3", "│", "+1"] in lines
    assert ["cleo", "│", "-", "│", "3", "│", "new"] in lines
    assert not any(line[:1] == ["ada"] for line in lines)
    assert "2 of 3 scores would change. Nothing was written." in done.out
    assert _state(graded) == before
    done = autograder(graded, "history", "ben")
    assert done.out.count("points") == 1


def test_after_a_dry_run_the_scores_are_those_it_listed(graded, judged, autograder):
    _change_hidden_test(graded)
    autograder(graded, "grade", TINY, "--dry-run")
    assert autograder(graded, "grade", TINY).status == 0
    points = {student: score.points for student, score in gradebook.scores(load_course(graded), TINY).items()}
    assert points == {"ada": 3.0, "ben": 3.0}


def test_a_dry_run_counts_what_a_person_has_graded(graded, judged, autograder):
    course = load_course(graded)
    with gradebook.opened(course) as book:
        book.find_grade("double-negative", TINY, TINY, "ben").manual_score = 0.5
        book.find_grade("explain", TINY, TINY, "ben").extra_credit = 1
        book.db.commit()
    _change_hidden_test(graded)
    assert "0 of 2 scores would change" in autograder(graded, "grade", TINY, "--dry-run").out


def test_every_earlier_grade_stays_on_record(graded, judged, autograder):
    _change_hidden_test(graded)
    assert autograder(graded, "grade", TINY).status == 0
    hand_in(graded, "ben", "def double(x):\n    return 2 * x")
    assert autograder(graded, "grade", TINY).status == 0
    assert autograder(graded, "grade", TINY).status == 0  # nothing has changed: nothing to record
    done = autograder(graded, "history", "ben", TINY)
    assert done.status == 0
    heads = [line for line in done.out.splitlines() if line.startswith(TINY)]
    assert [head.split("UTC  ")[1] for head in heads] == ["2 / 5 points", "3 / 5 points", "3 / 5 points"]
    assert "double-negative: 0 -> 1" in done.out
    assert done.out.count("autograder 1 (") == 3
    assert "confined by user" in done.out
    tests = [line.split("tests ")[1] for line in done.out.splitlines() if "tests " in line]
    assert tests[0] != tests[1] == tests[2]


def test_a_student_without_a_record_is_told(graded, autograder):
    done = autograder(graded, "history", "nobody")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "no grading by `autograder grade` is on record for 'nobody'" in done.err


@pytest.mark.parametrize("hours", [0, 2])
def test_a_due_date_that_is_set_later_counts_for_those_who_were_late(hours, graded, judged, autograder):
    config = graded / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    course = load_course(graded)
    for student, hour in (("ada", 11), ("ben", 13)):
        place = course.submitted(student, TINY) / "timestamp.txt"
        place.write_text(f"2026-03-02 {hour}:00:00 UTC\n")
    assert autograder(graded, "grade", TINY).status == 0
    judged.clear()
    with gradebook.opened(course) as book:
        book.update_or_create_assignment(TINY, duedate="2026-03-02 12:00:00 UTC")
        book.grant_extension(TINY, "ben", hours=hours)
        book.db.commit()
    assert autograder(graded, "grade", TINY).status == 0
    assert judged == ([] if hours else ["ben"])
    (_, rows) = class_state.rows(graded, TINY)
    assert rows["ben"][3] == (0.0 if hours else 2.0)
