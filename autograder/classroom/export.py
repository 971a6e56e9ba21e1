"""Grades for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.classroom import gradebook
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.files import write_atomically
from autograder.classroom.submissions import students

# nbgrader's own columns under its own names, so that what reads its export reads this; the last one is ours.
COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "status",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_csv(course: Course, path: Path) -> int:
    """Write one row for each student and assignment to a CSV file and return the number of rows.

    Whoever has handed in is there, graded or not. A text that a spreadsheet would take for a formula gets an
    apostrophe in front. The status is `graded`, `to grade by hand`, `not graded` or `not handed in`. Raises
    CourseError if the file cannot be written.
    """
    with gradebook.opened(course) as book:
        rows = list(_rows(course, book))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    try:
        write_atomically(path, text.getvalue())
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}.") from error
    return len(rows)


def _rows(course: Course, book: Any) -> Iterator[dict[str, Any]]:
    people = {student.id: _person(student) for student in book.students}
    for assignment in book.assignments:
        handed_in = set(students(course, assignment.name))
        submissions = {submission.student_id: submission for submission in assignment.submissions}
        for student in sorted(handed_in | people.keys()):
            yield {
                "assignment": assignment.name,
                "duedate": assignment.duedate,
                "student_id": student,
                "max_score": assignment.max_score,
                "status": _status(course, assignment.name, student, submissions.get(student)),
                **people.get(student, {}),
                **_points(submissions.get(student)),
            }


def _person(student: Any) -> dict[str, Any]:
    return {name: getattr(student, name) for name in ("last_name", "first_name", "email")}


def _points(submission: Any) -> dict[str, Any]:
    if submission is None:
        return {"raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0}
    penalty = submission.late_submission_penalty or 0.0
    return {
        "timestamp": submission.timestamp,
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
    }


def _status(course: Course, assignment: str, student: str, submission: Any) -> str:
    if course.autograded(student, assignment).is_dir() and submission is not None:
        return "to grade by hand" if submission.needs_manual_grade else "graded"
    return "not graded" if course.submitted(student, assignment).is_dir() else "not handed in"


def _cell(value: Any) -> Any:
    """Return what the file shows for a value: nothing for None, and no text that would run as a formula."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
