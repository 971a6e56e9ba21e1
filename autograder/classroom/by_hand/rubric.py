"""A question's rubric: lines with points that are given again and again, in a table of its own beside nbgrader's.

A line that was given stands in the student's comment, so that the formgrader, the feedback and another browser show the
same, and nothing else has to agree with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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

from autograder.classroom.by_hand.questions import Own, Question, Sheet
from autograder.classroom.course import Course
from autograder.classroom.gradebook import history, opened

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
class Line:
    """One line of a rubric; `points` may be negative."""

    number: int
    words: str
    points: float

    @property
    def said(self) -> str:
        """The line as it stands in a comment."""
        return f"{self.words} ({self.points:+g})" if self.points else self.words


def lines(course: Course, question: Question) -> list[Line]:
    """Return the question's rubric, the oldest line first."""
    with opened(course) as book, book.engine.connect() as connection:
        history.create_table(book.engine, _METADATA)
        query = select(_TABLE.c.number, _TABLE.c.words, _TABLE.c.points).where(*_is(question))
        return [Line(*row) for row in connection.execute(query.order_by(_TABLE.c.number))]


def add(course: Course, question: Question, new: Sequence[tuple[str, float]]) -> None:
    """Add lines, each with its points."""
    place = {"assignment": question.assignment, "notebook": question.notebook, "cell": question.cell}
    rows = [{**place, "words": " ".join(words.split()), "points": points} for words, points in new]
    with opened(course) as book, book.engine.begin() as connection:
        history.create_table(book.engine, _METADATA)
        if rows := [row for row in rows if row["words"]]:
            connection.execute(insert(_TABLE), rows)


def remove(course: Course, question: Question, number: int) -> None:
    """Take a line out of the rubric; comments that have it keep it."""
    with opened(course) as book, book.engine.begin() as connection:
        history.create_table(book.engine, _METADATA)
        connection.execute(delete(_TABLE).where(*_is(question), _TABLE.c.number == number))


def proposed(own: Own) -> list[tuple[str, float]]:
    """Return the rubric that the instructor's own answer states, as `1 point: the chain rule.`"""
    return [(" ".join(words.split()), float(points)) for points, words in _OWN.findall(own.answer)]


def earlier(sheets: Sequence[Sheet], rubric: Sequence[Line]) -> list[str]:
    """Return the lines of comments given so far that are not the rubric's, the commonest first."""
    ours = {line.said for line in rubric}
    said = Counter(
        line.strip() for sheet in sheets for line in sheet.given.comment.splitlines() if line.strip()
    )
    return [line for line, _ in said.most_common() if line not in ours][:MOST_EARLIER]


def _is(question: Question) -> tuple[Any, ...]:
    place = (question.assignment, question.notebook, question.cell)
    return tuple(
        _TABLE.c[name] == value for name, value in zip(("assignment", "notebook", "cell"), place, strict=True)
    )
