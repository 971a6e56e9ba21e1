"""What a person gives, in nbgrader's own columns, as the formgrader writes it; what another gave meanwhile stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.classroom.by_hand.questions import Given, Question
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import opened


class Meanwhile(Exception):
    """Somebody else has graded the answer since it was shown: `given` is what they gave."""

    def __init__(self, given: Given) -> None:
        super().__init__("somebody else has graded this answer meanwhile")
        self.given = given


def save(course: Course, question: Question, student: str, given: Given, seen: Given) -> bool:
    """Write what a person gives; return whether a person has still to look at the answer.

    Raises Meanwhile, and writes nothing, where the gradebook no longer holds what this person has `seen`.
    """
    with opened(course) as book:
        grade, comment = _found(book, question, student)
        require_possible(given.points, float(grade.max_score))
        waits = given.points is None and grade.auto_score is None
        values = {"manual_score": given.points, "needs_manual_grade": waits}
        if not _swapped(book.db, grade, "manual_score", seen.points, values) or not _swapped(
            book.db,
            comment,
            "manual_comment",
            seen.comment or None,
            {"manual_comment": given.comment or None},
        ):
            book.db.rollback()
            raise Meanwhile(Given(grade.manual_score, comment.manual_comment or ""))
        book.db.commit()
        return bool(waits)


def _found(book: Any, question: Question, student: str) -> tuple[Any, Any]:
    from nbgrader.api import MissingEntry

    place = (question.cell, question.notebook, question.assignment, student)
    try:
        return book.find_grade(*place), book.find_comment(*place)
    except MissingEntry as error:
        raise CourseError("the gradebook no longer has this answer: load the page again.") from error


def require_possible(points: float | None, most: float) -> None:
    """Raise CourseError unless an item of so many points can be given these."""
    if points is not None and not 0 <= points <= most:
        raise CourseError(f"{points:g} is not between 0 and {most:g} points: nothing was saved.")


def _swapped(db: Any, row: Any, name: str, seen: object, values: Mapping[str, object]) -> bool:
    """Write values into a row in one step with the look at what it holds; tell whether that was what was seen."""
    from sqlalchemy import or_, update

    table = type(row).__table__
    column = table.c[name]
    as_seen = column.is_not_distinct_from(seen)
    if seen is None and name == "manual_comment":  # the formgrader writes an emptied comment as an empty text
        as_seen = or_(as_seen, column == "")
    done = db.execute(update(table).where(table.c.id == row.id, as_seen).values(**values))
    return bool(done.rowcount == 1)
