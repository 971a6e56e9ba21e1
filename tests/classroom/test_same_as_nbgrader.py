"""`autograder grade` writes what `nbgrader autograde` writes with the judge in it: rows, notebooks, files, rights.

One class is graded by both, twice: the second time with late and changed submissions and a person's grades.
"""

import json
import shutil
import warnings
from datetime import datetime, timedelta

import nbformat
import pytest

from autograder.classroom import converters, gradebook
from autograder.classroom.course import load_course
from tests.support import class_state, courses
from tests.support.courses import TINY

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("same as nbgrader")]

DUE = datetime(2026, 3, 2, 12, 0)
CONFIG = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return 4"
TASK = {
    "schema_version": 3,
    "grade_id": "draw",
    "grade": False,
    "solution": False,
    "locked": True,
    "task": True,
}


def _course(folder):
    """Two notebooks, one with a task, a file of the instructor's, and a due date."""
    course = courses.tiny_course(folder)
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + CONFIG)
    source = course / "solutions" / TINY
    second = nbformat.read(source / f"{TINY}.ipynb", as_version=4)
    second.cells.append(
        nbformat.v4.new_markdown_cell("Draw it.", metadata={"nbgrader": {**TASK, "points": 3}})
    )
    nbformat.write(second, source / "second.ipynb")
    (source / "data.csv").write_text("1,2\n")
    assert courses.autograder(course, "release").returncode == 0
    with gradebook.opened(load_course(course)) as book:
        book.find_assignment(TINY).duedate = DUE
        book.add_student("fay", first_name="Fay", last_name="Known")
        book.db.commit()
    return course


def _hand_in(course, student, *codes, after=timedelta(), files=()):
    """Hand in an answer for each of the two notebooks, None to leave one out."""
    folder = course / "class" / "submitted" / student / TINY
    folder.mkdir(parents=True, exist_ok=True)
    for name, code in zip((TINY, "second"), codes, strict=True):
        if code is not None:
            notebook = nbformat.read(course / "exercises" / TINY / f"{name}.ipynb", as_version=4)
            _cell(notebook, "double").source = code
            if code == RIGHT:
                _cell(notebook, "explain").source = "Twice is *plus itself*. 😀"
            nbformat.write(notebook, folder / f"{name}.ipynb")
    (folder / "timestamp.txt").write_text(f"{DUE + after:%Y-%m-%d %H:%M:%S} UTC\n")
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("own")
    return folder


def _cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id == name)


def _first_round(course):
    _hand_in(course, "ada", RIGHT, RIGHT)
    _hand_in(course, "ben", RIGHT, WRONG, after=timedelta(hours=1))
    _hand_in(course, "cleo", RIGHT, None)
    _hand_in(course, "dan", WRONG, "x = 1", files=("data.csv", "more/notes.txt", "own.pyc"))
    _hand_in(course, "fay", RIGHT, WRONG).joinpath("timestamp.txt").unlink()


def _second_round(course):
    """A person has graded, granted an extension and commented; then some hand in again."""
    with gradebook.opened(load_course(course)) as book:
        graded = book.find_grade("explain", TINY, TINY, "ada")
        graded.manual_score, graded.needs_manual_grade = 1.5, False
        book.find_grade("double-values", TINY, TINY, "dan").extra_credit = 0.5
        book.find_grade("double-values", "second", TINY, "dan").manual_score = 1.0
        book.find_comment("explain", TINY, TINY, "dan").manual_comment = "Why?"
        book.find_grade("draw", "second", TINY, "ada").manual_score = 2.0
        book.grant_extension(TINY, "ben", hours=2)
        book.db.commit()
    _hand_in(course, "ada", WRONG, RIGHT, after=timedelta(hours=3))
    _hand_in(course, "dan", RIGHT, RIGHT, after=timedelta(days=1))
    _hand_in(course, "cleo", RIGHT, RIGHT)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """What each way of grading has left after each round: the database, and the folders."""
    ours = _course(tmp_path_factory.mktemp("same") / "ours")
    theirs = tmp_path_factory.mktemp("same") / "theirs"
    shutil.copytree(ours, theirs)
    found = []
    for change in (_first_round, _second_round):
        for course in (ours, theirs):
            change(course)
        done = courses.autograder(ours, "grade", TINY, "--jobs", "1")
        assert done.returncode == 0, done.stderr
        with warnings.catch_warnings(action="ignore"):  # nbgrader's own models warn
            converters.run(load_course(theirs), "Autograde", TINY, Autograde={"force": True})
        found.append(
            [(class_state.rows(course, TINY), class_state.files(course)) for course in (ours, theirs)]
        )
    return found


@pytest.mark.parametrize("round", [0, 1])
def test_the_gradebook_has_the_same_rows(both, round):
    (ours, _), (theirs, _) = both[round]
    assert ours == theirs


@pytest.mark.parametrize("round", [0, 1])
def test_the_folders_have_the_same_files_to_the_byte(both, round):
    (_, ours), (_, theirs) = both[round]
    assert ours == theirs


def test_the_class_has_what_could_differ(both):
    (_, first), files = both[0][0]
    (_, second), _ = both[1][0]
    assert first["ben"][3] == 5.0  # late, all points gone
    assert second["ben"][3] == 0.0  # an extension
    assert ("explain", 0.0, None, None, False) in first["cleo"][4]["second"]["grades"]
    assert ("explain", "No response.", None) in first["dan"][4][TINY]["comments"]
    assert ("double-values", 2.0, 1.0, None, True) in second["dan"][4]["second"]["grades"]
    assert ("explain", 0.0, 1.5, None, True) in second["ada"][4][TINY]["grades"]
    assert files["dan/00-double/data.csv"][0] == b"1,2\n"
    assert "dan/00-double/more/notes.txt" in files
    assert json.loads(files["ada/00-double/00-double.ipynb"][0])["nbformat"] == 4
