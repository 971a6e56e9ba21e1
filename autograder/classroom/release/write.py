"""Make the instructor's notebooks: from `assignments/`, with the numbers of the source or a class's own; or a new one.

A new assignment to start from has one function with tests and a written answer, in the form that the grader likes.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ABOUT = """\
# {name}

Say here what this assignment is about, and how to hand it in. Then put your own functions in the place of
`mean_square`: a text, a cell for the solution, and test cells named after the function, each with points of its own.
"""
_ABOUT_FUNCTION = """\
## `mean_square(values)`

The mean of the squares of a list of numbers, for example 12.5 for [3, 4]. Of an empty list it is 0.
The list stays as it was.
"""
_SOLUTION = '''\
def mean_square(values):
    """Return the mean of the squares of a list of numbers, 0 for an empty list."""
    ### BEGIN SOLUTION
    return sum(value * value for value in values) / max(len(values), 1)
    ### END SOLUTION
'''
_VALUES = """\
# mean_square-values: right numbers.
assert abs(mean_square([3, 4]) - 12.5) < 1e-9, "mean_square gives wrong numbers: square first, then take the mean"
### BEGIN HIDDEN TESTS
assert abs(mean_square([-2.5, 0, 1.5, 7]) - 14.375) < 1e-9, "mean_square gives wrong numbers for other lists"
### END HIDDEN TESTS
"""
_EMPTY = """\
# mean_square-empty: what there is for an empty list.
assert mean_square([]) == 0, "mean_square of an empty list is not 0"
"""
_UNCHANGED = """\
# mean_square-inputs-unchanged: the list stays as it was.
values = [2, -1]
mean_square(values)
assert values == [2, -1], "mean_square changes the list that it is given"
"""
_ABOUT_WRITTEN = """\
## In your own words

Why does the mean square of a sample grow when one value is far out? One or two sentences; a person reads them.
"""
_WRITTEN = """\
Squares grow faster than values: one far value outweighs all the others.

**Rubric.** 1 point: squares grow faster than values. 1 point: the far value outweighs the others.
"""


def new(course: Course, name: str) -> Path:
    """Write the notebook of a new assignment where the course keeps its solutions; return its path.

    Raises CourseError, with nothing written, for a name that is taken or could not be a folder everywhere.
    """
    if not _NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} cannot be an assignment's name: use letters, digits, '-', '_' and '.', as in 09-own."
        )
    folder = course.source(name)
    if folder.exists():
        raise CourseError(f"{course.relative(folder)} is there already: choose another name.")
    path = folder / f"{name}.ipynb"
    folder.mkdir(parents=True)
    path.write_text(json.dumps(_notebook(name), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _notebook(name: str) -> dict[str, Any]:
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    cells = [
        _cell("about-assignment", _ABOUT.format(name=name)),
        _cell("about-mean_square", _ABOUT_FUNCTION),
        _cell("mean_square", _SOLUTION, code=True, answer=True),
        _cell("mean_square-values", _VALUES, code=True, points=2),
        _cell("mean_square-empty", _EMPTY, code=True, points=1),
        _cell("mean_square-inputs-unchanged", _UNCHANGED, code=True, points=1),
        _cell("about-explain-far", _ABOUT_WRITTEN),
        _cell("explain-far", _WRITTEN, answer=True, points=2),
    ]
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(
    name: str, source: str, *, code: bool = False, answer: bool = False, points: int = 0
) -> dict[str, Any]:
    marks = {"grade_id": name, "grade": bool(points), "solution": answer, "locked": not answer, "task": False}
    marks |= {"schema_version": 3} | ({"points": points} if points else {})
    cell: dict[str, Any] = {"id": name, "metadata": {"nbgrader": marks}}
    cell |= {"source": source.rstrip("\n").splitlines(keepends=True)}
    of_code: dict[str, Any] = {"cell_type": "code", "outputs": [], "execution_count": None}
    return cell | (of_code if code else {"cell_type": "markdown"})


PUBLIC, OWN, SECRET = "solutions", "class/solutions", "class/secret"


def write(course: Course, names: list[str], *, private: bool) -> Iterator[tuple[str, bool]]:
    """Write notebooks and yield each with whether it changed: into `solutions/`, or with a class's own hidden
    numbers into `class/solutions/`, from where everything else then takes them.

    Raises CourseError for a name without a module, and where a person edited the notebook.
    """
    library = _library(course)
    sources = library.sources()
    missing = [name for name in names if name not in sources]
    if missing:
        raise CourseError(
            f"assignments/ has no module for {missing[0]!r}: its notebook in {PUBLIC}/ is edited as it is. "
            f"It has: {', '.join(sources)}."
        )
    folder = course.root / (OWN if private else PUBLIC)
    secret = _secret(course.root / SECRET) if private else None
    for name in names or sources:
        try:
            changed = library.write(sources[name], folder / name, secret)
        except library.EditedByHand as error:
            raise CourseError(str(error)) from error
        yield course.relative(folder / name), changed
    for name in library.copy_others(course.root / PUBLIC, folder) if private else ():
        yield course.relative(folder / name), True


def _library(course: Course) -> Any:
    """Import the library beside the assignments of this course."""
    if not (course.root / "assignments" / "library").is_dir():
        raise CourseError(f"{course.root} has no assignments/library: edit the notebooks in {PUBLIC}/.")
    sys.path.insert(0, str(course.root))
    try:
        return importlib.import_module("assignments.library.writing")
    except ModuleNotFoundError as error:
        raise CourseError(f"{error.name} is missing: pip install -e '.[assignments]'") from error
    finally:
        sys.path.remove(str(course.root))


def _secret(path: Path) -> bytes:
    """Return the class's secret, made when it is first asked for, for its owner's eyes only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_bytes().strip()
