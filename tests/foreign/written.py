"""Assignments of other courses, written as Markdown: text, and a fence for each cell or file.

A fence says what it is: "python" an ordinary cell, "python locked NAME", "python answer NAME", "python test NAME
POINTS", "csv file PATH" a file beside it, "python wrong NAME loses TEST..." an answer that costs their points.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FOLDER = Path(__file__).with_name("assignments")
_FENCE = re.compile(r"^```(\w+)(.*?)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_KINDS: dict[str, dict[str, Any]] = {
    "locked": {"locked": True},
    "answer": {"solution": True},
    "test": {"grade": True, "locked": True},
}


@dataclass
class Written:
    """One assignment: its cells, its files, the points of its tests, and its wrong answers with what they lose."""

    name: str
    cells: list[nbformat.NotebookNode] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    loses: set[str] = field(default_factory=set)

    @cached_property
    def answers(self) -> dict[str, str]:
        """The right answers by their cells' names."""
        return {c.metadata.nbgrader.grade_id: c.source for c in self.cells if _is_answer(c)}

    def put_into(self, folder: Path) -> None:
        """Write the instructor's notebook and what lies beside it."""
        for path, content in self.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content + "\n")
        kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        nbformat.write(
            new_notebook(cells=self.cells, metadata={"kernelspec": kernel}), folder / f"{self.name}.ipynb"
        )


def read(path: Path) -> Written:
    """Read an assignment."""
    found, text, end = Written(path.stem), path.read_text(), 0
    for fence in _FENCE.finditer(text):
        _add(found, new_markdown_cell(text[end : fence.start()].strip()))
        _add_fence(found, fence[2].split(), fence[3])
        end = fence.end()
    for number, cell in enumerate(found.cells):
        cell["id"] = f"cell-{number}"
    return found


def every() -> list[Written]:
    """All assignments, in alphabetical order."""
    return [read(path) for path in sorted(FOLDER.glob("*.md"))]


def hand_in(released: Path, to: Path, answers: dict[str, dict[str, str]]) -> None:
    """Copy what was released, with these answers: notebook, then cell, to source."""
    shutil.copytree(released, to)
    for name, cells in answers.items():
        notebook = nbformat.read(to / f"{name}.ipynb", as_version=4)
        for cell in filter(_is_answer, notebook.cells):
            cell.source = cells[cell.metadata.nbgrader.grade_id]
        nbformat.write(notebook, to / f"{name}.ipynb")


def _add_fence(found: Written, words: list[str], code: str) -> None:
    kind, *rest = words or [""]
    if kind == "file":
        found.files[rest[0]] = code
    elif kind == "wrong":
        found.wrong[rest[0]] = code
        found.loses.update(rest[2:])
    else:
        _add(found, new_code_cell(code), kind, *rest)
    if kind == "test":
        found.points[rest[0]] = float(rest[1])


def _add(
    found: Written, cell: nbformat.NotebookNode, kind: str = "", name: str = "", points: str = ""
) -> None:
    if not cell.source:
        return
    if kind:
        marks = {"grade": False, "solution": False, "locked": False, "task": False} | _KINDS[kind]
        marks |= {"grade_id": name, "schema_version": 3} | ({"points": float(points)} if points else {})
        cell.metadata["nbgrader"] = marks
    found.cells.append(cell)


def _is_answer(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))
