"""The plot of gradient descent on hidden outputs that are centred on zero, and on outputs that are not."""

from functools import cache

import numpy as np
from activations import sigmoid, tanh
from experiments.data import diabetes_bmi, standardize
from explore import BLUE, GREEN, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import power
from sklearn.datasets import load_diabetes
from translation import message, translate

NORMALIZED = message("sigmoid, batch-normalised")
HIDDEN = {"sigmoid": sigmoid, "tanh": tanh, NORMALIZED: lambda z: standardize(sigmoid(z))}
LOOKS = {"sigmoid": (BLUE, "s-"), "tanh": (ORANGE, "o-"), NORMALIZED: (GREEN, "^-")}
START = np.array([1.5, -0.7])  # from the minimum, in weights
STEPS = 30


@cache
def hidden_outputs(activation):
    """Outputs (442, 2) of two hidden units that see standardised body-mass index and age."""
    bmi, _ = diabetes_bmi()
    age = load_diabetes(scaled=False).data[:, 0]
    return HIDDEN[activation](standardize(np.column_stack([bmi, age])))


@cache
def hessian(activation):
    """Second derivative (2, 2) of the mean squared error by the output weights: twice the mean of a aᵀ."""
    a = hidden_outputs(activation)
    return 2 * a.T @ a / len(a)


@cache
def best_weights(activation):
    """Output weights (2,) with the lowest mean squared error on the standardised disease progression."""
    _, y = diabetes_bmi()
    return np.linalg.lstsq(hidden_outputs(activation), (y - y.mean()) / y.std(), rcond=None)[0]


def steepness_ratio(activation):
    """Largest eigenvalue of the Hessian over the smallest: how long the valley is."""
    values = np.linalg.eigvalsh(hessian(activation))
    return float(values[-1] / values[0])


def path(activation, fraction):
    """Output weights (31, 2) under gradient descent; `fraction` is that of the largest learning rate."""
    H = hessian(activation)
    lr = fraction * 2 / np.linalg.eigvalsh(H)[-1]
    missing = [START]
    for _ in range(STEPS):
        missing.append(missing[-1] - lr * H @ missing[-1])
    return best_weights(activation) + np.array(missing)


def excess(activation, fraction):
    """Loss above its minimum (31,) along the path, as a share of what it is at the start."""
    missing = path(activation, fraction) - best_weights(activation)
    loss = np.einsum("ti,ij,tj->t", missing, hessian(activation), missing)
    return loss / loss[0]


def draw_path(panels, *, activation, fraction):
    """The path on the contours of the loss; below, the loss step by step for all three kinds of outputs."""
    surface, curve = panels
    best = best_weights(activation)
    values, vectors = np.linalg.eigh(hessian(activation))
    angle = np.linspace(0, 2 * np.pi, 61)
    for size in (0.05, 0.2, 0.6, 1.3, 2.4):
        ring = vectors @ (np.sqrt(size / values)[:, None] * np.array([np.cos(angle), np.sin(angle)]))
        surface.plot(*(best[:, None] + ring), color=GREY, linestyle="-", linewidth=0.8)
    colour, style = LOOKS[activation]
    surface.plot(*path(activation, fraction).T, style, color=colour, markersize=4, linewidth=1)
    surface.plot(*best, "*", color=ORANGE if activation == NORMALIZED else GREEN, markersize=13)
    surface.set(xlabel="weight of the BMI unit", ylabel="weight of the age unit")
    surface.set(xlim=best[0] + np.array([-2, 2]), ylim=best[1] + np.array([-2, 2]), aspect="equal")
    for name, (colour, style) in LOOKS.items():
        wide = 2.2 if name == activation else 0.8
        left = np.maximum(excess(name, fraction), 1e-9)
        curve.semilogy(left, style, color=colour, markersize=4, markevery=3, linewidth=wide, label=name)
    curve.set(xlabel="step", ylabel="loss left, as a share", ylim=(1e-6, 2), xlim=(0, STEPS + 1))
    curve.minorticks_off()
    label_powers(curve)
    curve.legend(loc="lower left")


def describe_path(*, activation, fraction):
    """Say what shape the valley has and how much of the loss is left."""
    ratio, left = steepness_ratio(activation), excess(activation, fraction)[-1]
    valley = (
        translate("nearly round")
        if ratio < 2
        else translate("a valley {ratio:.0f} times as steep across as along", ratio=ratio)
    )
    gone = translate("less than a millionth") if left < 1e-6 else power(left)
    return translate(
        "Hidden outputs: {activation}; learning rate {fraction:g} of the largest. "
        "The contours are {valley}. After {steps} steps, {gone} of the starting excess loss is left.",
        activation=activation,
        fraction=fraction,
        valley=valley,
        steps=STEPS,
        gone=gone,
    )
