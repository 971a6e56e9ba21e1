"""What a graded notebook says: the rubric and what the judge said of it, the answers, how it was graded.

Everything that shows a graded notebook reads it here. Files are read, never run. A notebook that stock nbgrader graded
says nothing of mistakes in words: all else is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.classroom.errors import CourseError

Json = Mapping[str, Any]
WRITTEN = "Written answer"


@dataclass(frozen=True)
class RubricItem:
    """One graded cell; `passed` is None where a person gives the points, `judged` are the judge's points.

    `function` is the answer that it belongs to, `about` nbgrader's marks of its cell.
    """

    name: str
    title: str
    function: str
    passed: bool | None
    reasons: tuple[str, ...] = ()
    example: Json | None = None
    cause: str = ""
    judged: float | None = None
    about: Json = field(default_factory=dict)

    @property
    def called(self) -> str:
        """The answer's name as a person reads it."""
        return in_words(self.function) if self.title == WRITTEN else self.function


@dataclass(frozen=True)
class Answer:
    """What a student wrote in one cell, and what it showed when it ran; `name` is empty in a cell of their own.

    `pictures` are those pasted into its text, as notebooks keep them.
    """

    name: str
    source: str
    written: bool = False
    outputs: tuple[str, ...] = ()
    about: Json = field(default_factory=dict)
    pictures: Json = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name as a person reads it: a function's as it is, a written answer's in words."""
        return in_words(self.name) if self.written else self.name


@dataclass
class GradedNotebook:
    """One graded notebook; `cells` has answers and rubric items in its order, `own` the student's further cells.

    `findings` are what is wrong with each function, as the judge found it. `layers` is None if the notebook does not
    say what confined it.
    """

    title: str = ""
    cells: list[Answer | RubricItem] = field(default_factory=list)
    own: list[Answer] = field(default_factory=list)
    findings: tuple[Json, ...] = ()
    notes: tuple[str, ...] = ()
    layers: tuple[str, ...] | None = None
    digest: str = ""
    engine: str = ""

    @property
    def items(self) -> list[RubricItem]:
        """The rubric."""
        return [cell for cell in self.cells if isinstance(cell, RubricItem)]

    @property
    def answers(self) -> list[Answer]:
        """The answers."""
        return [cell for cell in self.cells if isinstance(cell, Answer)]


def read(folder: Path) -> dict[str, GradedNotebook]:
    """Read all graded notebooks of a folder, by name; raise CourseError if there is none, or one cannot be read."""
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise CourseError(f"{folder} holds no graded notebook: grade the submission again.")
    return {path.stem: read_one(path) for path in paths}


def read_one(path: Path) -> GradedNotebook:
    """Read a graded notebook; raise CourseError if it is none."""
    try:
        return parse(json.loads(path.read_bytes()))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(f"{path} cannot be read: grade the submission again.") from error


def parse(notebook: Json) -> GradedNotebook:
    """Return what a graded notebook says; what is no notebook raises one of Python's own errors."""
    record = notebook["metadata"].get("autograder", {})
    told = {item["id"]: item for item in record.get("feedback", [])}
    found = GradedNotebook(
        findings=tuple(record.get("findings", ())),
        notes=tuple(record.get("notes", ())),
        layers=tuple(record["layers"]) if "layers" in record else None,
        digest=record.get("assignment", ""),
        engine=record.get("engine", ""),
    )
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        found.title = found.title or _heading(cell, about)
        if about.get("grade_id"):
            found.cells += _known_cell(cell, about, told)
        elif cell["cell_type"] == "code":
            found.own.append(Answer("", _text(cell["source"]), outputs=_outputs(cell)))
    return found


def in_words(name: str) -> str:
    """Return the name of a written answer's cell as a person reads it."""
    return name.replace("-", " ").replace("_", " ").capitalize()


def _known_cell(cell: Json, about: Json, told: Json) -> Iterator[Answer | RubricItem]:
    name, written = about["grade_id"], cell["cell_type"] != "code"
    answer = bool(about.get("solution") or about.get("task"))
    if answer:
        pictures = cell.get("attachments", {})
        yield Answer(name, _text(cell["source"]), written, _outputs(cell), about, pictures)
    if about.get("grade") or about.get("task"):
        yield _item(name, told.get(name, {}), about, answer)


def _item(name: str, told: Json, about: Json, answer: bool) -> RubricItem:
    return RubricItem(
        name,
        WRITTEN if answer else told.get("title") or name,
        name if answer else told.get("function") or name.split("-")[0],
        told.get("passed"),
        tuple(told.get("reasons", ())),
        told.get("example"),
        told.get("cause") or "",
        told.get("points"),
        about,
    )


def _heading(cell: Json, about: Json) -> str:
    """The notebook's own title, if the cell is the instructor's and begins with one."""
    source = _text(cell["source"])
    locked = cell["cell_type"] == "markdown" and about.get("locked")
    return source.split("\n")[0][2:].strip() if locked and source.startswith("# ") else ""


def _outputs(cell: Json) -> tuple[str, ...]:
    """What a cell printed, showed or raised, as text."""
    found = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            found.append(_text(output["text"]))
        elif output["output_type"] == "error":
            found.append("\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}")
        else:
            found.append(_text(output["data"].get("text/plain", "")))
    return tuple(text for text in found if text.strip())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value)
