"""The plots about what maxout units can be: maxima of tangents, and differences of two convex functions."""

from functools import cache

import numpy as np
from activations import sigmoid, softplus
from explore import BLUE, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import message, translate, translate_count

from plots import bend as bend_plots

REACH = 3.0
GRID = np.linspace(-REACH, REACH, 241)
COUNTS = (1, 2, 3, 4, 6, 8, 12, 16)
CONVEX = {  # function, derivative, largest second derivative on the grid
    message("half square"): (lambda z: z**2 / 2, lambda z: z, 1.0),
    "softplus": (softplus, sigmoid, 0.25),
    message("exponential"): (lambda z: np.exp(z - 2), lambda z: np.exp(z - 2), np.e),
}
CURVES = {message("wave"): bend_plots.target, message("root of |x|"): lambda x: np.sqrt(np.abs(x))}


def tangents(target, pieces):
    """Slopes and intercepts (pieces,) of tangents at the middles of as many equal intervals."""
    function, derivative, _ = CONVEX[target]
    middles = REACH * ((2 * np.arange(pieces) + 1) / pieces - 1)
    slopes = derivative(middles)
    return slopes, function(middles) - slopes * middles


def highest_tangent(target, pieces):
    """The maximum of the tangents on `GRID`."""
    slopes, intercepts = tangents(target, pieces)
    return (slopes * GRID[:, None] + intercepts).max(axis=1)


@cache
def tangent_miss(target, pieces):
    """The largest distance between a convex function and the highest of its tangents."""
    return float(np.max(CONVEX[target][0](GRID) - highest_tangent(target, pieces)))


def tangent_bound(target, pieces):
    """M/8 (width of the range / pieces)², which the distance cannot exceed."""
    return CONVEX[target][2] / 8 * (2 * REACH / pieces) ** 2


def draw_tangents(panels, *, pieces, target):
    """The function and its highest tangents; below, the distance by the number of pieces."""
    curve, miss = panels
    values = CONVEX[target][0](GRID)
    for slope, intercept in zip(*tangents(target, pieces), strict=True):
        ends = GRID[[0, -1]]
        curve.plot(ends, slope * ends + intercept, linestyle="-", color=GREY, linewidth=0.7)
    curve.plot(GRID[::4], values[::4], linestyle="--", color=BLUE, label=target)
    curve.plot(GRID[::2], highest_tangent(target, pieces)[::2], linestyle="-", color=ORANGE, label="maxout")
    curve.set(xlabel="input z", ylabel="output", ylim=(-1, 5), xlim=(-REACH, REACH))
    curve.legend(loc="upper center")
    misses = [tangent_miss(target, count) for count in COUNTS]
    miss.loglog(COUNTS, [tangent_bound(target, count) for count in COUNTS], "--", color=GREY, label="bound")
    miss.loglog(COUNTS, misses, "o-", color=ORANGE, markersize=4, linewidth=1, label="largest miss")
    miss.plot(pieces, tangent_miss(target, pieces), "o", color=ORANGE, markersize=10)
    miss.set(xlabel="pieces", ylabel="largest miss", ylim=(1e-3, 20))
    label_powers(miss)
    miss.set_xticks(COUNTS, [str(count) for count in COUNTS])
    miss.legend(loc="lower left")


def describe_tangents(*, pieces, target):
    """Give the number of pieces and the largest distance."""
    lines = translate_count("{count} tangent stays", "{count} tangents stay", pieces)
    return translate(
        "{lines} below the {target}; the highest of them misses it by at most "
        "{miss}, and the bound is {bound}.",
        lines=lines,
        target=target,
        miss=power(tangent_miss(target, pieces)),
        bound=power(tangent_bound(target, pieces)),
    )


@cache
def split(curve, points):
    """Two convex functions on `GRID` whose difference joins `points` points of the curve by straight lines.

    Returns both, and the number of straight pieces of each.
    """
    knots = np.linspace(-REACH, REACH, points)
    values = CURVES[curve](knots)
    slopes = np.diff(values) / np.diff(knots)
    turns = np.diff(slopes)
    ramps = np.maximum(GRID[:, None] - knots[1:-1], 0)
    first = values[0] + slopes[0] * (GRID - knots[0]) + ramps @ np.maximum(turns, 0)
    second = ramps @ np.maximum(-turns, 0)
    up, down = (int(np.sum(side > 1e-12)) + 1 for side in (turns, -turns))
    return first, second, up, down


def split_miss(curve, points):
    """The largest distance on the grid between the curve and the difference of the two functions."""
    first, second, _, _ = split(curve, points)
    return float(np.abs(first - second - CURVES[curve](GRID)).max())


def draw_split(panels, *, points, curve):
    """The curve and the difference; below, the two convex functions."""
    whole, parts = panels
    first, second, _, _ = split(curve, points)
    whole.plot(GRID[::2], CURVES[curve](GRID)[::2], linestyle="--", color=BLUE, label=curve)
    whole.plot(GRID[::2], (first - second)[::2], linestyle="-", color=ORANGE, label="difference")
    whole.set(ylabel="output", ylim=(-2.4, 2.8))
    whole.legend(loc="upper left", ncols=2)
    parts.plot(GRID[::4], first[::4], linestyle="-", color=PURPLE, label="first maxout unit")
    parts.plot(GRID[::4], second[::4], linestyle="--", color=GREY, label="second maxout unit")
    parts.set(xlabel="input x", ylabel="output")
    parts.legend(loc="best")


def describe_split(*, points, curve):
    """Give the pieces of both units and the largest distance."""
    _, _, up, down = split(curve, points)
    counts = [translate_count("{count} piece", "{count} pieces", count) for count in (up, down)]
    return translate(
        "{points} points joined by straight lines, made of two convex functions with {first} "
        "and {second}. It misses the {curve} by at most {miss}.",
        points=points,
        first=counts[0],
        second=counts[1],
        curve=curve,
        miss=fixed(split_miss(curve, points)),
    )
