"""What a mutant loses, in a notebook that is right but for it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache

from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell, CellKind, Outcome
from autograder.judging.session import judge_submission
from tests.mutation.mutants import Mutant
from tests.support import answers, plain_grading

LIMITS = Limits(call=3.0, patience=0.1, cell=5.0, submission=60.0)  # an endless loop costs six seconds
KINDS: dict[str, CellKind] = {"readonly": "setup", "solution": "student", "test": "test"}


@dataclass(frozen=True)
class Judged:
    """A mutant and the items that it loses, in the notebook's order."""

    mutant: Mutant
    loses: tuple[str, ...]

    @property
    def survived(self) -> bool:
        """Whether no test saw the fault."""
        return not self.loses


def judge(mutants: Iterable[Mutant], warm: Warm) -> Iterator[Judged]:
    """Judge each mutant: in a process of its own if running its cells here finds nothing wrong with it."""
    for mutant in mutants:
        parts = mutant.assignment, mutant.function, mutant.code
        yield Judged(mutant, lost_plainly(*parts) or lost(*parts, warm))


def lost_plainly(name: str, function: str, code: str) -> tuple[str, ...]:
    """Return the items lost when the cells that can tell are run in this process, as Jupyter would: twenty times as
    fast as the judge, and the same but for items that give a part of their points.
    """
    chosen = _changed(cells(name, function, _functions_in(code, name)), function, code)
    failed = plain_grading.run(name, [(cell.id, cell.source, cell.kind == "test") for cell in chosen])
    return tuple(cell.id for cell in chosen if cell.id in failed.lost)


def _changed(chosen: Iterable[Cell], function: str, code: str) -> list[Cell]:
    return [
        Cell(cell.kind, cell.id, code) if (cell.kind, cell.id) == ("student", function) else cell
        for cell in chosen
    ]


def lost(name: str, function: str, code: str, warm: Warm, *, whole: bool = False) -> tuple[str, ...]:
    """Return the items lost by a notebook that is right but for one function.

    Only the cells that can tell are run, or the `whole` notebook.
    """
    chosen = all_cells(name) if whole else cells(name, function, _functions_in(code, name))
    outcomes = judge_submission(warm, _changed(chosen, function, code), LIMITS)
    return tuple(o.cell.id for o in outcomes if o.cell.kind == "test" and not _has_all_points(o, name))


def _has_all_points(outcome: Outcome, name: str) -> bool:
    """Say whether a test passed, with no number for its last value that gives only part of its points."""
    points = assignment(name).by_id[outcome.cell.id].points
    return outcome.passed and (outcome.value is None or not 0 <= outcome.value < points)


@cache
def cells(name: str, function: str, used: frozenset[str]) -> tuple[Cell, ...]:
    """Return the cells that a fault in the function can reach, with the reference answers that they need and those
    to the functions `used`.

    The tests are those that use the function, or something that uses it; no other can tell.
    """
    uses = _uses(name)
    reached = {other for other in uses if function in _all_used({other}, uses)}
    tests = {c.id: names_in(c.source) for c in assignment(name).cells if c.role == "test"}
    tests = {test: names for test, names in tests.items() if names & reached}
    kept = tests.keys() | _all_used(used.union(*tests.values()), uses)
    return tuple(cell for cell in all_cells(name) if cell.kind == "setup" or cell.id in kept)


@cache
def all_cells(name: str) -> tuple[Cell, ...]:
    """Return an assignment's code cells, with the reference answers."""
    reference = answers.reference(name)
    return tuple(
        Cell(KINDS[c.role], c.id, reference.get(c.id, c.source))
        for c in assignment(name).cells
        if c.cell_type == "code"
    )


def _functions_in(code: str, name: str) -> frozenset[str]:
    """Return the functions of an assignment that an answer uses: all, if it is not Python."""
    functions = frozenset(answers.reference(name))
    try:
        return functions & names_in(code)
    except SyntaxError:
        return functions


def _uses(name: str) -> dict[str, frozenset[str]]:
    """Return for each function that the assignment asks for or provides the names that its body uses."""
    provided = [c.source for c in assignment(name).cells if c.role == "readonly" and c.cell_type == "code"]
    definitions = [
        node for code in [*provided, *answers.reference(name).values()] for node in ast.parse(code).body
    ]
    return {d.name: names_in(d) for d in definitions if isinstance(d, ast.FunctionDef)}


def _all_used(names: Set[str], uses: Mapping[str, frozenset[str]]) -> set[str]:
    """Return the names and, over any number of steps, what they use."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(uses.get(name, ()))
    return found


def names_in(code: str | ast.AST) -> frozenset[str]:
    """Return the variables and functions that code names, whatever its texts say."""
    tree = ast.parse(code) if isinstance(code, str) else code
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@cache
def assignment(name: str) -> Assignment:
    """Return an assignment's cells and points."""
    path = answers.ROOT / "solutions" / name / f"{name}.ipynb"
    return parse_assignment(name, path.read_bytes())
