"""Points as CSV files made from what this course knows, for a spreadsheet, Canvas and Moodle; see `columns.py`.

Canvas's is made after "How do I import grades in the Gradebook?", Canvas Instructor Guide,
https://community.instructure.com/en/kb/articles/660862-how-do-i-import-grades-in-the-gradebook; Moodle's, for a whole
course, after "Grade import", https://docs.moodle.org/en/Grade_import: a row for each user, found by e-mail address or
ID number, and a column for each grade item, which the import page asks about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from autograder.classroom import columns, tables
from autograder.classroom.collect.people import Person
from autograder.classroom.columns import Dialect
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.export.marks import Export, Marks, Standing, empty_cells
from autograder.classroom.tables import Cell


def write(form: str, marks: Marks, path: Path, dialect: Dialect) -> Export:
    """Write a file of one of the FORMATS. Raises CourseError where it does not fit, or cannot be written."""
    header, rows, exact, notes = FORMATS[form](marks)
    tables.write(path, [header, *rows], exact=[header.index(name) for name in exact], dialect=dialect)
    return Export(sum(row[0] != columns.CANVAS_POINTS for row in rows), notes)


_Sheet = tuple[
    list[str], list[list[Cell]], Collection[str], list[str]
]  # header, rows, columns as they are, notes


def _marks(marks: Marks) -> _Sheet:
    """A row for each student and assignment; points so far, with their status."""
    return [*columns.MARKS], [_cells(columns.MARKS, mark) for mark in marks.rows()], (), []


def _course(marks: Marks) -> _Sheet:
    """A row for each student with a column for each assignment and the total."""
    rows = []
    for person in marks.people.values():
        points = marks.points(person.id)
        known = [value for value in points if value is not None]
        rows.append([*_cells(columns.COURSE, person), *points, sum(known) if known else None])
    return [*columns.COURSE, *marks.assignments, columns.TOTAL], rows, (), []


def _items(marks: Marks) -> _Sheet:
    """A row for each student with a column for each graded cell of one assignment."""
    own = marks.only("the items of one assignment fit into a table")
    [known] = marks.assignments.values()
    names = [cell.name for cell in known.cells]
    before, behind = (
        {name: columns.MARKS[name] for name in names}
        for names in (columns.BEFORE_ITEMS, columns.BEHIND_ITEMS)
    )
    rows: list[list[Cell]] = []
    for mark in own:
        given = mark.record.marks if mark.record else {}
        found = (given.get((cell.notebook, cell.name)) for cell in known.cells)
        points = [one.points if one and one.given else None for one in found]
        last = _cells(behind, mark) if mark.record else [None] * len(behind)
        rows.append([*_cells(before, mark), *points, *last])
    return [*before, *names, *behind], rows, (), []


def _canvas(marks: Marks) -> _Sheet:
    """What Canvas imports; whoever's Canvas number is not known is found by login or name."""
    possible = [known.max_points for known in marks.assignments.values()]
    rows, people, notes = _of_people(marks, columns.CANVAS, columns.CANVAS_EXACT, "ids")
    if unnumbered := [person.id for person in people if not person.number]:
        notes.append(f"Canvas's number is not known, login or name must do: {in_a_line(unnumbered)}")
    above: list[Cell] = [columns.CANVAS_POINTS, *[""] * (len(columns.CANVAS) - 1), *possible]
    return [*columns.CANVAS, *marks.assignments], [above, *rows], columns.CANVAS_EXACT, notes


def _moodle(marks: Marks) -> _Sheet:
    """What Moodle's gradebook imports."""
    rows, _, notes = _of_people(marks, columns.MOODLE, columns.MOODLE_EXACT, "ids or addresses")
    header = [*columns.MOODLE, *map(columns.MOODLE_GRADE.format, marks.assignments)]
    return header, rows, columns.MOODLE_EXACT, notes


def _worksheet(marks: Marks) -> _Sheet:
    """A grading worksheet of one assignment for those whose number is in the downloaded submissions."""
    every = marks.only("a worksheet is of one assignment")
    marked = [mark for mark in every if mark.participant]
    if not marked:
        raise CourseError(
            "no submission was collected from Moodle: fill in Moodle's own worksheet, with --template FILE."
        )
    others = [mark.student for mark in every if mark not in marked and mark.record]
    notes = [
        *empty_cells(marked),
        "Moodle reads it while it speaks English; in another language fill in its own worksheet, with --template FILE",
    ]
    if others:
        notes.append(f"left out, their number in Moodle is not known: {in_a_line(others)}")
    rows = [_cells(columns.WORKSHEET, mark) for mark in marked]
    return [*columns.WORKSHEET], rows, columns.WORKSHEET_EXACT, notes


FORMATS: dict[str, Callable[[Marks], _Sheet]] = {
    "csv": _marks,
    "course": _course,
    "items": _items,
    "canvas": _canvas,
    "moodle": _moodle,
    "moodle-worksheet": _worksheet,
}


def _cells(of: columns.Columns, it: Standing | Person) -> list[Cell]:
    return [value(it) for value in of.values()]


def _of_people(
    marks: Marks, of: columns.Columns, exact: Sequence[str], what: str
) -> tuple[list[list[Cell]], list[Person], list[str]]:
    """Rows of all whose exact cells run nowhere as formulas, these people, and what is to be said."""
    people = [
        person
        for person in marks.people.values()
        if all(tables.guarded(text) == text for text in (of[name](person) for name in exact))
    ]
    notes = empty_cells(marks.rows())
    if left_out := marks.people.keys() - {person.id for person in people}:
        notes.append(f"left out, for their {what} would run as formulas: {in_a_line(left_out)}")
    return [[*_cells(of, person), *marks.points(person.id)] for person in people], people, notes
