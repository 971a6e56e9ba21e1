"""What students have handed in: who, when, and the notebooks, read without trusting them.

Only regular files are read, never links or pipes: opening a pipe would wait for ever, following a link lead anywhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.classroom import files
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, did_you_mean
from autograder.classroom.files import TIMESTAMP
from autograder.judging.reading import MAX_BYTES, Unreadable, read_notebook

LONGEST_TIME = 200  # bytes: a student may have put anything there


@dataclass(frozen=True)
class Submitted:
    """A submission: its notebooks' bytes by name, when it came (UTC, without a zone), a digest of all its files."""

    folder: Path
    notebooks: tuple[tuple[str, bytes], ...]
    when: datetime | None
    digest: str


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
            hint = did_you_mean(student, everyone)
            raise CourseError(f"{student!r} has not handed in {assignment}.{hint}")
    return sorted(set(wanted)) or everyone


def read(course: Course, folder: Path, names: Sequence[str]) -> Submitted:
    """Read a submission of the notebooks named.

    Raises CourseError, with what to do, for a folder that cannot be graded. Where an assignment has several
    notebooks and some of them are there, the others count as not done.
    """
    there = [name for name in names if os.path.lexists(folder / f"{name}.ipynb")]
    if len(there) < len(names):
        _require_intended(course, folder, names, there)
    notebooks = tuple((name, _regular_file(course, folder / f"{name}.ipynb")) for name in there)
    return Submitted(folder, notebooks, _time(course, folder), files.digest(folder))


def require_readable(course: Course, folder: Path, names: Sequence[str]) -> None:
    """Raise CourseError, with what to do, unless a folder holds readable notebooks of the given names."""
    for name, data in read(course, folder, names).notebooks:
        try:
            read_notebook(data)
        except Unreadable as error:
            path = course.relative(folder / f"{name}.ipynb")
            raise CourseError(f"{path}: {error} Ask for it again.") from error


def time_of(folder: Path) -> datetime | None:
    """Return when a submission came, in UTC without a zone; None if its folder does not say, or not in a time."""
    path = folder / TIMESTAMP
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LONGEST_TIME:
            return None
        return parse_time(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None


def parse_time(text: str) -> datetime | None:
    """Return a time such as `2026-03-02 10:00:00 UTC`, in UTC without a zone; None if it is none."""
    try:
        found: datetime = parse_utc(text)
    except Exception:  # the parser fails in many ways on what is no time
        return None
    return found.replace(tzinfo=None)


def _time(course: Course, folder: Path) -> datetime | None:
    """The time for grading: a penalty may hang on it, so that a file which is no time is refused."""
    path, when = folder / TIMESTAMP, time_of(folder)
    if when is None and os.path.lexists(path) and not _is_empty(path):
        raise CourseError(f"{course.relative(path)} is not a time: correct or remove it.")
    return when


def _is_empty(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.read_bytes()[:LONGEST_TIME].strip()


def _require_intended(course: Course, folder: Path, names: Sequence[str], there: list[str]) -> None:
    """A missing notebook may have another name: then a person has to look, and nothing is graded."""
    missing = next(f"{name}.ipynb" for name in names if name not in there)
    found = sorted(path.name for path in folder.glob("*.ipynb") if path.stem not in names)
    where = course.relative(folder)
    if found:
        raise CourseError(f"{where} holds {found[0]} but no {missing}: rename it, or ask for the right file.")
    if not there:
        raise CourseError(f"{where} holds no {missing}: ask for it, or remove the folder.")


def _regular_file(course: Course, path: Path) -> bytes:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise CourseError(f"{course.relative(path)} is a link: put the notebook itself there.")
    if not stat.S_ISREG(status.st_mode):
        raise CourseError(f"{course.relative(path)} is a folder or a pipe: put the notebook itself there.")
    if status.st_size > MAX_BYTES:
        raise CourseError(
            f"{course.relative(path)} is too large: {status.st_size >> 20} MB. Ask for it again."
        )
    return path.read_bytes()
