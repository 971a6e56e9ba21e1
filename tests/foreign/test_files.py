"""Files beside a notebook, the instructor's and those handed in along: who finds which."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from autograder.classroom import adopt, beside, ways
from autograder.classroom.course import load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.release import gradescope
from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from tests.support import modules
from tests.support.stock_scores import stock_scores

BIN = Path(sys.executable).parent
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "files"
c.Autograde.exclude_overwriting = {"hw": ["mine.txt"]}
"""


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm(packages=("*",)) as warm:
        yield warm


def cell(source: str, name: str, **marks: object) -> dict[str, object]:
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return new_code_cell(source, metadata={"nbgrader": flags | {"grade_id": name} | marks})


def notebook(answer: str, **tests: str) -> bytes:
    cells = [cell(answer, "answer", solution=True)]
    cells += [cell(test, name, grade=True, locked=True, points=1) for name, test in tests.items()]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return writes(new_notebook(cells=cells, metadata={"kernelspec": kernel})).encode()


def points(warm: Warm, assignment: Assignment, answer: str) -> dict[str, float | None]:
    graded = grade(assignment, notebook(answer, **{c.id: c.source for c in assignment.graded}), warm)
    return {score.id: score.points for score in graded.feedback}


LOAD = "def load(name):\n    with open(name) as file:\n        return file.read()"


def test_a_file_handed_in_along_is_there_for_the_students_code(warm: Warm) -> None:
    source = notebook(LOAD, **{"load-own": "assert load('data/own.txt') == 'mine'"})
    assignment = parse_assignment("hw", source)
    assert points(warm, assignment, LOAD) == {"load-own": 0}
    assert points(warm, assignment.with_own((("data/own.txt", b"mine"),)), LOAD) == {"load-own": 1}


def test_what_is_handed_in_along_never_comes_into_the_process_that_holds_the_tests(warm: Warm) -> None:
    tests = {
        "opened": "assert open('own.txt').read() == 'mine'",
        "imported": "import own\nassert own.value == 3",
    }
    own = (("own.txt", b"mine"), ("own.py", b"value = 3"), ("json.py", b"value = 3"))
    strict = parse_assignment("hw", notebook("x = 1", **tests)).with_own(own)
    shared = parse_assignment("hw", notebook("x = 1", **tests), None, {*tests}).with_own(own)
    assert points(warm, strict, "x = 1") == {"opened": 0, "imported": 0}
    assert points(warm, shared, "x = 1") == {"opened": 1, "imported": 1}


def test_a_file_of_which_the_students_version_is_kept_is_in_no_strict_test(warm: Warm) -> None:
    test = {"imported": "from helper import two\nassert two() == 2"}
    files = (("helper.py", b"def two():\n    return 2"),)
    wrong = (("helper.py", b"def two():\n    return 3"),)
    strict = parse_assignment("hw", notebook("x = 1", **test), own=files)
    shared = parse_assignment("hw", notebook("x = 1", **test), None, {*test}, own=files)
    assert points(warm, strict, "x = 1") == {"imported": 0}
    assert points(warm, shared, "x = 1") == {"imported": 1}
    assert points(warm, shared.with_own(wrong), "x = 1") == {"imported": 0}


@pytest.mark.parametrize(
    "name", ["helper.py", "helper/__init__.py", "helper.so", "data", "data/numbers.csv", "data/numbers.csv/x"]
)
def test_what_would_be_found_instead_of_the_instructors_is_left_out(tmp_path: Path, name: str) -> None:
    instructors = (("helper.py", b"right"), ("data/numbers.csv", b"1"))
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("own")
    assert beside.students(tmp_path, instructors) == ()


def test_of_what_is_handed_in_along_only_files_of_its_own_count(tmp_path: Path) -> None:
    for name in ("hw.ipynb", "timestamp.txt", ".hidden", "__pycache__/own.pyc", "data/own.csv", "helper.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("own")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe")
    found = beside.students(tmp_path, (("helper.py", b""),))
    assert found == (("data/own.csv", b"own"), ("helper.txt", b"own"))


def test_what_is_too_large_is_left_out_and_the_rest_is_there(tmp_path: Path) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(17 << 20)
    (tmp_path / "small.txt").write_text("own")
    assert beside.students(tmp_path, ()) == (("small.txt", b"own"),)


def test_modules_that_cells_and_files_import_are_imported_once_for_all(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()")
    folder = tmp_path / "source" / "hw"
    folder.mkdir(parents=True)
    source = (
        "%matplotlib inline\nfrom scipy import (integrate,\n    optimize as o)\nimport own.part, pandas as pd"
    )
    (folder / "hw.ipynb").write_bytes(notebook(source))
    (folder / "own").mkdir()
    (folder / "own" / "part.py").write_text("def f():\n    import sympy")
    names = ("pandas", "scipy", "scipy.integrate", "scipy.optimize", "sympy")
    course = load_course(tmp_path)
    assert beside.to_import(course, "hw", ["*"]) == ("*", *names)
    assert beside.to_import(course, "hw", ["scipy"]) == ("scipy", "scipy.integrate", "scipy.optimize")
    assert beside.to_import(course, "hw", []) is None


def run(course: Path, *command: str) -> None:
    paths = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        modules.command(*command), cwd=course, env=os.environ | paths, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def scores(course: Path) -> dict[tuple[str, str], float | None]:
    return {(student, test): score for student, test, score, _ in stock_scores(course / "gradebook.db")}


@pytest.mark.slow
def test_students_files_count_as_in_stock_nbgrader_by_each_command(tmp_path: Path) -> None:
    course = tmp_path / "course"
    source = course / "source" / "hw"
    source.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG)
    (source / "mine.txt").write_text("mine")
    (source / "given.txt").write_text("given")
    tests = {
        "load-mine": "assert load('mine.txt') == 'mine'",
        "load-given": "assert load('given.txt') == 'given'",
        "open-mine": "assert open('mine.txt').read() == load('mine.txt') == 'mine'",
    }
    (source / "hw.ipynb").write_bytes(notebook(LOAD, **tests))
    run(course, "autograder", "adopt", "--write")
    run(course, "autograder", "release")
    for student, mine, given in (("right", "mine", "given"), ("wrong", "other", "changed")):
        folder = course / "submitted" / student / "hw"
        folder.mkdir(parents=True)
        released = json.loads((course / "release" / "hw" / "hw.ipynb").read_text())
        released["cells"][0]["source"] = LOAD
        (folder / "hw.ipynb").write_text(json.dumps(released))
        (folder / "mine.txt").write_text(mine)
        (folder / "given.txt").write_text(given)
    stock = shutil.copytree(course, tmp_path / "stock")
    run(stock, "autograder", "drop")
    run(stock, "nbgrader", "autograde", "hw")
    run(course, "autograder", "grade", "hw")
    ours = scores(course)
    run(course, "nbgrader", "autograde", "hw", "--force")
    assert scores(stock) == ours == scores(course)
    lost = {key for key, score in ours.items() if score != 1}
    assert lost == {("wrong", "load-mine"), ("wrong", "open-mine")}


@pytest.mark.parametrize(
    ("answer", "file", "shared", "why"),
    [
        ("import scipy", "", {}, "packages besides NumPy"),
        ("x = 1", "data.csv", {}, "files beside its notebook"),
        ("x = 1", "", {"hw": {"test": "a reason"}}, "together with the student's code"),
    ],
)
def test_gradescope_gets_no_autograder_that_would_grade_otherwise_than_here(
    tmp_path: Path, answer: str, file: str, shared: dict[str, dict[str, str]], why: str
) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    adopt.adopt(tmp_path, write=True)
    folder = tmp_path / "source" / "hw"
    folder.mkdir(parents=True)
    (folder / "hw.ipynb").write_bytes(notebook(answer, test="assert x == 1"))
    if file:
        (folder / file).write_text("1")
    course = load_course(tmp_path)
    ways.write(course, "hw", shared)
    with pytest.raises(CourseError, match=why):
        gradescope.write(course, "hw", tmp_path / "autograder.zip")
    assert not (tmp_path / "autograder.zip").exists()


def test_a_task_is_released_without_its_marking_scheme() -> None:
    scheme = "Draw it.\n### BEGIN MARK SCHEME\nlook\n### END MARK SCHEME\nWell."
    task = cell(scheme, "draw", task=True, locked=True, points=2)
    source = writes(new_notebook(cells=[task])).encode()
    assert parse_assignment("hw", source).cells[0].released == "Draw it.\nWell."
