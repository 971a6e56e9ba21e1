"""A class of any size whose members all handed in what a few did: for measuring what comes after grading."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from autograder.classroom import gradebook
from autograder.classroom.course import load_course


def multiply(course: Path, assignment: str, patterns: Sequence[str], count: int) -> list[str]:
    """Add `count` students with copies of the patterns' submissions, grades and graded notebooks; return their ids."""
    here = load_course(course)
    copies = {f"student-{number:04}": patterns[number % len(patterns)] for number in range(count)}
    for student, pattern in copies.items():
        for folder in (here.submitted, here.autograded):
            shutil.copytree(folder(pattern, assignment), folder(student, assignment))
    with gradebook.opened(here) as book:
        for pattern in patterns:
            copy_rows(book.db, assignment, pattern, [one for one in copies if copies[one] == pattern])
        book.db.commit()
    return list(copies)


def copy_rows(db: Any, assignment: str, pattern: str, students: list[str]) -> None:
    """Enter students in an open gradebook, with copies of the pattern's grades and comments."""
    from nbgrader.api import Assignment, Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook

    key = db.query(Assignment.id).filter_by(name=assignment).scalar()
    submission = _rows(db, SubmittedAssignment, assignment_id=key, student_id=pattern)
    notebooks = [row for one in submission for row in _rows(db, SubmittedNotebook, assignment_id=one["id"])]
    below = [
        (model.__table__, row)
        for model in (Grade, Comment)
        for notebook in notebooks
        for row in _rows(db, model, notebook_id=notebook["id"])
    ]
    people, handed, books, cells = [], [], [], {Grade.__table__: [], Comment.__table__: []}
    for student in students:
        people.append({"id": student, "first_name": student.title(), "last_name": "", "email": ""})
        new = {row["id"]: uuid4().hex for row in (*submission, *notebooks)}
        handed += [row | {"id": new[row["id"]], "student_id": student} for row in submission]
        books += [
            row | {"id": new[row["id"]], "assignment_id": new[row["assignment_id"]]} for row in notebooks
        ]
        for table, row in below:
            cells[table].append(row | {"id": uuid4().hex, "notebook_id": new[row["notebook_id"]]})
    db.execute(Student.__table__.insert(), people)
    db.execute(SubmittedAssignment.__table__.insert(), handed)
    db.execute(SubmittedNotebook.__table__.insert(), books)
    for table, rows in cells.items():
        db.execute(table.insert(), rows)


def _rows(db: Any, model: Any, **where: str) -> list[dict[str, Any]]:
    table = model.__table__
    query = table.select()
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    return [dict(row._mapping) for row in db.execute(query)]
