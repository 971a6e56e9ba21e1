"""The plots that show what a bend between two lines is worth: one hidden layer, and stacks of layers."""

from functools import cache

import numpy as np
from explore import BLUE, GREY, ORANGE
from plotting.wording import fixed
from translation import message, translate, translate_count

ACTIVATIONS = {
    "ReLU": lambda z: np.maximum(z, 0.0),
    "tanh": np.tanh,
    message("identity"): lambda z: z,
}
GRID = np.linspace(-3.0, 3.0, 241)


def target(x):
    """The curve that the landing page's network is asked to draw."""
    return np.sin(2.0 * x) + 0.4 * x


def hidden_layer(x, units, activation):
    """Activations (len(x), units) of a layer whose units switch at evenly spaced places from -3 to 3."""
    starts = np.linspace(-3.0, 3.0, units, endpoint=False)
    if activation == "tanh":  # a bend has a width: centre it in its interval and fit it to that
        width = 6.0 / units
        return np.tanh((x[:, None] - starts - width / 2) / (0.6 * width))
    return ACTIVATIONS[activation](x[:, None] - starts)


@cache
def best_fit(units, activation):
    """Values on `GRID` of the output line fitted to `target` by least squares on the hidden activations."""
    design = np.column_stack([hidden_layer(GRID, units, activation), np.ones(GRID.size)])
    return design @ np.linalg.lstsq(design, target(GRID), rcond=None)[0]


def largest_miss(units, activation):
    """The largest distance between the fitted curve and the target on the grid."""
    return float(np.abs(best_fit(units, activation) - target(GRID)).max())


def draw_bends(axes, *, units, activation):
    """The target, and the best curve that `units` hidden units can make."""
    axes.plot(GRID, target(GRID), color=GREY, linestyle="--", label="curve to draw")
    axes.plot(
        GRID, best_fit(units, activation), linestyle="-", color=BLUE, linewidth=2.2, label="best network"
    )
    axes.set(xlabel="input x", ylabel="output", ylim=(-2.4, 2.4))
    axes.legend(loc="lower right")


def describe_bends(*, units, activation):
    """Say how near the network comes."""
    shape = {
        "identity": translate("a straight line"),
        "ReLU": translate_count(
            "a chain of {count} straight piece", "a chain of {count} straight pieces", units
        ),
        "tanh": translate_count(
            "a smooth curve made of {count} S-shaped step",
            "a smooth curve made of {count} S-shaped steps",
            units,
        ),
    }[activation]
    miss = largest_miss(units, activation)
    return translate(
        "With {units} the best network is {shape}. It misses the dashed curve by at most {miss:.2f}.",
        units=translate_count(
            "{count} {activation} unit", "{count} {activation} units", units, activation=activation
        ),
        shape=shape,
        miss=miss,
    )


@cache
def stack_output(layers, activation):
    """Output on `GRID` of a random stack of `layers` layers, 8 wide, the same weights for each activation."""
    rng = np.random.default_rng(7)
    a = GRID[:, None]
    for layer in range(layers):
        fan_in, fan_out = a.shape[1], 1 if layer == layers - 1 else 8
        z = a @ rng.normal(0.0, np.sqrt(2.0 / fan_in), (fan_in, fan_out)) + rng.normal(0.0, 0.5, fan_out)
        a = z if layer == layers - 1 else ACTIVATIONS[activation](z)
    return a[:, 0]


def bends(values):
    """How many places on an evenly spaced grid (n,) have a slope unlike their neighbours' slope."""
    turn = np.abs(np.diff(values, 2)) > 1e-9 * np.abs(values).max()
    return int(np.count_nonzero(np.diff(turn.astype(int), prepend=0) == 1))


def draw_stack(axes, *, layers, activation):
    """Output of the stack against its input, with the chord between its ends."""
    y = stack_output(layers, activation)
    axes.plot(GRID[[0, -1]], y[[0, -1]], color=GREY, linestyle="--", label="straight line between the ends")
    axes.plot(
        GRID,
        y,
        linestyle="-",
        color=BLUE if activation == "identity" else ORANGE,
        linewidth=2.2,
        label="output",
    )
    axes.set(xlabel="input x", ylabel="output of the last layer")
    axes.legend(loc="best")


def describe_stack(*, layers, activation):
    """Say whether the curve is a line."""
    y, count = stack_output(layers, activation), bends(stack_output(layers, activation))
    start = translate(
        "{layers} layers with {activation} between them: the output is ", layers=layers, activation=activation
    )
    if count == 0:
        slope = (y[-1] - y[0]) / (GRID[-1] - GRID[0])
        return start + translate(
            "one straight line of slope {slope}, which covers its dashed chord.", slope=fixed(slope)
        )
    if activation == "tanh":
        return start + translate("a smooth curve that leaves its dashed chord.")
    return start + translate("a broken line that changes slope in at least {count} places.", count=count)
