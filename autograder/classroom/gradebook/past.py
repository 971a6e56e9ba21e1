"""The gradings of one student, and what each changed."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.classroom import gradebook
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import history
from autograder.classroom.gradebook.history import Grading


@dataclass(frozen=True)
class Step:
    """A grading and what it changed: each cell's points before and after, as the judge gave them."""

    grading: Grading
    changed: dict[str, tuple[float | None, float | None]]


def gradings(course: Course, student: str, assignment: str = "") -> list[Step]:
    """Return a student's gradings, the oldest first; raise CourseError if there are none on record."""
    with gradebook.opened(course) as book, book.engine.connect() as connection:
        found = history.of_student(connection, student, assignment)
    if not found:
        of_what = f" of {assignment}" if assignment else ""
        raise CourseError(f"no grading{of_what} by `autograder grade` is on record for {student!r}.")
    earlier: dict[str, Grading] = {}
    steps = []
    for grading in found:
        steps.append(Step(grading, _changed(earlier.get(grading.assignment), grading)))
        earlier[grading.assignment] = grading
    return steps


def _changed(before: Grading | None, after: Grading) -> dict[str, tuple[float | None, float | None]]:
    if before is None:
        return {}
    old, new = _flat(before), _flat(after)
    return {name: (old.get(name), new.get(name)) for name in [*new, *old] if old.get(name) != new.get(name)}


def _flat(grading: Grading) -> dict[str, float | None]:
    several = len(grading.cells) > 1
    return {
        f"{notebook}/{cell}" if several else cell: points
        for notebook, cells in grading.cells.items()
        for cell, points in cells.items()
    }
