"""Courses in a temporary folder: a tiny one of one assignment, and a copy of the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.support import modules

ROOT = Path(__file__).resolve().parents[2]
TINY = "00-double"
WRONG = "def double(x):\n    return 4"  # right for the visible test, which asks for double(2)

# nbgrader's own way of grading: of the course's configuration, only the places, the stubs and the release are kept.
STOCK_CONFIG = """
for section in set(c) - {"CourseDirectory", "ClearSolutions", "GenerateAssignment"}:
    del c[section]
c.Execute.timeout = 5
"""


def copy_course(to: Path, *, stock: bool = False) -> Path:
    """Copy what defines the real course: its configuration, solutions and exercises."""
    configure(to, stock=stock)
    for folder in ("solutions", "exercises"):
        shutil.copytree(ROOT / folder, to / folder)
    return to


def tiny_course(to: Path, *, stock: bool = False) -> Path:
    """Make a course of one assignment: `double(x)`, a visible test, a hidden one, and a written answer."""
    configure(to, stock=stock)
    folder = to / "solutions" / TINY
    folder.mkdir(parents=True)
    nbformat.write(_tiny_notebook(), folder / f"{TINY}.ipynb")
    return to


def copy_tree(course: Path, to: Path) -> Path:
    """Copy a course as it is, gradebook and all."""
    shutil.copytree(course, to)
    return to


def hand_in(course: Path, student: str, code: str = "def double(x):\n    return 2 * x") -> Path:
    """Put an answer to the tiny assignment where students' notebooks are; return its path."""
    notebook = nbformat.read(course / "exercises" / TINY / f"{TINY}.ipynb", as_version=4)
    next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == "double").source = code
    path = course / "class" / "submitted" / student / TINY / f"{TINY}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a stock nbgrader command in the course folder."""
    return _run(modules.command("nbgrader", *arguments), course)


def nbgrader_one_by_one(course: Path, command: str, assignment: str) -> subprocess.CompletedProcess[str]:
    """Run a stock nbgrader command for each student in turn: one that it fails on would end it for all."""
    step = {"autograde": "Autograde"}[command]
    program = (
        "from pathlib import Path\n"
        "from autograder.classroom import converters, course, errors\n"
        "from autograder.classroom.gradebook import submissions\n"
        "here = course.load_course(Path())\n"
        f"for student in submissions.students(here, {assignment!r}):\n"
        "    try:\n"
        f"        converters.run(here, {step!r}, {assignment!r}, student)\n"
        "    except errors.CourseError as error:\n"
        "        print(student, error)\n"
    )
    return _run([sys.executable, "-c", program], course)


def nbgrader_release_and_autograde(course: Path, assignment: str) -> subprocess.CompletedProcess[str]:
    """Let stock nbgrader release an assignment and grade it, in one process: to import nbgrader takes longest."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder.classroom import converters, course\n"
        "for step in ('GenerateAssignment', 'Autograde'):\n"
        "    converters.run(course.load_course(Path()), step, sys.argv[1])\n"
    )
    return _run([sys.executable, "-c", program, assignment], course)


def autograder(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an `autograder` command in the course folder, in a process of its own."""
    return _run([sys.executable, "-m", "autograder.cli", *arguments], course)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files below a folder, the log left out."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".log")
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def _run(command: list[str], course: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_GRADEBOOK"}
    return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)


def configure(to: Path, *, stock: bool = False) -> None:
    """Give a course folder the real configuration, or with `stock` nbgrader's own way of grading."""
    to.mkdir(parents=True, exist_ok=True)
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (to / "nbgrader_config.py").write_text(config + (STOCK_CONFIG if stock else ""), encoding="utf-8")


def _tiny_notebook() -> nbformat.NotebookNode:
    solution = "def double(x):\n    ### BEGIN SOLUTION\n    return x + x * (x - x) + x\n    ### END SOLUTION"
    hidden = "### BEGIN HIDDEN TESTS\nassert double(-1234567) == -2469134, 'wrong'\n### END HIDDEN TESTS"
    cells = [
        _locked(new_markdown_cell("Write `double(x)`, twice x."), "about"),
        _marked(new_code_cell(solution), "double", solution=True),
        _marked(new_code_cell("assert double(2) == 4, 'wrong'"), "double-values", grade=True, points=2),
        _marked(new_code_cell(hidden), "double-negative", grade=True, points=1),
        _marked(new_markdown_cell("Because."), "explain", grade=True, solution=True, points=2),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _locked(cell: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    return _marked(cell, name, locked=True)


def _marked(cell: nbformat.NotebookNode, name: str, **marks: object) -> nbformat.NotebookNode:
    grade, solution = bool(marks.get("grade")), bool(marks.get("solution"))
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": grade and not solution,
        "task": False,
        **marks,
    }
    return cell
