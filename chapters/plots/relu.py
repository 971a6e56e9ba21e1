"""The plots of the ReLU chapter about ReLU itself: its subgradients, and the zeros it makes."""

from functools import cache
from math import erf, sqrt

import numpy as np
from activations import relu
from experiments.digit_network import standardized_digits
from explore import BLUE, GREY, ORANGE, RED
from plotting.wording import fixed
from translation import translate

UNITS = 200
EDGES = np.linspace(-6, 6, 49)


def draw_subgradient(axes, *, slope):
    """ReLU and a straight line through its corner; the part of the line above ReLU is marked."""
    z = np.array([-2.0, 0.0, 2.0])
    line = slope * z
    axes.plot(z, relu(z), color=BLUE, linestyle="-", linewidth=2.6)
    axes.plot(z, line, color=ORANGE, linestyle="--")
    axes.fill_between(z, relu(z), line, where=line > relu(z) + 1e-12, interpolate=True,
                      color=RED, alpha=0.25, linewidth=0)  # fmt: skip
    axes.plot(0, 0, "o", color=ORANGE)
    axes.text(1.35, 1.0, "ReLU", color=BLUE)
    axes.set(xlabel="pre-activation z", ylabel="value", xlim=(-2, 2), ylim=(-1.6, 2.2))


def describe_subgradient(*, slope):
    """Say whether the line stays below ReLU."""
    start = translate("The dashed line through the corner has slope {slope}. ", slope=fixed(slope))
    if 0 <= slope <= 1:
        return start + translate("It is nowhere above ReLU, so this slope is a subgradient.")
    if slope > 1:
        return start + translate(
            "To the right of zero it runs above ReLU, in the shaded part, so this is not a subgradient."
        )
    return start + translate(
        "To the left of zero it runs above ReLU, in the shaded part, so this is not a subgradient."
    )


@cache
def pre_activations(bias):
    """Pre-activations (500, 200) of random units with this bias on 500 images of digits, of variance 1."""
    X = standardized_digits(500)
    W = np.random.default_rng(6).normal(size=(X.shape[1], UNITS))
    z = X @ W
    return z / z.std() + bias


def zero_share(bias):
    """Share of ReLU outputs that are exactly zero: measured, and for normal pre-activations."""
    return float(np.mean(relu(pre_activations(bias)) == 0)), (1 + erf(-bias / sqrt(2))) / 2


def draw_zeros(panels, *, bias):
    """Histogram of the pre-activations; below, of what ReLU makes of them."""
    before, after = panels
    z = pre_activations(bias)
    share = np.histogram(z, EDGES)[0] / z.size * 100
    centres, negative = (EDGES[:-1] + EDGES[1:]) / 2, EDGES[1:] <= 0
    before.bar(centres[negative], share[negative], 0.25, color=GREY)
    before.bar(centres[~negative], share[~negative], 0.25, color=BLUE)
    before.set(xlabel="pre-activation z", ylabel="share in %", xlim=(-6, 6), ylim=(0, 13))
    measured, _ = zero_share(bias)
    after.bar(centres[~negative], share[~negative], 0.25, color=BLUE)
    after.bar(0, 100 * measured, 0.4, color=ORANGE)
    after.text(
        -0.5,
        min(100 * measured, 92),
        translate("{measured:.0%} are 0", measured=measured),
        color=ORANGE,
        ha="right",
        va="center",
    )
    after.set(xlabel="output max(0, z)", ylabel="share in %", xlim=(-6, 6), ylim=(0, 104))


def describe_zeros(*, bias):
    """Give the share of zeros and what a normal distribution predicts."""
    measured, normal = zero_share(bias)
    return translate(
        "With bias {bias}, all that was left of zero is now heaped on it: "
        "{measured:.1%} of the outputs. For normally distributed pre-activations it would be {normal:.1%}.",
        bias=fixed(bias, 1),
        measured=measured,
        normal=normal,
    )
