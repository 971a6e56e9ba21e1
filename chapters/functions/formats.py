"""Number formats of 64, 32 and 16 bits, and at which pre-activation each formula of the book fails in them.

NumPy has no bfloat16. `Bfloat16` computes each operation in 32 bits and rounds the result to the nearest number
of 8 significant bits, ties to even, which is what libraries do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf
from translation import message


def round_bfloat16(values: ArrayLike) -> NDArray[np.float32]:
    """Each value as the nearest number that 16 of the 32 bits can hold; NaN and infinity stay."""
    exact = np.asarray(values, dtype=np.float32)
    bits = exact.view(np.uint32)
    nearest = ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)
    return np.where(np.isfinite(exact), nearest, exact)


class Bfloat16(NDArrayOperatorsMixin):
    """An array of bfloat16 numbers, for NumPy's elementwise functions and operators."""

    def __init__(self, values: ArrayLike) -> None:
        self.values = round_bfloat16(values)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [x.values if isinstance(x, Bfloat16) else np.asarray(x, np.float32) for x in inputs]
        result = getattr(ufunc, method)(*plain, **options)
        return result if result.dtype == bool else Bfloat16(result)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return self.values.astype(dtype or np.float32)


FORMATS: dict[str, Callable[[ArrayLike], Any]] = {
    message("64 bits"): lambda values: np.asarray(values, np.float64),
    message("32 bits"): lambda values: np.asarray(values, np.float32),
    message("16 bits"): lambda values: np.asarray(values, np.float16),
    "bfloat16": Bfloat16,
}


def largest(name: str) -> float:
    """The largest finite number of a format."""
    if name == "bfloat16":
        return float((2 - 2.0**-7) * 2.0**127)
    return float(np.finfo(FORMATS[name](0).dtype).max)


def spacing(name: str) -> float:
    """The distance from 1 to the next larger number."""
    return 2.0**-7 if name == "bfloat16" else float(np.finfo(FORMATS[name](0).dtype).eps)


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _mish_squares(z: Any) -> Any:
    e = np.exp(z)
    above = e * (4 * (z + 1) + 4 * e * e + e * e * e + e * (4 * z + 6))
    below = 2 * e + e * e + 2
    return above / (below * below)


def _erf(z: Any) -> Any:
    return type(z)(erf(np.asarray(z, np.float64))) if isinstance(z, Bfloat16) else erf(z).astype(z.dtype)


def _stable_loss(z: Any) -> Any:
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def _gelu_left(z: Any) -> Any:
    return -z / 2 * (1 + _erf(-z * 0.5**0.5))


@dataclass(frozen=True)
class Formula:
    """What is computed, how it goes wrong for large z, and the test of that."""

    shown: str
    wrong: str
    function: Callable[[Any], Any]
    failed: Callable[[Any], Any]


def _zero(values: Any) -> Any:
    return values == 0


FORMULAS = (
    Formula("$e^z$", "infinite", np.exp, np.isinf),
    Formula("$s(z) = 1/(1 + e^{-z})$", "exactly 1", _sigmoid, lambda s: s == 1),
    Formula("$-\\log(1 - s(z))$", "infinite", lambda z: -np.log(1 - _sigmoid(z)), np.isinf),
    Formula("$\\log(1 + e^z)$", "infinite", lambda z: np.log(1 + np.exp(z)), np.isinf),
    Formula("$(e^z - e^{-z}) / (e^z + e^{-z})$", "not a number",
            lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)), np.isnan),
    Formula("$1 - \\tanh^2 z$", "exactly 0", lambda z: 1 - np.tanh(z) * np.tanh(z), _zero),
    Formula("GELU of $-z$, by $1 + \\operatorname{erf}$", "exactly 0", _gelu_left, _zero),
    Formula("mish', multiplied out", "not a number", _mish_squares, np.isnan),
    Formula("softmax of $(z, 0)$, as defined", "not a number",
            lambda z: np.exp(z) / (np.exp(z) + 1), np.isnan),
    Formula("log of softmax of $(0, z)$, maximum taken out", "infinite",
            lambda z: np.log(np.exp(-z) / (1 + np.exp(-z))), np.isinf),
    Formula("$\\max(z, 0) + \\log(1 + e^{-\\lvert z \\rvert})$", "never", _stable_loss,
            lambda values: ~np.isfinite(values)),
)  # fmt: skip


@cache
def first_failure(formula: Formula, name: str) -> float | None:
    """The smallest z > 0 of the format, among steps of 0.01 up to 1000, at which the formula fails, or None."""
    z = FORMATS[name](np.arange(0.01, 1000, 0.01))
    with np.errstate(all="ignore"):
        wrong = np.flatnonzero(np.asarray(formula.failed(formula.function(z)), bool))
    return float(np.asarray(z, np.float64)[wrong[0]]) if wrong.size else None
