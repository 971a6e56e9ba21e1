"""Who is in the demo class, what each hands in, and the points that each should get.

The class is in `students.toml`; what they answer is in the table of answers.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.classroom import gradebook
from autograder.classroom.course import Course
from tests.demo_class.edits import EDITS
from tests.support import answers

ASSIGNMENT = "02-sigmoid"
FIRST_HANDED_IN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

SPECIFICATION = Path(__file__).with_name("students.toml")


@dataclass(frozen=True)
class Student:
    """A member of the demo class.

    `right` and `stock` are the points under right and under stock grading, None where a grader can only give
    up; `reason` tells why the two differ.
    """

    id: str
    about: str
    answers: dict[str, str]
    blank: list[str]
    edit: str
    right: float | None
    stock: float | None
    reason: str


@cache
def points() -> dict[str, float]:
    """Return the points of every automatically graded cell."""
    cells = answers.test_cells(answers.source_notebook(ASSIGNMENT))
    return {name: cell.metadata.nbgrader["points"] for name, cell in cells.items()}


def students() -> list[Student]:
    """Return the whole class, in the order of the specification."""
    entries = tomllib.loads(SPECIFICATION.read_text(encoding="utf-8"))["student"]
    table = {(answer.function, answer.name): answer for answer in answers.load(ASSIGNMENT)}
    return [_student(entry, table) for entry in entries]


def _student(entry: dict, table: dict[tuple[str, str], answers.Answer]) -> Student:
    chosen = [table[item] for item in entry.get("answers", {}).items()]
    lost = set(entry.get("loses", ())) | {
        cell for cell in points() if cell.split("-")[0] in entry.get("blank", ())
    }
    right = lost.union(*(answer.loses for answer in chosen))
    stock = lost.union(entry.get("stock_loses", ()), *(answer.stock_loses for answer in chosen))
    graded = entry.get("graded", True)
    reasons = [entry.get("stock_reason", "")] + [answer.stock_reason for answer in chosen]
    return Student(
        id=entry["id"],
        about=entry["about"],
        answers={answer.function: answer.code for answer in chosen},
        blank=entry.get("blank", []),
        edit=entry.get("edit", ""),
        right=_points_without(right) if graded else None,
        stock=_points_without(stock) if graded and entry.get("stock_graded", True) else None,
        reason=next(filter(None, reasons), ""),
    )


def _points_without(lost: set[str]) -> float:
    return sum(worth for cell, worth in points().items() if cell not in lost)


def hand_in(student: Student) -> dict[str, str]:
    """Return the files of a submission, by name."""
    when = FIRST_HANDED_IN + timedelta(minutes=17 * [other.id for other in students()].index(student.id))
    files = {"timestamp.txt": f"{when:%Y-%m-%d %H:%M:%S} UTC\n"}
    if student.edit != "empty_folder":
        name = f"{ASSIGNMENT} (1).ipynb" if student.edit == "rename" else f"{ASSIGNMENT}.ipynb"
        files[name] = _notebook(student)
    return files


def enrol(course: Course) -> None:
    """Enter everybody's name in the gradebook, so that the formgrader can show it."""
    with gradebook.opened(course) as book:
        for student in students():
            first, *rest = student.id.split("-")
            book.update_or_create_student(
                student.id, first_name=first.title(), last_name=" ".join(rest).title()
            )


def _notebook(student: Student) -> str:
    code = answers.reference(ASSIGNMENT) | student.answers
    filled = answers.fill(
        answers.release_notebook(ASSIGNMENT),
        {function: text for function, text in code.items() if function not in student.blank},
    )
    if "step" not in student.blank:
        _write_answers(filled)
    edited = EDITS[student.edit](filled) if student.edit in EDITS else filled
    return edited if isinstance(edited, str) else nbformat.writes(edited) + "\n"


def _write_answers(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and marks.get("solution"):
            cell.source = "Far from zero the curve is nearly flat, so its slope is nearly zero there."


def build(submitted: Path) -> int:
    """Write what the class hands in below `submitted`, only what changed; return the number of new files."""
    strangers = {path.name for path in submitted.glob("*")} - {student.id for student in students()}
    if strangers:
        sys.exit(
            f"{submitted} holds a class of your own ({min(strangers)}, ...): the demo class stays out of it."
        )
    written = 0
    for student in students():
        folder = submitted / student.id / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in hand_in(student).items():
            path = folder / name
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
                written += 1
    return written
