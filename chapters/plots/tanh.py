"""The plots of the tanh chapter about the curve: its making, its slope, its straight stand-ins, its use."""

from functools import cache

import numpy as np
from activations import relu, sigmoid, sigmoid_grad, tanh, tanh_grad
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import translate

GRID = np.linspace(-5, 5, 151)
STAGES = {
    "sigmoid(z)": sigmoid,
    "sigmoid(2z)": lambda z: sigmoid(2 * z),
    "2 sigmoid(2z)": lambda z: 2 * sigmoid(2 * z),
    "2 sigmoid(2z) - 1": lambda z: 2 * sigmoid(2 * z) - 1,
}
HARD = {"hard tanh": (tanh, -1.0, 0.0, 1.0), "hard sigmoid": (sigmoid, 0.0, 0.5, 0.25)}


def draw_stages(axes, *, stage):
    """One stage on the way from the sigmoid to tanh, with tanh dashed."""
    axes.plot(GRID, tanh(GRID), color=ORANGE, linestyle="--", label="tanh")
    axes.plot(GRID, STAGES[stage](GRID), color=BLUE, linestyle="-", linewidth=2.2, label=stage)
    axes.axhline(0, color=GREY, linestyle="-", linewidth=0.8)
    axes.set(xlabel="pre-activation z", ylabel="value", ylim=(-1.2, 2.2))
    axes.legend(loc="upper left")


def describe_stages(*, stage):
    """Say between which heights the curve runs and how far it is from tanh."""
    curve = STAGES[stage](GRID)
    gap = float(np.abs(curve - tanh(GRID)).max())
    low, high = fixed(curve[0], 0), fixed(curve[-1], 0)
    where = (
        translate("covers the dashed tanh")
        if gap < 1e-12
        else translate("is up to {gap:.2f} away from the dashed tanh", gap=gap)
    )
    return translate(
        "{stage} rises from {low} to {high}, crosses z = 0 at {middle:g}, and {where}.",
        stage=stage,
        low=low,
        high=high,
        middle=float(STAGES[stage](0.0)),
        where=where,
    )


def draw_slopes(panels, *, z):
    """Tanh and sigmoid with their tangents at z; below, both derivatives."""
    value, slope = panels
    reach = np.array([-1.2, 1.2])
    for name, f, grad, colour, style, mark in (
        ("tanh", tanh, tanh_grad, ORANGE, "-", "o"),
        ("sigmoid", sigmoid, sigmoid_grad, BLUE, "--", "s"),
    ):
        value.plot(GRID, f(GRID), color=colour, linestyle=style, label=name)
        value.plot(z + reach, f(z) + grad(z) * reach, color=PURPLE, linestyle="-", linewidth=1.2)
        value.plot(z, f(z), mark, color=colour)
        slope.plot(GRID, grad(GRID), color=colour, linestyle=style)
        slope.plot(z, grad(z), mark, color=colour)
    value.set(ylabel="value", xlim=(-6, 6), ylim=(-1.5, 1.5))
    value.legend(loc="upper left")
    slope.set(xlabel="pre-activation z", ylabel="derivative", xlim=(-6, 6), ylim=(-0.03, 1.08))


def describe_slopes(*, z):
    """Give both slopes and say which is larger."""
    steep, flat = float(tanh_grad(z)), float(sigmoid_grad(z))
    which = (
        translate("tanh is steeper")
        if steep > flat
        else translate("the sigmoid is steeper: tanh saturates sooner")
    )
    return translate(
        "At z = {z} tanh has slope {steep:.3f} and the sigmoid {flat:.3f}; {which}.",
        z=fixed(z, 1),
        steep=steep,
        flat=flat,
        which=which,
    )


@cache
def equal_slope():
    """The z > 0 at which tanh and the sigmoid are equally steep, by bisection."""
    low, high = 0.0, 5.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tanh_grad(middle) > sigmoid_grad(middle) else (low, middle)
    return low


def straight(function, share, z):
    """The piecewise-linear stand-in whose middle has `share` of the slope that the curve has at 0."""
    _, low, middle, slope = HARD[function]
    return np.clip(middle + share * slope * z, low, 1.0)


def largest_error(function, share):
    """The largest distance between the stand-in and the curve."""
    z = np.linspace(-12, 12, 24001)
    return float(np.abs(straight(function, share, z) - HARD[function][0](z)).max())


def draw_hard(panels, *, function, share):
    """The curve and its straight stand-in; below, their difference."""
    value, error = panels
    curve, low, middle, slope = HARD[function]
    corner = (1 - middle) / (share * slope)
    z = np.unique(np.r_[np.linspace(-6, 6, 121), -corner, corner])
    value.plot(z, curve(z), color=GREY, linestyle="--", label=function.removeprefix("hard "))
    pieces = np.array([-6, -corner, corner, 6])
    value.plot(
        pieces,
        straight(function, share, pieces),
        "-",
        color=BLUE,
        linewidth=2.2,
        label="three straight pieces",
    )
    value.plot([-corner, corner], [low, 1], "o", color=BLUE)
    value.set(ylabel="value", ylim=(-1.2, 1.9), xlim=(-6.3, 6.3))
    value.legend(loc="upper left")
    error.plot(z, straight(function, share, z) - curve(z), color=ORANGE, linestyle="-")
    error.set(xlabel="pre-activation z", ylabel="straight minus curve", ylim=(-0.26, 0.26), xlim=(-6.3, 6.3))


def describe_hard(*, function, share):
    """Say where the kinks are and how large the error is."""
    _, _, middle, slope = HARD[function]
    corner = (1 - middle) / (share * slope)
    return translate(
        "The middle piece has slope {slope:.3f} and ends in kinks at z = ±{corner:.2f}. "
        "It is never more than {error:.3f} away from the curve.",
        slope=share * slope,
        corner=corner,
        error=largest_error(function, share),
    )


STATES = {"tanh": tanh, "ReLU": relu}


def state(weight, activation, steps=30):
    """States (31,) of h ← f(weight · h + x), from h = 0, with x = 1 at the first step and 0 later."""
    h = [0.0]
    for step in range(steps):
        h.append(float(STATES[activation](weight * h[-1] + (step == 0))))
    return np.array(h)


def draw_state(axes, *, weight, activation):
    """The state of one recurrent unit after a single pulse."""
    axes.plot(state(weight, activation)[1:], "o-", color=GREEN, markersize=4)
    axes.axhline(1, color=GREY, linestyle="--", linewidth=1)
    axes.set(xlabel="step after the pulse", ylabel="state h", yscale="log", ylim=(1e-5, 1e6))
    axes.minorticks_off()
    label_powers(axes)


def describe_state(*, weight, activation):
    """Say whether the state fades, stays or grows."""
    end = state(weight, activation)[-1]
    how = (
        translate("has grown out of bounds")
        if end > 1.01
        else translate("has faded")
        if end < 0.05
        else translate("is still remembered")
    )
    return translate(
        "{activation}, weight {weight:g}: after 30 steps the pulse {how}; the state is {end}.",
        activation=activation,
        weight=weight,
        how=how,
        end=power(end),
    )
