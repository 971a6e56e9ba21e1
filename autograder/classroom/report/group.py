"""All that a report on one assignment is made from, read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from autograder.classroom.course import Course
from autograder.classroom.gradebook import records
from autograder.classroom.gradebook.records import Person, Record, Records
from autograder.classroom.report import graded, handins
from autograder.classroom.report.graded import Graded, Item
from autograder.classroom.report.handins import HandIn
from autograder.classroom.results import Result, State, attempt


@dataclass
class Class:
    """A class and what it handed in for one assignment; everything by student."""

    records: Records
    people: dict[str, Person]
    hand_ins: dict[str, HandIn]
    graded: dict[str, Graded] = field(default_factory=dict)

    @property
    def assignment(self) -> str:
        """The assignment's name."""
        return self.records.assignment

    @property
    def title(self) -> str:
        """The title that the notebook itself has, or the assignment's name."""
        return next((one.title for one in self.graded.values() if one.title), self.assignment)

    @property
    def marked(self) -> dict[str, Record]:
        """The records of those whose grades stand: who is graded, changed since or not."""
        return {
            student: self.records.by_student[student]
            for student, hand_in in self.hand_ins.items()
            if hand_in.state in ("graded", "changed")
        }

    @property
    def absent(self) -> list[str]:
        """Those who are enrolled and have handed in nothing."""
        return sorted(self.people.keys() - self.hand_ins.keys())

    def items(self) -> dict[tuple[str, str], Item]:
        """The rubric in the notebooks' order, by notebook and cell: of the notebook that has most of it."""
        released = {(cell.notebook, cell.name): cell for cell in self.records.cells}
        fullest = max((one.items for one in self.graded.values()), key=len, default={})
        found = {key: item for key, item in fullest.items() if key in released}
        missing = released.keys() - found.keys()
        rest = {key: Item(key[1], key[1], key[1].split("-")[0], None) for key in sorted(missing)}
        return found | rest


def open_class(course: Course, assignment: str, people: dict[str, Person]) -> Class:
    """Read the gradebook and look at the folders; raise CourseError if the assignment was not released."""
    known = records.read(course, assignment)
    return Class(known, people, handins.hand_ins(course, known))


def read_notebooks(course: Course, group: Class) -> Iterator[Result]:
    """Read every graded notebook into the class and yield each result; one that cannot be read stops no other."""
    for student in group.marked:
        yield attempt(student, partial(_read_notebooks, course, group, student))


def _read_notebooks(course: Course, group: Class, student: str) -> State:
    group.graded[student] = graded.read(course.autograded(student, group.assignment), student)
    return "done"
