"""What an assignment's tests will call, and with which arguments: seen when the instructor's own answers run.

The judge uses it to send calls ahead (see `remote.ahead`). It decides nothing about a submission.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.judging import instructor
from autograder.judging.ahead import Foreseen, Script
from autograder.judging.alarm import listening
from autograder.judging.assignment import Assignment
from autograder.judging.outcome import Limits
from autograder.judging.wire import quick

_LIMITS = Limits()
_A_LITTLE = 1e-13
_Source = tuple[str, str, str]


def foresee(assignment: Assignment) -> Script:
    """The calls of every test cell; empty for a test that the instructor's answers do not reach."""
    code = [cell for cell in assignment.cells if cell.cell_type == "code"]
    return _foreseen(
        tuple((cell.role, cell.id, cell.source) for cell in code), frozenset(assignment.functions)
    )


@lru_cache(maxsize=16)
def _foreseen(cells: tuple[_Source, ...], functions: frozenset[str]) -> Script:
    with listening():
        first, second = _calls(cells, functions, 0.0), _calls(cells, functions, _A_LITTLE)
    return {grade_id: _alike(first[grade_id], second[grade_id]) for grade_id in first}


def _alike(first: list[bytes | None], second: list[bytes | None]) -> Foreseen:
    """The calls whose arguments do not depend on what was returned before."""
    kept = [one if one == other else None for one, other in zip(first, second, strict=False)]
    return (*kept, *first[len(kept) :])


def _calls(cells: tuple[_Source, ...], functions: frozenset[str], by: float) -> dict[str, list[bytes | None]]:
    """What each test calls when all that is returned is off by such a part."""
    own: dict[str, Any] = {"__name__": "__main__"}
    names: dict[str, Any] = {"__name__": "__main__"}
    found: dict[str, list[bytes | None]] = {}
    for role, grade_id, source in cells:
        if role != "test":
            _run(source, own)
        if role == "readonly":
            _run(source, names)
        if role == "test":
            calls = found[grade_id] = []
            names.update({n: _recorded(n, own[n], calls, by) for n in functions & own.keys()})
            instructor.run(source, f"<{grade_id}>", names, _LIMITS)
    return found


def _run(source: str, names: dict[str, Any]) -> None:
    with warnings.catch_warnings(), np.errstate():
        warnings.simplefilter("ignore")
        instructor.run(source, "<instructor>", names, _LIMITS)


def _recorded(name: str, function: Any, calls: list[bytes | None], by: float) -> Callable[..., Any]:
    usual = np.geterr()

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        encoded = quick.call_body(name, args, kwargs) if np.geterr() == usual else None
        calls.append(encoded[0] if encoded else None)
        result = function(*args, **kwargs)
        return _off(result, by) if by else result

    return stand_in


def _off(value: Any, by: float) -> Any:
    """The value with every floating-point number in it off by such a part."""
    if isinstance(value, (tuple, list)):
        return type(value)(_off(item, by) for item in value)
    if isinstance(value, dict):
        return {key: _off(item, by) for key, item in value.items()}
    floating = isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")
    return value * (1 + by) if floating else value
