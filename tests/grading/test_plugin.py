"""The real `nbgrader autograde` and `generate_feedback`, with the configuration as committed."""

import json
import os
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.judging.assignment import parse_assignment
from autograder.judging.forkserver import Template, Warm
from autograder.judging.grading import grade
from tests.support import courses

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plugin")]

TINY = courses.TINY
FULL, NONE = {"double-values": 2.0, "double-negative": 1.0}, {"double-values": 0.0, "double-negative": 0.0}
NOISY = "import sys\ndef double(x):\n    print('careful', file=sys.stderr)\n    print(0)\n    return 2 * x"


def change(path: Path, drop: str = "", twice: str = "") -> None:
    """Deletes a cell from a notebook, or doubles one."""
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        name = cell.metadata.nbgrader.grade_id
        cells += [] if name == drop else [cell, cell] if name == twice else [cell]
    notebook.cells = cells
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """A class that nbgrader graded: the course's folder, what it printed and how it ended."""
    course = courses.tiny_course(tmp_path_factory.mktemp("plugin") / "course")
    assert courses.nbgrader(course, "generate_assignment", TINY).returncode == 0
    courses.hand_in(course, "right")
    courses.hand_in(course, "wrong", "def double(x):\n    return 3 * x")
    courses.hand_in(course, "noisy", NOISY)
    courses.hand_in(course, "endless", "def double(x):\n    while True:\n        pass")
    courses.hand_in(
        course, "forger", "import numpy.testing\nAssertionError = SystemExit\ndef double(x):\n    return 5"
    )
    change(courses.hand_in(course, "deleted"), drop="double-negative")
    change(courses.hand_in(course, "doubled"), twice="double-values")
    cut = courses.hand_in(course, "cut")
    cut.write_bytes(cut.read_bytes()[:-300])
    pipe = courses.hand_in(course, "pipe")
    pipe.unlink()
    os.mkfifo(pipe)
    utf16 = courses.hand_in(course, "utf16")
    utf16.write_bytes(utf16.read_text(encoding="utf-8").encode("utf-16"))
    done = courses.nbgrader(course, "autograde", TINY, "--JudgeSubmission.seconds_per_call=0.5")
    return {"course": course, "done": done}


def scores(course: Path, student: str) -> dict[str, float | None]:
    with Gradebook(f"sqlite:///{course}/class/gradebook.db") as gradebook:
        notebook = gradebook.find_submission_notebook(TINY, TINY, student)
        return {grade.cell.name: grade.auto_score for grade in notebook.grades}


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        *[(name, FULL) for name in ("right", "noisy", "deleted", "doubled", "utf16")],
        *[(name, NONE) for name in ("wrong", "endless", "forger")],
    ],
)
def test_the_gradebook_has_the_judges_scores(
    student: str, expected: dict[str, float], graded: dict, warm: Warm
) -> None:
    course = graded["course"]
    found = scores(course, student)
    assert {name: found[name] for name in expected} == expected
    source = (course / "solutions" / TINY / f"{TINY}.ipynb").read_bytes()
    handed = (course / "class" / "submitted" / student / TINY / f"{TINY}.ipynb").read_bytes()
    if student != "endless":
        result = grade(parse_assignment(TINY, source), handed, warm)
        assert {score.id: score.points for score in result.feedback} == found


@pytest.mark.parametrize("student", ["right", "noisy", "deleted", "doubled", "wrong"])
def test_the_graded_notebook_is_the_pure_functions(student: str, graded: dict, warm: Warm) -> None:
    course = graded["course"]
    source = (course / "solutions" / TINY / f"{TINY}.ipynb").read_bytes()
    handed = (course / "class" / "submitted" / student / TINY / f"{TINY}.ipynb").read_bytes()
    written = course / "class" / "autograded" / student / TINY / f"{TINY}.ipynb"
    assert json.loads(written.read_bytes()) == json.loads(
        grade(parse_assignment(TINY, source), handed, warm).notebook
    )


def test_unreadable_submissions_are_refused_in_a_line_and_stop_nobody(graded: dict) -> None:
    errors = [line for line in graded["done"].stderr.splitlines() if "ERROR" in line]
    assert any("cut 00-double.ipynb: The notebook is cut off" in line for line in errors)
    assert any("pipe 00-double.ipynb: 00-double.ipynb is not a file of its own" in line for line in errors)
    assert "Traceback" not in graded["done"].stderr
    assert graded["done"].returncode != 0
    assert not (graded["course"] / "class" / "autograded" / "cut").joinpath(TINY).exists()


def test_repairs_are_logged(graded: dict) -> None:
    assert "deleted: The test cell double-negative was missing; it was put back" in graded["done"].stderr


def test_the_feedback_is_our_page_and_shows_no_hidden_test(graded: dict) -> None:
    course = graded["course"]
    done = courses.nbgrader(course, "generate_feedback", TINY)
    assert done.returncode == 0, done.stderr
    page = (course / "class" / "feedback" / "wrong" / TINY / f"{TINY}.html").read_text(encoding="utf-8")
    assert "Feedback for wrong" in page
    assert "1234567" not in page
    assert "<script" not in page


def test_manual_grades_are_kept_when_graded_again(graded: dict) -> None:
    course = graded["course"]
    with Gradebook(f"sqlite:///{course}/class/gradebook.db") as gradebook:
        gradebook.find_grade("double-values", TINY, TINY, "wrong").manual_score = 1.5
        gradebook.db.commit()
    done = courses.nbgrader(course, "autograde", TINY, "--student=wrong", "--force")
    assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{course}/class/gradebook.db") as gradebook:
        found = gradebook.find_grade("double-values", TINY, TINY, "wrong")
        assert (found.auto_score, found.manual_score, found.score) == (0.0, 1.5, 1.5)


def test_a_template_that_died_is_started_again_and_one_that_lives_is_kept() -> None:
    with closing(Template()) as template:
        first = template.for_start(trusted=False, packages=None)
        first.close()
        second = template.for_start(trusted=False, packages=None)
        assert second.alive
        assert not first.alive
        assert template.for_start(trusted=False, packages=None) is second


def test_a_template_with_other_packages_takes_the_place_of_the_one_before() -> None:
    with closing(Template()) as template:
        first = template.for_start(trusted=False, packages=None)
        second = template.for_start(trusted=False, packages=("numpy",))
        assert second.alive
        assert not first.alive
