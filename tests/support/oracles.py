"""Independent values of the activation functions, computed by mpmath at 50 digits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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


def values(name: str, z: Iterable[float], **options: float) -> np.ndarray:
    """The function at each `z`, rounded once to float64."""
    with mp.workdps(50):
        return np.array([float(ORACLES[name](mp.mpf(float(x)), **options)) for x in z])


def slopes(name: str, z: Iterable[float], **options: float) -> np.ndarray:
    """The derivative at each `z`, which must not be a kink or a jump, by a central difference at 120 digits.

    A step of 1e-30 leaves an error near 1e-60, while 120 digits leave 1e-90 for the difference of the values.
    """
    with mp.workdps(120):
        h = mp.mpf(10) ** -30
        return np.array(
            [
                float(
                    (
                        ORACLES[name](mp.mpf(float(x)) + h, **options)
                        - ORACLES[name](mp.mpf(float(x)) - h, **options)
                    )
                    / (2 * h)
                )
                for x in z
            ]
        )
