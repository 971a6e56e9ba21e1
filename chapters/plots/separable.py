"""The plot of logistic regression on two classes that a line separates: the weights grow for ever."""

from functools import cache

import numpy as np
from activations import sigmoid
from experiments.data import iris_separable, standardize
from explore import BLUE, GREEN, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import message, translate

STEPS = (10, 100, 1_000, 10_000, 100_000)
DECAYS = {message("none"): 0.0, "0.01": 0.01}
LOOKS = {"none": (ORANGE, "o-"), "0.01": (BLUE, "s--")}


@cache
def states(decay):
    """Weights (2,) and bias after each number of `STEPS`, by gradient descent with rate 1 and weight decay."""
    X, y = iris_separable()
    X, shrink = standardize(X), DECAYS[decay]
    w, b, found = np.zeros(2), 0.0, {}
    for step in range(1, STEPS[-1] + 1):
        error = (sigmoid(X @ w + b) - y) / len(y)
        w, b = w - X.T @ error - shrink * w, b - error.sum()
        if step in STEPS:
            found[step] = w, float(b)
    return found


def length(steps, decay):
    """Length of the weights after so many steps."""
    return float(np.linalg.norm(states(decay)[steps][0]))


def log_loss(steps, decay):
    """Mean log loss after so many steps, without the penalty."""
    X, y = iris_separable()
    w, b = states(decay)[steps]
    z = standardize(X) @ w + b
    return float(np.mean(np.logaddexp(0, z) - y * z))


def draw_growth(panels, *, steps, decay):
    """Flowers and the lines of 10, 50 and 90 per cent; below, the length of the weights against the steps."""
    plane, growth = panels
    X, y = iris_separable()
    X = standardize(X)
    for label, mark, colour in ((0, "o", GREY), (1, "^", GREEN)):
        plane.plot(*X[y == label][::2].T, mark, color=colour, markersize=4)
    w, b = states(decay)[steps]
    across = np.array([-2.0, 2.0])
    for p, style in ((0.1, ":"), (0.5, "-"), (0.9, "--")):
        height = (np.log(p / (1 - p)) - b - w[0] * across) / w[1]
        plane.plot(across, height, color=ORANGE, linestyle=style, linewidth=1.5)
    plane.set(xlabel="petal length (standardised)", ylabel="petal width", xlim=(-1.6, 1.7), ylim=(-1.6, 1.9))
    for name, (colour, style) in LOOKS.items():
        growth.plot(STEPS, [length(s, name) for s in STEPS], style, color=colour, markersize=4,
                    label=translate("weight decay {decay}", decay=name),
                    linewidth=2.2 if name == decay else 1)  # fmt: skip
    growth.plot(steps, length(steps, decay), "o", color=ORANGE, markersize=11, fillstyle="none")
    growth.set(xlabel="steps", ylabel="length of w", xscale="log", ylim=(0, 13))
    label_powers(growth)
    growth.legend(loc="upper left")


def describe_growth(*, steps, decay):
    """Give length and loss, and say how wide the band of doubt is."""
    size = length(steps, decay)
    band = fixed(2 * np.log(9) / size)
    return translate(
        "After {steps:,} steps, weight decay {decay}: the weights have length {size}, the log loss is "
        "{log_loss}. No flower is on the wrong side of the solid line. The band between "
        "10 per cent (dotted) and 90 per cent (dashed) is {band} wide.",
        steps=steps,
        decay=decay,
        size=fixed(size),
        log_loss=power(log_loss(steps, decay)),
        band=band,
    )
