"""The plots of the sigmoid chapter about one unit: the step, log-odds, the decision boundary, the tangent."""

from functools import cache

import numpy as np
from activations import sigmoid, sigmoid_grad, step
from experiments.data import iris_petals, standardize
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.wording import fixed
from translation import translate

UNITS = {"step": step, "sigmoid": sigmoid}
STEEPNESS = 4.0
THRESHOLDS = np.linspace(3.6, 6.4, 281)


def draw_step_and_sign(axes):
    """Step and sign, with the value at zero marked."""
    axes.plot([-3, 0], [0, 0], linestyle="-", color=BLUE, linewidth=2.2)
    axes.plot([0, 3], [1, 1], linestyle="-", color=BLUE, linewidth=2.2)
    axes.plot(0, 1, "o", color=BLUE)
    axes.plot([-3, 0], [-1, -1], color=ORANGE, linestyle="--", linewidth=2.2)
    axes.plot([0, 3], [0.97, 0.97], color=ORANGE, linestyle="--", linewidth=2.2)
    axes.plot(0, 0, "s", color=ORANGE)
    axes.text(-2.9, 0.08, "step", color=BLUE)
    axes.text(-2.9, -0.92, "sign", color=ORANGE)
    axes.set(xlabel="pre-activation z", ylabel="value", ylim=(-1.3, 1.3))


def describe_step_and_sign():
    """Say where the two jump."""
    return translate(
        "Both functions are flat on each side of zero. The step jumps from 0 to 1 and is 1 at zero itself; "
        "the dashed sign jumps from minus 1 to 1 and is 0 at zero."
    )


def threshold_loss(threshold, activation):
    """Mean squared error on 100 irises of a unit that switches at `threshold` cm of petal length."""
    X, y = iris_petals()
    z = STEEPNESS * (X[:, 0] - np.asarray(threshold)[..., None])
    return np.mean((UNITS[activation](z) - y) ** 2, axis=-1)


def threshold_slope(threshold, activation):
    """Derivative of `threshold_loss` by the threshold (a float)."""
    if activation == "step":
        return 0.0
    X, y = iris_petals()
    z = STEEPNESS * (X[:, 0] - threshold)
    return float(np.mean(2 * (sigmoid(z) - y) * sigmoid_grad(z) * -STEEPNESS))


def draw_threshold(panels, *, threshold, activation):
    """Flowers and the unit's output; below, the loss by the threshold, with its slope at this one."""
    unit, loss = panels
    X, y = iris_petals()
    lift = np.where(y == 1, 1, -1) * (0.06 + 0.05 * (np.arange(len(y)) % 4))
    x = np.linspace(3, 7, 161)
    for label, marker, colour in ((0, "o", BLUE), (1, "^", PURPLE)):
        unit.plot(X[y == label, 0], (y + lift)[y == label], marker, color=colour, markersize=3)
    unit.plot(x, UNITS[activation](STEEPNESS * (x - threshold)), linestyle="-", color=ORANGE, linewidth=2.2)
    unit.text(3.0, 0.1, "versicolor (0)", color=BLUE)
    unit.text(7.0, 0.8, "virginica (1)", color=PURPLE, ha="right")
    unit.set(xlabel="petal length in cm", ylabel="output of the unit")
    value, slope = float(threshold_loss(threshold, activation)), threshold_slope(threshold, activation)
    style = "steps-mid" if activation == "step" else "default"
    loss.plot(THRESHOLDS, threshold_loss(THRESHOLDS, activation), linestyle="-", color=GREY, drawstyle=style)
    reach = np.array([-0.35, 0.35])
    loss.plot(threshold + reach, value + slope * reach, color=ORANGE, linestyle="--", linewidth=2.2)
    loss.plot(threshold, value, "o", color=ORANGE)
    loss.set(xlabel="threshold in cm", ylabel="mean squared error", ylim=(0, 0.42))


def describe_threshold(*, threshold, activation):
    """Say what the loss is and whether its slope points anywhere."""
    value, slope = float(threshold_loss(threshold, activation)), threshold_slope(threshold, activation)
    start = translate(
        "The {activation} switches at {threshold:g} cm; the loss is {value:.3f}. ",
        activation=activation,
        threshold=threshold,
        value=value,
    )
    if activation == "step":
        return start + translate("The loss is a staircase: its slope is 0 here, as on every other tread.")
    way = (
        translate("flat: this is near the bottom")
        if abs(slope) < 0.015
        else translate("{slope} per cm", slope=fixed(slope))
    )
    return start + translate("The loss is a smooth valley, and its slope here is {way}.", way=way)


def draw_log_odds(panels):
    """Odds and log-odds of a probability."""
    odds, logs = panels
    p = np.linspace(0.01, 0.99, 99)
    odds.plot(p[:90], p[:90] / (1 - p[:90]), linestyle="-", color=BLUE, linewidth=2.2)
    odds.set(xlabel="probability p", ylabel="odds p/(1-p)", xlim=(0, 1))
    logs.plot(p, np.log(p / (1 - p)), linestyle="-", color=ORANGE, linewidth=2.2)
    logs.axhline(0, color=GREY, linewidth=0.8)
    logs.set(xlabel="probability p", ylabel="log-odds", xlim=(0, 1))


def describe_log_odds():
    """Say what ranges the two curves have."""
    return translate(
        "The odds rise from 0, pass 1 at probability one half and shoot upwards towards 1. The log-odds run "
        "from far below zero to far above it, symmetrically about 0 at one half: a sigmoid lying on its side."
    )


@cache
def fitted_boundary(steps=12):
    """Maximum-likelihood weights (2,) and bias for `iris_petals`, in cm, by Newton's method."""
    X, y = iris_petals()
    design = np.column_stack([standardize(X), np.ones(len(y))])
    theta = np.zeros(3)
    for _ in range(steps):
        z = design @ theta
        hessian = design.T * sigmoid_grad(z) @ design
        theta -= np.linalg.solve(hessian, design.T @ (sigmoid(z) - y))
    w = theta[:2] / X.std(axis=0)
    return w, float(theta[2] - w @ X.mean(axis=0))


def boundary_scores(scale, shift):
    """Mean log loss and number of mistakes (of 100) of the logits `scale * (X w + b + shift)`."""
    X, y = iris_petals()
    w, b = fitted_boundary()
    z = scale * (X @ w + b + shift)
    return float(np.mean(np.logaddexp(0, z) - y * z)), int(np.sum((z >= 0) != y))


def draw_boundary(axes, *, scale, shift):
    """Flowers of two species, and the lines on which the model says 10, 50 and 90 per cent."""
    X, y = iris_petals()
    w, b = fitted_boundary()
    for label, marker, colour, name in ((0, "o", BLUE, "versicolor"), (1, "^", PURPLE, "virginica")):
        axes.plot(*X[y == label].T, marker, color=colour, markersize=4, label=name)
    lengths = np.array([2.0, 8.0])
    for logit, style, name in ((-np.log(9), ":", "10 %"), (0, "-", "50 %"), (np.log(9), "--", "90 %")):
        widths = (logit / scale - b - shift - w[0] * lengths) / w[1]
        axes.plot(lengths, widths, color=ORANGE, linestyle=style, label=name)
    axes.set(xlabel="petal length in cm", ylabel="petal width in cm", xlim=(2.8, 7.1), ylim=(0.8, 2.7))
    axes.legend(loc="lower right", fontsize=8)


def describe_boundary(*, scale, shift):
    """Say how wide the uncertain band is and what it costs."""
    loss, mistakes = boundary_scores(scale, shift)
    w, _ = fitted_boundary()
    band = 2 * np.log(9) / scale / w[1]
    side = (
        translate("between the species")
        if shift == 0
        else translate("into the versicolor")
        if shift > 0
        else translate("into the virginica")
    )
    return translate(
        "The solid boundary runs {side}; the band from 10 to 90 per cent is {band:.2f} cm high. "
        "The model mistakes {mistakes} of 100 flowers, and its log loss is {loss:.2f}.",
        side=side,
        band=band,
        mistakes=mistakes,
        loss=loss,
    )


def draw_tangent(panels, *, z):
    """The sigmoid with its tangent at z; below, the derivative as a curve."""
    value, slope = panels
    grid = np.linspace(-8, 8, 161)
    value.plot(grid, sigmoid(grid), linestyle="-", color=BLUE, linewidth=2.2)
    reach = np.array([-2.5, 2.5])
    value.plot(z + reach, sigmoid(z) + sigmoid_grad(z) * reach, color=ORANGE, linestyle="--", linewidth=2.2)
    value.plot(z, sigmoid(z), "o", color=ORANGE)
    value.set(xlabel="pre-activation z", ylabel="sigmoid s(z)", ylim=(-0.15, 1.15), xlim=(-9, 9))
    slope.plot(grid, sigmoid_grad(grid), linestyle="-", color=GREEN, linewidth=2.2)
    slope.plot([z, z], [0, sigmoid_grad(z)], color=ORANGE, linestyle="--")
    slope.plot(z, sigmoid_grad(z), "o", color=ORANGE)
    slope.axhline(0.25, color=GREY, linestyle=":")
    slope.set(xlabel="pre-activation z", ylabel="derivative s'(z)", ylim=(-0.01, 0.28), xlim=(-9, 9))


def describe_tangent(*, z):
    """Say what the value and the slope are."""
    s, slope = float(sigmoid(z)), float(sigmoid_grad(z))
    if z == 0:
        how = translate("the steepest place of the curve, on the dotted line at one quarter")
    else:
        how = (
            translate("nearly flat: the unit is saturated")
            if slope < 0.02
            else translate("on the slope of the hill")
        )
    return translate(
        "At z = {z} the sigmoid is {s:.4f} and its tangent has slope {slope:.4f}, {how}.",
        z=fixed(z, 0),
        s=s,
        slope=slope,
        how=how,
    )
