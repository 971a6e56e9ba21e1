"""The exceptions that a command turns into a line for the instructor, and what became of each submission."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal


class CourseError(Exception):
    """Something the instructor can put right.

    Its text is one line: what is wrong and what to do about it. The commands print it and end with a non-zero
    exit status; nothing that was there before has changed.
    """


class GradebookLost(CourseError):
    """The gradebook failed in the middle of the work: to go on makes no sense."""


class Busy(CourseError):
    """Another command is at work on the class: it can be tried again."""


def not_released(assignment: str) -> CourseError:
    """Return the error for an assignment that the gradebook does not have."""
    return CourseError(
        f"{assignment} is not in the gradebook yet: first run `autograder release {assignment}`."
    )


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a question that begins with a space, nothing where no name is close."""
    close = difflib.get_close_matches(name, list(names), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


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


def in_a_line(names: Iterable[str], most: int = 10) -> str:
    """Return names as a list that fits a line."""
    found = sorted(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
