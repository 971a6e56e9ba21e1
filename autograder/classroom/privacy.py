"""Whether other accounts of the machine can read what belongs to the instructor: solutions, hand-ins, grades."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from autograder.classroom.course import Course
from autograder.classroom.gradebook.opening import database_file


def exposed(course: Course) -> list[Path]:
    """Return the folders and files that every account of this machine can read, the course's own ones only."""
    private = [course.source("*").parent, course.submitted("", "").parent, database_file(course)]
    found = {path.resolve() for path in private if path and path.exists() and _is_readable(path.resolve())}
    return sorted(path for path in found if not found & set(path.parents))


def advice(course: Course) -> str:
    """Return in a line what to do about what others can read, empty where there is nothing."""
    names = " ".join(course.relative(path) for path in exposed(course))
    return f"every account of this machine can read {names}: chmod -R o-rwx {names}" if names else ""


def _is_readable(path: Path) -> bool:
    """Whether anybody may read it, and go through all folders above it."""
    if os.name != "posix":
        return False
    may_pass = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return may_pass and bool(path.stat().st_mode & stat.S_IROTH)
