"""Measures hidden numbers of one's own: are drawn tests as good as those with the public numbers?

python -m tests.exercises.draws                       # ten draws of every assignment: some minutes each
python -m tests.exercises.draws 02-sigmoid --draws 2
python -m tests.exercises.draws --first 10            # ten others
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from nbformat import NotebookNode
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from assignments.library.draws import Draw
from assignments.library.notebook import notebook
from assignments.library.own import hidden_numbers
from assignments.library.writing import sources
from tests.mutation import judged, mutants, survivors
from tests.support import answers, plain_grading
from tests.support.answers import Answer

SOURCES = sources()


@dataclass
class Drawn:
    """A draw of an assignment, and in what it is not as good as the public numbers."""

    assignment: str
    number: int
    answers: int = 0
    wronged: dict[str, list[str]] = field(default_factory=dict)
    differing: dict[str, list[str]] = field(default_factory=dict)
    mutants: int = 0
    survived: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The share of mutants killed, of those that are not right by the assignment's text."""
        return 1 - len(self.survived) / self.mutants if self.mutants else 1.0


@cache
def drawn(name: str, number: int) -> NotebookNode:
    """Return an assignment's notebook with the hidden numbers of one draw."""
    return notebook(SOURCES[name], Draw(f"{name} {number}"))


def lost(made: NotebookNode, name: str, function: str, code: str) -> frozenset[str]:
    """Return what an answer loses in this notebook, where only the cells that can tell are run."""
    kept = {cell.id for cell in judged.cells(name, function, judged._functions_in(code, name))}
    given = answers.reference(name) | {function: code}
    cells = [
        (cell.id, given.get(cell.id, cell.source), bool(cell.metadata.nbgrader.grade))
        for cell in made.cells
        if cell.cell_type == "code" and cell.id in kept
    ]
    return plain_grading.run(name, cells).lost


def differing(made: NotebookNode, table: Sequence[Answer]) -> Iterator[tuple[Answer, list[str]]]:
    """Yield the answers that lose other items than with the public numbers, with those items."""
    for answer in table:
        other = lost(made, answer.assignment, answer.function, answer.code) ^ answer.loses
        if other:
            yield answer, sorted(other)


def surviving(made: NotebookNode, chosen: Sequence[mutants.Mutant]) -> list[str]:
    """Return the mutants that lose nothing in this notebook."""
    return [
        f"{m.function}: {m.was} -> {m.now}"
        for m in chosen
        if not lost(made, m.assignment, m.function, m.code)
    ]


def wrong_mutants(name: str) -> list[mutants.Mutant]:
    """Return the mutants that are not right by the assignment's text."""
    right = {survivor.key for survivor in survivors.load() if survivor.equivalent}
    return [mutant for mutant in mutants.of(name) if mutant.key not in right]


def measure(name: str, number: int) -> Drawn:
    """Measure one draw."""
    made, found = drawn(name, number), Drawn(name, number)
    table, chosen = answers.load(name), wrong_mutants(name)
    found.answers, found.mutants = len(table), len(chosen)
    for answer, items in differing(made, table):
        (found.wronged if answer.right else found.differing)[str(answer)] = items
    found.survived = surviving(made, chosen)
    return found


def public_numbers(name: str, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return for each draw the hidden public numbers in it that not all of the draws have: those are constants."""
    public = hidden_numbers(answers.source_notebook(name))
    found = {number: public & hidden_numbers(drawn(name, number)) for number in numbers}
    constant = frozenset.intersection(*map(frozenset, found.values()))
    return {number: sorted(known - constant) for number, known in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status: 1 where a draw is not as good."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args(arguments)
    table = Table(show_edge=False, pad_edge=False, box=SIMPLE_HEAD)
    heads = (
        "assignment",
        "draw",
        "answers",
        "right ones wronged",
        "others lose other items",
        "mutants killed",
    )
    for head in (*heads, "public numbers"):
        table.add_column(head, justify="right")
    worst = 0
    for name in given.assignments or answers.assignments():
        numbers = range(given.first, given.first + given.draws)
        public = public_numbers(name, numbers)
        for number in numbers:
            one = measure(name, number)
            one.public = public[number]
            worst |= bool(one.wronged or one.differing or one.public or one.rate < 0.98)
            for kind in ("wronged", "differing", "survived", "public"):
                if shown := getattr(one, kind):
                    print(f"{name} {number} {kind}: {shown}", file=sys.stderr, flush=True)
            counts = (one.answers, len(one.wronged), len(one.differing), f"{one.rate:.1%}", len(one.public))
            table.add_row(name, str(number), *map(str, counts))
    Console(highlight=False, width=110).print(table)
    return worst


if __name__ == "__main__":
    sys.exit(main())
