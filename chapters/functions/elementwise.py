"""Activation functions that act on each number by itself, and their derivatives.

`z` is a pre-activation: numbers of any shape, integers too. Each function returns a new float64 array of
that shape and is accurate for |z| up to 1e4, without an overflow on the way. A derivative is a function of
`z`; at a kink it is one of the subgradients.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Klambauer et al. (2017), section 2: the values that keep mean 0 and variance 1 fixed from layer to layer.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def _elementwise(function: Callable[..., Any]) -> Callable[..., Array]:
    """Give the function float64 arrays, and its caller a new float64 array, 0-d ones included."""

    @wraps(function)
    def on_arrays(z: ArrayLike, *arguments: float, **options: float) -> Array:
        return np.array(function(np.asarray(z, dtype=np.float64), *arguments, **options), dtype=np.float64)

    return on_arrays


@_elementwise
def identity(z: Array) -> Array:
    """`z` itself: the output of linear regression."""
    return z


@_elementwise
def identity_grad(z: Array) -> Array:
    """1 everywhere."""
    return np.ones_like(z)


@_elementwise
def step(z: Array) -> Array:
    """1 where z >= 0, else 0."""
    return z >= 0


@_elementwise
def step_grad(z: Array) -> Array:
    """0 everywhere; at 0, where the step jumps, there is no derivative, and 0 stands for it."""
    return np.zeros_like(z)


@_elementwise
def sign(z: Array) -> Array:
    """-1, 0 or 1."""
    return np.sign(z)


@_elementwise
def sign_grad(z: Array) -> Array:
    """0 everywhere; at 0, where the sign jumps, there is no derivative, and 0 stands for it."""
    return np.zeros_like(z)


@_elementwise
def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), with the exponential of -|z| only, so that none overflows."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


@_elementwise
def sigmoid_grad(z: Array) -> Array:
    """sigmoid(z) sigmoid(-z), written so that neither tail is lost to rounding."""
    small = np.exp(-np.abs(z))
    return small / (1 + small) ** 2


@_elementwise
def tanh(z: Array) -> Array:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    return np.tanh(z)


@_elementwise
def tanh_grad(z: Array) -> Array:
    """1 - tanh(z)^2, written so that the tails are not lost to rounding."""
    return 4 * sigmoid_grad(2 * z)


@_elementwise
def hard_sigmoid(z: Array) -> Array:
    """`z`/6 + 1/2, held between 0 and 1."""
    return np.clip(z / 6 + 0.5, 0, 1)


@_elementwise
def hard_sigmoid_grad(z: Array) -> Array:
    """1/6 between -3 and 3, else 0."""
    return (np.abs(z) < 3) / 6


@_elementwise
def hard_tanh(z: Array) -> Array:
    """`z`, held between -1 and 1."""
    return np.clip(z, -1, 1)


@_elementwise
def hard_tanh_grad(z: Array) -> Array:
    """1 between -1 and 1, else 0."""
    return np.abs(z) < 1


@_elementwise
def relu(z: Array) -> Array:
    """max(0, z)."""
    return np.maximum(z, 0)


@_elementwise
def relu_grad(z: Array) -> Array:
    """1 where z > 0, else 0."""
    return z > 0


@_elementwise
def prelu(z: Array, alpha: float) -> Array:
    """`z` where z > 0, else alpha z; alpha may be any number, above 1 too."""
    return np.where(z > 0, z, alpha * z)


@_elementwise
def prelu_grad(z: Array, alpha: float) -> Array:
    """1 where z > 0, else alpha."""
    return np.where(z > 0, 1, alpha)


@_elementwise
def prelu_grad_alpha(z: Array, alpha: float) -> Array:
    """The derivative by alpha, for each z: z where z < 0, else 0, whatever alpha is."""
    return np.minimum(z, 0)


def leaky_relu(z: ArrayLike, alpha: float = 0.01) -> Array:
    """PReLU with a small slope that is not learned."""
    return prelu(z, alpha)


def leaky_relu_grad(z: ArrayLike, alpha: float = 0.01) -> Array:
    """1 where z > 0, else alpha."""
    return prelu_grad(z, alpha)


@_elementwise
def elu(z: Array, alpha: float = 1.0) -> Array:
    """`z` where z > 0, else alpha (exp(z) - 1)."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


@_elementwise
def elu_grad(z: Array, alpha: float = 1.0) -> Array:
    """1 where z > 0, else alpha exp(z)."""
    return np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))


@_elementwise
def selu(z: Array) -> Array:
    """ELU scaled by the constants that keep mean 0 and variance 1."""
    return SELU_SCALE * elu(z, SELU_ALPHA)


@_elementwise
def selu_grad(z: Array) -> Array:
    """ELU's derivative scaled by the same constants."""
    return SELU_SCALE * elu_grad(z, SELU_ALPHA)


@_elementwise
def softplus(z: Array) -> Array:
    """log(1 + exp(z)), as max(0, z) + log(1 + exp(-|z|))."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softplus_grad(z: ArrayLike) -> Array:
    """The sigmoid."""
    return sigmoid(z)


@_elementwise
def swish(z: Array, beta: float = 1.0) -> Array:
    """`z` sigmoid(beta z); with beta = 1 also called SiLU."""
    return z * sigmoid(beta * z)


@_elementwise
def swish_grad(z: Array, beta: float = 1.0) -> Array:
    """sigmoid(beta z) + beta z sigmoid'(beta z), by the product rule."""
    return sigmoid(beta * z) + beta * z * sigmoid_grad(beta * z)


@_elementwise
def gelu(z: Array) -> Array:
    """`z` times the standard normal distribution function of z, exact by erfc, which keeps the left tail."""
    return z * _normal_cdf(z)


@_elementwise
def gelu_grad(z: Array) -> Array:
    """Phi(z) + z phi(z), by the product rule."""
    return _normal_cdf(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


@_elementwise
def mish(z: Array) -> Array:
    """`z` tanh(softplus(z))."""
    return z * np.tanh(softplus(z))


@_elementwise
def mish_grad(z: Array) -> Array:
    """tanh(s) + z tanh'(s) sigmoid(z) with s = softplus(z), by the product and chain rules."""
    s = softplus(z)
    return np.tanh(s) + z * tanh_grad(s) * sigmoid(z)


def _normal_cdf(z: Array) -> Array:
    return _erfc(-z / math.sqrt(2)) / 2
