"""In words, how what a student's function returned differs from what is right; never what is right itself."""

from collections.abc import Callable
from typing import Any

import numpy as np

TOLERANCE = 1e-9

_NUMERIC = (bool, int, float, complex, np.ndarray, np.generic, list, tuple)
_RATIOS = {
    2.0: "twice what is right",
    0.5: "half of what is right",
    4.0: "four times what is right",
    0.25: "a quarter of what is right",
    float(np.log(10)): "ln 10 times what is right: is a logarithm to another base involved?",
    float(1 / np.log(10)): "what is right divided by ln 10: is it the logarithm to base 10?",
    float(1 / np.log(2)): "what is right divided by ln 2: is it the logarithm to base 2?",
}


def describe(got: Any, right: Any, rows: int = 0) -> str | None:
    """How `got` differs from `right`, in a sentence that starts with a small letter; None if it does not.

    `rows` is the number of rows of the batch, when there is one: it tells a sum from a mean. Values are equal
    when |a - b| <= 1e-9 (1 + |b|), whatever their number type.
    """
    if isinstance(right, str):
        return _text_problem(got, right)
    if isinstance(right, tuple):
        return _describe_tuple(got, right, rows)
    problem = _type_problem(got, right)
    if problem:
        return problem
    try:
        a, b = np.asarray(got), np.asarray(right, dtype=float)
        if a.dtype.kind == "c":
            return "its numbers are complex"
        return (
            _shape_problem(a, b)
            or _value_problem(np.asarray(a, dtype=float), b, rows)
            or _dtype_problem(a, right)
        )
    except (TypeError, ValueError, OverflowError, MemoryError, RecursionError):
        return "it does not hold numbers"


def _describe_tuple(got: Any, right: tuple[Any, ...], rows: int) -> str | None:
    if not isinstance(got, (tuple, list)) or len(got) != len(right):
        return f"it is not a tuple of {len(right)} values"
    ordinals = ("first", "second", "third", "fourth")
    for place, (a, b) in enumerate(zip(got, right, strict=True)):
        problem = describe(a, b, rows)
        if problem:
            which = ordinals[place] if place < len(ordinals) else f"{place + 1}th"
            return f"its {which} value: {problem}"
    return None


def _text_problem(got: Any, right: str) -> str | None:
    """Several texts may be right; the one that a test refused is none of them."""
    if got is None:
        return "nothing was returned: is a `return` missing?"
    if not isinstance(got, str):
        return f"it is a {type(got).__name__}, not a text"
    return None if got == right else "that is not an answer to this question"


def _type_problem(got: Any, right: Any) -> str | None:
    if got is None:
        return "nothing was returned: is a `return` missing?"
    if callable(got):
        return "a function was returned, not the value of one"
    if not isinstance(got, _NUMERIC):  # a range would be spelled out in full by NumPy, however long
        return f"it is a {type(got).__name__}, not a number or an array"
    if isinstance(right, np.ndarray) and isinstance(got, (list, tuple)):
        return f"it is a {type(got).__name__}, not a NumPy array"
    return None


def _shape_problem(a: np.ndarray, b: np.ndarray) -> str | None:
    if a.shape == b.shape:
        return None
    if a.ndim == 2 and a.T.shape == b.shape:
        return f"its shape is {a.shape}: it is transposed"
    if b.size == a.size:
        return f"its shape is {a.shape}, though it has as many entries as it should"
    return f"its shape is {a.shape}, which is not the shape asked for"


def _dtype_problem(a: np.ndarray, right: Any) -> str | None:
    wanted = np.asarray(right).dtype.kind
    if a.dtype.kind == wanted or wanted not in "fiu":
        return None
    names = {"b": "booleans", "i": "integers", "u": "integers", "f": "floats", "O": "Python objects"}
    if wanted == "f" or a.dtype.kind not in "iu":
        return f"the numbers are right, but they are {names.get(a.dtype.kind, a.dtype)}, not {names[wanted]}"
    return None


def _value_problem(a: np.ndarray, b: np.ndarray, rows: int) -> str | None:
    wrong = ~(np.abs(a - b) <= TOLERANCE * (1 + np.abs(b)))
    if not wrong.any():
        return None
    for text, holds in _PATTERNS:
        if holds(a, b):
            return text
    return _ratio(a, b, rows) or _how_far(a, b, wrong)


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.abs(a - b) <= TOLERANCE * (1 + np.abs(b))))


def _constant(values: np.ndarray) -> float | None:
    """The value that all the entries share, up to rounding."""
    if values.size == 0 or not np.isfinite(values).all():
        return None
    first = float(values.flat[0])
    return first if np.allclose(values, first, rtol=1e-7, atol=1e-12) else None


def _truncated(a: np.ndarray, b: np.ndarray) -> bool:
    return (
        a.size > 1
        and not _close(np.trunc(b), b)
        and (np.array_equal(a, np.trunc(b)) or np.array_equal(a, np.round(b)))
    )


def _reordered(a: np.ndarray, b: np.ndarray) -> bool:
    return a.size > 1 and _close(np.sort(a, axis=None), np.sort(b, axis=None))


_PATTERNS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], bool]], ...] = (
    (
        "it holds NaN (not a number): somewhere inf - inf, inf / inf or 0 * inf was computed",
        lambda a, b: bool(np.isnan(a).any()),
    ),
    (
        "it holds an infinity: an exponential overflows, or something is divided by zero",
        lambda a, b: bool(np.isinf(a).any()),
    ),
    ("it is zero everywhere", lambda a, b: not a.any()),
    ("the sign is wrong", lambda a, b: _close(a, -b)),
    ("it is transposed", lambda a, b: a.ndim == 2 and a.shape[0] == a.shape[1] and _close(a.T, b)),
    ("the fractions are cut off: the result is put into an array of integers", _truncated),
    ("the numbers are right, but in other places", _reordered),
)


def _ratio(a: np.ndarray, b: np.ndarray, rows: int) -> str | None:
    """Names a constant factor or offset; of a single number only a well-known factor says anything."""
    nonzero = b != 0
    if not nonzero.any() or a[~nonzero].any():
        return _offset(a, b)
    ratio = _constant(a[nonzero] / b[nonzero])
    if ratio is None:
        return _offset(a, b)
    known = {**_RATIOS}
    if rows > 1:
        known |= {
            float(rows): f"{rows} times what is right, as many as there are rows: a sum in place of a mean?"
        }
        known |= {1 / rows: "what is right divided by the number of rows: is the mean taken twice?"}
    for value, text in known.items():
        if np.isclose(abs(ratio), value, rtol=1e-6):
            return f"it is {'minus ' if ratio < 0 else ''}{text}"
    return f"it is off by a constant factor of {ratio:.4g}" if nonzero.sum() > 1 else None


def _offset(a: np.ndarray, b: np.ndarray) -> str | None:
    offset = _constant(a - b)
    return "it is off by the same amount everywhere" if offset is not None and a.size > 1 else None


def _how_far(a: np.ndarray, b: np.ndarray, wrong: np.ndarray) -> str:
    distance = float(np.max(np.abs(a - b)[wrong] / (1 + np.abs(b[wrong]))))
    part = "" if wrong.all() else f" in {int(wrong.sum())} of {wrong.size} places"
    if distance < 1e-3:
        return f"it is nearly right{part}, but off by about {distance:.0e}: more than rounding explains"
    return f"the numbers are wrong{part}" if wrong.size > 1 else "the number is wrong"
