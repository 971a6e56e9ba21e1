"""A fresh counterexample: a call, drawn for feedback, on which a student's function is wrong."""

import copy
import hashlib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.judging.assignment import Assignment
from autograder.judging.mistakes import differences
from autograder.judging.mistakes.redraw import CannotRedraw, redraw
from autograder.judging.outcome import RemoteCall
from autograder.judging.session import Session

ATTEMPTS = 5
LONGEST_VALUE = 400
LONGEST_TRACEBACK = 2_000
SMALL = 12
MOST_DIMENSIONS = 4


@dataclass(frozen=True)
class Counterexample:
    """A call as a student would type it, what it returned or raised, and how that is wrong, in words."""

    call: str
    returned: str
    problem: str
    raised: bool = False
    traceback: str = ""


class Prober:
    """Calls a student's functions with fresh arguments and compares with the instructor's own."""

    def __init__(self, assignment: Assignment, session: Session) -> None:
        self._assignment = assignment
        self._session = session
        self._reference = _reference(assignment)
        self._hopeless: set[str] = set()

    def find(self, call: RemoteCall, grade_id: str) -> Counterexample | None:
        """Looks for a counterexample like a call that failed in a test: an exception for an exception."""
        found = None
        for candidate in self._candidates(call, grade_id):
            if candidate.raised == bool(call.error):
                return candidate
            found = found or candidate
        return found

    def _candidates(self, call: RemoteCall, grade_id: str) -> Iterator[Counterexample]:
        right = self._reference.get(call.function)
        if right is None:
            return
        for attempt in range(ATTEMPTS):
            try:
                args, kwargs = self._drawn(call, np.random.default_rng(self._seed(grade_id, attempt)))
            except CannotRedraw:
                return
            for smaller in _smaller(args):
                if call.function in self._hopeless:
                    return
                if found := self._try(call.function, right, smaller, kwargs):
                    yield found

    def _drawn(self, call: RemoteCall, rng: np.random.Generator) -> tuple[list[Any], dict[str, Any]]:
        keep = not call.function.endswith("_grad")
        args = redraw(call.args, rng, keep)
        return args, dict(zip(call.kwargs, redraw(list(call.kwargs.values()), rng, keep), strict=True))

    def _seed(self, grade_id: str, attempt: int) -> list[int]:
        text = f"{self._assignment.digest}:{grade_id}:{attempt}"
        return list(hashlib.sha256(text.encode()).digest())

    def _try(
        self, name: str, right: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Counterexample | None:
        """The call as a counterexample, or None if the student's function does right by it."""
        try:
            wanted = _quietly(right, *_copies(args), **kwargs)
        except Exception:
            return None
        given = _copies(args)
        got: RemoteCall = _quietly(self._session.call, name, *given, **kwargs)
        text = call_text(name, args, kwargs)
        if got.error:
            return self._raised(name, got, text)
        problem = differences.describe(got.result, wanted, _rows(args))
        if not _same(args, given):
            changes = "it changes the array that it is given"
            problem = f"{changes}, and {problem}" if problem else changes
        return Counterexample(text, value_text(got.result), problem) if problem else None

    def _raised(self, name: str, got: RemoteCall, text: str) -> Counterexample | None:
        assert got.error
        if got.error.origin == "limit":
            self._hopeless.add(name)
            return None
        message = f"{got.error.name}: {got.error.message}"[:LONGEST_VALUE]
        traceback = got.error.traceback[-LONGEST_TRACEBACK:]
        return Counterexample(text, message, "it raises an exception", True, traceback)


def _smaller(args: Sequence[Any]) -> list[Sequence[Any]]:
    """The arguments cut down: a lone array to each of its entries, then to a few, then whole."""
    if len(args) != 1 or not isinstance(args[0], np.ndarray) or args[0].ndim == 0 or args[0].size <= 1:
        return [args]
    flat = args[0].ravel()
    ones = [[flat[i : i + 1]] for i in range(min(flat.size, SMALL))]
    return [*ones, [flat[:3]], args] if flat.size > 3 or args[0].ndim > 1 else [*ones, args]


def _rows(args: Sequence[Any]) -> int:
    arrays = [a for a in args if isinstance(a, np.ndarray) and a.ndim]
    return int(arrays[0].shape[0]) if len(arrays) > 1 else 0


def _copies(values: Sequence[Any]) -> list[Any]:
    return [value.copy() if isinstance(value, np.ndarray) else _copied(value) for value in values]


def _copied(value: Any) -> Any:
    return value if callable(value) else copy.deepcopy(value)


def _same(before: Sequence[Any], after: Sequence[Any]) -> bool:
    pairs = zip(before, after, strict=True)
    return all(np.array_equal(a, b) for a, b in pairs if isinstance(a, np.ndarray))


def _quietly(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


def _reference(assignment: Assignment) -> Mapping[str, Callable[..., Any]]:
    """The instructor's own functions, by name; none if the instructor's cells do not run."""
    code = tuple(
        cell.source
        for cell in assignment.cells
        if cell.cell_type == "code" and cell.role in ("readonly", "solution")
    )
    functions = _run_instructor(code)
    return {name: functions[name] for name in assignment.functions if callable(functions.get(name))}


@lru_cache(maxsize=16)
def _run_instructor(code: tuple[str, ...]) -> dict[str, Any]:
    """Runs the instructor's set-up and solutions here, in the trusted process."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in code:
        try:
            _quietly(exec, compile(source, "<instructor>", "exec"), namespace)
        except Exception:
            return {}
    return namespace


def call_text(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The call as a student would type it in a notebook."""
    parts = [_typed(arg) for arg in args] + [f"{key}={_typed(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"[: 2 * LONGEST_VALUE]


def _typed(value: Any) -> str:
    if isinstance(value, np.ndarray):
        if value.size == 0:
            return f"np.empty({value.shape})"
        if value.size <= 2 * SMALL:
            return f"np.array({value.tolist()})"
        return f"<an array of shape {value.shape}>"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.random.Generator):
        return "np.random.default_rng()"
    if isinstance(value, tuple):
        return f"({', '.join(_typed(v) for v in value)}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(_typed(v) for v in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_typed(v)}" for k, v in value.items()) + "}"
    return "<a function>" if callable(value) else repr(value)


def value_text(value: Any) -> str:
    """What a function returned, short."""
    if isinstance(value, tuple):
        return f"({', '.join(value_text(v) for v in value)})"[:LONGEST_VALUE]
    if isinstance(value, np.ndarray) and value.ndim > MOST_DIMENSIONS:  # NumPy would spell out most of it
        return f"<an array of shape {value.shape}>"
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, separator=", ", threshold=2 * SMALL, edgeitems=3)
        kind = "" if value.dtype == np.float64 else f", dtype={value.dtype}"
        return f"array({text}{kind})"[:LONGEST_VALUE]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if callable(value):
        return "<a function>"
    if isinstance(value, int) and value.bit_length() > 1000:
        return "<a very large integer>"
    return repr(value)[:LONGEST_VALUE]
