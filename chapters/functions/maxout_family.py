"""Maxout: the largest of several net inputs, and the gradients that belong to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def net_inputs(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    """The net inputs of all pieces: X (n, d), W (k, d, m), b (k, m) -> (k, n, m)."""
    X, W, b = (np.asarray(a, dtype=np.float64) for a in (X, W, b))
    return np.asarray(X @ W + b[:, None, :])


def maxout(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> Array:
    """The largest net input of each row and unit: X (n, d), W (k, d, m), b (k, m) -> (n, m).

    Source: Goodfellow et al. (2013), Maxout networks.
    """
    return np.asarray(net_inputs(X, W, b).max(axis=0))


def maxout_grad(X: ArrayLike, W: ArrayLike, b: ArrayLike, dout: ArrayLike) -> tuple[Array, Array, Array]:
    """Gradients (dX, dW, db), of the shapes of X, W and b, for an upstream gradient dout (n, m).

    Each entry of dout goes to the piece that won; where several tie, to the first of them.
    """
    Z = net_inputs(X, W, b)
    won = Z.argmax(axis=0) == np.arange(len(Z))[:, None, None]
    delta = won * np.asarray(dout, dtype=np.float64)
    X, W = np.asarray(X, dtype=np.float64), np.asarray(W, dtype=np.float64)
    return (delta @ W.transpose(0, 2, 1)).sum(axis=0), X.T @ delta, delta.sum(axis=1)
