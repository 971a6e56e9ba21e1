"""What an assignment's tests will call, and with which arguments: seen when the instructor's own answers run.

The judge uses it to send calls ahead (see `remote.ahead`). It decides nothing about a submission.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.judging.judge import instructor_cell
from autograder.judging.outcome import Limits
from autograder.judging.remote.ahead import Script
from autograder.judging.submission.assignment import Assignment
from autograder.judging.wire import quick

_LIMITS = Limits()
_Source = tuple[str, str, str]


def foresee(assignment: Assignment) -> Script:
    """The calls of every test cell; empty for a test that the instructor's answers do not reach."""
    code = [cell for cell in assignment.cells if cell.cell_type == "code"]
    return _foreseen(
        tuple((cell.role, cell.id, cell.source) for cell in code), frozenset(assignment.functions)
    )


@lru_cache(maxsize=16)
def _foreseen(cells: tuple[_Source, ...], functions: frozenset[str]) -> Script:
    own: dict[str, Any] = {"__name__": "__main__"}
    names: dict[str, Any] = {"__name__": "__main__"}
    script = {}
    for role, grade_id, source in cells:
        if role != "test":
            _run(source, own)
        if role == "readonly":
            _run(source, names)
        if role == "test":
            calls: list[bytes | None] = []
            names.update({n: _recorded(n, own[n], calls) for n in functions & own.keys()})
            instructor_cell.run(source, f"<{grade_id}>", names, _LIMITS)
            script[grade_id] = tuple(calls)
    return script


def _run(source: str, names: dict[str, Any]) -> None:
    with warnings.catch_warnings(), np.errstate():
        warnings.simplefilter("ignore")
        instructor_cell.run(source, "<instructor>", names, _LIMITS)


def _recorded(name: str, function: Any, calls: list[bytes | None]) -> Callable[..., Any]:
    usual = np.geterr()

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        encoded = quick.call_body(name, args) if not kwargs and np.geterr() == usual else None
        calls.append(encoded[0] if encoded else None)
        return function(*args, **kwargs)

    return stand_in
