"""A changed test: whose scores would change, then the change, then the earlier grades on record."""

import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
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
    assert [
        "ben",
        "│",
        "2",
        "│",
        "3",
        "│",
        "+1",
        "│",
        "other",
        "tests:",
        "double-negative",
        "0",
        "->",
        "1",
    ] in lines
    assert ["cleo", "│", "-", "│", "3", "│", "new", "│"] in lines
    assert not any(line[:1] == ["ada"] for line in lines)
    assert "2 of 3 scores would change. Nothing was written." in done.out
    assert _state(graded) == before
    done = autograder(graded, "history", "ben")
    assert done.out.count("points") == 1


def test_after_a_dry_run_the_scores_are_those_it_listed(graded, judged, autograder):
    _change_hidden_test(graded)
    autograder(graded, "grade", TINY, "--dry-run")
    assert autograder(graded, "grade", TINY).status == 0
    points = {student: score.points for student, score in records.scores(load_course(graded), TINY).items()}
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


CLASS = [f"student-{number:02}" for number in range(28)]


def _write_and_grade_by_hand(course, autograder):
    """A class whose written answers, and the points of one test, a person has given."""
    for student in CLASS:
        _answer(course, student, f"Twice is itself and itself, says {student}.")
    assert autograder(course, "grade", TINY).status == 0
    with gradebook.opened(load_course(course)) as book:
        for student in CLASS:
            grade = book.find_grade("explain", TINY, TINY, student)
            grade.manual_score, grade.needs_manual_grade = 1.5, False
        overridden = book.find_grade("double-negative", TINY, TINY, CLASS[3])
        overridden.manual_score, overridden.needs_manual_grade = 0.5, False
        book.db.commit()


def _answer(course, student, text, code="def double(x):\n    return 2 * x"):
    path = hand_in(course, student, code)
    path.write_text(path.read_text().replace("YOUR ANSWER HERE", text))


def _waiting(course):
    scores = records.scores(load_course(course), TINY)
    return [student for student in CLASS if scores[student].by_hand]


def test_points_that_a_person_gave_stay_given_after_a_changed_test(released, judged, autograder, tmp_path):
    _write_and_grade_by_hand(released, autograder)
    assert _waiting(released) == []
    _change_hidden_test(released)
    assert autograder(released, "grade", TINY).status == 0
    assert len(judged) == 2 * len(CLASS)
    assert _waiting(released) == []
    autograder(released, "export", str(tmp_path / "all.csv"), "--format", "course")
    rows = (tmp_path / "all.csv").read_text().splitlines()[1:]
    assert [row.rsplit(",", 1)[1] for row in rows] == ["4" if n == 3 else "4.5" for n in range(len(CLASS))]


def test_only_an_answer_that_has_changed_is_a_persons_again(released, judged, autograder):
    _write_and_grade_by_hand(released, autograder)
    _answer(released, CLASS[1], "Twice is another thing.")
    _answer(
        released, CLASS[2], f"Twice is itself and itself, says {CLASS[2]}.", WRONG
    )  # its text is as it was
    _answer(
        released, CLASS[3], f"Twice is itself and itself, says {CLASS[3]}.", WRONG
    )  # and a person set its test
    assert autograder(released, "grade", TINY).status == 0
    assert _waiting(released) == [CLASS[1], CLASS[3]]
    _change_hidden_test(released)
    assert autograder(released, "grade", TINY).status == 0
    assert _waiting(released) == [CLASS[1], CLASS[3]]  # nobody has looked in between


def test_points_stay_given_when_all_is_graded_again_by_force(released, judged, autograder):
    _write_and_grade_by_hand(released, autograder)
    assert autograder(released, "grade", TINY, "--force").status == 0
    assert _waiting(released) == []
