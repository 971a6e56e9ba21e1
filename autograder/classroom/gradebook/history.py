"""What nbgrader's tables have no place for: the record of all gradings, and more time for one student.

A grading is added and never changed; assignments and students are called by name, so that it outlives a submission that
somebody removes. More time stands with a hand-in, and until there is one in a table of ours.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, not_released
from autograder.classroom.gradebook import opened

METADATA = MetaData()  # the tables that grading needs
TABLE = Table(
    "autograder_grading",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("assignment", String(128), nullable=False),
    Column("student", String(128), nullable=False),
    Column("graded_at", DateTime, nullable=False),
    Column("handed_in_at", DateTime),
    Column("submission", String(64), nullable=False),
    Column("tests", String(64), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("terms", String(64), nullable=False),
    Column("platform", String(128), nullable=False),
    Column("layers", String(256), nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("cells", Text, nullable=False),
    Index("ix_autograder_grading", "assignment", "student", "number"),
    sqlite_autoincrement=True,
)
EXTENSIONS = Table(
    "autograder_extension",
    METADATA,
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("seconds", Integer, nullable=False),
)


@dataclass(frozen=True)
class Grading:
    """One grading of one submission.

    `token` identifies it; times are in UTC without a zone. `submission` and `tests` are digests of what was
    graded and of what it was graded by, `terms` of those for being late. `points` are the submission's in the
    gradebook just after it, a person's included and before a penalty; `cells` what the judge gave, by notebook
    and cell.
    """

    token: str
    assignment: str
    student: str
    graded_at: datetime
    handed_in_at: datetime | None
    submission: str
    tests: str
    engine: str
    terms: str
    platform: str
    layers: tuple[str, ...]
    points: float
    max_points: float
    cells: dict[str, dict[str, float | None]]


def create_table(engine: Engine, ours: MetaData = METADATA) -> None:
    """Make tables of ours where they are not there yet, also when another run makes them at the same moment."""
    try:
        ours.create_all(engine)
    except DBAPIError:
        if not all(map(inspect(engine).has_table, ours.tables)):
            raise


def add(connection: Any, gradings: Iterable[Grading]) -> None:
    """Append gradings; the caller commits."""
    rows = [_row(grading) for grading in gradings]
    if rows:
        connection.execute(insert(TABLE), rows)


def of_student(connection: Any, student: str, assignment: str = "") -> list[Grading]:
    """Return a student's gradings, the oldest first, of one assignment or of all."""
    query = select(TABLE).where(TABLE.c.student == student).order_by(TABLE.c.assignment, TABLE.c.number)
    if assignment:
        query = query.where(TABLE.c.assignment == assignment)
    return [_grading(row) for row in connection.execute(query)]


def latest(connection: Any, assignment: str) -> dict[str, tuple[str, str, str, str]]:
    """Return what each student's latest grading was made from: submission, tests, engine, terms."""
    last = select(func.max(TABLE.c.number)).where(TABLE.c.assignment == assignment).group_by(TABLE.c.student)
    columns = (TABLE.c.student, TABLE.c.submission, TABLE.c.tests, TABLE.c.engine, TABLE.c.terms)
    rows = connection.execute(select(*columns).where(TABLE.c.number.in_(last)))
    return {student: tuple(key) for student, *key in rows}


def latest_cells(
    connection: Any, assignment: str, students: Collection[str]
) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return what the judge gave in the latest grading of some students: by student, notebook and cell."""
    last = select(func.max(TABLE.c.number)).where(
        TABLE.c.assignment == assignment, TABLE.c.student.in_(list(students))
    )
    query = select(TABLE.c.student, TABLE.c.cells).where(TABLE.c.number.in_(last.group_by(TABLE.c.student)))
    return {student: json.loads(cells) for student, cells in connection.execute(query)}


def hand_ins_since(connection: Any, assignment: str, since: datetime) -> dict[str, set[str]]:
    """Return the digests of what was graded since a time (UTC, without a zone), by student."""
    query = select(TABLE.c.student, TABLE.c.submission).where(
        TABLE.c.assignment == assignment, TABLE.c.graded_at >= since
    )
    found: dict[str, set[str]] = {}
    for student, submission in connection.execute(query):
        found.setdefault(student, set()).add(submission)
    return found


def known(connection: Any, tokens: Collection[str]) -> set[str]:
    """Return those of the tokens whose grading is on record."""
    if not tokens:
        return set()
    return set(connection.scalars(select(TABLE.c.token).where(TABLE.c.token.in_(tokens))))


def _row(grading: Grading) -> dict[str, Any]:
    cells = json.dumps(grading.cells, separators=(",", ":"))
    return {**vars(grading), "layers": " ".join(grading.layers), "cells": cells}


def _grading(row: Any) -> Grading:
    values = {name: value for name, value in row._mapping.items() if name != "number"}
    return Grading(**{**values, "layers": tuple(row.layers.split()), "cells": json.loads(row.cells)})


@dataclass(frozen=True)
class Step:
    """A grading and what it changed: each cell's points before and after, as the judge gave them."""

    grading: Grading
    changed: dict[str, tuple[float | None, float | None]]


def gradings(course: Course, student: str, assignment: str = "") -> list[Step]:
    """Return a student's gradings, the oldest first; raise CourseError if there are none on record."""
    with opened(course) as gradebook, gradebook.engine.connect() as connection:
        found = of_student(connection, student, assignment)
    if not found:
        of_what = f" of {assignment}" if assignment else ""
        raise CourseError(f"no grading{of_what} by `autograder grade` is on record for {student!r}.")
    earlier: dict[str, dict[str, float | None]] = {}
    steps = []
    for grading in found:
        now, before = flat(grading.cells), earlier.get(grading.assignment)
        steps.append(Step(grading, {} if before is None else differences(before, now)))
        earlier[grading.assignment] = now
    return steps


def differences(
    old: Mapping[str, float | None], new: Mapping[str, float | None]
) -> dict[str, tuple[float | None, float | None]]:
    """Return the points before and after of the cells in which they differ."""
    return {name: (old.get(name), new.get(name)) for name in [*new, *old] if old.get(name) != new.get(name)}


def flat(notebooks: Mapping[str, Mapping[str, float | None]]) -> dict[str, float | None]:
    """Return the points of all cells by name, with the notebook's before it where there are several."""
    several = len(notebooks) > 1
    return {
        f"{notebook}/{cell}" if several else cell: points
        for notebook, cells in notebooks.items()
        for cell, points in cells.items()
    }


def grant(course: Course, assignment: str, student: str, extra: timedelta) -> None:
    """Give a student so much more time than the others, instead of what was given before; none takes it away."""
    with opened(course) as book:
        key = book.db.scalar(select(api.Assignment.id).where(api.Assignment.name == assignment))
        if key is None:
            raise not_released(assignment)
        create_table(book.engine)
        mine = (EXTENSIONS.c.assignment == assignment, EXTENSIONS.c.student == student)
        book.db.execute(delete(EXTENSIONS).where(*mine))
        if extra:
            row = {"assignment": assignment, "student": student, "seconds": int(extra.total_seconds())}
            book.db.execute(insert(EXTENSIONS).values(**row))
        handed_in = api.SubmittedAssignment.__table__
        theirs = (handed_in.c.assignment_id == key, handed_in.c.student_id == student)
        book.db.execute(update(handed_in).where(*theirs).values(extension=extra or None))
        book.db.commit()


def granted(connection: Any, assignment: str) -> dict[str, timedelta]:
    """Return who has more time for an assignment, and how much."""
    query = select(EXTENSIONS.c.student, EXTENSIONS.c.seconds).where(EXTENSIONS.c.assignment == assignment)
    return {student: timedelta(seconds=seconds) for student, seconds in connection.execute(query)}


def move_extensions(connection: Any, old: str, new: str) -> None:
    """Give the time that one student has to another who has none of their own; the caller commits."""
    has = select(EXTENSIONS.c.assignment).where(EXTENSIONS.c.student == new)
    there = list(connection.scalars(has))
    mine = EXTENSIONS.c.student == old
    connection.execute(
        update(EXTENSIONS).where(mine, EXTENSIONS.c.assignment.not_in(there)).values(student=new)
    )
    connection.execute(delete(EXTENSIONS).where(mine))
