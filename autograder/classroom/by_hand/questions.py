"""The questions that a person grades, and all students' answers to one of them as they stand."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.gradebook import graded, opened, records
from autograder.classroom.gradebook.graded import Answer


@dataclass(frozen=True)
class Question:
    """A graded cell whose points a person gives; `waiting` answers have none yet or have changed since."""

    assignment: str
    notebook: str
    cell: str
    max_points: float = field(default=0.0, compare=False)
    waiting: int = field(default=0, compare=False)

    @property
    def title(self) -> str:
        """Its name as a person reads it."""
        return graded.in_words(self.cell)


@dataclass(frozen=True)
class Given:
    """What a person gave for an answer: points (None: none yet) and a comment."""

    points: float | None = None
    comment: str = ""


@dataclass(frozen=True)
class Sheet:
    """One student's answer and what it got: from the judge, from a person, and whether somebody has still to look."""

    student: str
    answer: Answer
    judged: float | None
    given: Given
    waits: bool
    remark: str = ""
    extra: float = 0.0


@dataclass(frozen=True)
class Own:
    """What the instructor's notebook says of a question: its text, and the instructor's own answer."""

    asked: str = ""
    answer: str = ""


def questions(course: Course, assignments: list[str]) -> list[Question]:
    """Return all questions of the assignments that a person grades, in the order of the notebooks' cells."""
    return [question for name in assignments for question in _of_assignment(course, name)]


def sheets(course: Course, question: Question) -> list[Sheet]:
    """Return every student's answer that is graded, in the order of their ids."""
    with opened(course) as book:
        marks = _rows(book.db, question, "Grade")
        comments = _rows(book.db, question, "Comment")
    return [
        _sheet(answer, marks[student], comments.get(student))
        for student in sorted(marks)
        if (answer := _answer(course, question, student))
    ]


def own(course: Course, question: Question) -> Own:
    """Return the question's text and the instructor's answer, both empty where the notebook cannot be read."""
    asked = ""
    for cell in _cells(course.source(question.assignment) / f"{question.notebook}.ipynb"):
        source = "".join(cell["source"])
        if _name(cell) == question.cell:
            return Own(asked, source)
        if cell["cell_type"] == "markdown":
            asked = source
    return Own()


def _of_assignment(course: Course, assignment: str) -> Iterator[Question]:
    known = records.read(course, assignment)
    waiting: dict[tuple[str, str], int] = defaultdict(int)
    for record in known.by_student.values():
        for place, mark in record.marks.items():
            waiting[place] += mark.by_hand
    places = _places(course, assignment)
    cells = [cell for cell in known.cells if cell.by_hand]
    for cell in sorted(cells, key=lambda cell: (cell.notebook, places.get((cell.notebook, cell.name), 0))):
        yield Question(
            assignment, cell.notebook, cell.name, cell.max_points, waiting[cell.notebook, cell.name]
        )


def _places(course: Course, assignment: str) -> dict[tuple[str, str], int]:
    """Where each cell stands in its notebook."""
    return {
        (path.stem, _name(cell)): place
        for path in course.source(assignment).glob("*.ipynb")
        for place, cell in enumerate(_cells(path))
    }


def _cells(path: Path) -> list[dict[str, Any]]:
    """The cells of the instructor's notebook, none where it cannot be read."""
    try:
        return list(json.loads(path.read_bytes())["cells"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _name(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _rows(db: Any, question: Question, kind: str) -> dict[str, Any]:
    """The grades or the comments of a question, by student."""
    from nbgrader import api
    from sqlalchemy import select

    model = getattr(api, kind)
    query = (
        select(api.SubmittedAssignment.student_id, model)
        .join(api.SubmittedNotebook, model.notebook_id == api.SubmittedNotebook.id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .join(api.Notebook, api.SubmittedNotebook.notebook_id == api.Notebook.id)
        .join(api.BaseCell, model.cell_id == api.BaseCell.id)
        .where(api.Assignment.name == question.assignment, api.Notebook.name == question.notebook)
        .where(api.BaseCell.name == question.cell)
    )
    return dict(db.execute(query).all())


def _sheet(answer: tuple[str, Answer], mark: Any, comment: Any) -> Sheet:
    student, cell = answer
    said = (comment.manual_comment or "") if comment else ""
    return Sheet(
        student,
        cell,
        mark.auto_score,
        Given(mark.manual_score, said),
        mark.needs_manual_grade,
        (comment.auto_comment or "") if comment else "",
        mark.extra_credit or 0.0,
    )


def _answer(course: Course, question: Question, student: str) -> tuple[str, Answer] | None:
    """The student's answer; none where the notebook was not handed in or has lost the cell."""
    path = course.autograded(student, question.assignment) / f"{question.notebook}.ipynb"
    if not path.is_file():
        return None
    answers = graded.read_one(path).answers
    return next(((student, answer) for answer in answers if answer.name == question.cell), None)
