"""Grades for a spreadsheet: a row for each student and assignment, one for each student, or one with every item."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.classroom import tables
from autograder.classroom.collect.people import Person
from autograder.classroom.errors import CourseError
from autograder.classroom.export.marks import BY_HAND, GRADED, Marks, Standing
from autograder.classroom.gradebook.records import Records
from autograder.classroom.tables import Cell, Dialect

# nbgrader's own columns under its own names, so that what reads its export reads this; the last two are ours.
COLUMNS: dict[str, Callable[[Standing, Person], Cell]] = {
    "assignment": lambda mark, _: mark.assignment,
    "duedate": lambda mark, _: str(mark.due or ""),
    "timestamp": lambda mark, _: str((mark.record and mark.record.handed_in) or ""),
    "student_id": lambda _, person: person.id,
    "last_name": lambda _, person: person.last_name,
    "first_name": lambda _, person: person.first_name,
    "email": lambda _, person: person.email,
    "raw_score": lambda mark, _: mark.raw,
    "late_submission_penalty": lambda mark, _: mark.penalty,
    "score": lambda mark, _: mark.score,
    "max_score": lambda mark, _: mark.max_points,
    "status": lambda mark, _: mark.status,
    "late": lambda mark, _: "late" if mark.late else "",
}


def write_long(marks: Marks, path: Path, dialect: Dialect) -> int:
    """Write a row for each student and assignment and return how many; points so far, with their status."""
    rows = [[cell(mark, marks.people[mark.student]) for cell in COLUMNS.values()] for mark in marks.rows()]
    tables.write(path, [[*COLUMNS], *rows], dialect=dialect)
    return len(rows)


def write_course(marks: Marks, path: Path, partial: bool, dialect: Dialect) -> int:
    """Write a row for each student with a column for each assignment and the total; return the number of rows."""
    header = ["student_id", "last_name", "first_name", "email", *marks.assignments, "total"]
    rows = [_course(marks, person, partial) for person in marks.people.values()]
    tables.write(path, [header, *rows], dialect=dialect)
    return len(rows)


def write_items(marks: Marks, path: Path, dialect: Dialect) -> int:
    """Write a row for each student with a column for each graded cell of one assignment; return the number of rows."""
    if len(marks.assignments) != 1:
        raise CourseError("the items of one assignment fit into a table: name it with --assignment.")
    [known] = marks.assignments.values()
    names = [cell.name for cell in known.cells]
    header = ["student_id", "last_name", "first_name", "status", *names, "late_submission_penalty", "score"]
    rows = [_items(mark, marks.people[mark.student], known) for mark in marks.rows()]
    tables.write(path, [header, *rows], dialect=dialect)
    return len(rows)


def _course(marks: Marks, person: Person, partial: bool) -> list[Cell]:
    points = [marks.of[person.id, name].final(partial) for name in marks.assignments]
    known = [value for value in points if value is not None]
    names = [person.id, person.last_name, person.first_name, person.email]
    return [*names, *points, sum(known) if known else None]


def _items(mark: Standing, person: Person, known: Records) -> list[Cell]:
    return [
        person.id,
        person.last_name,
        person.first_name,
        mark.status,
        *_cells(mark, known),
        mark.penalty if mark.record else None,
        mark.score if mark.status in (GRADED, BY_HAND) else None,
    ]


def _cells(mark: Standing, known: Records) -> Iterator[float | None]:
    given = mark.record.marks if mark.record else {}
    for cell in known.cells:
        found = given.get((cell.notebook, cell.name))
        yield found.points if found and found.given else None
