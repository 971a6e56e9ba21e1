"""More time for one student: nbgrader keeps it with the hand-in, and until there is one, a table of its own does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Integer, String, Table, delete, insert, select, update

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import history
from autograder.classroom.gradebook.opening import opened

TABLE = Table(
    "autograder_extension",
    history.METADATA,
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("seconds", Integer, nullable=False),
)


def grant(course: Course, assignment: str, student: str, extra: timedelta) -> None:
    """Give a student so much more time than the others, instead of what was given before; none takes it away."""
    from nbgrader import api

    with opened(course) as book:
        key = book.db.scalar(select(api.Assignment.id).where(api.Assignment.name == assignment))
        if key is None:
            raise CourseError(f"{assignment} is not in the gradebook yet: `autograder release {assignment}`.")
        history.create_table(book.engine)
        mine = (TABLE.c.assignment == assignment, TABLE.c.student == student)
        book.db.execute(delete(TABLE).where(*mine))
        if extra:
            row = {"assignment": assignment, "student": student, "seconds": int(extra.total_seconds())}
            book.db.execute(insert(TABLE).values(**row))
        handed_in = api.SubmittedAssignment.__table__
        theirs = (handed_in.c.assignment_id == key, handed_in.c.student_id == student)
        book.db.execute(update(handed_in).where(*theirs).values(extension=extra or None))
        book.db.commit()


def granted(connection: Any, assignment: str) -> dict[str, timedelta]:
    """Return who has more time for an assignment, and how much."""
    query = select(TABLE.c.student, TABLE.c.seconds).where(TABLE.c.assignment == assignment)
    return {student: timedelta(seconds=seconds) for student, seconds in connection.execute(query)}


def move(connection: Any, old: str, new: str) -> None:
    """Give the time that one student has to another who has none of their own; the caller commits."""
    has = select(TABLE.c.assignment).where(TABLE.c.student == new)
    there = list(connection.scalars(has))
    mine = TABLE.c.student == old
    connection.execute(update(TABLE).where(mine, TABLE.c.assignment.not_in(there)).values(student=new))
    connection.execute(delete(TABLE).where(mine))
