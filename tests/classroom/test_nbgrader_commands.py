"""nbgrader's own commands on this layout, each in a process of its own as its users run it."""

import csv

import pytest

from tests.support import courses
from tests.support.courses import TINY, hand_in, nbgrader

pytestmark = pytest.mark.xdist_group("nbgrader commands")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course taken from its solutions to its feedback by stock commands."""
    course = courses.tiny_course(tmp_path_factory.mktemp("nbgrader") / "course", stock=True)
    _run(course, "generate_assignment", TINY)
    hand_in(course, "ada")
    hand_in(course, "ben", "def double(x):\n    return 4")
    _run(course, "autograde", TINY)
    _run(course, "generate_feedback", TINY)
    _run(course, "export", "--to", "grades.csv")
    return course


def _run(course, *arguments):
    done = nbgrader(course, *arguments)
    assert done.returncode == 0, done.stderr
    return done


def test_generate_assignment_makes_the_exercises_and_the_gradebook(course):
    text = (course / "exercises" / TINY / f"{TINY}.ipynb").read_text()
    assert "YOUR CODE HERE" in text
    assert "BEGIN SOLUTION" not in text
    assert (course / "class" / "gradebook.db").exists()
    assert not (course / "gradebook.db").exists()


def test_autograde_and_export_give_the_points(course):
    with (course / "grades.csv").open(newline="") as file:
        points = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert points == {"ada": 3.0, "ben": 2.0}


def test_generate_feedback_writes_a_page_for_each_student(course):
    page = course / "class" / "feedback" / "ben" / TINY / f"{TINY}.html"
    assert "double-negative" in page.read_text()


def test_autograder_takes_over_a_class_that_nbgrader_has_graded(course, autograder, tmp_path):
    ours = courses.copy_tree(course, tmp_path / "course")
    courses.configure(ours)
    done = autograder(ours, "grade", TINY)
    assert done.status == 0, done.err
    assert "mean 2.5 points" in done.out
    assert autograder(ours, "feedback", TINY).status == 0


def test_nbgrader_takes_over_a_class_that_autograder_has_graded(released, autograder):
    hand_in(released, "ada")
    assert autograder(released, "grade", TINY).status == 0
    assert "Skipping existing assignment" in _run(released, "autograde", TINY).stderr
    _run(released, "generate_feedback", TINY)
    _run(released, "export", "--to", "grades.csv")
    assert f"{TINY}," in (released / "grades.csv").read_text()


def test_validate_tells_a_student_which_test_fails(course):
    released = f"exercises/{TINY}/{TINY}.ipynb"
    done = _run(course, "validate", released)
    assert "VALIDATION FAILED ON 2 CELL" in done.stdout
    assert "assert double(2) == 4" in done.stdout
    assert "You did not provide a response." in done.stdout
    solved = _run(course, "validate", f"class/submitted/ada/{TINY}/{TINY}.ipynb")
    assert "assert double(2) == 4" not in solved.stdout
