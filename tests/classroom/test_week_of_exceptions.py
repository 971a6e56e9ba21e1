"""A week in which little goes as planned: late work, more time, an appeal, points changed, somebody who leaves."""

import csv

import nbformat
import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.gradebook import history, records
from tests.support.courses import TINY, WRONG, hand_in

DUE = "2026-03-02 12:00:00 UTC"
IN_TIME, LATE, VERY_LATE = "2026-03-02 11:00:00 UTC", "2026-03-02 20:00:00 UTC", "2026-03-05 12:00:00 UTC"
PENALTY = """
from nbgrader.plugins import BasePlugin

class HalfAPoint(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5 * (1 + total_seconds_late // 86400)
"""


@pytest.fixture
def week(released, autograder, judged):
    """Runs commands on a course that takes half a point for each day that has begun."""
    (released / "lateness.py").write_text(PENALTY)
    config = released / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + '\nsys.path.insert(0, str(course))\nc.AssignLatePenalties.plugin_class = "lateness.HalfAPoint"\n'
    )

    def run(*words, status=0):
        done = autograder(released, *words)
        assert done.status == status, done.err
        return done.out + done.err

    run.course = released
    run.judged = judged
    with gradebook.opened(load_course(released)) as book:
        book.update_or_create_assignment(TINY, duedate=DUE)
    return run


def _hand_in(week, student, when, *code):
    path = hand_in(week.course, student, *code)
    (path.parent / "timestamp.txt").write_text(when)
    return path


def _scores(week):
    found = records.scores(load_course(week.course), TINY)
    return {student: (score.points, score.penalty) for student, score in found.items()}


def _page(week, student):
    return (week.course / "class" / "feedback" / student / TINY / f"{TINY}.html").read_text(encoding="utf-8")


def _exported(week):
    week("export", str(week.course / "grades.csv"))
    with (week.course / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["score"]}


def test_the_week(week):
    # One has more time before anything is handed in, one asks for it afterwards; two are simply late.
    assert "3 days, 0:00:00 more" in week("extend", TINY, "ada", "--days", "3")
    for student, when, *code in (
        ("ada", VERY_LATE),
        ("ben", LATE),
        ("cleo", LATE),
        ("dev", VERY_LATE),
        ("eve", IN_TIME, WRONG),
        ("finn", IN_TIME),
    ):
        _hand_in(week, student, when, *code)
    said = week("grade", TINY)
    assert "0.5 taken off for being late" in said
    late = {"ada": (3, 0), "ben": (3, 0.5), "cleo": (3, 0.5), "dev": (3, 2), "eve": (2, 0), "finn": (3, 0)}
    assert _scores(week) == late
    week.judged.clear()
    week("grade", TINY)
    assert week.judged == []  # nobody is graded anew, the one with more time neither

    # The second is given more time: only their penalty goes.
    week("extend", TINY, "ben", "--hours", "12")
    week("grade", TINY)
    assert week.judged == ["ben"]
    assert _scores(week) == late | {"ben": (3, 0)}

    # One is right to complain about one item. It stays when they hand in again after feedback.
    why = "Your call was right: the text was unclear."
    assert "double-negative: 0 -> 0.5 points" in week(
        "appeal", TINY, "eve", "double-negative", "0.5", "--why", why
    )
    week("feedback", TINY)
    assert why in _page(week, "eve")
    assert "A person set these points." in _page(week, "eve")
    _hand_in(week, "eve", IN_TIME, WRONG + "  # once more")
    week("grade", TINY)
    assert _scores(week)["eve"] == (2.5, 0)

    # One more point for something extra, as the formgrader gives it.
    with gradebook.opened(load_course(week.course)) as book:
        grade = book.find_grade("double-values", TINY, TINY, "finn")
        grade.extra_credit = 1.0
        book.db.commit()
    week("grade", TINY, "--force")
    assert _scores(week)["finn"] == (4, 0)

    # Points are changed after release: nobody hands in anew.
    path = week.course / "solutions" / TINY / f"{TINY}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(
        c for c in notebook.cells if c.metadata.nbgrader.grade_id == "double-values"
    ).metadata.nbgrader.points = 4
    nbformat.write(notebook, path)
    week("release")
    week("grade", TINY)
    doubled = {student: (points + 2, off) for student, (points, off) in _scores_before().items()}
    assert _scores(week) == doubled

    # One leaves. Their files stay, their grades go out no more.
    week("roster", "drop", "dev")
    week("grade", TINY, "--force")
    week("feedback", TINY)
    week("report")
    assert _exported(week) == {"ada": 5, "ben": 5, "cleo": 4.5, "eve": 4.5, "finn": 6}
    assert (week.course / "class" / "submitted" / "dev").is_dir()
    assert "5</strong> of 7 points" in _page(week, "ada")


def _scores_before():
    return {"ada": (3, 0), "ben": (3, 0), "cleo": (3, 0.5), "dev": (3, 2), "eve": (2.5, 0), "finn": (4, 0)}


def test_more_time_can_be_taken_away_and_follows_a_student_who_is_renamed(week):
    week("extend", TINY, "ada", "--days", "3")
    week("extend", TINY, "ben", "--days", "3")
    week("extend", TINY, "ben")
    _hand_in(week, "ben", VERY_LATE)
    week("roster", "add", "ada")
    week("roster", "rename", "ada", "ada.moreau")
    _hand_in(week, "ada.moreau", VERY_LATE)
    week("grade", TINY)
    assert _scores(week) == {"ada.moreau": (3, 0), "ben": (3, 2)}
    course = load_course(week.course)
    with gradebook.opened(course) as book:
        history.create_table(book.engine)
        assert list(history.granted(book.db, TINY)) == ["ada.moreau"]


def test_an_appeal_about_what_there_is_not_changes_nothing(week):
    _hand_in(week, "ada", IN_TIME)
    week("grade", TINY)
    why = ("--why", "No.")
    assert "has no item 'double'. It has: double-values" in week(
        "appeal", TINY, "ada", "double", "1", *why, status=2
    )
    assert "between 0 and 1 points" in week("appeal", TINY, "ada", "double-negative", "2", *why, status=2)
    assert "no hand-in of 'eve'" in week("appeal", TINY, "eve", "double-negative", "1", *why, status=2)
    assert _scores(week) == {"ada": (3, 0)}
