"""Writes a page that shows what the tests of the assignments see, and what they do not.

python -m tests.mutation.report FILE.html [ASSIGNMENT...]       # a few minutes; Ctrl-C writes what there is
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import jinja2

from tests.mutation import judged, mutants, survivors
from tests.mutation.figures import OfMutants, of_mutants
from tests.mutation.judged import Judged
from tests.mutation.measured import Measured, measure, together
from tests.mutation.summary import rows
from tests.mutation.survivors import Survivor

TEMPLATE = Path(__file__).with_name("report.html.jinja")


@dataclass(frozen=True)
class Item:
    """A test cell: how many mutants lost it, and how many of these lost nothing else."""

    name: str
    points: float
    sees: int
    alone: int


@dataclass(frozen=True)
class Function:
    """What became of the mutants of one function."""

    name: str
    results: list[Judged]
    items: list[Item]

    @property
    def figures(self) -> OfMutants:
        """The mutants in numbers."""
        return of_mutants(self.results)

    @property
    def survivors(self) -> list[tuple[Judged, Survivor | None]]:
        """The mutants that no test sees, each with its entry in the list."""
        listed = survivors.of(self.results[0].mutant.assignment)
        return [(result, listed.get(result.mutant.key)) for result in self.results if result.survived]

    @property
    def by_line(self) -> list[tuple[str, list[Judged]]]:
        """All mutants, by the lines of the solution that they change."""
        groups = groupby(sorted(self.results, key=_was), key=_was)
        return [(was, list(group)) for was, group in groups]


def functions(results: Sequence[Judged]) -> Iterator[Function]:
    """Yield an assignment's functions in the notebook's order."""
    for name, group in groupby(results, key=lambda result: result.mutant.function):
        of_function = list(group)
        yield Function(name, of_function, list(_items(name, of_function)))


def _items(function: str, results: list[Judged]) -> Iterator[Item]:
    sees = Counter(item for result in results for item in result.loses)
    alone = Counter(result.loses[0] for result in results if len(result.loses) == 1)
    for cell in judged.assignment(results[0].mutant.assignment).graded:
        if cell.role == "test" and (cell.id in sees or cell.id.split("-")[0] == function):
            yield Item(cell.id, cell.points, sees[cell.id], alone[cell.id])


def _was(result: Judged) -> str:
    return result.mutant.was


def page(measured: Sequence[Measured]) -> str:
    """Return the page."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    columns = [*measured, together(measured)] if len(measured) > 1 else list(measured)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        figures=[(one.assignment, rows(one)) for one in columns],
        total=together(measured),
        assignments=[(one.assignment, list(functions(one.results))) for one in measured],
    )


def main(file: Path, names: Sequence[str]) -> int:
    """Measure, write, and return the exit status: 130 when it was interrupted."""
    measured, complete = measure(names or mutants.assignments())
    file.write_text(page([one for one in measured if one.results]), encoding="utf-8")
    print(file)
    return 0 if complete else 130


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
