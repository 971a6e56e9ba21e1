"""Who has handed in, when, and what became of it: from the folders and the gradebook."""

from __future__ import annotations

import stat
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from autograder.classroom.collect.ledger import Ledger
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import submissions
from autograder.classroom.gradebook.records import Records

State = Literal["graded", "changed", "not graded", "unreadable"]

TIMESTAMP = "timestamp.txt"
LONGEST_TIME = 200  # bytes: a student may have put anything there


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in.

    `when` is in UTC without a zone, None if it is not known; `changed` says that it was handed in again after it
    was graded; `reason` why it cannot be read. `times` says how often it was handed in, as far as it was collected.
    """

    student: str
    when: datetime | None
    late: bool
    state: State
    reason: str = ""
    times: int = 1


def hand_ins(course: Course, known: Records) -> dict[str, HandIn]:
    """Return what was handed in, by student: what lies in the folders, and what the gradebook had before."""
    handed = submissions.students(course, known.assignment)
    graded = [student for student in known.by_student if _is_graded(course, student, known.assignment)]
    notebooks = sorted({cell.notebook for cell in known.cells})
    everyone = sorted({*handed, *graded})
    found = {student: _hand_in(course, known, student, notebooks) for student in everyone}
    return {
        student: replace(one, times=max(1, _times(course, known.assignment, student)))
        for student, one in found.items()
    }


def _times(course: Course, assignment: str, student: str) -> int:
    """How many versions of a notebook were collected; 0 if none was, or its list is damaged."""
    try:
        kept = Ledger(course, assignment, student).hand_ins
    except CourseError:
        return 0
    return max(Counter(one.notebook for one in kept).values(), default=0)


def _hand_in(course: Course, known: Records, student: str, notebooks: list[str]) -> HandIn:
    record = known.by_student.get(student)
    folder = course.submitted(student, known.assignment)
    when = read_time(folder / TIMESTAMP) or (record.handed_in if record else None)
    due = record.due if record else known.due
    late = bool(when and due and when > due)
    if record and _is_graded(course, student, known.assignment):
        changed = record.handed_in is not None and when is not None and when > record.handed_in
        return HandIn(student, when, late, "changed" if changed else "graded")
    try:
        submissions.require_readable(course, folder, notebooks)
    except (CourseError, OSError) as error:
        return HandIn(student, when, late, "unreadable", str(error))
    return HandIn(student, when, late, "not graded")


def _is_graded(course: Course, student: str, assignment: str) -> bool:
    return course.autograded(student, assignment).is_dir()


def read_time(path: Path) -> datetime | None:
    """Return the time that nbgrader's `timestamp.txt` holds, in UTC without a zone; None if there is none."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LONGEST_TIME:
            return None
        return parse_time(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None


def parse_time(text: str) -> datetime | None:
    """Return a time such as `2026-03-02 10:00:00 UTC`, in UTC without a zone; None if it is none."""
    from nbgrader.utils import parse_utc

    try:
        found: datetime = parse_utc(text)
    except Exception:  # the parser fails in many ways on what is no time
        return None
    return found.replace(tzinfo=None)
