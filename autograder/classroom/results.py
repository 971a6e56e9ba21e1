"""What became of each submission that a command worked on."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from autograder.classroom.errors import CourseError, GradebookLost

FULL = "the disk is full: make room, then give the same command again."

State = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class Result:
    """What became of one submission; `reason` says in a line why it failed."""

    student: str
    state: State
    reason: str = ""


def attempt(student: str, work: Callable[[], State]) -> Result:
    """Do the work on one submission; what goes wrong with it becomes its result and stops no other.

    Raises CourseError where to go on makes no sense, for a disk is full, and GradebookLost.
    """
    try:
        return Result(student, work())
    except GradebookLost:
        raise
    except CourseError as error:
        return Result(student, "failed", str(error))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CourseError(FULL) from error
        return Result(student, "failed", f"{error.strerror}: {error.filename}")
