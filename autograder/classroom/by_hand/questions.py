"""The questions that a person grades, all students' answers to one of them as they stand, and its rubric.

A rubric's lines are given again and again; they have a table of their own beside nbgrader's. A line that was given
stands in the student's comment, so that the formgrader, the feedback and another browser show the same, and nothing
else has to agree with it.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import (
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from autograder.classroom.course import Course
from autograder.classroom.gradebook import graded, history, opened, records
from autograder.classroom.gradebook.graded import Answer

MOST_EARLIER = 40  # earlier comments to choose from
_METADATA = MetaData()
_TABLE = Table(
    "autograder_rubric",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("assignment", String(128), nullable=False, index=True),
    Column("notebook", String(128), nullable=False),
    Column("cell", String(255), nullable=False),
    Column("words", Text, nullable=False),
    Column("points", Float, nullable=False),
    sqlite_autoincrement=True,
)
_OWN = re.compile(r"(\d+(?:\.\d+)?) points?: ((?:[^.]|\.(?=\S))+)")


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
class ByHand:
    """What a person gave for an answer: points (None: none yet) and a comment."""

    points: float | None = None
    comment: str = ""


@dataclass(frozen=True)
class Sheet:
    """One student's answer and what it got: from the judge, from a person, and whether somebody has still to look."""

    student: str
    answer: Answer
    judged: float | None
    given: ByHand
    waits: bool
    remark: str = ""
    extra: float = 0.0


@dataclass(frozen=True)
class Own:
    """What the instructor's notebook says of a question: its text, and the instructor's own answer."""

    asked: str = ""
    answer: str = ""


@dataclass(frozen=True)
class RubricLine:
    """One line of a rubric; `points` may be negative."""

    number: int
    words: str
    points: float

    @property
    def said(self) -> str:
        """The line as it stands in a comment."""
        return f"{self.words} ({self.points:+g})" if self.points else self.words


def questions(course: Course, assignments: list[str]) -> list[Question]:
    """Return all questions of the assignments that a person grades, in the order of the notebooks' cells."""
    return [question for name in assignments for question in _of_assignment(course, name)]


def sheets(course: Course, question: Question) -> list[Sheet]:
    """Return every student's answer that is graded, in the order of their ids."""
    with opened(course) as book:
        marks = _rows(book.db, question, api.Grade)
        comments = _rows(book.db, question, api.Comment)
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


def _rows(db: Any, question: Question, model: Any) -> dict[str, Any]:
    """The grades or the comments of a question, by student."""
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
        ByHand(mark.manual_score, said),
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


def rubric(course: Course, question: Question) -> list[RubricLine]:
    """Return the question's rubric, the oldest line first."""
    with opened(course) as book, book.engine.connect() as connection:
        history.create_table(book.engine, _METADATA)
        query = select(_TABLE.c.number, _TABLE.c.words, _TABLE.c.points).where(*_is(question))
        return [RubricLine(*row) for row in connection.execute(query.order_by(_TABLE.c.number))]


def add_lines(course: Course, question: Question, new: Sequence[tuple[str, float]]) -> None:
    """Add lines, each with its points."""
    place = {"assignment": question.assignment, "notebook": question.notebook, "cell": question.cell}
    rows = [{**place, "words": " ".join(words.split()), "points": points} for words, points in new]
    with opened(course) as book, book.engine.begin() as connection:
        history.create_table(book.engine, _METADATA)
        if rows := [row for row in rows if row["words"]]:
            connection.execute(insert(_TABLE), rows)


def remove_line(course: Course, question: Question, number: int) -> None:
    """Take a line out of the rubric; comments that have it keep it."""
    with opened(course) as book, book.engine.begin() as connection:
        history.create_table(book.engine, _METADATA)
        connection.execute(delete(_TABLE).where(*_is(question), _TABLE.c.number == number))


def proposed_lines(own: Own) -> list[tuple[str, float]]:
    """Return the rubric that the instructor's own answer states, as `1 point: the chain rule.`"""
    return [(" ".join(words.split()), float(points)) for points, words in _OWN.findall(own.answer)]


def earlier_comments(sheets: Sequence[Sheet], known: Sequence[RubricLine]) -> list[str]:
    """Return the lines of comments given so far that are not the rubric's, the commonest first."""
    ours = {line.said for line in known}
    said = Counter(
        line.strip() for sheet in sheets for line in sheet.given.comment.splitlines() if line.strip()
    )
    return [line for line, _ in said.most_common() if line not in ours][:MOST_EARLIER]


def _is(question: Question) -> tuple[Any, ...]:
    place = (question.assignment, question.notebook, question.cell)
    return tuple(
        _TABLE.c[name] == value for name, value in zip(("assignment", "notebook", "cell"), place, strict=True)
    )
