"""Everybody's marks in all assignments, as every export needs them, and what an export tells about itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.classroom import tables
from autograder.classroom.collect import ledger, roster
from autograder.classroom.collect.collecting import is_late
from autograder.classroom.collect.ledger import HandIn
from autograder.classroom.collect.names import Submitter
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.gradebook import records
from autograder.classroom.gradebook.records import Records, SubmissionRecord
from autograder.classroom.gradebook.submissions import students
from autograder.classroom.tables import Table, number

GRADED, BY_HAND, NOT_GRADED, MISSING = "graded", "to grade by hand", "not graded", "not handed in"

_WORDS = {
    BY_HAND: "left empty: a person has still to grade something",
    NOT_GRADED: "left empty: not graded",
    MISSING: "left empty: not handed in",
}


_NUMBER = re.compile(r"-?[0-9.,]+%?")


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
        hand_in and is_late(hand_in, _utc(record.due if record else known.due))
    )
    return Standing(
        person, known.assignment, status, known.max_points, known.due, late, graded, hand_in, partial
    )


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time else None


@dataclass
class Export:
    """What was written: rows, and a line for each thing that somebody should know."""

    rows: int
    notes: list[str] = field(default_factory=list)


def empty_cells(marks: Iterable[Standing]) -> list[str]:
    """Count the cells that stay empty, by reason."""
    counts = Counter(mark.status for mark in marks if mark.final is None)
    return [f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status]]


@dataclass
class Filling:
    """A platform's own file that is being filled in, and what there is to say about it."""

    table: Table
    kept: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def put(self, mark: Standing, row: list[str], at: int, best: float | None) -> None:
        """Write a student's points into a cell, scaled to the `best` that the platform has; none leave it as it was."""
        value, there = mark.final, row[at].strip()
        if value is None:
            return
        if best and best != mark.max_points:
            value *= best / mark.max_points
            scaled = f"{mark.assignment}: scaled from {number(mark.max_points)} to {number(best)} points"
            self.notes += [scaled] if scaled not in self.notes else []
        new = number(value, self.table.dialect.decimal)
        if points_in(there) not in (None, points_in(new)):
            self.replaced.append(f"{mark.student} {there} -> {new}")
        row[at] = new

    def owners(self, found: Mapping[int, Person | None]) -> dict[int, Person]:
        """Return whose each row is; of two rows that would be one student's, neither is anybody's."""
        often = Counter(person.id for person in found.values() if person)
        double = sorted(student for student, times in often.items() if times > 1)
        self.notes += [f"several rows fit {student}: left as they were" for student in double]
        return {place: person for place, person in found.items() if person and often[person.id] == 1}

    def write(self, path: Path, marks: Iterable[Standing], rows: int) -> Export:
        """Write the file back as it came; `marks` are those of the students and columns that it has."""
        tables.write(
            path, self.table.rows, exact=range(max(map(len, self.table.rows))), dialect=self.table.dialect
        )
        notes = [*self.table.notes, *self.notes, *(f"{many} {words}" for words, many in self.kept.items())]
        if self.replaced:
            notes.append(f"other points were there and are replaced: {in_a_line(self.replaced)}")
        rest = (note.replace("left empty", "left as they were") for note in empty_cells(marks))
        return Export(rows, [*notes, *rest])


def find_by_ids(people: ClassList, who: Submitter, ids: tuple[str, ...]) -> Person | None:
    """Return whose a row is: by the platform's number and the name, else by what the institution calls them."""
    person = people.find(who)[0]
    if person is None and any(ids):
        person = people.find(Submitter("gradescope", "", ids=ids))[0]
    return person


def points_in(text: str) -> float | None:
    """Return the points that a cell holds, None if it holds none: of commas and points the last is the decimal sign."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    *before, last = re.split("[.,]", text.strip().rstrip("%"))
    try:
        return float(f"{''.join(before)}.{last}" if before else last)
    except ValueError:
        return None
