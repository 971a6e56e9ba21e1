"""Softmax and its logarithm: activations of a whole vector, along the last axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def log_softmax(Z: ArrayLike) -> Array:
    """`z` - log(sum(exp(z))) along the last axis, each row shifted by its own maximum first.

    Z has at least one dimension; the result has its shape. No probability underflows on the way, so (1000, 0)
    gives (0, -1000).
    """
    logits = np.array(Z, dtype=np.float64)
    if logits.shape[-1] == 0:
        return logits
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(Z: ArrayLike) -> Array:
    """exp(z) / sum(exp(z)) along the last axis: positive numbers that sum to one; same shape as Z."""
    logits = np.array(Z, dtype=np.float64)
    if logits.shape[-1] == 0:
        return logits
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def softmax_jacobian(z: ArrayLike) -> Array:
    """diag(p) - p p^T with p = softmax(z): (k,) -> (k, k), entry (i, j) the derivative of p_i by z_j."""
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)
