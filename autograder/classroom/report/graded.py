"""What a graded notebook tells the report: the rubric, the mistakes, the answers, how it was graded.

Files are read, never run. A notebook that stock nbgrader graded has no mistakes in words: all else works.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.classroom.errors import CourseError

Json = Mapping[str, Any]

LONGEST_SOURCE = 50_000  # characters of one cell: what is longer is cut before anything looks at it


@dataclass(frozen=True)
class Item:
    """One graded cell of one submission as the judge saw it; `passed` is None where a person gives the points."""

    name: str
    title: str
    function: str
    passed: bool | None
    reasons: tuple[str, ...] = ()
    example: Json | None = None


@dataclass
class Graded:
    """What one submission's graded notebooks say, together.

    `items` are in the notebooks' order, by notebook and cell; `answers` holds the code of the solution cells by
    name, `own` the code that the student put elsewhere; `layers` is None if the notebook does not tell.
    """

    student: str
    title: str = ""
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    layers: tuple[str, ...] | None = None
    digests: list[str] = field(default_factory=list)
    engine: str = ""

    @property
    def source(self) -> str:
        """All code of the student's."""
        return "\n\n".join([*self.answers.values(), *self.own])


def read(folder: Path, student: str) -> Graded:
    """Read a student's graded notebooks; raise CourseError if there is none, or one cannot be read."""
    graded = Graded(student)
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise CourseError(f"{folder} holds no graded notebook: grade the submission again.")
    for path in paths:
        try:
            _add(graded, path.stem, json.loads(path.read_bytes()))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise CourseError(f"{path} cannot be read: grade the submission again.") from error
    return graded


def _add(graded: Graded, name: str, notebook: Json) -> None:
    record = notebook["metadata"].get("autograder", {})
    told = {item["id"]: item for item in record.get("feedback", [])}
    for cell in notebook["cells"]:
        _add_cell(graded, name, cell, told)
    graded.notes += record.get("notes", [])
    graded.engine = record.get("engine", graded.engine)
    graded.digests.append(record.get("assignment", ""))
    if "layers" in record:
        graded.layers = tuple(record["layers"])


def _add_cell(graded: Graded, notebook: str, cell: Json, told: Json) -> None:
    meta = cell["metadata"].get("nbgrader", {})
    name, source = meta.get("grade_id", ""), _text(cell["source"])
    if not name:
        if cell["cell_type"] == "code" and source.strip():
            graded.own.append(source)
        return
    graded.title = graded.title or _heading(cell, meta, source)
    if meta.get("solution") and cell["cell_type"] == "code":
        graded.answers[name] = source
    if meta.get("grade") or meta.get("task"):
        graded.items[notebook, name] = _item(name, told.get(name, {}), bool(meta.get("solution")))


def _item(name: str, told: Json, written: bool) -> Item:
    spelled = name.replace("-", " ").replace("_", " ").capitalize() if written else name
    return Item(
        name,
        "Written answer" if written else told.get("title") or name,
        spelled if written else told.get("function") or name.split("-")[0],
        told.get("passed"),
        tuple(told.get("reasons", ())),
        told.get("example"),
    )


def _heading(cell: Json, meta: Json, source: str) -> str:
    """The notebook's own title, if the cell is the instructor's and begins with one."""
    locked = cell["cell_type"] == "markdown" and meta.get("locked")
    return source.split("\n")[0][2:].strip() if locked and source.startswith("# ") else ""


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else "".join(value)
    return text[:LONGEST_SOURCE]
