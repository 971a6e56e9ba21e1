"""The cells of a restored notebook, and the order in which they run.

As long as the instructor's cells that are there stand in the instructor's order, nothing moves. If they do
not, the student's code keeps its order and the locked cells are placed anew: set-up before the code that may
need it, tests after the code they test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from autograder.judging.assignment import Assignment, SourceCell, top_level_names
from autograder.judging.reading import CellType, HandedCell

Runs = Literal["student", "setup", "test"]


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


def place(assignment: Assignment, pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], list[str]]:
    """Orders the pieces and puts back what is missing; says what was moved or put back, in words."""
    line = _Line(assignment, [part for piece in pieces for part in (*piece.before, piece)])
    line.take_out_misplaced()
    for source in assignment.by_id.values():
        line.put_back(source)
    return tuple(line.cells), line.notes


class _Line:
    """The cells while they are being ordered."""

    def __init__(self, assignment: Assignment, cells: list[Piece]) -> None:
        self.assignment = assignment
        self.cells = cells
        self.notes: list[str] = []
        self.rank = {grade_id: rank for rank, grade_id in enumerate(assignment.by_id)}
        self.moved: dict[str, Piece] = {}

    def take_out_misplaced(self) -> None:
        """Takes out tests that stand above what they test, or all locked cells if the order is not theirs."""
        ranks = [self.rank[cell.id] for cell in self.cells if cell.id]
        if ranks == sorted(ranks):
            defined = self._definitions()
            early = [
                c
                for i, c in enumerate(self.cells)
                if any(defined[n] > i for n in self._tested(c) & defined.keys())
            ]
            functions = sorted({self.assignment.function_of(cell.id) or cell.id for cell in early})
            self.notes += [
                f"{name} was answered below its tests; they were moved below it." for name in functions
            ]
        else:
            early = [cell for cell in self.cells if cell.origin and cell.origin.locked]
            self.notes.append(
                "The assignment's cells were in another order; the tests were put below the answers."
            )
        self.moved = {cell.id: cell for cell in early}
        self.cells = [cell for cell in self.cells if cell.id not in self.moved]
        self.placed = {cell.id for cell in self.cells}

    def _definitions(self) -> dict[str, int]:
        """Where each asked-for name is first defined by the student's code."""
        found: dict[str, int] = {}
        for index, cell in enumerate(self.cells):
            if cell.runs == "student":
                for name in cell.names & self.assignment.functions.keys():
                    found.setdefault(name, index)
        return found

    def _tested(self, cell: Piece) -> frozenset[str]:
        return self.assignment.tested.get(cell.id, frozenset()) if cell.runs == "test" else frozenset()

    def put_back(self, source: SourceCell) -> None:
        if source.id in self.placed:
            return
        self.placed.add(source.id)
        piece = self.moved.get(source.id)
        if piece is None:
            piece = Piece.of_instructor(source, restored=True)
            self._note_missing(source)
        index = self._place_of_test(piece) if source.role == "test" else self._place_early(source)
        self.cells.insert(index, piece)

    def _note_missing(self, source: SourceCell) -> None:
        answered = any(cell.names & source.defines for cell in self.cells if cell.runs == "student")
        if source.role == "test":
            self.notes.append(f"The test cell {source.id} was missing; it was put back and graded.")
        elif source.role == "solution" and not answered:
            self.notes.append(f"The answer cell {source.id} was missing, and no other cell answers it.")
        elif source.manual:
            self.notes.append(f"The written answer {source.id} was missing; its empty cell was put back.")
        elif source.cell_type == "code":
            self.notes.append(f"The cell {source.id} was missing; it was put back and run.")

    def _place_early(self, source: SourceCell) -> int:
        """Right behind the last cell before it in the assignment, but before all that come after it."""
        rank = self.rank[source.id]
        ranks = [self.rank.get(cell.id, -1) for cell in self.cells]
        after = max((i + 1 for i, r in enumerate(ranks) if 0 <= r < rank), default=0)
        return min([after, *(i for i, r in enumerate(ranks) if r > rank)])

    def _place_of_test(self, test: Piece) -> int:
        """Behind all cells before it in the assignment and the student's own cells that follow them."""
        rank = self.rank[test.id]
        index = 1 + max((i for i, c in enumerate(self.cells) if c.id and self.rank[c.id] < rank), default=-1)
        while index < len(self.cells) and not self.cells[index].id:
            index += 1
        tested = self._tested(test)
        return max([index, *(i + 1 for name, i in self._definitions().items() if name in tested)])
