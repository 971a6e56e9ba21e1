"""All that the gradebook holds about an assignment, read in a handful of queries however large the class is.

nbgrader's own objects ask the database anew for every grade: for a thousand submissions that takes minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import select

from autograder.classroom.course import Course
from autograder.classroom.errors import not_released
from autograder.classroom.gradebook import opened

_FEW = 500  # keys that a query may name: beyond, reading all is as fast


@dataclass(frozen=True)
class GradedCell:
    """A graded cell as it was released; `by_hand`: a person gives the points."""

    notebook: str
    name: str
    max_points: float
    by_hand: bool


@dataclass(frozen=True)
class Mark:
    """What one graded cell of a submission got; None where nobody has given anything."""

    auto: float | None
    manual: float | None
    extra: float | None
    by_hand: bool  # a person has still to look at it

    @property
    def points(self) -> float:
        """The points as nbgrader counts them: a person's before the judge's, with what is extra."""
        given = self.auto if self.manual is None else self.manual
        return 0.0 if given is None else given + (self.extra or 0.0)

    @property
    def given(self) -> bool:
        """Whether there are points, from the judge or from a person."""
        return self.auto is not None or self.manual is not None


@dataclass
class NotebookGrades:
    """One notebook of a submission: grades and comments by the name of the cell."""

    penalty: float = 0.0
    flagged: bool = False
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


@dataclass
class SubmissionRecord:
    """One submission: its notebooks by name; times are in UTC, without a zone."""

    student: str
    handed_in: datetime | None
    due: datetime | None
    notebooks: dict[str, NotebookGrades] = field(default_factory=dict)

    @property
    def marks(self) -> dict[tuple[str, str], Mark]:
        """The marks of all notebooks, by notebook and cell."""
        return {
            (name, cell): mark
            for name, notebook in self.notebooks.items()
            for cell, mark in notebook.marks.items()
        }

    @property
    def late(self) -> bool:
        """Whether it came after the due date, with the student's extension."""
        return bool(self.handed_in and self.due and self.handed_in > self.due)

    @property
    def penalty(self) -> float:
        """The points taken off for being late."""
        return sum(notebook.penalty for notebook in self.notebooks.values())

    @property
    def points(self) -> float:
        """The points so far, before a penalty."""
        return sum(mark.points for mark in self.marks.values())

    @property
    def score(self) -> float:
        """The points so far, after the penalty, and never below zero."""
        return max(0.0, self.points - self.penalty)

    @property
    def by_hand(self) -> bool:
        """Whether a person has still to look at something in it."""
        return any(mark.by_hand for mark in self.marks.values())


@dataclass(frozen=True)
class Records:
    """One assignment: its graded cells, and the submissions that were graded at some time, by student."""

    assignment: str
    due: datetime | None
    cells: tuple[GradedCell, ...]
    by_student: dict[str, SubmissionRecord]

    @property
    def max_points(self) -> float:
        """The points that can be had."""
        return sum(cell.max_points for cell in self.cells)

    def max_of(self, notebook: str) -> dict[str, float]:
        """The points that can be had in each graded cell of a notebook."""
        return {cell.name: cell.max_points for cell in self.cells if cell.notebook == notebook}


def assignments(course: Course) -> list[str]:
    """Return the names of the assignments that the gradebook has, in alphabetical order."""
    with opened(course) as gradebook:
        return sorted(gradebook.db.scalars(select(Assignment.name)))


def read(course: Course, assignment: str, students: Collection[str] = ()) -> Records:
    """Read the records of an assignment, of a few `students` alone if any are named.

    Raises CourseError if the gradebook does not have the assignment.
    """
    with opened(course) as gradebook:
        columns = (Assignment.id, Assignment.duedate)
        found = gradebook.db.execute(select(*columns).where(Assignment.name == assignment)).first()
        if found is None:
            raise not_released(assignment)
        key, due = found
        by_student = _submissions(gradebook.db, key, due, students)
        return Records(assignment, due, tuple(_cells(gradebook.db, key)), by_student)


def _cells(db: Any, assignment: str) -> Iterable[GradedCell]:
    """The graded cells, those of a notebook in the order of their names."""

    def rows(kind: Any, *columns: Any) -> list[Any]:
        query = select(Notebook.name, kind.name, *columns).join(Notebook, kind.notebook_id == Notebook.id)
        return list(db.execute(query.where(Notebook.assignment_id == assignment)))

    answers = {(notebook, name) for notebook, name in rows(SolutionCell)}
    graded = rows(GradeCell, GradeCell.max_score, GradeCell.cell_type)
    tasks = rows(TaskCell, TaskCell.max_score)
    cells = [
        GradedCell(notebook, name, most, (notebook, name) in answers or kind != "code")
        for notebook, name, most, kind in graded
    ]
    cells += [GradedCell(notebook, name, most, True) for notebook, name, most in tasks]
    return sorted(cells, key=lambda cell: (cell.notebook, cell.name))


def _submissions(
    db: Any, assignment: str, due: datetime | None, students: Collection[str]
) -> dict[str, SubmissionRecord]:
    columns = (SubmittedAssignment.id, SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
    query = select(*columns, SubmittedAssignment.extension)
    query = query.where(SubmittedAssignment.assignment_id == assignment)
    if 0 < len(students) <= _FEW:
        query = query.where(SubmittedAssignment.student_id.in_(students))
    records = {}
    for key, student, handed_in, extension in db.execute(query):
        records[key] = SubmissionRecord(student, handed_in, due + extension if due and extension else due)
    columns = (SubmittedNotebook.assignment_id, SubmittedNotebook.id, Notebook.name)
    query = select(*columns, SubmittedNotebook.late_submission_penalty, SubmittedNotebook.flagged)
    query = query.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
    notebooks = {}
    for key, own, name, penalty, flagged in db.execute(query.where(Notebook.assignment_id == assignment)):
        if key in records:
            notebooks[own] = records[key].notebooks[name] = NotebookGrades(penalty or 0.0, bool(flagged))
    given = (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
    for notebook, cell, *mark in _of_cells(db, assignment, Grade, given, notebooks):
        notebooks[notebook].marks[cell] = Mark(*mark)
    for notebook, cell, text in _of_cells(db, assignment, Comment, (Comment.comment,), notebooks):
        notebooks[notebook].comments[cell] = text or ""
    return {record.student: record for record in sorted(records.values(), key=lambda record: record.student)}


def _of_cells(
    db: Any, assignment: str, kind: Any, columns: tuple[Any, ...], notebooks: Collection[str]
) -> Iterable[Any]:
    """Rows of these notebooks: the submitted notebook's key, the cell's name, the columns asked for."""
    query = select(kind.notebook_id, BaseCell.name, *columns).join(BaseCell, kind.cell_id == BaseCell.id)
    query = query.join(Notebook, BaseCell.notebook_id == Notebook.id)
    query = query.where(Notebook.assignment_id == assignment)
    if len(notebooks) <= _FEW:
        query = query.where(kind.notebook_id.in_(notebooks))
    return (row for row in db.execute(query) if row[0] in notebooks)


@dataclass(frozen=True)
class Total:
    """What one submission has, before and after a penalty. `by_hand`: a person has still to grade something in it."""

    points: float
    max_points: float
    by_hand: bool
    penalty: float = 0.0

    @property
    def score(self) -> float:
        """The points after the penalty, and never below zero."""
        return max(0.0, self.points - self.penalty)

    def as_json(self) -> dict[str, float | bool]:
        """All of it as plain values."""
        return {**vars(self), "score": self.score}


def scores(course: Course, assignment: str, students: Collection[str] = ()) -> dict[str, Total]:
    """Return the score of every submission of an assignment that has been graded, by student, as `read` does."""
    known = read(course, assignment, students)
    return {
        student: Total(record.points, known.max_points, record.by_hand, record.penalty)
        for student, record in known.by_student.items()
        if course.is_graded(student, assignment)
    }
