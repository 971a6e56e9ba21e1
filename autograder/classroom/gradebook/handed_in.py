"""Reading what one student handed in: only regular files, never links, each read once."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.classroom import files
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.judging.reading import MAX_BYTES

TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class HandedIn:
    """A submission: its notebooks' bytes by name, when it came (UTC, without a zone), a digest of all its files."""

    folder: Path
    notebooks: tuple[tuple[str, bytes], ...]
    when: datetime | None
    digest: str


def read(course: Course, folder: Path, names: Sequence[str]) -> HandedIn:
    """Read a submission of the notebooks named.

    Raises CourseError, with what to do, for a folder that cannot be graded. Where an assignment has several
    notebooks and some of them are there, the others count as not done.
    """
    there = [name for name in names if os.path.lexists(folder / f"{name}.ipynb")]
    if len(there) < len(names):
        _require_intended(course, folder, names, there)
    notebooks = tuple((name, _regular_file(course, folder / f"{name}.ipynb")) for name in there)
    return HandedIn(folder, notebooks, _when(course, folder / TIMESTAMP), files.digest(folder))


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
    """The bytes of a file; opening a pipe would wait for ever, following a link lead anywhere."""
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


def _when(course: Course, path: Path) -> datetime | None:
    from nbgrader.utils import parse_utc

    try:
        text = path.read_text(encoding="utf-8").strip()
        when: datetime | None = parse_utc(text) if text else None
    except FileNotFoundError:
        return None
    except (ValueError, OverflowError) as error:
        raise CourseError(f"{course.relative(path)} is not a time: correct or remove it.") from error
    return when
