"""What stock nbgrader really takes away for every answer of the table, and where the judge differs from it.

    python -m tests.grading.stock_table                         # every answer: about ten minutes on one core
    python -m tests.grading.stock_table 02-sigmoid --some 4     # four notebooks of one assignment
    python -m tests.grading.stock_table --out differences.md    # the list of differences, with reasons

Answers to different functions share a notebook, as far as they cannot get in each other's way, and the notebooks
of one assignment share one `nbgrader autograde`. Exits with 1 when a row of the table is not what happened.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.grading import real
from tests.grading.packs import Pack, packs
from tests.support import answers, courses
from tests.support.answers import Answer
from tests.support.stock_scores import stock_scores


@dataclass(frozen=True)
class Difference:
    """An answer for which stock nbgrader took away something else than its row says."""

    answer: Answer
    lost: frozenset[str]

    def __str__(self) -> str:
        more, less = self.lost - self.answer.stock_loses, self.answer.stock_loses - self.lost
        return f"{self.answer.assignment} {self.answer}: lost besides {sorted(more)}, kept {sorted(less)}"


def some(made: Sequence[Pack], count: int) -> list[Pack]:
    """A sample of packs, the same every time, spread over the table."""
    step = max(1, len(made) // max(1, count))
    return list(made[::step])[:count]


def differences(assignment: str, made: Sequence[Pack]) -> list[Difference]:
    """Grade the packs with stock nbgrader; the answers for which it differs from the table.

    Where a whole notebook differs, each of its answers is graded in a notebook of its own.
    """
    with tempfile.TemporaryDirectory(prefix="stock-table-") as folder:
        lost = _graded(Path(folder, "together"), assignment, made)
        doubtful = [p for p, found in zip(made, lost, strict=True) if found != _expected(p)]
        single = [{a.function: a} for pack in doubtful for a in pack.values()]
        alone = _graded(Path(folder, "alone"), assignment, single) if single else []
    found = [Difference(*pack.values(), items) for pack, items in zip(single, alone, strict=True)]
    return [difference for difference in found if difference.lost != difference.answer.stock_loses]


def _expected(pack: Pack) -> frozenset[str]:
    return frozenset().union(*(answer.stock_loses for answer in pack.values()))


def _graded(folder: Path, assignment: str, made: Sequence[Pack]) -> list[frozenset[str]]:
    """What each pack lost in stock nbgrader, by the ids of the test cells."""
    courses.configure(folder, stock=True)
    shutil.copytree(answers.ROOT / "solutions" / assignment, folder / "solutions" / assignment)
    for number, pack in enumerate(made):
        path = folder / "class" / "submitted" / f"pack-{number:03}" / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True)
        code = {**answers.reference(assignment), **{name: answer.code for name, answer in pack.items()}}
        nbformat.write(answers.fill(real.released(assignment), code), path)
    done = courses.nbgrader_release_and_autograde(folder, assignment)
    if done.returncode:
        raise RuntimeError(f"nbgrader failed: {done.stderr[-2000:]}")
    lost: dict[str, set[str]] = {f"pack-{number:03}": set() for number in range(len(made))}
    tests = answers.test_cells(answers.source_notebook(assignment))
    for student, cell, score, points in stock_scores(folder / "class" / "gradebook.db"):
        if cell in tests and (score or 0) < points:
            lost[student].add(cell)
    return [frozenset(lost[student]) for student in sorted(lost)]


def listed(assignments: Sequence[str]) -> Iterator[str]:
    """The rows of the table in which judge and stock nbgrader differ, as Markdown, with their reasons."""
    rows = [answer for name in assignments for answer in answers.load(name)]
    differing = [answer for answer in rows if answer.stock_loses != answer.loses]
    yield f"Judge and stock nbgrader agree on {len(rows) - len(differing)} of {len(rows)} answers.\n"
    for reason, count in Counter(answer.stock_reason for answer in differing).most_common():
        yield f"- {count} times: {reason}"
    yield "\n| assignment | answer | judge | stock nbgrader | reason |\n|---|---|---|---|---|"
    for answer in differing:
        judge, stock = (", ".join(sorted(items)) or "nothing" for items in (answer.loses, answer.stock_loses))
        yield f"| {answer.assignment} | {answer} | {judge} | {stock} | {answer.stock_reason} |"


def main() -> int:
    """Grade and print; 0 when every row is right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", nargs="*", help="assignments (default: all that have a table)")
    parser.add_argument("--some", type=int, help="at most so many notebooks of each")
    parser.add_argument(
        "--out", type=Path, help="write the differences between judge and stock nbgrader here"
    )
    options = parser.parse_args()
    names = options.assignment or answers.assignments()
    wrong = 0
    for name in names:
        made = packs(name)
        made = some(made, options.some) if options.some else made
        found = differences(name, made)
        wrong += len(found)
        print(
            f"{name}: {sum(map(len, made))} answers in {len(made)} notebooks, {len(found)} rows differ",
            flush=True,
        )
        for difference in found:
            print(f"  {difference}", flush=True)
    if options.out:
        options.out.write_text("\n".join(listed(names)) + "\n", encoding="utf-8")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
