"""Make the instructor's notebooks from `assignments/`, with the numbers of the source or with a class's own."""

from __future__ import annotations

import importlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError

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
