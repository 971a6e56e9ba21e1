"""Independent values of everything that students compute, worked out by mpmath at 50 digits and more.

Nothing here is taken from a solution: sums are written out, and derivatives are measured at a precision at which a difference
is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import mpmath as mp
import numpy as np

SELU_ALPHA = "1.67326324235437728481704299167"
SELU_SCALE = "1.05070098735548049341933498529"


def _sigmoid(z: mp.mpf) -> mp.mpf:
    return 1 / (1 + mp.exp(-z))


def _softplus(z: mp.mpf) -> mp.mpf:
    return mp.log1p(mp.exp(-abs(z))) + max(z, mp.mpf(0))


def _elu(z: mp.mpf, alpha: mp.mpf | float = 1) -> mp.mpf:
    return z if z > 0 else mp.mpf(alpha) * mp.expm1(z)


def _leaky(z: mp.mpf, alpha: float = 0.01) -> mp.mpf:
    return z if z > 0 else mp.mpf(alpha) * z


ORACLES: dict[str, Callable[..., mp.mpf]] = {
    "identity": lambda z: z,
    "step": lambda z: mp.mpf(z >= 0),
    "sign": mp.sign,
    "sigmoid": _sigmoid,
    "tanh": mp.tanh,
    "hard_sigmoid": lambda z: min(mp.mpf(1), max(mp.mpf(0), z / 6 + mp.mpf(1) / 2)),
    "hard_tanh": lambda z: min(mp.mpf(1), max(mp.mpf(-1), z)),
    "relu": lambda z: max(z, mp.mpf(0)),
    "leaky_relu": _leaky,
    "prelu": _leaky,
    "elu": _elu,
    "selu": lambda z: mp.mpf(SELU_SCALE) * _elu(z, mp.mpf(SELU_ALPHA)),
    "softplus": _softplus,
    "swish": lambda z, beta=1.0: z * _sigmoid(beta * z),
    "gelu": lambda z: z * mp.erfc(-z / mp.sqrt(2)) / 2,
    "mish": lambda z: z * mp.tanh(_softplus(z)),
}


def values(name: str, z: Iterable[float], *parameters: float, **options: float) -> np.ndarray:
    """The function at each `z`, rounded once to float64."""
    with mp.workdps(50):
        return np.array([float(ORACLES[name](mp.mpf(float(x)), *parameters, **options)) for x in z])


def slopes(name: str, z: Iterable[float], *parameters: float, **options: float) -> np.ndarray:
    """The derivative at each `z`, which must not be a kink or a jump, by a central difference.

    A step of 1e-30 leaves an error near 1e-60. With so many digits a difference of values keeps all that float64 can hold.
    """

    def slope(x: float) -> float:
        with mp.workdps(120 if abs(x) < 30 else 800):
            h = mp.mpf(10) ** (-30 if abs(x) < 30 else -330)
            right, left = (ORACLES[name](mp.mpf(x) + step, *parameters, **options) for step in (h, -h))
            return float((right - left) / (2 * h))

    return np.array([slope(float(x)) for x in z])


def function(name: str) -> Callable[..., Any]:
    """Return an activation function as students write it: for arrays of any shape."""
    return _on_arrays(lambda z, *parameters, **options: values(name, z, *parameters, **options))


def derivative(name: str) -> Callable[..., Any]:
    """Return the derivative of an activation function, for arrays of any shape."""
    return _on_arrays(lambda z, *parameters, **options: slopes(name, z, *parameters, **options))


def _on_arrays(of_list: Callable[..., np.ndarray]) -> Callable[..., Any]:
    def on_arrays(z: Any, *parameters: float, **options: float) -> Any:
        z = np.asarray(z)
        found = of_list(z.ravel().tolist(), *parameters, **options).reshape(z.shape)
        return found if z.ndim else float(found)

    return on_arrays


def exact(value: Any) -> Any:
    """Return arrays as nested lists of mpmath's numbers, to compute with."""
    return (
        [exact(part) for part in value]
        if isinstance(value, (list, tuple, np.ndarray))
        else mp.mpf(float(value))
    )


def rounded(value: Any) -> Any:
    """Return nested lists of mpmath's numbers as an array, each rounded once to float64; a number as a float."""
    if isinstance(value, (list, tuple)):
        return np.array([rounded(part) for part in value])
    return float(value)


def net_inputs(X: Any, parameters: Any) -> list[Any]:
    """Return the net input of each row: the weighted sum, plus the bias, which is the last parameter."""
    return [mp.fdot([*row, 1], parameters) for row in exact(X)]


def measured(loss: Callable[..., Any], place: Any) -> np.ndarray:
    """Return the derivative of a loss in each of a list of numbers, by central differences at 120 digits."""
    with mp.workdps(120):
        step, place = mp.mpf(10) ** -30, exact(place)
        found = []
        for i in range(len(place)):
            moved = [[*place[:i], place[i] + h, *place[i + 1 :]] for h in (step, -step)]
            found.append((loss(moved[0]) - loss(moved[1])) / (2 * step))
        return rounded(found) if found else np.empty(0)


def log_loss(z: Any, y: Any) -> float:
    """The mean log loss of logits, each row by the textbook's formula at 50 digits and far more where p is close to 0 or 1."""
    with mp.workdps(50):
        return float(_log_loss(exact(z), y))


def _log_loss(z: list[Any], y: Any) -> Any:
    return mp.fsum(_softplus(v) - int(label) * v for v, label in zip(z, y, strict=True)) / len(z)


def log_loss_grad(X: Any, w: Any, b: Any, y: Any) -> dict[str, Any]:
    """The slope of the mean log loss in weights and bias, measured at 120 digits."""
    with mp.workdps(120):
        found = measured(lambda p: _log_loss(net_inputs(X, p), y), [*w, b])
    return {"dw": found[:-1], "db": float(found[-1])}


def predict(X: Any, w: Any, b: Any) -> Any:
    """1 where the net input is at least 0, and 0 elsewhere."""
    with mp.workdps(50):
        return np.array([int(z >= 0) for z in net_inputs(X, exact([*w, b]))], dtype=int)
