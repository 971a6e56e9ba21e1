"""Writes a feedback page as one HTML file that needs nothing else: no script, no network.

Everything that a student wrote is escaped text.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograder.classroom.pages.document import document
from autograder.classroom.pages.feedback_style import STYLE
from autograder.classroom.pages.text import number, plain

if TYPE_CHECKING:
    from autograder.classroom.pages.content import Line, Page, Question

MOST_CELLS = 200


def render(page: "Page") -> str:
    """The whole page."""
    questions = [_question(question, place) for place, question in enumerate(page.questions, 1)]
    body = [_header(page), _notes(page), *questions, _own_cells(page), _footer(page)]
    title = f"{plain(page.title)}: feedback for {plain(page.student)}"
    return document(title, "\n".join(part for part in body if part), STYLE)


def _points(points: float | None, max_points: float) -> str:
    return f"{'-' if points is None else number(points)} / {number(max_points)}"


def _header(page: "Page") -> str:
    lines = [line for question in page.questions for line in question.lines]
    awaiting = sum(line.points is None for line in lines)
    parts = [
        f'<header>\n<p class="student">Feedback for {plain(page.student)}</p>\n<h1>{plain(page.title)}</h1>',
        f'<p class="total"><strong>{number(page.score)}</strong> of {number(page.max_score)} points</p>',
        _bar(page.score, page.max_score),
    ]
    if page.late_penalty:
        taken = number(page.late_penalty)
        parts.append(f"<p>Handed in late: {taken} points were taken off, and are not in this sum.</p>")
    if awaiting:
        answers = "answer is" if awaiting == 1 else "answers are"
        parts.append(f"<p>{awaiting} written {answers} not graded yet.</p>")
    return "\n".join([*parts, _overview(page.questions), "</header>"])


def _bar(score: float, best: float) -> str:
    share = max(0.0, min(1.0, score / best)) if best else 0.0
    return f'<div class="bar" aria-hidden="true"><div style="width:{100 * share:.1f}%"></div></div>'


def _overview(questions: Sequence["Question"]) -> str:
    """A line per question, to see at a glance where the points are."""
    rows = "\n".join(
        f'<li><a href="#q{place}">{_name(question)}</a> <span class="points">{_sum(question)}</span></li>'
        for place, question in enumerate(questions, 1)
    )
    return f'<nav aria-label="Questions"><ul>\n{rows}\n</ul></nav>'


def _name(question: "Question") -> str:
    return plain(question.name) if question.written else f"<code>{plain(question.name)}</code>"


def _sum(question: "Question") -> str:
    known = [line.points for line in question.lines if line.points is not None]
    return _points(sum(known) if known else None, sum(line.max_points for line in question.lines))


def _notes(page: "Page") -> str:
    """What was put right in the notebook before it was graded."""
    if not page.notes:
        return ""
    notes = "\n".join(f"<li>{plain(note)}</li>" for note in page.notes)
    return (
        '<section class="notes" aria-labelledby="notes">\n<h2 id="notes">Put right in your notebook</h2>\n'
        f"<ul>\n{notes}\n</ul>\n</section>"
    )


def _question(question: "Question", place: int) -> str:
    lines = "\n".join(map(_line, question.lines)) if not question.written else ""
    comment = (
        f'<p class="comment"><strong>Comment:</strong> {plain(question.comment)}</p>'
        if question.comment
        else ""
    )
    parts = [
        f'<section class="question" aria-labelledby="q{place}">',
        f'<h2 id="q{place}">{_name(question)} <span class="points">{_sum(question)}</span></h2>',
        comment,
        f'<ul class="rubric">\n{lines}\n</ul>' if lines else "",
        _answer(question),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _line(line: "Line") -> str:
    full = line.points is not None and line.points >= line.max_points
    state, mark = ("right", "\N{CHECK MARK}") if full else ("wrong", "\N{MULTIPLICATION X}")
    words = "right" if full else "partly right" if line.points else "not right"
    reasons = "".join(f'<p class="reason">{plain(reason)}</p>' for reason in line.reasons)
    example = _example(line.example) if line.example else ""
    points = f'<span class="points">{_points(line.points, line.max_points)}</span>'
    return (
        f'<li class="{state}"><span class="mark" aria-hidden="true">{mark}</span>'
        f'<div><p class="item">{plain(line.title)}<span class="hidden"> ({words})</span> {points}</p>'
        f"{reasons}{example}</div></li>"
    )


def _example(example: Mapping[str, Any]) -> str:
    """The fresh counterexample: the call, what came back, and what is wrong with it."""
    raised = bool(example["raised"])
    verb = "raised" if raised else "returned"
    stop = "" if example["problem"].endswith("?") else "."
    problem = "" if raised else f'<p class="reason">Here {plain(example["problem"])}{stop}</p>'
    trace = f'<pre tabindex="0">{plain(example["traceback"])}</pre>' if example["traceback"] else ""
    return (
        f'<div class="example"><p>Try it: <code>{plain(example["call"])}</code></p>'
        f"<p>Your code {verb} <code>{plain(example['returned'])}</code></p>{problem}{trace}</div>"
    )


def _answer(question: "Question") -> str:
    """The student's own text and what it printed."""
    if question.written:
        return f'<div class="written">{plain(question.source)}</div>'
    if not question.source.strip():
        return "<p>No answer.</p>"
    return f"<details><summary>Your code</summary>\n{_code(question)}\n</details>"


def _code(cell: "Question") -> str:
    outputs = "\n".join(f'<pre class="output" tabindex="0">{plain(text)}</pre>' for text in cell.outputs)
    return f'<pre tabindex="0">{plain(cell.source)}</pre>\n{outputs}'


def _own_cells(page: "Page") -> str:
    if not page.own_cells:
        return ""
    cells = "\n".join(map(_code, page.own_cells[:MOST_CELLS]))
    return (
        '<section class="own"><details><summary>Your own cells, as they ran for grading</summary>\n'
        f"{cells}\n</details></section>"
    )


def _footer(page: "Page") -> str:
    text = (
        "The examples to try are not the inputs that were tested: they were drawn for this page, and go "
        "wrong in the same way. You can run every one of them in your own notebook."
    )
    trusted = " Graded without confinement: the submissions were declared trusted." if page.trusted else ""
    return f"<footer><p>{text}{trusted}</p></footer>"
