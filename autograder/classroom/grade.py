"""Grade what is new or changed, one submission at a time; none stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from autograder.classroom import converters, files, gradebook, submissions
from autograder.classroom.course import Course
from autograder.classroom.results import Result, State, attempt


@dataclass(frozen=True)
class Batch:
    """The submissions of one assignment that are to be graded, and what they are graded by."""

    course: Course
    assignment: str
    students: list[str]
    notebooks: list[str]
    tests: str  # digest of the instructor's cells


def prepare(course: Course, assignment: str, students: list[str]) -> Batch:
    """Check all that a batch needs before anything is touched; no students named means all of them.

    Raises CourseError if the assignment, a student or a writable gradebook is missing.
    """
    course.require_assignment(assignment)
    chosen = submissions.select(course, assignment, students)
    gradebook.require_writable(course)
    notebooks = gradebook.notebook_names(course, assignment)
    return Batch(course, assignment, chosen, notebooks, gradebook.assignment_digest(course, assignment))


def grade(batch: Batch, *, force: bool = False) -> Iterator[Result]:
    """Grade a batch and yield each result as it is there; `force` grades the unchanged as well.

    Only the loss of the gradebook ends it early, with a CourseError; what is graded by then stays graded.
    """
    with files.locked(batch.course.submitted("", "")):
        for student in batch.students:
            yield attempt(student, partial(_grade_if_needed, batch, student, force))


def _grade_if_needed(batch: Batch, student: str, force: bool) -> State:
    course, assignment = batch.course, batch.assignment
    submitted = course.submitted(student, assignment)
    graded = course.autograded(student, assignment)
    files.recover(graded)
    submissions.require_readable(course, submitted, batch.notebooks)
    stamp = files.combine(files.digest(submitted), batch.tests)
    if files.is_stamped(graded, stamp) and not force:
        return "unchanged"
    with files.replacing(graded):
        converters.run(course, "Autograde", assignment, student)
        files.write_stamp(graded, stamp)
    return "done"
