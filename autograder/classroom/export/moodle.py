"""The two CSV files that Moodle takes grades from.

- The gradebook's import, for a whole course, after "Grade import", https://docs.moodle.org/en/Grade_import: a row for
  each user, found by e-mail address or ID number, and a column for each grade item, which the import page asks about.
- An assignment's grading worksheet, after "Offline grading worksheet" in "Assignment settings",
  https://docs.moodle.org/en/Assignment_settings: the columns are those of `mod/assign/gradingtable.php`, and of them
  `mod/assign/feedback/offline/importgradeslib.php` needs `Identifier` (`Participant 123`), `Grade` and `Last modified
  (grade)`; both at https://github.com/moodle/moodle. The number after `Participant` is another for each assignment:
  it comes from the downloaded submissions, or from the worksheet that Moodle gave.
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
from autograder.classroom.export.marks import (
    Export,
    Filling,
    Marks,
    Standing,
    empty_cells,
    find_by_ids,
    points_in,
)
from autograder.classroom.tables import Cell

WORKSHEET = (
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
)
IMPORT = ("First name", "Last name", "ID number", "Email address")
# What Moodle's language packs (`moodle.php`: grade, gradenoun) call the column of grades, as `columns.plain` spells it.
_GRADE = """
    grade arviointi betyg bewertung calificación cijfer cualificación einkunn graad gradd grado
    gred grád hinne kalifikazioa karakter marka māka nilai not nota note notă ocena ocjena pont
    qualificació valutazione vlerësimi vērtējums známka įvertinimas βαθμός оцена оценка оцінка
    адзнака үнэлгээ գնահատական ציון درجة درجہ نمره ग्रेड श्रेणी தரம் คะแนนที่ได้ შეფასება ពិន្ទុ
    成績 成绩 评分 評点 등급 성적 avaliação vurdering điểm
"""
# What they say instead of "no" (`moodle.php`: no) where a grade cannot be changed.
_NO = """
    no ei ez hayır hindi ikai jo kao kāo leai na ne nee nei nein nej nem nie non nu não nē nōn tidak
    όχι жоқ не нет ні үгүй ոչ לא خیر لا ނޫން नहीं नाही ના இல்லை ಬೇಡ නැත ไม่ མེན არა ទេ 否 いいえ 아니오 아니요
"""  # noqa: RUF001
_PARTICIPANT = re.compile(r"\s*\D*?(?P<number>\d+)\s*")


def write_import(marks: Marks, path: Path, partial: bool) -> Export:
    """Write the file for the gradebook's import: all students, a column for each assignment."""
    people = [person for person in marks.people.values() if _is_safe(person.id) and _is_safe(person.email)]
    header = [*IMPORT, *(f"Assignment: {name} (Real)" for name in marks.assignments)]
    rows = [
        [person.first_name, person.last_name, person.id, person.email]
        + [marks.of[person.id, name].final(partial) for name in marks.assignments]
        for person in people
    ]
    tables.write(path, [header, *rows], exact=(2, 3))
    notes = empty_cells(marks.rows(), partial)
    if left_out := marks.people.keys() - {person.id for person in people}:
        notes.append(f"left out, for their ids or addresses would run as formulas: {in_a_line(left_out)}")
    return Export(len(rows), notes)


def write_worksheet(marks: Marks, path: Path, partial: bool) -> Export:
    """Write a grading worksheet of one assignment for those whose number is in the downloaded submissions."""
    marked = [mark for mark in _only(marks) if _participant(mark)]
    if not marked:
        raise CourseError(
            "no submission was collected from Moodle: fill in Moodle's own worksheet, with --template FILE."
        )
    rows = [_row(mark, marks.people[mark.student], partial) for mark in marked]
    tables.write(path, [WORKSHEET, *rows], exact=(0,))
    others = [mark.student for mark in _only(marks) if mark not in marked and mark.record]
    notes = [
        *empty_cells(marked, partial),
        "Moodle reads it while it speaks English; in another language fill in its own worksheet, with --template FILE",
    ]
    if others:
        notes.append(f"left out, their number in Moodle is not known: {in_a_line(others)}")
    return Export(len(rows), notes)


def fill(marks: Marks, template: Path, path: Path, partial: bool) -> Export:
    """Fill in a worksheet that Moodle gave, in whatever language; points are scaled to the maximum grade that it says.

    It is written back as it came: its columns, encoding, delimiter, decimal sign and line ends. Raises CourseError if
    the file is no such worksheet.
    """
    done = Filling(tables.read(template), partial)
    rows = done.table.rows
    sheet = _sheet(template, rows)
    of = {mark.student: mark for mark in _only(marks)}
    people = ClassList(_with_participants(marks))
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
    named = [at for at, text in enumerate(header) if columns.plain(text) in _GRADE.split()]
    most = [at for at, texts in enumerate(cells) if at and _is_constant(texts) and at not in numbered]
    grade = next(iter([at for at in named if at + 1 in most] or named or [at - 1 for at in most]), None)
    if not numbered or grade is None:
        raise CourseError(
            f"{template} is no grading worksheet of Moodle: it has columns Identifier (`Participant 1`) and Grade."
        )
    fields = {field: places[0] for field, places in known.items()}
    best = grade + 1 if grade + 1 in most else None
    return _Worksheet(fields, numbered[0], grade, best, students)


def _is_locked(sheet: _Worksheet, row: Sequence[str]) -> bool:
    """Whether Moodle says that the grade cannot be changed, in the column behind the best grade."""
    after = (sheet.grade if sheet.best is None else sheet.best) + 1
    return after < len(row) and columns.plain(row[after]) in _NO.split()


def _is_constant(texts: Sequence[str]) -> bool:
    """Whether a column has the same number throughout, as that with the best grade has."""
    values = {points_in(text) for text in texts}
    return len(values) == 1 and bool(values.pop())


def _only(marks: Marks) -> list[Standing]:
    if len(marks.assignments) != 1:
        raise CourseError("a worksheet is of one assignment: name it with --assignment.")
    return list(marks.rows())


def _is_safe(text: str) -> bool:
    return tables.guarded(text) == text


def _row(mark: Standing, person: Person, partial: bool) -> list[Cell]:
    assert mark.hand_in
    name = person.name or person.id
    grade, best = mark.final(partial), mark.max_points
    handed_in = mark.hand_in.time or ""
    identifier = f"Participant {mark.hand_in.number}"
    return [identifier, name, person.email, "Submitted for grading", grade, best, "Yes", handed_in, ""]


def _with_participants(marks: Marks) -> list[Person]:
    """Everybody with the number that Moodle has for them in this assignment, where it is known."""
    return [replace(marks.people[mark.student], participant=_participant(mark)) for mark in marks.rows()]


def _participant(mark: Standing) -> str:
    return mark.hand_in.number if mark.hand_in and mark.hand_in.source == "moodle" else ""


def _find(people: ClassList, sheet: _Worksheet, row: list[str]) -> Person | None:
    match = _PARTICIPANT.fullmatch(row[sheet.participant])
    number = match["number"] if match else ""
    name = row[sheet.fields["name"]] if "name" in sheet.fields else ""
    ids = tuple(row[sheet.fields[text]] for text in ("sis", "email", "login", "id") if text in sheet.fields)
    person = find_by_ids(people, Submitter("moodle", name, number, blind=not name), ids)
    return None if person and person.participant not in ("", number) else person
