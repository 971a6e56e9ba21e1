"""Everybody's marks in all assignments, and CSV files made from them, for a spreadsheet, Canvas and Moodle.

What their columns are called and hold is in `columns.py`. Canvas's is made after "How do I import grades in the
Gradebook?", Canvas Instructor Guide,
https://community.instructure.com/en/kb/articles/660862-how-do-i-import-grades-in-the-gradebook; Moodle's, for a whole
course, after "Grade import", https://docs.moodle.org/en/Grade_import: a row for each user, found by e-mail address or
ID number, and a column for each grade item, which the import page asks about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.classroom import columns, tables
from autograder.classroom.collect import ledger, roster
from autograder.classroom.collect.collecting import is_late
from autograder.classroom.collect.ledger import HandIn
from autograder.classroom.collect.people import Person
from autograder.classroom.columns import Dialect
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.gradebook import records
from autograder.classroom.gradebook.records import Records, SubmissionRecord
from autograder.classroom.gradebook.submissions import students
from autograder.classroom.tables import Cell

GRADED, BY_HAND, NOT_GRADED, MISSING = "graded", "to grade by hand", "not graded", "not handed in"
_WORDS = {
    BY_HAND: "left empty: a person has still to grade something",
    NOT_GRADED: "left empty: not graded",
    MISSING: "left empty: not handed in",
}


@dataclass(frozen=True)
class Standing:
    """What a student has for an assignment; `record` is None where nothing was ever graded.

    `raw` are the points before the penalty, `status` is one of the four words above, `hand_in` what was collected.
    With `partial` the points so far are final, too, where a person has still to grade something.
    """

    person: Person
    assignment: str
    status: str
    max_points: float
    due: datetime | None
    late: bool
    record: SubmissionRecord | None
    hand_in: HandIn | None
    partial: bool

    @property
    def student(self) -> str:
        """Whose it is."""
        return self.person.id

    @property
    def participant(self) -> str:
        """The number that Moodle has for the student in this assignment, if it was collected there."""
        return self.hand_in.number if self.hand_in and self.hand_in.source == "moodle" else ""

    @property
    def raw(self) -> float:
        """The points before the penalty, so far."""
        return self.record.points if self.record else 0.0

    @property
    def penalty(self) -> float:
        """The points that are taken off for being late."""
        return self.record.penalty if self.record else 0.0

    @property
    def score(self) -> float:
        """The points after the penalty, so far, and never below zero."""
        return self.record.score if self.record else 0.0

    @property
    def final(self) -> float | None:
        """The score if it is final; None leaves a cell empty."""
        return self.score if self.status == GRADED or (self.partial and self.status == BY_HAND) else None


@dataclass(frozen=True)
class Marks:
    """All marks: people by id in alphabetical order, assignments in the gradebook's records, marks by both."""

    people: dict[str, Person]
    assignments: dict[str, Records]
    of: dict[tuple[str, str], Standing]

    def rows(self) -> Iterator[Standing]:
        """Yield the marks, one assignment after the other."""
        for assignment in self.assignments:
            for student in self.people:
                yield self.of[student, assignment]

    def points(self, student: str) -> list[float | None]:
        """Return a student's points in each assignment as far as they are final."""
        return [self.of[student, assignment].final for assignment in self.assignments]

    def only(self, why: str) -> list[Standing]:
        """Return the marks of the one assignment there is; CourseError, beginning with `why`, if there are more."""
        if len(self.assignments) != 1:
            raise CourseError(f"{why}: name it with --assignment.")
        return list(self.rows())


def read(course: Course, assignments: Sequence[str], *, partial: bool) -> Marks:
    """Read the marks of the given assignments, or of all that are released if none is given.

    Whoever is in the class list or has handed in anything is there. Raises CourseError for an assignment that is not
    in the gradebook.
    """
    names = list(assignments) or records.assignments(course)
    if not names:
        raise CourseError("nothing is released yet: first run `autograder release`.")
    known = {name: records.read(course, name) for name in names}
    handed_in = {name: set(students(course, name)) for name in names}
    people = {person.id: person for person in roster.known(course)}
    collected = {name: ledger.latest(course, name) for name in names}
    marks = {
        (student, name): _mark(
            course, known[name], person, collected[name].get(student), student in handed_in[name], partial
        )
        for name in names
        for student, person in people.items()
    }
    return Marks({student: people[student] for student in sorted(people)}, known, marks)


def _mark(
    course: Course, known: Records, person: Person, hand_in: HandIn | None, handed_in: bool, partial: bool
) -> Standing:
    record = known.by_student.get(person.id)
    graded = record if record and course.is_graded(person.id, known.assignment) else None
    status = NOT_GRADED if handed_in else MISSING
    if graded:
        status = BY_HAND if graded.by_hand else GRADED
    late = bool(record and record.late) or bool(
        hand_in and is_late(hand_in, record.due if record else known.due)
    )
    return Standing(
        person, known.assignment, status, known.max_points, known.due, late, graded, hand_in, partial
    )


@dataclass
class Export:
    """What was written: rows, and a line for each thing that somebody should know."""

    rows: int
    notes: list[str] = field(default_factory=list)


def empty_cells(marks: Iterable[Standing]) -> list[str]:
    """Count the cells that stay empty, by reason."""
    counts = Counter(mark.status for mark in marks if mark.final is None)
    return [f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status]]


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
