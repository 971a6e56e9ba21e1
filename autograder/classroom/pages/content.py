"""The feedback page of one graded notebook: what a student reads, from the notebook that the judge wrote.

Test cells are never shown: of a test the page knows its name, points and the words that the judge chose.
What the student wrote and printed in their own cells is shown as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.classroom.pages.feedback import render

Json = Mapping[str, Any]


@dataclass
class Line:
    """One rubric item: its name, the points given (None: not graded yet) and what to say about it."""

    title: str
    points: float | None
    max_points: float
    reasons: list[str] = field(default_factory=list)
    example: Json | None = None


@dataclass
class Question:
    """One function or written answer: the student's text, the rubric, a person's comment."""

    name: str
    source: str = ""
    written: bool = False
    outputs: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    comment: str = ""


@dataclass
class Page:
    """All that one page says."""

    student: str
    title: str
    score: float
    max_score: float
    late_penalty: float
    questions: list[Question]
    notes: list[str]
    own_cells: list[Question]
    trusted: bool = False


def page(notebook: Json, info: Json) -> str:
    """The page as HTML.

    `notebook` is a graded notebook with nbgrader's scores and comments in the cells' metadata
    (`GetGrades`), `info` has the keys `student`, `assignment`, `score`, `max_score` and `late_penalty`.
    """
    return render(build(notebook, info))


def build(notebook: Json, info: Json) -> Page:
    """What the page of a graded notebook says."""
    record = notebook["metadata"].get("autograder", {})
    title = next((t for t in map(_heading, notebook["cells"]) if t), info["assignment"])
    return Page(
        student=info["student"],
        title=title,
        score=float(info["score"] or 0),
        max_score=float(info["max_score"] or 0),
        late_penalty=float(info["late_penalty"] or 0),
        questions=_questions(notebook, record),
        notes=list(record.get("notes", [])),
        own_cells=[_own_cell(cell) for cell in notebook["cells"] if _is_own(cell)],
        trusted="trusted" in record.get("layers", []),
    )


def _meta(cell: Json) -> Json:
    found: Json = cell["metadata"].get("nbgrader", {})
    return found


def _heading(cell: Json) -> str:
    """The notebook's own title, if the cell is the instructor's and begins with one."""
    source = _text(cell["source"])
    if cell["cell_type"] != "markdown" or not _meta(cell).get("locked") or not source.startswith("# "):
        return ""
    return source.split("\n")[0].removeprefix("# ").strip()


def _questions(notebook: Json, record: Json) -> list[Question]:
    """The questions in the notebook's order, each test with the function that it belongs to."""
    items = {item["id"]: item for item in record.get("feedback", [])}
    questions: dict[str, Question] = {}
    for cell in notebook["cells"]:
        meta = _meta(cell)
        if not meta.get("grade_id"):
            continue
        if meta.get("solution") or meta.get("task"):
            _add_answer(questions, cell, meta)
        elif meta.get("grade"):
            _add_test(questions, meta, items.get(meta["grade_id"], {}))
    return [question for question in questions.values() if question.lines]


def _add_answer(questions: dict[str, Question], cell: Json, meta: Json) -> None:
    question = questions.setdefault(meta["grade_id"], Question(meta["grade_id"]))
    question.source = _text(cell["source"])
    question.written = cell["cell_type"] != "code"
    question.outputs = _outputs(cell)
    question.comment = meta.get("comment") or ""
    if meta.get("grade") or meta.get("task"):
        question.name = meta["grade_id"].replace("-", " ").replace("_", " ").capitalize()
        question.lines.append(Line("Written answer", _points(meta), float(meta["points"])))


def _points(meta: Json) -> float | None:
    """The points in the gradebook, None while a person has still to give them (nbgrader's own sum says 0)."""
    score = meta.get("score")
    return None if score is None or meta.get("awaits_a_person") else float(score)


def _add_test(questions: dict[str, Question], meta: Json, item: Json) -> None:
    name = item.get("function") or meta["grade_id"].split("-")[0]
    line = Line(item.get("title") or meta["grade_id"], _points(meta), float(meta["points"]))
    line.reasons = list(item.get("reasons", []))
    line.example = item.get("example")
    if item and item["points"] is not None and line.points != item["points"]:
        line.reasons.append("A person set these points.")
    question = questions.setdefault(name, Question(name))
    _shorten(question, line)
    question.lines.append(line)


def _shorten(question: Question, line: Line) -> None:
    """Shows a traceback once in a question, however many items fail by the same exception."""
    earlier = [other.example["returned"] for other in question.lines if other.example]
    if line.example and line.example["traceback"] and line.example["returned"] in earlier:
        line.example = {**line.example, "traceback": ""}


def _is_own(cell: Json) -> bool:
    return not _meta(cell).get("grade_id") and cell["cell_type"] == "code"


def _own_cell(cell: Json) -> Question:
    return Question("", _text(cell["source"]), outputs=_outputs(cell))


def _outputs(cell: Json) -> list[str]:
    """What a student's own cell printed, showed or raised, as text."""
    found = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            found.append(_text(output["text"]))
        elif output["output_type"] == "error":
            found.append("\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}")
        else:
            found.append(_text(output["data"].get("text/plain", "")))
    return [text for text in found if text.strip()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)
