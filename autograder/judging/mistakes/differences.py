"""In words, how what a student's function returned differs from what is right; never what is right itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.judging.mistakes.words import is_huge

TOLERANCE = 1e-9
Kind = Literal["nothing", "type", "shape", "numbers", "nan", "dtype", "raised", "changed", "parts"]

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


@dataclass(frozen=True)
class Difference:
    """What kind of difference it is, and in words that start with a small letter."""

    kind: Kind
    words: str


def compare(got: Any, right: Any, rows: int = 0) -> Difference | None:
    """How `got` differs from `right`; None if it does not.

    `rows` is the number of rows of the batch, when there is one: it tells a sum from a mean. Values are equal
    when |a - b| <= 1e-9 (1 + |b|), whatever their number type.
    """
    if got is None:
        return Difference("nothing", "nothing was returned: is a `return` missing?")
    if is_huge(got):
        return Difference("type", f"it is a {type(got).__name__} with far too many entries")
    if isinstance(right, str):
        return _text_difference(got, right)
    if isinstance(right, tuple) or (isinstance(right, list) and any(map(_has_parts, right))):
        return _tuple_difference(got, right, rows)
    return _type_difference(got, right) or _array_difference(got, right, rows)


def _array_difference(got: Any, right: Any, rows: int) -> Difference | None:
    with np.errstate(all="ignore"):
        return _number_difference(got, right, rows)


def _number_difference(got: Any, right: Any, rows: int) -> Difference | None:
    try:
        a, b = np.asarray(got), np.asarray(right, dtype=float)
        if a.dtype.kind == "c":
            return Difference("numbers", "its numbers are complex")
        numbers = np.asarray(a, dtype=float)
    except (TypeError, ValueError, OverflowError):
        return Difference("type", "it does not hold numbers")
    if shape := _shape_problem(a, b):
        return Difference("shape", shape)
    if np.isnan(numbers).any():
        return Difference("nan", _NAN)
    if problem := _value_problem(numbers, b, rows):
        return Difference("nan" if "infinity" in problem else "numbers", problem)
    dtype = _dtype_problem(a, right)
    return Difference("dtype", dtype) if dtype else None


def _has_parts(value: Any) -> bool:
    return isinstance(value, (tuple, list, np.ndarray))


def _tuple_difference(got: Any, right: Sequence[Any], rows: int) -> Difference | None:
    if not isinstance(got, (tuple, list)) or len(got) != len(right):
        return _other_parts(got, right)
    parts = [(place, compare(a, b, rows)) for place, (a, b) in enumerate(zip(got, right, strict=True))]
    wrong = [(place, found) for place, found in parts if found]
    if not wrong:
        return None
    return Difference(
        wrong[0][1].kind, _in_places([(ordinal(place), found.words) for place, found in wrong[:2]])
    )


def _other_parts(got: Any, right: Sequence[Any]) -> Difference:
    """Another number of values than asked for; which of them are there, where that can be told."""
    asked = f"it is not a {type(right).__name__} of {len(right)} values"
    if not isinstance(got, (tuple, list)):
        there = [ordinal(place) for place, part in enumerate(right) if alike(got, part)]
        return Difference("parts", f"{asked}: it is the {there[0]} of them alone" if there else asked)
    return Difference("parts", f"{asked}, but of {len(got)}")


def _in_places(found: Sequence[tuple[str, str]]) -> str:
    if len(found) == 2 and found[0][1] == found[1][1] and not found[0][1].startswith("its "):
        return f"its {found[0][0]} and {found[1][0]} values: {found[0][1]}"
    return "; ".join(_in_place(*one) for one in found)


def _in_place(which: str, words: str) -> str:
    if words.startswith("its ") and " value: " in words:  # a list in a tuple: its first part that is wrong
        part, _, rest = words.removeprefix("its ").partition(" value: ")
        return f"its {which} value, {part} part: {rest.split('; its ')[0]}"
    return f"its {which} value: {words}"


def ordinal(place: int) -> str:
    """The word for a place that is counted from 0."""
    words = ("first", "second", "third", "fourth")
    return words[place] if place < len(words) else f"{place + 1}th"


def _text_difference(got: Any, right: str) -> Difference | None:
    """Several texts may be right; the one that a test refused is none of them."""
    if not isinstance(got, str):
        return Difference("type", f"it is a {type(got).__name__}, not a text")
    return None if got == right else Difference("numbers", "that is not an answer to this question")


def _type_difference(got: Any, right: Any) -> Difference | None:
    if callable(got):
        return Difference("type", "a function was returned, not the value of one")
    if not isinstance(got, _NUMERIC):  # a range would be spelled out in full by NumPy, however long
        return Difference("type", f"it is a {type(got).__name__}, not a number or an array")
    if isinstance(right, np.ndarray) and isinstance(got, (list, tuple)):
        return _too_many(got, right) or Difference("type", f"it is a {type(got).__name__}, not a NumPy array")
    return None


def _too_many(got: Sequence[Any], right: Any) -> Difference | None:
    """Several values where one array is asked for."""
    if not any(isinstance(part, np.ndarray) and part.shape == right.shape for part in got):
        return None
    return Difference("parts", f"it is a {type(got).__name__} of {len(got)} values, not one NumPy array")


def _shape_problem(a: np.ndarray, b: np.ndarray) -> str | None:
    if a.shape == b.shape:
        return None
    if b.ndim and not a.ndim:
        return "it is a single number, where an array was asked for"
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


def wrong_places(a: Any, b: Any) -> Any:
    """Where `a` is not near enough to `b`: a mask."""
    with np.errstate(all="ignore"):
        return ~(np.abs(a - b) <= TOLERANCE * (1 + np.abs(b)))


def _value_problem(a: np.ndarray, b: np.ndarray, rows: int) -> str | None:
    wrong = wrong_places(a, b)
    if not wrong.any():
        return None
    for text, holds in _PATTERNS:
        if holds(a, b):
            return text
    return _ratio(a, b, rows) or _how_far(a, b, wrong)


def close(a: Any, b: Any) -> bool:
    """Whether all entries of `a` are near enough to those of `b`."""
    return bool(not wrong_places(a, b).any())


def _constant(values: np.ndarray) -> float | None:
    """The value that all the entries share, up to rounding."""
    if values.size == 0 or not np.isfinite(values).all():
        return None
    first = float(values.flat[0])
    return first if (np.abs(values - first) <= 1e-12 + 1e-7 * abs(first)).all() else None


def _truncated(a: np.ndarray, b: np.ndarray) -> bool:
    whole = np.array_equal(a, np.trunc(b)) or np.array_equal(a, np.round(b))
    return a.size > 1 and whole and bool(a.any()) and not close(np.trunc(b), b)


def _reordered(a: np.ndarray, b: np.ndarray) -> bool:
    return a.size > 2 and close(np.sort(a, axis=None), np.sort(b, axis=None))


_NAN = "it holds NaN (not a number): somewhere inf - inf, inf / inf, 0 / 0 or 0 * inf was computed"
_PATTERNS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], bool]], ...] = (
    (
        "it holds an infinity: an exponential overflows, or something is divided by zero",
        lambda a, b: bool(np.isinf(a).any()),
    ),
    ("it is zero everywhere", lambda a, b: not a.any()),
    ("the sign is wrong", lambda a, b: close(a, -b)),
    ("it is transposed", lambda a, b: a.ndim == 2 and a.shape[0] == a.shape[1] and close(a.T, b)),
    ("the fractions are cut off", _truncated),
    ("the numbers are right, but in other places", _reordered),
)


def _ratio(a: np.ndarray, b: np.ndarray, rows: int) -> str | None:
    """Names a constant factor or offset; of a single number only a well-known factor says anything."""
    nonzero = b != 0
    if not nonzero.any() or a[~nonzero].any():
        return _offset(a, b)
    ratio = _constant(a[nonzero] / b[nonzero])
    if ratio is None or abs(ratio - 1) < 1e-3:
        return _offset(a, b)
    known = {**_RATIOS}
    if rows > 1:
        known |= {
            float(rows): f"{rows} times what is right, as many as there are rows: a sum in place of a mean?"
        }
        known |= {1 / rows: "what is right divided by the number of rows: is the mean taken twice?"}
    for value, text in known.items():
        if math.isclose(abs(ratio), value, rel_tol=1e-6, abs_tol=1e-8):
            return f"it is minus {text}" if ratio < 0 else f"it is {text}"
    return f"it is off by a constant factor of {ratio:.4g}" if nonzero.sum() > 1 else None


def _offset(a: np.ndarray, b: np.ndarray) -> str | None:
    offset = _constant(a - b)
    if offset is None or a.size < 2 or abs(offset) < 1e-3:
        return None
    return f"it is too {'large' if offset > 0 else 'small'} by {abs(offset):.4g} everywhere"


def _how_far(a: np.ndarray, b: np.ndarray, wrong: np.ndarray) -> str:
    distance = float(np.max(np.abs(a - b)[wrong] / (1 + np.abs(b[wrong]))))
    part = "" if wrong.all() else f" in {int(wrong.sum())} of {wrong.size} places"
    if distance < 1e-3:
        return f"it is nearly right{part}, but off by about {distance:.0e}: more than rounding explains"
    return f"the numbers are wrong{part}" if wrong.size > 1 else "the number is wrong"


def alike(one: Any, other: Any) -> bool:
    """Whether two results are the same numbers in the same shape, NaN and infinity included."""
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(alike(a, b) for a, b in pairs)
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return type(one) is type(other) and bool(one == other)
    try:
        a, b = (np.asarray(part, dtype=complex if np.iscomplexobj(part) else float) for part in (one, other))
    except (TypeError, ValueError, OverflowError):
        return False
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        near = np.isfinite(b) & (np.abs(a - b) <= TOLERANCE * (1 + np.abs(b)))
        same = near | (a == b) | (np.isnan(a) & np.isnan(b))
    return bool(same.all())


# Results drawn from a generator: other numbers may be right, too; their distributions are compared.
_ENOUGH = 10_000  # so many draws show their distribution to a hundredth
_EXACT = ("what is right", "constant factor", "zero everywhere", "the sign")
_NORMAL = "its numbers are not spread as a normal distribution spreads them"
# How far two draws of one distribution may be apart in each, and what is said where they are further.
_ASKED: Mapping[str, tuple[float, str]] = {
    "repeated": (0.05, "many of its numbers are the same"),
    "spread": (0.03, "its standard deviation is not the one asked for"),
    "mean": (0.04, "its mean is not the one asked for"),
    "near": (0.015, _NORMAL),
    "far": (0.01, _NORMAL),
}


def compare_drawn(got: Any, right: Any) -> Difference | None:
    """How a draw differs from the right one in more than its numbers; None if it does not."""
    found = compare(got, right)
    if found is None or found.kind != "numbers" or any(words in found.words for words in _EXACT):
        return found
    words = next((_ASKED[name][1] for name in _ASKED if not _is_near(name, got, right)), "")
    return Difference("numbers", words) if words else None


def alike_drawn(one: Any, other: Any) -> bool:
    """Whether two results may be draws of one distribution, in the same shape."""
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return alike(one, other)
    same = one.shape == other.shape and bool(np.any(one)) == bool(np.any(other))
    return same and all(_is_near(name, one, other) for name in _ASKED)


def _is_near(name: str, one: Any, other: Any) -> bool:
    a, b = _features(one), _features(other)
    return (
        not a
        or not b
        or abs(a[name] - b[name]) <= _ASKED[name][0] * (abs(b[name]) if name == "spread" else 1)
    )


def _features(values: Any) -> Mapping[str, float]:
    """What many draws show of their distribution; nothing of a few."""
    numbers = np.asarray(values, dtype=float)
    spread = float(np.std(numbers)) if numbers.size >= _ENOUGH else 0.0
    if not spread:
        return {}
    return {
        "repeated": np.unique(numbers).size / numbers.size,
        "spread": spread,
        "mean": float(np.mean(numbers)) / spread,
        "near": float(np.mean(np.abs(numbers) < spread)),
        "far": float(np.mean(np.abs(numbers) < 2 * spread)),
    }
