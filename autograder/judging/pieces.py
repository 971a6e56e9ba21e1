"""The cells of a restored notebook, and whose a handed-in cell is: by its id, its text or what it defines."""

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from autograder.judging.assignment import Assignment, SourceCell, top_level_names
from autograder.judging.reading import CellType, HandedCell

Runs = Literal["student", "setup", "test"]

_EMPTY_BODY = re.compile(r"(pass|\.\.\.|return( None)?|raise NotImplementedError\b.*|#.*)?")
_LONGEST_JOIN = 20_000
_MOST_JOINS = 50


@dataclass(frozen=True)
class Piece:
    """One cell of the restored notebook.

    `runs` says in which part it takes: the student's code, set-up (in worker and judge), a test, or none.
    `origin` is the instructor's cell that it stands for; `before` are student cells to run just before it.
    """

    cell_type: CellType
    source: str
    runs: Runs | None = None
    origin: SourceCell | None = None
    restored: bool = False
    attachments: tuple[tuple[str, dict[str, str]], ...] = ()
    before: "tuple[Piece, ...]" = ()

    @classmethod
    def of_instructor(cls, source: SourceCell, restored: bool = False) -> "Piece":
        """A cell of the instructor's, as the instructor wrote it; an answer cell as it was released."""
        text = source.released if source.solution else source.source
        return cls(source.cell_type, text, _runs_as(source), source, restored)

    @classmethod
    def of_student(cls, cell: HandedCell, as_code: bool = False) -> "Piece":
        """A cell of the student's own."""
        cell_type: CellType = "code" if as_code else cell.cell_type
        runs: Runs | None = "student" if cell_type == "code" else None
        return cls(cell_type, cell.source, runs, attachments=tuple(cell.attachments.items()))

    @classmethod
    def of_answer(cls, source: SourceCell, cell: HandedCell, runs: bool) -> "Piece":
        """The student's answer in an answer cell of the instructor's."""
        part: Runs | None = "student" if runs and source.cell_type == "code" else None
        return cls(source.cell_type, cell.source, part, source, attachments=tuple(cell.attachments.items()))

    def after(self, piece: "Piece") -> "Piece":
        """The same cell with a student's cell to run before it."""
        return replace(self, before=(*self.before, piece))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the cell's code defines at its top level."""
        return top_level_names(self.source) if self.cell_type == "code" else frozenset()

    @property
    def id(self) -> str:
        """The `grade_id` of the instructor's cell, empty for the student's own."""
        return self.origin.id if self.origin else ""


def _runs_as(source: SourceCell) -> Runs | None:
    if source.cell_type != "code":
        return None
    return {"test": "test", "readonly": "setup"}.get(source.role)  # type: ignore[return-value]


def owners(assignment: Assignment, cells: Sequence[HandedCell]) -> list[str | None]:
    """For each handed-in cell the `grade_id` of the instructor's cell that it is; None for the student's own.

    A cell with a known id is that cell. One without (another program dropped the metadata, or it was pasted
    as text) is known by its released text; an answer whose cell is missing, by the function that it defines.
    """
    known = assignment.by_id
    found = [cell.grade_id if cell.grade_id in known else None for cell in cells]
    present = set(found)
    missing = [c for c in known.values() if c.id not in present and c.released.strip() and not c.solution]
    texts = {_squeezed(cell.released): cell.id for cell in missing}
    for index, cell in enumerate(cells):
        if found[index] is None:
            found[index] = texts.get(_squeezed(cell.source)) if texts else None
    _adopt_answers(assignment, cells, found)
    _adopt_written(assignment, cells, found)
    return found


def _adopt_answers(assignment: Assignment, cells: Sequence[HandedCell], found: list[str | None]) -> None:
    """A code cell that defines a function whose answer cell is gone is that answer."""
    for index, cell in enumerate(cells):
        if found[index] is None and cell.cell_type == "code":
            names = sorted(defines(cell) & assignment.functions.keys())
            missing = [assignment.functions[n] for n in names if assignment.functions[n] not in found]
            if missing:
                found[index] = missing[0]


def _adopt_written(assignment: Assignment, cells: Sequence[HandedCell], found: list[str | None]) -> None:
    """A text cell that follows the question of a missing written answer is that answer."""
    if all(cell.id in found for cell in assignment.cells if cell.role == "answer"):
        return
    released = {_squeezed(cell.released) for cell in assignment.cells}
    texts = [_squeezed(cell.source) for cell in cells]
    for question, answer in zip(assignment.cells, assignment.cells[1:], strict=False):
        if answer.role != "answer" or answer.id in found or _squeezed(question.released) not in texts:
            continue
        follows = texts.index(_squeezed(question.released)) + 1
        if follows < len(cells) and found[follows] is None and texts[follows] not in released:
            found[follows] = answer.id


def _squeezed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def same_text(left: str, right: str) -> bool:
    """Whether two cells differ in white space at the ends of lines at most."""
    return left == right or _squeezed(left) == _squeezed(right)


def defines(cell: HandedCell) -> frozenset[str]:
    """The names that a code cell defines at its top level."""
    return top_level_names(cell.source) if cell.cell_type == "code" else frozenset()


def is_unanswered(text: str, source: SourceCell) -> bool:
    """Whether an answer cell is empty, as released, or has only `pass` and the like for the stub."""
    given = {line.strip() for line in source.released.split("\n")}
    own = {line.strip() for line in text.split("\n")} - given
    return all(_EMPTY_BODY.fullmatch(line) for line in own)


def join_split_cells(cells: Sequence[HandedCell]) -> tuple[HandedCell, ...]:
    """Puts together a cell that was split inside a function: the second half begins indented."""
    joined: list[HandedCell] = []
    tries = 0
    for cell in cells:
        split = bool(joined) and tries < _MOST_JOINS and _may_continue(joined[-1], cell)
        tries += split
        if split and _parses(f"{joined[-1].source}\n{cell.source}"):
            joined[-1] = replace(joined[-1], source=f"{joined[-1].source}\n{cell.source}")
        else:
            joined.append(cell)
    return tuple(joined)


def _may_continue(first: HandedCell, second: HandedCell) -> bool:
    if (
        first.cell_type != "code"
        or second.cell_type != "code"
        or second.grade_id not in (None, first.grade_id)
    ):
        return False
    code = second.source.lstrip("\n")
    short = len(first.source) + len(code) <= _LONGEST_JOIN
    return short and code.startswith((" ", "\t")) and "def " in first.source


def _parses(code: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True
