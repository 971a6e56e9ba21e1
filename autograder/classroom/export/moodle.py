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

from pathlib import Path

from autograder.classroom import tables
from autograder.classroom.collect.naming import Submitter
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.errors import CourseError
from autograder.classroom.export.exporting import Export, empty_cells, listed
from autograder.classroom.export.marks import Mark, Marks
from autograder.classroom.tables import Cell, number

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
_BEST = ("Maximum Grade", "Maximum grade")


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
        notes.append(f"left out, for their ids or addresses would run as formulas: {listed(left_out)}")
    return Export(len(rows), notes)


def write_worksheet(marks: Marks, path: Path, partial: bool) -> Export:
    """Write a grading worksheet of one assignment for those whose number is in the downloaded submissions."""
    marked = [mark for mark in _only(marks) if mark.hand_in and mark.hand_in.source == "moodle"]
    if not marked:
        raise CourseError(
            "no submission was collected from Moodle: fill in Moodle's own worksheet, with --template FILE."
        )
    rows = [_row(mark, marks.people[mark.student], partial) for mark in marked]
    tables.write(path, [WORKSHEET, *rows], exact=(0,))
    others = [mark.student for mark in _only(marks) if mark not in marked and mark.record]
    notes = empty_cells(marked, partial)
    if others:
        notes.append(f"left out, their number in Moodle is not known: {listed(others)}")
    return Export(len(rows), notes)


def fill(marks: Marks, template: Path, path: Path, partial: bool) -> Export:
    """Fill in a worksheet that Moodle gave; points are scaled to the maximum grade that it says.

    Raises CourseError if the file is no such worksheet.
    """
    rows = [row for row in tables.read(template).rows if row]
    header = rows[0] if rows else []
    if not {"Identifier", "Grade"} <= set(header):
        raise CourseError(
            f"{template} is no grading worksheet of Moodle: it has columns Identifier and Grade."
        )
    of = {mark.student: mark for mark in _only(marks)}
    people = ClassList(_with_participants(marks))
    seen, notes = set(), []
    for row in rows[1:]:
        person = _find(people, dict(zip(header, row, strict=False))) if len(row) == len(header) else None
        if person:
            seen.add(person.id)
            notes += _fill_row(of[person.id], header, row, partial)
    tables.write(path, rows, exact=range(len(header)))
    rest = empty_cells((mark for mark in of.values() if mark.student in seen), partial)
    if missing := of.keys() - seen:
        rest.append(f"not in Moodle's worksheet: {listed(missing)}")
    return Export(
        len(seen), [*sorted(set(notes)), *(note.replace("left empty", "left as they were") for note in rest)]
    )


def _only(marks: Marks) -> list[Mark]:
    if len(marks.assignments) != 1:
        raise CourseError("a worksheet is of one assignment: name it with --assignment.")
    return list(marks.rows())


def _is_safe(text: str) -> bool:
    return tables.guarded(text) == text


def _row(mark: Mark, person: Person, partial: bool) -> list[Cell]:
    assert mark.hand_in
    name = " ".join(filter(None, (person.first_name, person.last_name))) or person.id
    grade, best = mark.final(partial), mark.max_points
    handed_in = mark.hand_in.time or ""
    identifier = f"Participant {mark.hand_in.number}"
    return [identifier, name, person.email, "Submitted for grading", grade, best, "Yes", handed_in, ""]


def _with_participants(marks: Marks) -> list[Person]:
    people = []
    for mark in marks.rows():
        person = marks.people[mark.student]
        known = mark.hand_in.number if mark.hand_in and mark.hand_in.source == "moodle" else ""
        people.append(
            Person(person.id, person.first_name, person.last_name, person.email, person.number, known)
        )
    return people


def _find(people: ClassList, row: dict[str, str]) -> Person | None:
    number = row["Identifier"].rpartition(" ")[2]
    clues = [Submitter("moodle", "", number)]
    clues += [
        Submitter("files", row[name]) for name in ("ID number", "Email address", "Username") if row.get(name)
    ]
    clues.append(Submitter("moodle", row.get("Full name", ""), number))
    return next((person for clue in clues if (person := people.find(clue)[0])), None)


def _fill_row(mark: Mark, header: list[str], row: list[str], partial: bool) -> list[str]:
    value = mark.final(partial)
    if value is None:
        return []
    best = next((_float(row[header.index(name)]) for name in _BEST if name in header), None)
    notes = []
    if best and best != mark.max_points:
        value *= best / mark.max_points
        notes.append(f"scaled from {number(mark.max_points)} to {number(best)} points")
    row[header.index("Grade")] = number(value)
    return notes


def _float(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
