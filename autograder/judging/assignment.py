"""The instructor's side of an assignment: its cells, points and hidden regions, from the source notebook.

The source notebook is the one in `solutions/`. From it follow the released version of each cell (solutions
replaced by a stub, hidden tests removed), as `nbgrader generate_assignment` makes it, and its checksums.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from autograder.judging.model import Model, model_of
from autograder.judging.outcome import Files
from autograder.judging.reading import CellType

Role = Literal["prose", "readonly", "solution", "test", "answer", "task"]

_DEFINITION = re.compile(r"^(?:async +)?def +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE)

_WORD = re.compile(r"\w+")
_DIRECTIVE = re.compile(r"### *(?:HASHED +)?AUTOTEST\b")


class BadAssignment(ValueError):
    """The source notebook cannot be graded against; the message is one line for the instructor."""


@dataclass(frozen=True)
class Stubs:
    """What a student finds where the solution was (nbgrader's `ClearSolutions.code_stub` and `text_stub`)."""

    code: str = '# YOUR CODE HERE\nraise NotImplementedError("not written yet")'
    text: str = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class SourceCell:
    """One cell of the instructor's notebook.

    `id` is its `grade_id`, empty for a cell that nbgrader does not know. `source` has the solutions and
    hidden tests, `released` is what students were given, `checksum` is nbgrader's for the cell with its
    solution cleared. `forbidden` are functions ("numpy.tanh") that answers may not use while this test runs.
    A test that is `shared` runs together with the student's code (see `judging.session`).
    """

    id: str
    role: Role
    cell_type: CellType
    source: str
    released: str
    points: float = 0.0
    grade: bool = False
    solution: bool = False
    locked: bool = False
    checksum: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
    shared: bool = False
    forbidden: tuple[str, ...] = ()

    @property
    def manual(self) -> bool:
        """A person grades this cell."""
        return self.role in ("answer", "task")

    @cached_property
    def texts(self) -> dict[int, str]:
        """The cell as JSON, as graded notebooks have it where it shows nothing, by its execution count."""
        return {}

    @cached_property
    def defines(self) -> frozenset[str]:
        """The names that the cell's code defines at its top level."""
        return top_level_names(self.source) if self.cell_type == "code" else frozenset()


@dataclass(frozen=True)
class Assignment:
    """An assignment: what is graded against. `digest` identifies its content (hexadecimal SHA-256).

    `files` lie beside the notebook; `own` are there for the student's code alone: what was handed in along, and the
    files of which a student's version is kept.
    """

    name: str
    cells: tuple[SourceCell, ...]
    digest: str
    mistakes: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)
    """The known mistakes in each function: from a cause, in a sentence, to its code."""
    files: Files = ()
    own: Files = ()

    def with_own(self, files: Files) -> Assignment:
        """The assignment with what one student handed in along."""
        return replace(self, own=tuple((dict(self.own) | dict(files)).items())) if files else self

    @cached_property
    def by_id(self) -> dict[str, SourceCell]:
        """The cells that have a `grade_id`, by it."""
        return {cell.id: cell for cell in self.cells if cell.id}

    @cached_property
    def model(self) -> Model:
        """What the instructor's own cells define: how far tests may reach into a student's objects."""
        own = (cell.source for cell in self.cells if cell.cell_type == "code" and cell.role != "test")
        beside = {path[:-3].replace("/", "."): data for path, data in self.files if path.endswith(".py")}
        texts = (data.decode("utf-8", "replace") for data in beside.values())
        files = model_of(tuple(texts))
        return model_of(tuple(own), frozenset(files.classes)).beside(tuple(beside), files)

    @cached_property
    def functions(self) -> dict[str, str]:
        """Which solution cell defines each name that students are asked for: name to `grade_id`."""
        return {name: c.id for c in self.cells if c.role == "solution" for name in sorted(c.defines)}

    @cached_property
    def tested(self) -> dict[str, frozenset[str]]:
        """The functions that each test uses, of those that are asked for above it."""
        found, above = {}, set[str]()
        for cell in self.cells:
            if cell.role == "solution":
                above |= cell.defines
            elif cell.role == "test":
                found[cell.id] = frozenset(above & set(_WORD.findall(cell.source)))
        return found

    @cached_property
    def graded(self) -> tuple[SourceCell, ...]:
        """The cells that have points, in order."""
        return tuple(cell for cell in self.cells if cell.grade or cell.role == "task")

    def function_of(self, test_id: str) -> str:
        """The function that a test is of: the longest name that its id starts with; empty if there is none."""
        names = (name for name in self.functions if test_id.startswith(f"{name}-"))
        return max(names, key=len, default="")

    @property
    def max_score(self) -> float:
        """The points of all graded cells together."""
        return sum(cell.points for cell in self.graded)


def top_level_names(source: str) -> frozenset[str]:
    """The names that a cell defines at its top level, read without compiling what a student wrote."""
    return frozenset(name for pair in _DEFINITION.findall(source) for name in pair if name)


def parse_assignment(
    name: str,
    notebook: bytes,
    stubs: Stubs | None = None,
    shared: Collection[str] = (),
    files: Files = (),
    own: Files = (),
) -> Assignment:
    """Reads the instructor's notebook (nbformat 4, nbgrader schema 3); `shared` names the tests to be run together
    with the student's code.

    Raises `BadAssignment` if it is no such notebook, a `grade_id` occurs twice or a region is not closed.
    """
    stubs = stubs or Stubs()
    try:
        content = json.loads(notebook)
        read = (_source_cell(cell, stubs) for cell in content["cells"])
        cells = tuple(replace(cell, shared=True) if cell.id in shared else cell for cell in read)
        known = _mistakes(content.get("metadata", {}).get("autograder", {}).get("mistakes", {}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadAssignment(f"{name}: the instructor's notebook cannot be read: {error}") from error
    ids = [cell.id for cell in cells if cell.id]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise BadAssignment(f"{name}: these grade ids occur twice: {', '.join(twice)}")
    return Assignment(name, cells, _digest(name, cells, known, (*files, *own)), known, files, own)


def _mistakes(record: dict[str, Any]) -> dict[str, dict[str, str | list[str]]]:
    """The table of known mistakes from a notebook's metadata, its codes as text."""
    return {
        function: {cause: code if isinstance(code, list) else str(code) for cause, code in causes.items()}
        for function, causes in record.items()
    }


def has_directive(source: str) -> bool:
    """Whether nbgrader makes tests in this cell at release (`### AUTOTEST f(1)`)."""
    return bool(_DIRECTIVE.search(source))


def instantiated(notebook: bytes, made: Mapping[str, str]) -> bytes:
    """The instructor's notebook with the tests that nbgrader made at release, by `grade_id`, in place of directives."""
    if not _DIRECTIVE.search(notebook.decode("utf-8", "replace")):
        return notebook
    content = json.loads(notebook)
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if has_directive("".join(cell["source"])) and name in made:
            cell["source"] = made[name]
    return json.dumps(content).encode()


def _source_cell(cell: dict[str, Any], stubs: Stubs) -> SourceCell:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    meta: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    cell_type: CellType = cell["cell_type"]
    role = _role(meta)
    cleared = _clear_solution(source, stubs, cell_type) if meta.get("solution") else source
    given = _without_region(cleared, "HIDDEN TESTS", [])[0]
    graded_id = meta["grade_id"] if role != "prose" or meta.get("locked") else ""
    return SourceCell(
        id=graded_id,
        role=role,
        cell_type=cell_type,
        source=source,
        released=_without_region(given, "MARK SCHEME", [])[0] if role == "task" else given,
        points=float(meta.get("points", 0)) if meta.get("grade") or meta.get("task") else 0.0,
        grade=bool(meta.get("grade")),
        solution=bool(meta.get("solution")),
        locked=bool(meta.get("locked")),
        checksum=checksum(cleared, cell_type, meta) if graded_id else "",
        attachments=cell.get("attachments", {}),
        forbidden=_forbidden(cell["metadata"].get("autograder", {}).get("forbidden", [])),
    )


def _forbidden(names: Any) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) and "." in name for name in names):
        raise ValueError(f'forbidden functions are a list of names such as "numpy.tanh", not {names!r}')
    return tuple(names)


def _role(meta: dict[str, Any]) -> Role:
    """What nbgrader's flags make of a cell."""
    if meta.get("task"):
        return "task"
    if meta.get("solution"):
        return "answer" if meta.get("grade") else "solution"
    if meta.get("grade"):
        return "test"
    return "readonly" if meta.get("locked") else "prose"


def _clear_solution(source: str, stubs: Stubs, cell_type: str) -> str:
    """The cell as students get it, by the rules of nbgrader's `ClearSolutions`."""
    stub = (stubs.code if cell_type == "code" else stubs.text).split("\n")
    cleared, found = _without_region(source, "SOLUTION", stub)
    return cleared if found else "\n".join(stub)


def _without_region(source: str, name: str, stub: list[str]) -> tuple[str, bool]:
    """Replaces each `BEGIN name` ... `END name` region by `stub`, indented as the region is."""
    kept: list[str] = []
    inside = found = False
    for line in source.split("\n"):
        if f"BEGIN {name}" in line:
            if inside:
                raise ValueError(f"a {name} region begins inside another")
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + stub_line for stub_line in stub]
            inside = found = True
        elif f"END {name}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise ValueError(f"a {name} region is not closed")
    return "\n".join(kept), found


def checksum(source: str, cell_type: str, meta: dict[str, Any]) -> str:
    """The checksum of `nbgrader.utils.compute_checksum`: not for safety, but to tell "no answer".

    `meta` is the cell's nbgrader metadata.
    """
    grade, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    locked = not solution and (grade or bool(meta.get("locked")))
    parts = [source, cell_type, str(grade), str(solution), str(locked), meta["grade_id"]]
    if grade:
        parts.append(str(float(meta["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _digest(name: str, cells: tuple[SourceCell, ...], known: Mapping[str, Any], files: Files) -> str:
    content = [[c.id, c.role, c.cell_type, c.source, c.released, c.points, *c.forbidden] for c in cells]
    content += [[c.id, "shared"] for c in cells if c.shared]
    content += [[path, hashlib.sha256(data).hexdigest()] for path, data in files]
    return hashlib.sha256(json.dumps([name, content, *([known] if known else [])]).encode()).hexdigest()
