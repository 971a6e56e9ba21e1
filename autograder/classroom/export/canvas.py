"""Canvas's export of its gradebook, filled in: it keeps whatever this course knows nothing of.

What Canvas writes and reads is in `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb`,
https://github.com/instructure/canvas-lms.

The first row has `Student` (or `LastName` and `FirstName`), `ID`, the columns of the student information system,
`Section`, then a column for each assignment, called by its name there and, in Canvas's own exports, its number in
brackets. A row without a student may say which columns are posted by hand; the next begins with `    Points Possible`
and says `(read only)`, in the user's language, of columns that are none to fill in. Students are found by `ID`, then by
their SIS columns, then by name. `EX` excuses a student, `N/A` stands where an assignment is not theirs. Numbers have a
comma or a point, by the user's language. An empty cell takes a score away that Canvas has; so a file made from Canvas's
own export keeps whatever this course knows nothing of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom import tables
from autograder.classroom.collect.names import Submitter, squeeze
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.columns import (
    CANVAS,
    CANVAS_KEPT,
    CANVAS_NAMES,
    CANVAS_POINTS,
    CANVAS_SIS,
    CANVAS_TITLE,
)
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.export.marks import Export, Filling, Marks, Standing, find_by_ids, points_in

_NAME, _NUMBER, *_ = CANVAS
TEST_STUDENT = squeeze("Student, Test")


def fill(marks: Marks, template: Path, path: Path, column: str) -> Export:
    """Fill in a file that Canvas exported; `column` names the column of a single assignment if it is called otherwise.

    Points are scaled to those that Canvas has for the assignment, and the file is written back as it came: its
    encoding, delimiter, decimal sign and line ends. Raises CourseError if the file is not such an export, or has no
    column that can be filled in for any of the assignments.
    """
    done = Filling(tables.read(template))
    sheet = _sheet(template, done)
    places = _places(marks, template, sheet, done, column)
    people = ClassList(marks.people.values())
    owners = done.owners({place: _find(people, row) for place, row in sheet.students.items()})
    for place, person in owners.items():
        for assignment, at in places.items():
            _fill(marks.of[person.id, assignment], sheet, done, done.table.rows[place], at)
    seen = {person.id for person in owners.values()}
    known = (mark for mark in marks.rows() if mark.assignment in places and mark.student in seen)
    export = done.write(path, known, len(owners))
    if missing := marks.people.keys() - seen:
        export.notes.append(f"not in Canvas's file: {in_a_line(missing)}")
    if unknown := marks.assignments.keys() - places.keys():
        export.notes.append(f"no column for: {in_a_line(unknown)}")
    return export


@dataclass
class _Gradebook:
    """Canvas's export: the columns' names, the row with their points, and the students' rows by their place."""

    header: list[str]
    possible: list[str] = field(default_factory=list)
    students: dict[int, dict[str, str]] = field(default_factory=dict)


def _fill(mark: Standing, sheet: _Gradebook, done: Filling, row: list[str], at: int) -> None:
    if kept := CANVAS_KEPT.get(row[at].strip().casefold()):
        done.kept[kept] += 1
    else:
        done.put(mark, row, at, points_in(sheet.possible[at]) if sheet.possible else None)


def _sheet(template: Path, done: Filling) -> _Gradebook:
    rows = done.table.rows
    where = next((place for place, row in enumerate(rows) if _is_header(row)), -1)
    if where < 0:
        raise CourseError(
            f"{template} is no export of Canvas's gradebook: it begins with {_NAME} (or {', '.join(CANVAS_NAMES)}), "
            f"{_NUMBER}, ..."
        )
    sheet = _Gradebook([cell.strip() for cell in rows[where]])
    for place, row in enumerate(rows[where + 1 :], where + 1):
        if any(CANVAS_POINTS.strip() in cell for cell in row[:2]):
            sheet.possible = row + [""] * (len(sheet.header) - len(row))
        elif len(row) > len(sheet.header):
            line = done.table.lines[place]
            done.notes.append(f"line {line} has more cells than the header: left as it was")
        elif any(row):
            row += [""] * (len(sheet.header) - len(row))
            known = dict(zip(sheet.header, row, strict=True))
            if known[_NUMBER].strip() and squeeze(_name(known)) != TEST_STUDENT:
                sheet.students[place] = known
    return sheet


def _is_header(row: Sequence[str]) -> bool:
    names = [cell.strip() for cell in row]
    return _NUMBER in names[:4] and (names[0] == _NAME or {*names[:2]} == {*CANVAS_NAMES})


def _name(row: Mapping[str, str]) -> str:
    return row[_NAME] if _NAME in row else ", ".join(row[name] for name in CANVAS_NAMES)


def _find(people: ClassList, row: Mapping[str, str]) -> Person | None:
    number, ids = row[_NUMBER].strip(), tuple(row.get(name, "").strip() for name in CANVAS_SIS)
    person = find_by_ids(people, Submitter("canvas", _name(row), number), ids)
    return None if person and person.number not in ("", number) else person


def _places(marks: Marks, template: Path, sheet: _Gradebook, done: Filling, column: str) -> dict[str, int]:
    """Return where each assignment's column is, of those that may be filled in."""
    if column and len(marks.assignments) != 1:
        raise CourseError("--column is for one assignment: name it with --assignment.")
    wanted = {column or name: name for name in marks.assignments}
    titles = {place: wanted.get(_title(text, wanted), "") for place, text in enumerate(sheet.header)}
    for name, times in Counter(filter(None, titles.values())).items():
        if times > 1:
            same = " and ".join(repr(sheet.header[place]) for place in titles if titles[place] == name)
            raise CourseError(f"{template} has {times} columns for {name}, {same}: say which with --column.")
    found = {name: place for place, name in titles.items() if name}
    closed = [name for name, place in found.items() if _is_read_only(sheet, place)]
    done.notes += [f"{name}: Canvas says that its column is read-only: left as it was" for name in closed]
    if not found or len(closed) == len(found):
        names = " or ".join(wanted)
        why = "says that it is read-only" if closed else "say which it is with --column"
        raise CourseError(
            f"{template} has no column {names} to fill in: {why}. It has: {in_a_line(sheet.header, 40)}"
        )
    return {name: place for name, place in found.items() if name not in closed}


def _is_read_only(sheet: _Gradebook, place: int) -> bool:
    """Canvas writes so in words of the user's language where the points of other columns are."""
    text = sheet.possible[place].strip() if sheet.possible else ""
    return bool(text) and points_in(text) is None


def _title(text: str, wanted: dict[str, str]) -> str:
    match = CANVAS_TITLE.fullmatch(text)
    return text if text in wanted or not match else match["title"]
