"""The course's own assignments, graded with answers from the table."""

import re
from dataclasses import replace
from functools import cache

import nbformat

from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from tests.support import answers
from tests.support.answers import Answer


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
def part(name: str, function: str) -> Assignment:
    """The assignment with only the tests that call a function: what an answer to it can win or lose."""
    whole = assignment(name)
    word = re.compile(rf"\b{function}\b")
    cells = tuple(c for c in whole.cells if not c.manual and (c.role != "test" or word.search(c.source)))
    return replace(whole, cells=cells, digest=f"{whole.digest}, {function}")


_graded: dict[str, Graded] = {}


def graded(answer: Answer, warm: Warm) -> Graded:
    """An answer's submission, graded once for all tests, by the tests that call the function."""
    if str(answer) not in _graded:
        data = submission(answer.assignment, **{answer.function: answer.code})
        _graded[str(answer)] = grade(part(answer.assignment, answer.function), data, warm)
    return _graded[str(answer)]


def lost(result: Graded) -> frozenset[str]:
    """The test cells of a result that do not have full points."""
    return frozenset(s.id for s in result.feedback if s.points is None or s.points < s.max_points)
