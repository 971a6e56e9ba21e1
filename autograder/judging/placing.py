"""The order of a restored notebook: the student's, with the instructor's cells put back where they belong.

As long as the instructor's cells that are there stand in the instructor's order, nothing moves. If they do
not, the student's code keeps its order and the locked cells are placed anew: set-up before the code that may
need it, tests after the code they test.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.judging.assignment import Assignment, SourceCell
from autograder.judging.pieces import Piece

_WORD = re.compile(r"\w+")


@lru_cache(maxsize=2000)
def _words(source: str) -> frozenset[str]:
    """The words in an instructor's cell."""
    return frozenset(_WORD.findall(source))


@dataclass(frozen=True)
class Placed:
    """The cells in running order, and what was moved or put back, in words."""

    cells: tuple[Piece, ...]
    notes: tuple[str, ...]


def place(assignment: Assignment, pieces: Sequence[Piece]) -> Placed:
    """Orders the pieces and puts back each of the assignment's cells that is missing."""
    line = _Line(assignment, [part for piece in pieces for part in (*piece.before, piece)])
    line.take_out_misplaced()
    for source in assignment.by_id.values():
        line.put_back(source)
    return Placed(tuple(line.cells), tuple(line.notes))


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
            functions = sorted({self._function(cell.id) for cell in early})
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

    def _function(self, test_id: str) -> str:
        return next((name for name in self.assignment.functions if test_id.startswith(f"{name}-")), test_id)

    def _definitions(self) -> dict[str, int]:
        """Where each asked-for name is first defined by the student's code."""
        found: dict[str, int] = {}
        for index, cell in enumerate(self.cells):
            if cell.runs == "student":
                for name in cell.names & self.assignment.functions.keys():
                    found.setdefault(name, index)
        return found

    def _tested(self, cell: Piece) -> frozenset[str]:
        """The functions asked for above a test cell that the test uses."""
        if cell.runs != "test":
            return frozenset()
        rank, functions = self.rank[cell.id], self.assignment.functions
        words = functions.keys() & _words(cell.source)
        return frozenset(name for name in words if self.rank[functions[name]] < rank)

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
