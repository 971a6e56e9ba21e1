"""An assignment's grading worksheet as Moodle gives it, filled in.

After "Offline grading worksheet" in "Assignment settings", https://docs.moodle.org/en/Assignment_settings: the columns
are those of `mod/assign/gradingtable.php`, and of them `mod/assign/feedback/offline/importgradeslib.php` needs the
identifier (`Participant 123`), the grade and when it was last modified; both at https://github.com/moodle/moodle. The
number after `Participant` is another for each assignment: it comes from the downloaded submissions, or from here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.classroom import columns, tables
from autograder.classroom.collect.names import Submitter
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.export.marks import Export, Filling, Marks, find_by_ids, points_in

_PARTICIPANT = re.compile(r"\s*\D*?(?P<number>\d+)\s*")


def fill(marks: Marks, template: Path, path: Path) -> Export:
    """Fill in a worksheet that Moodle gave, in whatever language; points are scaled to the maximum grade that it says.

    It is written back as it came: its columns, encoding, delimiter, decimal sign and line ends. Raises CourseError if
    the file is no such worksheet.
    """
    done = Filling(tables.read(template))
    rows = done.table.rows
    sheet = _sheet(template, rows)
    of = {mark.student: mark for mark in marks.only("a worksheet is of one assignment")}
    people = ClassList(replace(mark.person, participant=mark.participant) for mark in of.values())
    owners = done.owners({place: _find(people, sheet, rows[place]) for place in sheet.students})
    locked = {person.id: place for place, person in owners.items() if _is_locked(sheet, rows[place])}
    for place, person in owners.items():
        if person.id not in locked:
            best = points_in(rows[place][sheet.best]) if sheet.best is not None else None
            done.put(of[person.id], rows[place], sheet.grade, best)
    seen = {person.id for person in owners.values()}
    export = done.write(path, (of[student] for student in seen - locked.keys()), len(seen))
    if locked:
        export.notes.append(f"locked in Moodle, left as they were: {in_a_line(locked)}")
    if missing := of.keys() - seen:
        export.notes.append(f"not in Moodle's worksheet: {in_a_line(missing)}")
    return export


@dataclass(frozen=True)
class _Worksheet:
    """Moodle's worksheet: where the participants, the grades and the best grade are, and the rows of students."""

    fields: dict[str, int]
    participant: int
    grade: int
    best: int | None
    students: list[int]


def _sheet(template: Path, rows: Sequence[Sequence[str]]) -> _Worksheet:
    """Find the columns, by what they are called in Moodle's languages or else by what stands in them."""
    where, known = columns.header_of(rows)
    where = max(where, 0)
    header = rows[where] if rows else []
    students = [place for place, row in enumerate(rows) if place > where and len(row) == len(header)]
    cells = [[rows[place][at] for place in students] for at in range(len(header))]
    numbered = [at for at, texts in enumerate(cells) if texts and all(map(_PARTICIPANT.fullmatch, texts))]
    named = [at for at, text in enumerate(header) if columns.is_grade(text)]
    most = [at for at, texts in enumerate(cells) if at and _is_constant(texts) and at not in numbered]
    grade = next(iter([at for at in named if at + 1 in most] or named or [at - 1 for at in most]), None)
    if not numbered or grade is None:
        first, *_, graded = [*columns.WORKSHEET][:5]
        raise CourseError(
            f"{template} is no grading worksheet of Moodle: it has columns {first} (`Participant 1`) and {graded}."
        )
    fields = {field: places[0] for field, places in known.items()}
    best = grade + 1 if grade + 1 in most else None
    return _Worksheet(fields, numbered[0], grade, best, students)


def _is_locked(sheet: _Worksheet, row: Sequence[str]) -> bool:
    """Whether Moodle says that the grade cannot be changed, in the column behind the best grade."""
    after = (sheet.grade if sheet.best is None else sheet.best) + 1
    return after < len(row) and columns.is_no(row[after])


def _is_constant(texts: Sequence[str]) -> bool:
    """Whether a column has the same number throughout, as that with the best grade has."""
    values = {points_in(text) for text in texts}
    return len(values) == 1 and bool(values.pop())


def _find(people: ClassList, sheet: _Worksheet, row: list[str]) -> Person | None:
    match = _PARTICIPANT.fullmatch(row[sheet.participant])
    number = match["number"] if match else ""
    name = row[sheet.fields["name"]] if "name" in sheet.fields else ""
    ids = tuple(row[sheet.fields[text]] for text in ("sis", "email", "login", "id") if text in sheet.fields)
    person = find_by_ids(people, Submitter("moodle", name, number, blind=not name), ids)
    return None if person and person.participant not in ("", number) else person
