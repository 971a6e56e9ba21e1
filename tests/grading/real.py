"""The course's own assignments, graded with answers from the table."""

from dataclasses import dataclass, replace
from functools import cache, cached_property

import nbformat

from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.limits import Limits
from tests.grading.packs import packs
from tests.grading.pages import page_of
from tests.support import answers
from tests.support.answers import Answer

QUICK = Limits(call=2.0, patience=0.3)
"""So that an endless loop takes the tests little of the usual patience."""


@cache
def assignment(name: str) -> Assignment:
    path = answers.ROOT / "solutions" / name / f"{name}.ipynb"
    return parse_assignment(name, path.read_bytes())


@cache
def released(name: str) -> nbformat.NotebookNode:
    """The source notebook as students get it (which `exercises/` holds, once it is generated)."""
    notebook = answers.source_notebook(name)
    for cell, source in zip(notebook.cells, assignment(name).cells, strict=True):
        cell.source = source.released
    return notebook


def submission(name: str, **code: str) -> bytes:
    """Reference answers, with some functions' code replaced, as notebook bytes."""
    filled = answers.fill(released(name), {**answers.reference(name), **code})
    return nbformat.writes(filled).encode()


@cache
def tested(name: str) -> Assignment:
    """The assignment without its written answers."""
    whole = assignment(name)
    cells = tuple(cell for cell in whole.cells if not cell.manual)
    return replace(whole, cells=cells, digest=f"{whole.digest}, tested")


@dataclass(frozen=True)
class Notebook:
    """A graded notebook with some answers of the table, all others right."""

    answers: tuple[Answer, ...]
    result: Graded

    @cached_property
    def loses(self) -> frozenset[str]:
        """What the rows of its answers say that it loses."""
        return frozenset().union(*(answer.loses for answer in self.answers))

    @cached_property
    def page(self) -> str:
        """The page that its student sees."""
        return page_of(self.result)


def graded(answer: Answer, warm: Warm) -> Notebook:
    """The answer's notebook, graded once for all answers in it; one of its own if they lose something else."""
    pack = next(pack for pack in packs(answer.assignment) if answer in pack.values())
    together = _graded(tuple(pack.values()), warm)
    return together if lost(together.result) == together.loses else _graded((answer,), warm)


@cache
def _graded(given: tuple[Answer, ...], warm: Warm) -> Notebook:
    name = given[0].assignment
    data = submission(name, **{answer.function: answer.code for answer in given})
    return Notebook(given, grade(tested(name), data, warm, QUICK))


def lost(result: Graded) -> frozenset[str]:
    """The test cells of a result that do not have full points."""
    return frozenset(s.id for s in result.feedback if s.points is None or s.points < s.max_points)
