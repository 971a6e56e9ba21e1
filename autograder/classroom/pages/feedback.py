"""What a student reads of a graded submission, as a page; its sentences are in `templates/feedback.html`.

Test cells are never shown: of a test the page knows its name, points and the words that the judge chose. What the
student wrote and printed in their own cells is shown as text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.classroom.gradebook import graded
from autograder.classroom.gradebook.graded import Answer, GradedNotebook, Json, RubricItem
from autograder.classroom.pages.languages import ENGLISH, Language
from autograder.classroom.pages.templating import render

MOST_CELLS = 200


@dataclass
class ItemLine:
    """One rubric item: its name, the points given (None: not graded yet) and what to say about it."""

    title: str
    points: float | None
    max_points: float
    reasons: list[str] = field(default_factory=list)
    example: Json | None = None


@dataclass
class Section:
    """One function or written answer: the student's text, the rubric, a person's comment."""

    title: str
    source: str = ""
    written: bool = False
    outputs: tuple[str, ...] = ()
    lines: list[ItemLine] = field(default_factory=list)
    findings: list[Json] = field(default_factory=list)
    comment: str = ""

    @property
    def lost(self) -> list[ItemLine]:
        """The items that did not get all their points, or are not graded yet."""
        return [line for line in self.lines if line.points is None or line.points < line.max_points]

    @property
    def is_wrong(self) -> bool:
        """Whether points were lost, not counting those that a person has still to give."""
        return any(line.points is not None for line in self.lost)

    @property
    def earned(self) -> list[ItemLine]:
        """The items that got all their points."""
        return [line for line in self.lines if line not in self.lost]

    @property
    def points(self) -> float | None:
        """The points so far, None if nobody has given any."""
        known = [line.points for line in self.lines if line.points is not None]
        return sum(known) if known else None

    @property
    def max_points(self) -> float:
        """The points that can be had."""
        return sum(line.max_points for line in self.lines)


def page(notebook: Json, info: Json, language: Language = ENGLISH) -> str:
    """The page as HTML.

    `notebook` is a graded notebook with nbgrader's scores and comments in the cells' metadata
    (`GetGrades`), `info` has the keys `student`, `assignment`, `score`, `max_score` and `late_penalty`.
    """
    found = graded.parse(notebook)
    questions = _questions(found, language.tell)
    score, most = float(info["score"] or 0), float(info["max_score"] or 0)
    return render(
        "feedback.html",
        tag=language.tag,
        say=language.say,
        tell=language.tell,
        student=info["student"],
        title=language.tell(found.title or info["assignment"]),
        score=score,
        max_score=most,
        share=max(0.0, min(1.0, score / most)) if most else 0.0,
        late_penalty=float(info["late_penalty"] or 0),
        waiting=sum(line.points is None for question in questions for line in question.lines),
        questions=questions,
        notes=found.notes,
        own_cells=found.own[:MOST_CELLS],
        trusted="trusted" in (found.layers or ()),
    )


def _questions(found: GradedNotebook, tell: Callable[[str], str]) -> list[Section]:
    """The questions that lost points, then the others, each test with the function that it belongs to."""
    questions: dict[str, Section] = {}
    for cell in found.cells:
        name = cell.name if isinstance(cell, Answer) else cell.function
        question = questions.setdefault(name, Section(name))
        if isinstance(cell, Answer):
            question.title, question.source, question.written = cell.title, cell.source, cell.written
            question.outputs, question.comment = cell.outputs, cell.about.get("comment") or ""
        else:
            question.lines.append(_line(cell, question))
    titles = {item.name: tell(item.title) for item in found.items}
    for finding in found.findings:
        if finding["function"] in questions:
            explained = [titles[name] for name in finding["items"] if name in titles]
            questions[finding["function"]].findings.append({**finding, "items": explained})
    asked = [question for question in questions.values() if question.lines]
    return sorted(asked, key=lambda question: not question.is_wrong)


def _line(item: RubricItem, question: Section) -> ItemLine:
    reasons = [] if item.cause else list(item.reasons)  # a cause is said once, above
    line = ItemLine(item.title, _points(item), float(item.about["points"]), reasons, item.example)
    if item.judged is not None and line.points != item.judged:
        line.reasons.append("A person set these points.")
    _shorten(question, line)
    return line


def _points(item: RubricItem) -> float | None:
    """The points in the gradebook, None while a person has still to give them (nbgrader's own sum says 0)."""
    score = item.about.get("score")
    return None if score is None or item.about.get("awaits_a_person") else float(score)


def _shorten(question: Section, line: ItemLine) -> None:
    """Shows a traceback once in a question, however many items fail by the same exception."""
    earlier = [other.example["returned"] for other in question.lines if other.example]
    if line.example and line.example["traceback"] and line.example["returned"] in earlier:
        line.example = {**line.example, "traceback": ""}
