"""The plots of universal approximation: bumps made of two sigmoids, and random units fitted to a curve."""

from functools import cache

import numpy as np
from activations import relu, sigmoid, tanh
from explore import BLUE, GREEN, GREY, ORANGE
from plotting.wording import fixed, power
from translation import message, translate, translate_count

X = np.linspace(-3.0, 3.0, 181)
BUMPS = (1, 2, 4, 8, 15, 30)
EDGES = {message("soft"): 2.0, message("medium"): 6.0, message("hard"): 30.0}
RANDOM_UNITS = (1, 2, 3, 5, 10, 20, 40)
FUNCTIONS = {"sigmoid": sigmoid, "tanh": tanh, "ReLU": relu, message("z squared"): lambda z: z**2}


def curve(x):
    """The curve that is to be approximated."""
    return np.sin(2.0 * x) + 0.4 * x


def bump_parts(bumps, edges):
    """Each bump (bumps, 181) on `X`: two sigmoids of opposite sign, as high as the curve in the middle.

    The first begins and the last ends a width outside the interval, so that nothing fades at its ends.
    """
    borders = np.linspace(-3.0, 3.0, bumps + 1)
    width = borders[1] - borders[0]
    steep = EDGES[edges] / width
    heights = curve((borders[:-1, None] + borders[1:, None]) / 2)
    borders[[0, -1]] += [-width, width]
    low, high = borders[:-1, None], borders[1:, None]
    return heights * (sigmoid(steep * (X - low)) - sigmoid(steep * (X - high)))


def bump_miss(bumps, edges):
    """Root of the mean squared distance between the sum of the bumps and the curve."""
    return _root_mean_square(bump_parts(bumps, edges).sum(axis=0) - curve(X))


def draw_bumps(axes, *, bumps, edges):
    """The curve, the single bumps, and their sum."""
    parts = bump_parts(bumps, edges)
    for part in parts:
        axes.plot(X[::2], part[::2], linestyle="-", color=GREEN, linewidth=0.8)
    axes.plot([], [], linestyle="-", color=GREEN, linewidth=0.8, label="one bump")
    axes.plot(X, curve(X), linestyle="--", color=GREY, label="curve to draw")
    axes.plot(X, parts.sum(axis=0), linestyle="-", color=BLUE, linewidth=2, label="sum of the bumps")
    axes.set(xlabel="input x", ylabel="output", ylim=(-2.4, 2.9))
    axes.legend(loc="upper left", fontsize="small", ncols=3, handlelength=1.4, columnspacing=1.0)


def describe_bumps(*, bumps, edges):
    """Say how many units it takes and how far off the sum is."""
    return translate(
        "{bumps} with {edges} edges, made of {units} sigmoid units: the sum misses "
        "the curve by {miss} in the root mean square.",
        bumps=translate_count("{count} bump", "{count} bumps", bumps),
        edges=edges,
        units=2 * bumps,
        miss=fixed(bump_miss(bumps, edges)),
    )


@cache
def random_fit(units, activation):
    """Values on `X` of the best output layer on `units` hidden units with random weights and biases."""
    rng = np.random.default_rng(2)
    w, place = rng.normal(0, 3, max(RANDOM_UNITS))[:units], rng.uniform(-3, 3, max(RANDOM_UNITS))[:units]
    hidden = FUNCTIONS[activation]((X[:, None] - place) * w)
    design = np.column_stack([hidden, np.ones(X.size)])
    return design @ np.linalg.lstsq(design, curve(X), rcond=1e-8)[0]


def random_miss(units, activation):
    """Root of the mean squared distance between the fit and the curve."""
    return _root_mean_square(random_fit(units, activation) - curve(X))


def draw_random(panels, *, units, activation):
    """The best fit; below, the miss against the number of units, for all functions."""
    fit, miss = panels
    fit.plot(X, curve(X), linestyle="--", color=GREY, label="curve to draw")
    fit.plot(X, random_fit(units, activation), linestyle="-", color=BLUE, linewidth=2, label="best network")
    fit.set(xlabel="input x", ylabel="output", ylim=(-2.4, 2.4))
    fit.legend(loc="lower right")
    for name, style in zip(FUNCTIONS, ("s--", "D-.", "o-", "^:"), strict=True):
        chosen = name == activation
        values = [random_miss(n, name) for n in RANDOM_UNITS]
        miss.loglog(RANDOM_UNITS, values, style, color=ORANGE if chosen else GREY, markersize=4, label=name)
    miss.plot([units], [random_miss(units, activation)], "o", color=BLUE, markersize=9, fillstyle="none")
    miss.set(xlabel="hidden units", ylabel="miss", ylim=(1e-6, 3), xticks=RANDOM_UNITS)
    miss.set_xticklabels([str(n) for n in RANDOM_UNITS])
    miss.minorticks_off()
    miss.set_yticks([1e-6, 1e-4, 1e-2, 1], ["10⁻⁶", "10⁻⁴", "10⁻²", "1"])
    miss.legend(loc="lower left", fontsize="small")


def describe_random(*, units, activation):
    """Give the miss of this frame."""
    miss = power(random_miss(units, activation))
    many = translate_count(
        "{count} random unit with {activation}",
        "{count} random units with {activation}",
        units,
        activation=activation,
    )
    return translate(
        "{many}: the best output layer misses the curve by {miss} in the root mean square.",
        many=many,
        miss=miss,
    )


def _root_mean_square(values):
    return float(np.sqrt(np.mean(values**2)))
