"""Tests that cannot be judged from outside: they run together with the student's code, by nbgrader's own rules.

Such a test deletes a student's function, patches a module, looks at a figure. It runs in a confined worker of its own,
after the cells above it, and nothing of what is said there is shown to the student. But the process that runs it is the
student's too, so that its score could be forged: whatever shows it says so.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

from autograder.judging.cell_code import without_magics
from autograder.judging.errors import CallFailed, clean, text_of
from autograder.judging.outcome import Cell, ErrorText, Outcome
from autograder.judging.process import Process


def run_together(process: Process, layers: tuple[str, ...], above: Sequence[Cell], test: Cell) -> Outcome:
    """Run a shared test in a new process, after the cells above it, and end the process.

    Of a strict test it gets what that imports and nothing else. OutOfTime when there is no time left.
    """
    try:
        for cell in above:
            strict = cell.kind == "test" and not cell.shared
            process.later(cell.id, _imports(cell.source) if strict else cell.source)
        failure, value = process.test(test.id, test.source)
    except CallFailed as problem:
        error = ErrorText(problem.name, clean(str(problem)), "", "limit")
        return Outcome(test, False, error, layers=layers)
    finally:
        process.close()
    if failure is None:
        return Outcome(test, True, value=_number(value), layers=layers)
    return Outcome(test, False, text_of(failure[0], failure[1], failure[3], "shared"), layers=layers)


@lru_cache(maxsize=2000)
def _imports(test: str) -> str:
    """The import statements of a test cell, one a line; none of one that is not Python."""
    try:
        statements = ast.parse(without_magics(test)).body
    except (SyntaxError, ValueError, RecursionError):
        return ""
    return "\n".join(ast.unparse(one) for one in statements if isinstance(one, ast.Import | ast.ImportFrom))


def _number(text: str) -> float | None:
    """Partial credit, as nbgrader finds it: the last value's text, where that is a number."""
    try:
        return float(text)
    except ValueError:
        return None
