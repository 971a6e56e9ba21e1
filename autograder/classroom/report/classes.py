"""All that a report on one assignment is made from, read once: who handed in, the grades, the graded notebooks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Literal

from autograder.classroom.collect.ledger import Ledger
from autograder.classroom.collect.people import Person
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, Result, State, attempt
from autograder.classroom.gradebook import graded, records, submissions
from autograder.classroom.gradebook.graded import GradedNotebook, RubricItem
from autograder.classroom.gradebook.records import Records, SubmissionRecord

Stage = Literal["graded", "changed", "not graded", "unreadable"]
LONGEST_SOURCE = 50_000  # characters of one cell: what is longer is cut before anything looks at it


@dataclass(frozen=True)
class Arrival:
    """What became of one student's work.

    `when` is in UTC without a zone, None if it is not known; `changed` says that it was handed in again after it
    was graded; `reason` why it cannot be read. `times` says how often it was handed in, as far as it was collected.
    """

    student: str
    when: datetime | None
    late: bool
    stage: Stage
    reason: str = ""
    times: int = 1


@dataclass
class Paper:
    """What one submission's graded notebooks say, together.

    `items` are in the notebooks' order, by notebook and cell; `answers` holds the code of the solution cells by
    name, `own` the code that the student put elsewhere; `layers` is None if the notebook does not tell.
    """

    student: str
    title: str = ""
    items: dict[tuple[str, str], RubricItem] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    layers: tuple[str, ...] | None = None
    digests: list[str] = field(default_factory=list)
    engine: str = ""

    @property
    def source(self) -> str:
        """All code of the student's."""
        return "\n\n".join([*self.answers.values(), *self.own])


@dataclass
class Class:
    """A class and what it handed in for one assignment; everything by student."""

    records: Records
    people: dict[str, Person]
    hand_ins: dict[str, Arrival]
    graded: dict[str, Paper] = field(default_factory=dict)

    @property
    def assignment(self) -> str:
        """The assignment's name."""
        return self.records.assignment

    @property
    def title(self) -> str:
        """The title that the notebook itself has, or the assignment's name."""
        return next((one.title for one in self.graded.values() if one.title), self.assignment)

    @property
    def marked(self) -> dict[str, SubmissionRecord]:
        """The records of those whose grades stand: who is graded, changed since or not."""
        return {
            student: self.records.by_student[student]
            for student, hand_in in self.hand_ins.items()
            if hand_in.stage in ("graded", "changed")
        }

    @property
    def absent(self) -> list[str]:
        """Those who are enrolled and have handed in nothing."""
        return sorted(self.people.keys() - self.hand_ins.keys())

    @property
    def late(self) -> list[Arrival]:
        """What came after the due date."""
        return [one for one in self.hand_ins.values() if one.late]

    @property
    def by_hand(self) -> int:
        """How many submissions have something that a person has still to grade."""
        return sum(record.by_hand for record in self.marked.values())

    def items(self) -> dict[tuple[str, str], RubricItem]:
        """The rubric in the notebooks' order, by notebook and cell: of the notebook that has most of it."""
        released = {(cell.notebook, cell.name): cell for cell in self.records.cells}
        fullest = max((one.items for one in self.graded.values()), key=len, default={})
        found = {key: item for key, item in fullest.items() if key in released}
        missing = released.keys() - found.keys()
        rest = {key: RubricItem(key[1], key[1], key[1].split("-")[0], None) for key in sorted(missing)}
        return found | rest


def open_class(course: Course, assignment: str, people: dict[str, Person]) -> Class:
    """Read the gradebook and look at the folders; raise CourseError if the assignment was not released."""
    known = records.read(course, assignment)
    return Class(known, people, arrivals(course, known))


def read_notebooks(course: Course, group: Class) -> Iterator[Result]:
    """Read every graded notebook into the class and yield each result; one that cannot be read stops no other."""
    for student in group.marked:
        yield attempt(student, partial(_read_notebooks, course, group, student))


def _read_notebooks(course: Course, group: Class, student: str) -> State:
    group.graded[student] = work_of(student, graded.read(course.autograded(student, group.assignment)))
    return "done"


def work_of(student: str, notebooks: Mapping[str, GradedNotebook]) -> Paper:
    """Put together what the graded notebooks of a submission say."""
    work = Paper(student)
    for name, notebook in notebooks.items():
        work.title = work.title or notebook.title
        work.items |= {(name, item.name): item for item in notebook.items}
        work.answers |= {one.name: one.source[:LONGEST_SOURCE] for one in notebook.answers if not one.written}
        work.own += [one.source[:LONGEST_SOURCE] for one in notebook.own if one.source.strip()]
        work.notes += notebook.notes
        work.layers = work.layers if notebook.layers is None else notebook.layers
        work.digests.append(notebook.digest)
        work.engine = notebook.engine or work.engine
    return work


def arrivals(course: Course, known: Records) -> dict[str, Arrival]:
    """Return what was handed in, by student: what lies in the folders, and what the gradebook had before."""
    handed = submissions.students(course, known.assignment)
    done = [student for student in known.by_student if course.is_graded(student, known.assignment)]
    notebooks = sorted({cell.notebook for cell in known.cells})
    found = {student: _arrival(course, known, student, notebooks) for student in sorted({*handed, *done})}
    return {
        student: replace(one, times=max(1, _times(course, known.assignment, student)))
        for student, one in found.items()
    }


def _times(course: Course, assignment: str, student: str) -> int:
    """How many versions of a notebook were collected; 0 if none was, or its list is damaged."""
    try:
        kept = Ledger(course, assignment, student).hand_ins
    except CourseError:
        return 0
    return max(Counter(one.notebook for one in kept).values(), default=0)


def _arrival(course: Course, known: Records, student: str, notebooks: list[str]) -> Arrival:
    record = known.by_student.get(student)
    folder = course.submitted(student, known.assignment)
    when = submissions.time_of(folder) or (record.handed_in if record else None)
    due = record.due if record else known.due
    late = bool(when and due and when > due)
    if record and course.is_graded(student, known.assignment):
        changed = record.handed_in is not None and when is not None and when > record.handed_in
        return Arrival(student, when, late, "changed" if changed else "graded")
    try:
        submissions.require_readable(course, folder, notebooks)
    except (CourseError, OSError) as error:
        return Arrival(student, when, late, "unreadable", str(error))
    return Arrival(student, when, late, "not graded")


_SHORTEST_MASKED = 3  # letters: shorter names are words as well


@dataclass(frozen=True)
class Names:
    """Names for a page. `hidden` pages say how many, and never who."""

    people: Mapping[str, Person]
    hidden: bool = False

    def called(self, student: str) -> str:
        """A student's name, empty where only the id is known."""
        return self.people.get(student, Person(student)).name

    def masked(self, text: str, student: str) -> str:
        """A text of a student's, without the student's own name where names are hidden."""
        if not self.hidden:
            return text
        person = self.people.get(student, Person(student))
        own = {student, person.first_name, person.last_name, person.email, *re.split(r"[\s._@-]+", student)}
        words = sorted((word for word in own if len(word) >= _SHORTEST_MASKED), key=len, reverse=True)
        if not words:
            return text
        pattern = "|".join(map(re.escape, words))
        return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "\N{HORIZONTAL ELLIPSIS}", text, flags=re.I)
