"""Prints how good the tests of the assignments are, in numbers.

    python -m tests.mutation.summary                    # all assignments: a few minutes; Ctrl-C shows what there is
    python -m tests.mutation.summary 02-sigmoid

False zeros are items that an answer of the table lost though it is right there, mistakes missed items that it kept
though it is wrong there. Equivalent mutants lose nothing and are right by the assignment's text; the kill rate is of
the others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.mutation import mutants
from tests.mutation.measured import Measured, measure, together

WIDTH = 100


def rows(measured: Measured) -> dict[str, str]:
    """Return the figures of an assignment as text, by what they count."""
    of_answers, of_mutants = measured.of_answers, measured.of_mutants
    counts = {
        "functions": of_answers.functions,
        "right answers": of_answers.right,
        "wrong answers": of_answers.wrong,
        "false zeros": of_answers.wronged,
        "mistakes missed": of_answers.missed,
        "mutants": of_mutants.mutants,
        "killed": of_mutants.killed,
        "equivalent": of_mutants.equivalent,
        "other survivors": of_mutants.accepted,
    }
    return {**{name: f"{count:,}" for name, count in counts.items()}, "kill rate": f"{of_mutants.rate:.1%}"}


def table(measured: Sequence[Measured]) -> Table:
    """Return the figures of all assignments, and of all together, as columns."""
    made = Table(show_edge=False, pad_edge=False, box=SIMPLE_HEAD)
    made.add_column("")
    columns = [*measured, together(measured)] if len(measured) > 1 else list(measured)
    for one in columns:
        made.add_column(one.assignment.split("-")[0], justify="right")
    figures = [rows(one) for one in columns]
    for name in figures[0]:
        made.add_row(name, *(column[name] for column in figures))
    return made


def main(names: Sequence[str]) -> int:
    """Measure, print, and return the exit status: 130 when it was interrupted."""
    measured, complete = measure(names or mutants.assignments())
    Console(highlight=False, width=WIDTH).print(table([one for one in measured if one.results]))
    return 0 if complete else 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
