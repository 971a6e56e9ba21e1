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
from autograder.classroom.gradebook.records import Records, SubmissionRecord
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
