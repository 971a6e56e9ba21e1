"""The plot of a classifier for three cultivars of wine: softmax, or one sigmoid for each class."""

from functools import cache

import numpy as np
from activations import log_softmax, sigmoid, softmax
from experiments.data import standardize, wine_alcohol_flavanoids
from explore import BLUE, GREEN, ORANGE, PURPLE
from translation import message, translate, translate_count

STEPS = (0, 1, 3, 10, 30, 100, 300, 1000)
OUTPUTS = {"softmax": softmax, message("three sigmoids"): sigmoid}
CULTIVARS = (("o", BLUE), ("^", ORANGE), ("s", GREEN))
LOW, HIGH = np.array([10.8, 0.1]), np.array([15.0, 4.2])


@cache
def fit(steps, output, lr=1.0):
    """Weights (2, 3) and biases (3,) on standardised features after so many steps of gradient descent."""
    X, y = wine_alcohol_flavanoids()
    X, Y = standardize(X), np.eye(3)[y]
    W, b = np.zeros((2, 3)), np.zeros(3)
    for _ in range(steps):
        error = (OUTPUTS[output](X @ W + b) - Y) / len(Y)
        W, b = W - lr * X.T @ error, b - lr * error.sum(axis=0)
    return W, b


def logits(steps, output, X):
    """Logits (n, 3) for wines `X` (n, 2) in the units of the data."""
    data, _ = wine_alcohol_flavanoids()
    W, b = fit(steps, output)
    return (X - data.mean(axis=0)) / data.std(axis=0) @ W + b


def scores(steps, output):
    """Mistakes, mean cross-entropy of the logits, and wines to which (none, two or three) classes say yes."""
    X, y = wine_alcohol_flavanoids()
    Z = logits(steps, output, X)
    says_yes = (OUTPUTS[output](Z) > 0.5).sum(axis=1)
    loss = -log_softmax(Z)[np.arange(len(y)), y].mean()
    return (
        int(np.sum(Z.argmax(axis=1) != y)),
        float(loss),
        (int(np.sum(says_yes == 0)), int(np.sum(says_yes > 1))),
    )


def edge(steps, output, wanted):
    """The two ends of the part of the line `wanted(Z) = 0` that lies in the plot, or None.

    `wanted` gives for logits (n, 3) the pair (zero on the line, keep this point).
    """
    corners = LOW + np.array([[0, 0], [1, 0], [0, 1]]) * (HIGH - LOW)
    origin, right, up = wanted(logits(steps, output, corners))[0]
    slope = np.array([right - origin, up - origin])
    if np.abs(slope).max() < 1e-12:
        return None
    middle = -origin * slope / (slope @ slope)
    points = middle + np.linspace(-3, 3, 2401)[:, None] * [-slope[1], slope[0]] / np.linalg.norm(slope)
    inside = ((points >= 0) & (points <= 1)).all(axis=1)
    points = LOW + points * (HIGH - LOW)
    kept = points[inside & wanted(logits(steps, output, points))[1]]
    return kept[[0, -1]] if len(kept) > 1 else None


def borders(steps, output):
    """Ends (2, 2) of each boundary: where two logits are equal and largest, or where a sigmoid says 1/2."""
    if output == "softmax":
        pairs = ((0, 1), (0, 2), (1, 2))
        rules = [lambda Z, i=i, j=j: (Z[:, i] - Z[:, j], Z[:, i] > Z.max(axis=1) - 1e-9) for i, j in pairs]
    else:
        rules = [lambda Z, i=i: (Z[:, i], np.full(len(Z), fill_value=True)) for i in range(3)]
    return [edge(steps, output, rule) for rule in rules]


def draw_wine(axes, *, steps, output):
    """The wines, and the boundaries of the classifier."""
    X, y = wine_alcohol_flavanoids()
    for label, (marker, colour) in enumerate(CULTIVARS):
        axes.plot(
            *X[y == label].T,
            marker,
            color=colour,
            markersize=3.5,
            label=translate("cultivar {label}", label=label + 1),
        )
    looks = [("-", None)] * 3 if output == "softmax" else [(":", BLUE), ("--", ORANGE), ("-", GREEN)]
    for ends, (style, colour) in zip(borders(steps, output), looks, strict=True):
        if ends is not None:
            axes.plot(*ends.T, linestyle=style, color=colour or PURPLE, linewidth=2)
    axes.set(
        xlabel="alcohol in % by volume", ylabel="flavanoids", xlim=(LOW[0], HIGH[0]), ylim=(LOW[1], HIGH[1])
    )
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9, handletextpad=0.1)


def describe_wine(*, steps, output):
    """Give the mistakes, and for sigmoids the wines that no class or several claim."""
    mistakes, loss, (none, several) = scores(steps, output)
    done = translate_count(
        "{count:,} step with {output}: ", "{count:,} steps with {output}: ", steps, output=output
    )
    if steps == 0:
        return done + translate(
            "all weights are zero, every class is as likely as any other, and there is no boundary."
        )
    if output == "softmax":
        return done + translate(
            "{mistakes} of 178 wines are mistaken, and the cross-entropy is {loss:.3f}.",
            mistakes=mistakes,
            loss=loss,
        )
    return done + translate(
        "{mistakes} mistakes; {none} wines are claimed by no class and {several} by more than one.",
        mistakes=mistakes,
        none=none,
        several=several,
    )
