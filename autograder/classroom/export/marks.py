"""Everybody's marks in all assignments, as every export needs them, and what an export tells about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from autograder.classroom.collect import ledger, roster
from autograder.classroom.collect.collecting import is_late
from autograder.classroom.collect.ledger import HandIn
from autograder.classroom.collect.people import Person
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import records
from autograder.classroom.gradebook.records import Record, Records
from autograder.classroom.gradebook.submissions import students

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
    """

    student: str
    assignment: str
    status: str
    max_points: float
    due: datetime | None
    late: bool
    record: Record | None
    hand_in: HandIn | None

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

    def final(self, partial: bool) -> float | None:
        """The score if it is final, or with `partial` if there is any; None leaves a cell empty."""
        return self.score if self.status == GRADED or (partial and self.status == BY_HAND) else None


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


def read(course: Course, assignments: Sequence[str] = ()) -> Marks:
    """Read the marks of the given assignments, or of all that are released.

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
            course, known[name], student, collected[name].get(student), student in handed_in[name]
        )
        for name in names
        for student in people
    }
    return Marks({student: people[student] for student in sorted(people)}, known, marks)


def _mark(course: Course, known: Records, student: str, hand_in: HandIn | None, handed_in: bool) -> Standing:
    record = known.by_student.get(student)
    graded = record if record and course.autograded(student, known.assignment).is_dir() else None
    status = NOT_GRADED if handed_in else MISSING
    if graded:
        status = BY_HAND if graded.by_hand else GRADED
    late = bool(record and record.late) or bool(
        hand_in and is_late(hand_in, _utc(record.due if record else known.due))
    )
    return Standing(student, known.assignment, status, known.max_points, known.due, late, graded, hand_in)


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time else None


@dataclass
class Export:
    """What was written: rows, and a line for each thing that somebody should know."""

    rows: int
    notes: list[str] = field(default_factory=list)


def empty_cells(marks: Iterable[Standing], partial: bool) -> list[str]:
    """Count the cells that stay empty, by reason."""
    counts = Counter(mark.status for mark in marks if mark.final(partial) is None and mark.status != GRADED)
    return [f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status]]


def listed(names: Iterable[str], most: int = 10) -> str:
    """Return names as a list that fits a line."""
    found = sorted(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
