"""The table of answers: for every function, right and wrong ones, and the test cells that each loses.

One file per assignment, `tests/answers/<assignment>.toml`. Every grader is held to it.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests" / "answers"
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Answer:
    """One way to fill one solution cell, and the exact test cells (by `grade_id`) that it loses."""

    assignment: str
    function: str
    name: str
    right: bool
    code: str
    loses: frozenset[str]
    stock_loses: frozenset[str]
    stock_reason: str = ""

    def __str__(self) -> str:
        return f"{self.function}: {self.name}"


def assignments() -> list[str]:
    """Return the assignments that have a table, in order."""
    return sorted(path.stem for path in ANSWERS.glob("*.toml"))


def load(assignment: str) -> list[Answer]:
    """Return the answers of an assignment. Where the table is silent, stock nbgrader takes away the same."""
    table = tomllib.loads((ANSWERS / f"{assignment}.toml").read_text(encoding="utf-8"))
    return [_answer(assignment, entry) for entry in table["answer"]]


def _answer(assignment: str, entry: dict) -> Answer:
    loses = frozenset(entry["loses"])
    return Answer(
        assignment=assignment,
        function=entry["function"],
        name=entry["name"],
        right=entry["right"],
        code=entry["code"].strip("\n"),
        loses=loses,
        stock_loses=frozenset(entry.get("stock_loses", loses)),
        stock_reason=entry.get("stock_reason", ""),
    )


def source_notebook(assignment: str) -> NotebookNode:
    """Return the instructor's notebook, with solutions and hidden tests."""
    return _read("solutions", assignment)


def release_notebook(assignment: str) -> NotebookNode:
    """Return the notebook that students get."""
    return _read("exercises", assignment)


def _read(folder: str, assignment: str) -> NotebookNode:
    return nbformat.read(ROOT / folder / assignment / f"{assignment}.ipynb", as_version=4)


def grade_id(cell: NotebookNode) -> str:
    """Return the `grade_id` of a cell, or an empty string where it has none."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def solution_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the cells that a student fills with code, by function."""
    return {
        grade_id(cell): cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def test_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the automatically graded cells, by `grade_id`."""
    return {
        grade_id(cell): cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
    }


def fill(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Return a copy of the notebook with the given functions' solution cells holding the given code."""
    filled = copy.deepcopy(notebook)
    cells = solution_cells(filled)
    for function, code in answers.items():
        cells[function].source = code
    return filled


def reference(assignment: str) -> dict[str, str]:
    """Return the instructor's solution of every function, without the solution marks."""
    cells = solution_cells(source_notebook(assignment))
    return {function: _without_marks(cell.source) for function, cell in cells.items()}


def _without_marks(source: str) -> str:
    marks = (BEGIN_SOLUTION, END_SOLUTION)
    return "\n".join(line for line in source.split("\n") if line.strip() not in marks)
