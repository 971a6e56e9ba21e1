"""The functions of a whole vector: what the cheat sheet says about softmax, its logarithm and maxout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from translation import message

from functions.facts import Source
from functions.maxout_family import maxout
from functions.practice import LECUN_OF_TWO, XAVIER, Practice
from functions.softmax_family import log_softmax, softmax


@dataclass(frozen=True)
class VectorActivation:
    """A function of a vector: formulas as LaTeX, and its facts in words by name."""

    name: str
    title: str
    function: Callable[..., Any]
    formula: str
    derivative_formula: str
    facts: dict[str, str]
    practice: Practice
    source: Source


_MAXOUT_COST = message("$k$ net inputs in place of one: $k\\,m\\,(d + 1)$ parameters for $m$ units")

VECTOR_ACTIVATIONS = {
    entry.name: entry
    for entry in (
        VectorActivation(
            "softmax", "Softmax", softmax,
            r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
            r"\frac{\partial p_i}{\partial z_j} = p_i\,(\delta_{ij} - p_j)",
            {
                "Shape": "(n, k) to (n, k), along the rows",
                "Values": "each in (0, 1); they sum to 1",
                "Limits": "argmax for $T \\to 0$, uniform for $T \\to \\infty$, with $z/T$ for $z$",
                "Zero-centred": "no: the mean is $1/k$",
                "Monotone": "each $p_i$ rises with $z_i$ and falls with the others",
                "Smooth": "yes", "Kinks": "none",
                "Cost": "an exponential an entry, a sum a row",
            },
            Practice("softmax", "Output for one of several classes; attention; shares that sum to one.", XAVIER,
                     "Subtract each row's maximum first. Losses take logits.",
                     "Shift invariant; for $k = 2$ the sigmoid of $z_1 - z_2$; the gradient of log-sum-exp."),
            Source("Bridle", 1990, "bridle1990"),
        ),
        VectorActivation(
            "log_softmax", "Log-softmax", log_softmax,
            r"\ell_i = z_i - \log \textstyle\sum_j e^{z_j}",
            r"\frac{\partial \ell_i}{\partial z_j} = \delta_{ij} - p_j",
            {
                "Shape": "(n, k) to (n, k), along the rows",
                "Values": "each below 0; their exponentials sum to 1",
                "Limits": "0 far to the right, $-\\infty$ to the left",
                "Zero-centred": "no",
                "Monotone": "each $\\ell_i$ rises with $z_i$ and falls with the others",
                "Smooth": "yes", "Kinks": "none",
                "Cost": "as softmax, and a logarithm a row",
            },
            Practice("log-softmax", "Cross-entropy: $-\\ell$ at the label.", XAVIER,
                     "$m + \\log \\sum_j e^{z_j - m}$ with $m = \\max_j z_j$ for the log-sum-exp",
                     "Log-sum-exp moves with a shift, $g(z + c) = g(z) + c$, so log-softmax does not."),
            Source("Blanchard, Higham and Higham", 2021, "blanchard2021"),
        ),
        VectorActivation(
            "maxout", "Maxout", maxout,
            r"a = \max_{1 \le j \le k} \bigl(x \cdot w_j + b_j\bigr)",
            r"\frac{\partial a}{\partial x} = w_{j^\ast}, \quad j^\ast \text{ the winner}",
            {
                "Shape": "X (n, d), W (k, d, m), b (k, m) to (n, m)",
                "Values": "as the pieces: unbounded above, unless all slopes are 0",
                "Limits": "a straight line on each side",
                "Zero-centred": "no",
                "Monotone": "only if all slopes have one sign",
                "Smooth": "no", "Kinks": "where two winners tie: any mixture of their slopes",
                "Convex": "yes",
                "Cost": _MAXOUT_COST,
            },
            Practice("maxout", "Narrow layers in which the bend matters; functions known to be convex.",
                     LECUN_OF_TWO, "`(X @ W + b[:, None, :]).max(axis=0)`",
                     "ReLU is $\\max(0, z)$, $\\lvert z \\rvert$ is $\\max(z, -z)$."),
            Source("Goodfellow and others", 2013, "goodfellow2013"),
        ),
    )
}  # fmt: skip
