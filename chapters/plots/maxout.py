"""The plots of one maxout unit: two lines, the route of the gradient, the count of parameters, dropout."""

from functools import cache
from itertools import product

import numpy as np
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from functions.maxout_family import maxout, maxout_grad
from plotting.wording import fixed
from translation import message, translate

KNOWN = {(0, 1): "ReLU", (-1, 1): message("the absolute value"), (-1, 0): message("ReLU in a mirror")}
SLOPES, BIASES = np.array([-1.0, 0.25, 1.5]), np.array([-0.75, 0.5, -2.0])
PIECES = (
    (message("piece 1"), BLUE, ":"),
    (message("piece 2"), PURPLE, "-."),
    (message("piece 3"), GREEN, "--"),
)
INPUTS, CLASSES = 64, 10


def draw_two_lines(axes, *, first, second):
    """Two lines through the origin, and their maximum."""
    z = np.array([-3.0, 0.0, 3.0])
    axes.plot(z, first * z, linestyle=":", color=BLUE, label="piece 1")
    axes.plot(z, second * z, linestyle="--", color=PURPLE, label="piece 2")
    axes.plot(z, np.maximum(first * z, second * z), linestyle="-", color=ORANGE, linewidth=4, alpha=0.6)
    axes.set(xlabel="input z", ylabel="output of the unit", ylim=(-3.2, 3.2), xlim=(-3.1, 3.1))
    axes.legend(loc="lower right")


def name_of_two_lines(first, second):
    """What max(first z, second z) is called."""
    low, high = sorted((first, second))
    if low == high:
        return translate("one straight line of slope {low}", low=fixed(low, 1))
    if (low, high) in KNOWN:
        return KNOWN[low, high]
    return (
        translate("a leaky ReLU with slope {low:g} on the left", low=low)
        if high == 1 and low > 0
        else translate("a bend without a name")
    )


def describe_two_lines(*, first, second):
    """Name the function, and say how it climbs on each side."""
    low, high = sorted((first, second))
    return translate(
        "The thick line is the larger of the two: {name}. "
        "Its slope is {low} on the left and {high} on the right.",
        name=name_of_two_lines(first, second),
        low=fixed(low, 1),
        high=fixed(high, 1),
    )


def route(x):
    """Output of the unit with three pieces at the input x; its gradients by weights (3,) and biases (3,)."""
    X, W, b = np.array([[x]]), SLOPES[:, None, None], BIASES[:, None]
    _, dW, db = maxout_grad(X, W, b, np.ones((1, 1)))
    return float(maxout(X, W, b)[0, 0]), dW[:, 0, 0], db[:, 0]


def tied(x):
    """How many of the three pieces have the largest value at x."""
    values = SLOPES * x + BIASES
    return int(np.sum(values == values.max()))


def draw_route(panels, *, x):
    """Three pieces, the unit's output at x; below, what each piece receives."""
    unit, share = panels
    grid = np.array([-3.2, -1.0, 2.0, 3.2])
    for (name, colour, style), slope, bias in zip(PIECES, SLOPES, BIASES, strict=True):
        unit.plot(grid, slope * grid + bias, linestyle=style, color=colour, linewidth=1.2, label=name)
    unit.plot(grid, (SLOPES * grid[:, None] + BIASES).max(axis=1), linestyle="-", color=ORANGE, linewidth=2.4)
    value, by_weight, by_bias = route(x)
    unit.plot(x, value, "o", color=ORANGE, markersize=9)
    unit.set(xlabel="input x", ylabel="output", ylim=(-2.2, 3.2), xlim=(-3.3, 3.3))
    unit.legend(loc="upper center", ncols=3, fontsize=9)
    places = np.arange(1, 4)
    share.bar(places - 0.17, by_weight, 0.3, color=BLUE, linewidth=0)
    share.bar(places + 0.17, by_bias, 0.3, color=ORANGE, linewidth=0)
    for place, weight, bias in zip(places, by_weight, by_bias, strict=True):
        share.text(place - 0.17, max(weight, 0) + 0.15, f"w: {fixed(weight, 1)}", ha="center", fontsize=9)
        share.text(place + 0.17, max(bias, 0) + 0.7, f"b: {fixed(bias, 0)}", ha="center", fontsize=9)
    share.axhline(0, color=GREY, linewidth=0.8)
    share.set(
        ylabel="gradient",
        xticks=places,
        xticklabels=[translate(name) for name, _, _ in PIECES],
        ylim=(-3.4, 4.2),
    )


def describe_route(*, x):
    """Say which piece wins and what it receives."""
    value, by_weight, by_bias = route(x)
    winner = int(by_bias.argmax())
    start = translate("At x = {x} the output is {value}. ", x=fixed(x, 1), value=fixed(value))
    if tied(x) > 1:
        start += translate(
            "Pieces {winner} and {next} tie, and the program takes the first. ",
            winner=winner + 1,
            next=winner + 2,
        )
    return start + translate(
        "Piece {winner} receives all of the gradient: {by_weight} "
        "for its weight and 1 for its bias. The others receive nothing.",
        winner=winner + 1,
        by_weight=fixed(by_weight[winner], 1),
    )


def parameter_counts(pieces, width):
    """Parameters of three networks 64 -> hidden layer -> 10, by name."""
    hidden, output = width * (INPUTS + 1), (width + 1) * CLASSES
    wide = pieces * width
    return {
        translate("{count} ReLUs", count=width): hidden + output,
        translate("{count} maxout", count=width): pieces * hidden + output,
        translate("{count} ReLUs", count=wide): wide * (INPUTS + 1) + (wide + 1) * CLASSES,
    }


def draw_parameters(axes, *, pieces, width):
    """A bar for each of the three networks."""
    counts = parameter_counts(pieces, width)
    places = [2, 1, 0]
    axes.barh(places, list(counts.values()), 0.6, color=[GREY, ORANGE, BLUE], linewidth=0)
    largest = max(counts.values())
    for place, (name, count) in zip(places, counts.items(), strict=True):
        axes.text(0.02 * largest, place + 0.34, f"{name}: {count:,}", va="bottom", ha="left")
    axes.set(xlabel="parameters", yticks=[], xlim=(0, 1.05 * largest), ylim=(-0.4, 2.8))


def describe_parameters(*, pieces, width):
    """Read out the three numbers."""
    (_, plain), (_, unit), (name, wide) = parameter_counts(pieces, width).items()
    return translate(
        "{width} ReLUs need {plain:,} parameters, {width} maxout units of {pieces} pieces {maxout:,}, "
        "which is {times:.2f} times as many. {name} need {wide:,}.",
        width=width,
        plain=plain,
        pieces=pieces,
        maxout=unit,
        times=unit / plain,
        name=name,
        wide=wide,
    )


UNITS = {
    "identity": lambda Z: Z[0],
    "ReLU": lambda Z: np.maximum(Z[0], 0),
    message("maxout, 2 pieces"): lambda Z: Z.max(axis=0),
    "tanh": lambda Z: np.tanh(Z[0]),
}


@cache
def dropout_outputs(unit, units=60, inputs=10):
    """For random units: the mean output over all 1,024 ways to drop inputs, and that of halved weights."""
    rng = np.random.default_rng(4)
    x, W = rng.normal(size=inputs), rng.normal(size=(2, inputs, units))
    masks = np.array(list(product((0.0, 1.0), repeat=inputs)))
    mean = UNITS[unit]((masks * x) @ W).mean(axis=0)
    return mean, UNITS[unit]((0.5 * x) @ W)


def draw_dropout(axes, *, unit):
    """Each unit as a point: the halved weights against the mean over all masks."""
    mean, halved = dropout_outputs(unit)
    limits = np.array([-1.1, 1.1]) if unit == "tanh" else np.array([-3.2, 3.2])
    axes.plot(limits, limits, linestyle="--", color=GREY, linewidth=1)
    axes.plot(mean, halved, "o", color=BLUE, markersize=4)
    axes.set(xlabel="mean of 1,024 thinned units", ylabel="unit with halved weights")
    axes.set(xlim=limits, ylim=limits)


def describe_dropout(*, unit):
    """Say how far the points are from the diagonal, and on which side."""
    mean, halved = dropout_outputs(unit)
    gap = halved - mean
    if np.abs(gap).max() < 1e-9:
        return translate(
            "All points lie on the dashed diagonal: halving the weights is exact for the identity."
        )
    where = translate("below it or on it") if gap.max() < 1e-9 else translate("on both sides of it")
    return translate(
        "The points of {unit} follow the dashed diagonal and lie {where}; "
        "their mean distance from it is {distance:.2f}.",
        unit=unit,
        where=where,
        distance=np.abs(gap).mean(),
    )
