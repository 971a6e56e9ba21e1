"""The plots about output layers: a target that is never negative, and classes that exclude each other or not."""

from functools import cache

import numpy as np
from activations import identity, identity_grad, relu, relu_grad, sigmoid, softmax, softplus, softplus_grad
from experiments.data import standardize
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.wording import fixed
from sklearn.datasets import load_breast_cancer
from translation import message, translate

OUTPUTS = {
    "identity": (identity, identity_grad),
    "ReLU": (relu, relu_grad),
    "softplus": (softplus, softplus_grad),
    "exp": (np.exp, np.exp),
}
STARTS = (-3.0, -2.0, -1.0, 0.0, 1.0)
STEPS, RATE = 3000, 0.1
LABELS = (message("cat"), message("dog"), message("outdoors"))
KINDS = {"softmax": message("one of three classes"), message("sigmoids"): message("three yes-or-no labels")}


@cache
def tumour_sizes():
    """Mean radius of 569 tumours' cell nuclei, standardised, and their mean area in 1000 square pixels."""
    X, _ = load_breast_cancer(return_X_y=True)
    return standardize(X[:, :1])[:, 0], X[:, 3] / 1000


@cache
def fitted(output, start):
    """Weight, bias and mean squared error of one unit, trained on the areas from weight 0.1 and this bias."""
    x, y = tumour_sizes()
    value, slope = OUTPUTS[output]
    w, b = 0.1, start
    for _ in range(STEPS):
        z = w * x + b
        delta = 2 * (value(z) - y) * slope(z) / len(y)
        w, b = w - RATE * float(delta @ x), b - RATE * float(delta.sum())
    return w, b, float(np.mean((value(w * x + b) - y) ** 2))


def lowest(output, start):
    """The lowest prediction for any tumour."""
    w, b, _ = fitted(output, start)
    return float(OUTPUTS[output][0](w * tumour_sizes()[0] + b).min())


def draw_non_negative(axes, *, output, start):
    """The data, and what the trained unit predicts."""
    x, y = tumour_sizes()
    line = np.linspace(x.min() - 0.6, x.max() + 0.2, 80)
    w, b, _ = fitted(output, start)
    axes.axhspan(-0.6, 0, color=GREY, alpha=0.2)
    axes.plot(x[::4], y[::4], "o", color=BLUE, markersize=3, linestyle="none", label="measured")
    axes.plot(
        line, OUTPUTS[output][0](w * line + b), linestyle="-", color=ORANGE, linewidth=2.2, label=output
    )
    axes.set(xlabel="radius, standardised", ylabel="area in 1000 square pixels", ylim=(-0.6, 2.9))
    axes.legend(loc="upper left")


def describe_non_negative(*, output, start):
    """Give the lowest prediction and the error."""
    error = fitted(output, start)[2]
    return translate(
        "Output {output}, trained from a bias of {start}: the lowest prediction is "
        "{lowest}, the mean squared error {error}.",
        output=output,
        start=fixed(start, 0),
        lowest=fixed(lowest(output, start), 3),
        error=fixed(error, 4),
    )


def outputs(kind, first):
    """The three outputs for logits `first`, 1 and 2."""
    z = np.array([first, 1.0, 2.0])
    return softmax(z) if kind == "softmax" else sigmoid(z)


def draw_kinds(axes, *, first, kind):
    """A bar for each of three outputs."""
    values = outputs(kind, first)
    for row, (label, value, colour) in enumerate(zip(LABELS, values, (BLUE, GREEN, PURPLE), strict=True)):
        axes.barh([row], [value], color=colour, height=0.6)
        axes.text(value + 0.02, row, f"{label} {value:.2f}", va="center")
    axes.set(xlabel="output", xlim=(0, 1.35), yticks=[], xticks=[0, 0.25, 0.5, 0.75, 1], ylim=(2.6, -0.6))


def describe_kinds(*, first, kind):
    """Read out the outputs and their sum."""
    values = outputs(kind, first)
    parts = translate(", ").join(
        f"{translate(label)} {value:.2f}" for label, value in zip(LABELS, values, strict=True)
    )
    return translate(
        "{kind} ({explained}): {parts}. Their sum is {sum:.2f}.",
        kind=translate(kind).capitalize(),
        explained=KINDS[kind],
        parts=parts,
        sum=values.sum(),
    )
