"""Fresh arguments like given ones: same shapes, types and sizes, other numbers.

Feedback shows how a student's function fails without showing a hidden input: it calls the function again with
arguments drawn here. Whatever made the hidden test fail (a shape, a type, numbers far out) is kept.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

FAR = 50.0
FARTHEST = 1e4


class CannotRedraw(TypeError):
    """There is no way to draw a fresh value like this one (a student's own object, for instance)."""


def redraw(values: Sequence[Any], rng: np.random.Generator, keep_zeros: bool = True) -> list[Any]:
    """Draws a fresh value like each of the given ones.

    Exact zeros stay (a convention at zero may be what fails) unless `keep_zeros` is false: a derivative
    has many right values at a kink, so that a zero would prove nothing there. Raises `CannotRedraw`.
    """
    return [_redraw(value, rng, keep_zeros) for value in values]


def _redraw(value: Any, rng: np.random.Generator, keep_zeros: bool) -> Any:
    if isinstance(value, np.ndarray):
        return _redraw_array(value, rng, keep_zeros)
    if isinstance(value, (bool, np.bool_, str, bytes, type(None))):
        return value
    if isinstance(value, (int, np.integer)):
        return type(value)(_redraw_integer(int(value), rng))
    if isinstance(value, (float, np.floating)):
        return type(value)(_redraw_numbers(np.array([float(value)]), rng, keep_zeros)[0])
    if isinstance(value, (list, tuple)):
        return type(value)(_redraw(item, rng, keep_zeros) for item in value)
    if isinstance(value, dict):
        return {key: _redraw(item, rng, keep_zeros) for key, item in value.items()}
    if isinstance(value, np.random.Generator):
        return np.random.default_rng(rng.integers(2**32))
    if callable(value):
        return value
    raise CannotRedraw(type(value).__name__)


def _redraw_integer(value: int, rng: np.random.Generator) -> int:
    """A count or exponent near the given one; small numbers stay, they may be choices."""
    if abs(value) < 4:
        return value
    return int(rng.integers(value - abs(value) // 4, value + abs(value) // 4 + 1))


def _redraw_array(array: np.ndarray, rng: np.random.Generator, keep_zeros: bool) -> np.ndarray:
    kind = array.dtype.kind
    if array.size == 0 or kind in "USO":
        return array.copy()
    if kind == "b":
        return rng.integers(0, 2, array.shape).astype(bool)
    if kind in "iu":
        fresh = rng.integers(array.min(), array.max(), array.shape, endpoint=True)
        return np.asarray(fresh, dtype=array.dtype)
    if kind == "f":
        shuffled = rng.permutation(array.ravel()).astype(float)
        return _redraw_numbers(shuffled, rng, keep_zeros).reshape(array.shape).astype(array.dtype)
    raise CannotRedraw(str(array.dtype))


def _redraw_numbers(values: np.ndarray, rng: np.random.Generator, keep_zeros: bool) -> np.ndarray:
    """Numbers of the same signs and sizes, with three digits, so that they are easy to read and to type.

    Numbers that are far out stay there: what overflows at 710 must not come down to 500.
    """
    size = np.abs(values)
    scale = np.where(size < FAR, rng.uniform(0.6, 1.4, values.shape), rng.uniform(1.0, 1.25, values.shape))
    fresh = np.sign(values) * np.where(
        size < FAR, size * scale, np.minimum(size * scale, np.maximum(size, FARTHEST))
    )
    if not keep_zeros:
        fresh = np.where(values == 0, rng.uniform(0.1, 1.0, values.shape), fresh)
    return np.array([_three_digits(number) for number in fresh.tolist()]).reshape(values.shape)


def _three_digits(number: float) -> float:
    if number == 0 or not math.isfinite(number):
        return number
    return float(f"{number:.3g}")
