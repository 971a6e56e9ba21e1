"""The plot of learning rates that work, with inputs as measured, rescaled and standardised."""

from functools import cache

import numpy as np
from activations import sigmoid
from experiments.data import standardize
from explore import BLUE, GREEN, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from sklearn.datasets import load_breast_cancer
from translation import message, translate, translate_count

RATES = np.logspace(-9, 3, 25)
STEPS = (1, 3, 10, 30, 100, 300)
LOOKS = {
    message("as measured"): (ORANGE, "o-"),
    message("rescaled"): (GREEN, "^:"),
    message("standardised"): (BLUE, "s--"),
}
START = float(np.log(2))  # the loss of weights 0


@cache
def tumours(scaling):
    """The 30 columns of the breast cancer data (569, 30), scaled as asked, and labels (569,): 1 is benign."""
    X, y = load_breast_cancer(return_X_y=True)
    if scaling == "standardised":
        X = standardize(X)
    elif scaling == "rescaled":
        X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    return X, y


@cache
def losses(scaling):
    """Log loss of logistic regression (300, 25) after each step, a column for each of `RATES`."""
    X, y = tumours(scaling)
    W, b, history = np.zeros((X.shape[1], RATES.size)), np.zeros(RATES.size), []
    for _ in range(max(STEPS)):
        error = (sigmoid(X @ W + b) - y[:, None]) / len(y)
        W, b = W - RATES * (X.T @ error), b - RATES * error.sum(axis=0)
        z = X @ W + b
        history.append(np.mean(np.logaddexp(0, z) - y[:, None] * z, axis=0))
    return np.array(history)


def best(scaling, steps):
    """The lowest loss after so many steps, and the rate that reaches it."""
    row = losses(scaling)[steps - 1]
    return float(row.min()), float(RATES[row.argmin()])


def draw_rates(axes, *, steps):
    """Loss after this many steps against the learning rate, for three scalings."""
    axes.axhline(START, color=GREY, linestyle="--", linewidth=1)
    for scaling, (colour, style) in LOOKS.items():
        axes.loglog(RATES, losses(scaling)[steps - 1], style, color=colour, markersize=4, label=scaling)
    axes.set(
        xlabel="learning rate", ylabel="training loss", ylim=(0.03, 30), xlim=(RATES[0] / 2, RATES[-1] * 2)
    )
    axes.minorticks_off()
    label_powers(axes)
    axes.set_xticks([1e-9, 1e-6, 1e-3, 1, 1e3], ["10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³"])
    axes.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    axes.legend(loc="upper left", fontsize="small")


def describe_rates(*, steps):
    """Give the best loss of each scaling and where it is."""
    parts = [
        translate(
            "{scaling} {loss} at a rate of {rate}",
            scaling=scaling,
            loss=fixed(best(scaling, steps)[0]),
            rate=power(best(scaling, steps)[1]),
        )
        for scaling in LOOKS
    ]
    return translate(
        "Lowest loss after {steps}: {parts}. Dashed: the loss at the start.",
        steps=translate_count("{count} step", "{count} steps", steps),
        parts=translate(", ").join(parts),
    )
