"""The pages for grading by hand, filled in: all questions, and all answers to one of them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from autograder.classroom.by_hand import rubric
from autograder.classroom.by_hand.questions import Own, Question, Sheet
from autograder.classroom.pages import safe_markdown
from autograder.classroom.pages.templating import render
from autograder.classroom.report.classes import Names


@dataclass(frozen=True)
class Aliases:
    """How the page calls students: by name, or where names are hidden by a number, in an order that tells nothing."""

    names: Names
    secret: bytes

    def key(self, student: str) -> str:
        """What stands for a student on the page."""
        return hmac.new(self.secret, student.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def order(self, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The order on the page."""
        return (
            sorted(sheets, key=lambda sheet: self.key(sheet.student)) if self.names.hidden else list(sheets)
        )

    def called(self, student: str) -> str:
        """The student's name and id, empty where names are hidden."""
        if self.names.hidden:
            return ""
        name = self.names.called(student)
        return f"{name} ({student})" if name else student


def index(questions: Sequence[tuple[Question, str]]) -> str:
    """All questions with their addresses."""
    groups = groupby(questions, key=lambda pair: pair[0].assignment)
    return render("by_hand_index.html", groups=[(name, list(pairs)) for name, pairs in groups])


def question(
    asked: Question,
    own: Own,
    sheets: Sequence[Sheet],
    lines: Sequence[rubric.Line],
    people: Aliases,
    nonce: str,
) -> str:
    """All answers to one question; the page's own script is the only one that runs, by its nonce."""
    proposed = rubric.proposed(own)
    start = {"lines": as_json(lines), "earlier": rubric.earlier(sheets, lines), "proposed": proposed}
    return render(
        "by_hand.html",
        question=asked,
        asked=_formatted(own.asked),
        own=_formatted(own.answer),
        proposed=proposed,
        answers=[_answer(place, one, people) for place, one in enumerate(people.order(sheets), 1)],
        start=start,
        nonce=nonce,
    )


def as_json(lines: Sequence[rubric.Line]) -> list[dict[str, Any]]:
    """The rubric for the page's script."""
    return [{**asdict(line), "said": line.said} for line in lines]


def _answer(place: int, sheet: Sheet, people: Aliases) -> dict[str, Any]:
    name = people.called(sheet.student)
    source = people.names.masked(sheet.answer.source, sheet.student)
    points = sheet.judged if sheet.given.points is None else sheet.given.points
    return {
        "key": people.key(sheet.student),
        "name": name,
        "called": name or f"answer {place}",
        "html": _formatted(source, sheet.answer.pictures) if sheet.answer.written else "",
        "source": source,
        "outputs": sheet.answer.outputs,
        "blank": not source.strip() or sheet.remark == "No response.",
        "points": "" if points is None else f"{points:g}",
        "judged": "" if sheet.judged is None else f"{sheet.judged:g}",
        "comment": sheet.given.comment,
        "seen": Markup(escape(json.dumps(asdict(sheet.given)))),
        "waits": sheet.waits,
        "extra": sheet.extra,
    }


def _formatted(source: str, pictures: Any = None) -> Markup:
    return Markup(safe_markdown.render(source, pictures)) if source.strip() else Markup()
