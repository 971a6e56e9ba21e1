"""The CSV file that Canvas's gradebook imports.

Made after "How do I import grades in the Gradebook?", Canvas Instructor Guide,
https://community.instructure.com/en/kb/articles/660862-how-do-i-import-grades-in-the-gradebook, and what Canvas
itself writes and reads: `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb`,
https://github.com/instructure/canvas-lms.

The first row has `Student`, `ID`, the columns of the student information system, `Section`, then a column for each
assignment, called by its name there and, in Canvas's own exports, its number in brackets. The second row begins with
`    Points Possible`. Students are found by `ID`, then by their SIS columns, then by name. An empty cell takes a
score away that Canvas has; so a file made from Canvas's own export keeps whatever this course knows nothing of.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.classroom import tables
from autograder.classroom.collect.naming import Submitter
from autograder.classroom.collect.people import ClassList, Person, squeeze
from autograder.classroom.errors import CourseError
from autograder.classroom.export.exporting import Export, empty_cells, listed
from autograder.classroom.export.marks import Marks
from autograder.classroom.tables import Cell, number

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"
_WITH_NUMBER = re.compile(r"(?P<title>.*?)(?: \(\d+\))?")


def write(marks: Marks, path: Path, partial: bool) -> Export:
    """Write the file from what this course knows; whoever's Canvas number is not known is found by login or name."""
    people = [person for person in marks.people.values() if tables.guarded(_login(person)) == _login(person)]
    possible = [known.max_points for known in marks.assignments.values()]
    rows: list[list[Cell]] = [[*HEADER, *marks.assignments], [POINTS, "", "", "", "", *possible]]
    rows += [_row(marks, person, partial) for person in people]
    tables.write(path, rows, exact=(1, 3))
    notes = empty_cells(marks.rows(), partial)
    if left_out := marks.people.keys() - {person.id for person in people}:
        notes.append(f"left out, for their ids would run as formulas: {listed(left_out)}")
    if unnumbered := [person.id for person in people if not person.number]:
        notes.append(f"Canvas's number is not known, login or name must do: {listed(unnumbered)}")
    return Export(len(people), notes)


def fill(marks: Marks, template: Path, path: Path, partial: bool, column: str = "") -> Export:
    """Fill in a file that Canvas exported; `column` names the column of a single assignment if it is called otherwise.

    Points are scaled to those that Canvas has for the assignment. Raises CourseError if the file is not such an
    export, or has no column for any of the assignments.
    """
    rows = [row for row in tables.read(template).rows if row]
    header = rows[0] if rows else []
    if len(header) < 4 or "Student" not in header[0] or "ID" not in header[1]:
        raise CourseError(f"{template} is no export of Canvas's gradebook: it begins with Student, ID, ...")
    columns = _columns(marks, template, header, column)
    possible = next((row for row in rows if "Points Possible" in row[0]), [])
    people = ClassList(marks.people.values())
    seen, notes = set(), []
    for row in rows[1:]:
        person = (
            None
            if row is possible or len(row) != len(header)
            else _find(people, dict(zip(header, row, strict=True)))
        )
        if person:
            seen.add(person.id)
            notes += _fill_row(marks, person, row, columns, possible, partial)
    tables.write(path, rows, exact=range(len(header)))
    return Export(len(seen), [*sorted(set(notes)), *_rest(marks, seen, columns, partial)])


def _login(person: Person) -> str:
    return "" if person.number else person.id


def _row(marks: Marks, person: Person, partial: bool) -> list[Cell]:
    name = ", ".join(filter(None, (person.last_name, person.first_name))) or person.id
    points = [marks.of[person.id, assignment].final(partial) for assignment in marks.assignments]
    return [name, person.number, "", _login(person), "", *points]


def _columns(marks: Marks, template: Path, header: list[str], column: str) -> dict[str, int]:
    """Return where each assignment's column is."""
    if column and len(marks.assignments) != 1:
        raise CourseError("--column is for one assignment: name it with --assignment.")
    wanted = {column or name: name for name in marks.assignments}
    found = {
        wanted[title]: place for place, text in enumerate(header) if (title := _title(text, wanted)) in wanted
    }
    if not found:
        names = " or ".join(wanted)
        raise CourseError(
            f"{template} has no column {names}: say which it is with --column. It has: {listed(header, 40)}"
        )
    return found


def _title(text: str, wanted: dict[str, str]) -> str:
    match = _WITH_NUMBER.fullmatch(text)
    return text if text in wanted or not match else match["title"]


def _find(people: ClassList, row: dict[str, str]) -> Person | None:
    for login in (row.get("SIS Login ID", ""), row.get("SIS User ID", "")):
        if login in people.people:
            return people.people[login]
    return people.find(Submitter("canvas", squeeze(row.get("Student", "")), row.get("ID", "")))[0]


def _fill_row(
    marks: Marks, person: Person, row: list[str], columns: dict[str, int], possible: list[str], partial: bool
) -> list[str]:
    notes = []
    for assignment, place in columns.items():
        mark = marks.of[person.id, assignment]
        value = mark.final(partial)
        best = _float(possible[place]) if possible else None
        if value is not None and best and best != mark.max_points:
            value *= best / mark.max_points
            notes.append(f"{assignment}: scaled from {number(mark.max_points)} to {number(best)} points")
        row[place] = row[place] if value is None else number(value)
    return notes


def _rest(marks: Marks, seen: set[str], columns: dict[str, int], partial: bool) -> list[str]:
    notes = empty_cells(
        (mark for mark in marks.rows() if mark.assignment in columns and mark.student in seen), partial
    )
    if missing := marks.people.keys() - seen:
        notes.append(f"not in Canvas's file: {listed(missing)}")
    if unknown := marks.assignments.keys() - columns.keys():
        notes.append(f"no column for: {listed(unknown)}")
    return [note.replace("left empty", "left as they were") for note in notes]


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
