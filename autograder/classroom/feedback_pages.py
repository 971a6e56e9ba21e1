"""Write the feedback pages of graded submissions, those that are new or whose grades have changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from autograder.classroom import converters, files, gradebook
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.results import Result, State, attempt


def graded_students(course: Course, assignment: str) -> list[str]:
    """Return the ids of those whose submission has been graded; raise CourseError if there are none."""
    course.require_assignment(assignment)
    graded = sorted(gradebook.scores(course, assignment))
    if not graded:
        raise CourseError(
            f"no submission of {assignment} is graded: first run `autograder grade {assignment}`."
        )
    return graded


def write_pages(course: Course, assignment: str, students: list[str]) -> Iterator[Result]:
    """Write one page for each notebook of each student and yield each result; none stops the others."""
    with files.locked(course.submitted("", "")):
        for student in students:
            yield attempt(student, partial(_write_if_needed, course, assignment, student))


def _write_if_needed(course: Course, assignment: str, student: str) -> State:
    page = course.feedback(student, assignment)
    files.recover(page)
    graded = files.digest(course.autograded(student, assignment))
    stamp = files.combine(graded, gradebook.grades_digest(course, assignment, student))
    if files.is_stamped(page, stamp):
        return "unchanged"
    with files.replacing(page):
        converters.run(course, "GenerateFeedback", assignment, student)
        files.write_stamp(page, stamp)
    return "done"
