"""What students have handed in: who, and whether it can be opened at all."""

from __future__ import annotations

import difflib
from pathlib import Path

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.judging.reading import Unreadable, read_notebook


def students(course: Course, assignment: str) -> list[str]:
    """Return the ids of those who have a folder for the assignment, in alphabetical order."""
    root = course.submitted("", "").resolve()
    everyone = (path.name for path in root.glob("*") if not path.name.startswith("."))
    return sorted(student for student in everyone if course.submitted(student, assignment).is_dir())


def select(course: Course, assignment: str, wanted: list[str]) -> list[str]:
    """Return the wanted students, or everyone; raise CourseError for one who has handed nothing in."""
    everyone = students(course, assignment)
    if not everyone:
        where = course.relative(course.submitted("*", assignment))
        raise CourseError(f"nobody has handed in {assignment}: there is no folder {where}.")
    for student in wanted:
        if student not in everyone:
            close = difflib.get_close_matches(student, everyone, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise CourseError(f"{student!r} has not handed in {assignment}.{hint}")
    return sorted(set(wanted)) or everyone


def require_readable(course: Course, folder: Path, notebooks: list[str]) -> None:
    """Raise CourseError, with what to do, unless a folder holds readable notebooks of the given names."""
    for name in notebooks:
        path = folder / f"{name}.ipynb"
        if path.is_symlink():
            raise CourseError(f"{course.relative(path)} is a link: put the notebook itself there.")
        if not path.is_file():
            raise CourseError(_missing(course, folder, path.name))
        _require_notebook(course, path)


def _missing(course: Course, folder: Path, name: str) -> str:
    found = sorted(path.name for path in folder.glob("*.ipynb"))
    if found:
        return (
            f"{course.relative(folder)} holds {found[0]} but no {name}: rename it, or ask for the right file."
        )
    return f"{course.relative(folder)} holds no {name}: ask for it, or remove the folder."


def _require_notebook(course: Course, path: Path) -> None:
    try:
        read_notebook(path.read_bytes())
    except Unreadable as error:
        raise CourseError(f"{course.relative(path)}: {error} Ask for it again.") from error
