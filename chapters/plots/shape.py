"""Plots of a function of the family with its parameter: its shape, its derivative, and ReLU beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from activations import (
    ACTIVATIONS,
    elu,
    elu_grad,
    leaky_relu,
    leaky_relu_grad,
    relu,
    relu_grad,
    sigmoid,
    softplus,
    swish,
    swish_grad,
)
from explore import BLUE, GREY, ORANGE
from plotting.wording import fixed
from translation import translate

GRID = np.unique(np.r_[np.linspace(-5, 3, 97), -1e-9, 1e-9])  # both sides of the kink


@dataclass(frozen=True)
class Shape:
    """A function of `z` and one parameter, with its derivative by `z` and the parameter's symbol."""

    symbol: str
    function: Callable[..., Any]
    derivative: Callable[..., Any]


ALPHA = "\N{GREEK SMALL LETTER ALPHA}"
SHAPES = {
    "leaky ReLU": Shape(ALPHA, leaky_relu, leaky_relu_grad),
    "ELU": Shape(ALPHA, elu, elu_grad),
    "softplus": Shape("β", lambda z, beta: softplus(beta * z) / beta, lambda z, beta: sigmoid(beta * z)),
    "swish": Shape("β", swish, swish_grad),
}


class Explored:
    """The two functions that `explore` asks for, for one shape, with `parameter` as their keyword."""

    def __init__(self, name):
        self.name, self.shape = name, SHAPES[name]

    def draw(self, panels, *, parameter):
        """The function; below, its derivative; ReLU and its derivative dashed."""
        _pair(panels, relu, relu_grad, GREY, "--", "ReLU")
        f, grad = self.shape.function, self.shape.derivative
        label = f"{self.name}, {self.shape.symbol} = {parameter:g}"
        _pair(panels, lambda z: f(z, parameter), lambda z: grad(z, parameter), BLUE, "-", label)
        _frame(panels)

    def describe(self, *, parameter):
        """Give the far left, the lowest point and the slopes at the corner."""
        f, grad = self.shape.function, self.shape.derivative
        values = f(GRID, parameter)
        gap = float(np.abs(values - relu(GRID)).max())
        before, after = (float(grad(z, parameter)) for z in (-1e-9, 1e-9))
        corner = (
            translate(
                "a corner at 0, where the slope jumps from {before} to {after}",
                before=fixed(before),
                after=fixed(after),
            )
            if abs(after - before) > 1e-6
            else translate("no corner; its slope at 0 is {before}", before=fixed(before))
        )
        lowest, place = lowest_point(f, parameter)
        dip = (
            translate(" It dips to {low} at z = {place}.", low=fixed(lowest), place=fixed(place))
            if _dips(values)
            else ""
        )
        return translate(
            "At z = {left} the value is {value}. The curve has {corner}. "
            "In the picture it is at most {gap} away from ReLU.{dip}",
            left=fixed(-5, 0),
            value=fixed(values[0]),
            corner=corner,
            gap=fixed(gap),
            dip=dip,
        )


def lowest_point(function, parameter):
    """The lowest value between -5 and 3, and its place, both right to two decimals."""
    z = np.linspace(-5, 3, 80_001)
    values = function(z, parameter)
    return values.min(), z[values.argmin()]


def _dips(values):
    lowest = int(values.argmin())
    return GRID[lowest] < -1e-6 and values[0] - values[lowest] > 1e-3


def _pair(panels, function, derivative, colour, style, label):
    value, slope = panels
    value.plot(GRID, function(GRID), color=colour, linestyle=style, label=label)
    slope.plot(*with_gap(derivative), color=colour, linestyle=style)


def with_gap(derivative):
    """The derivative on `GRID`, with a gap at 0 where it jumps there: no line joins the two sides."""
    slopes, zero = derivative(GRID), int(np.searchsorted(GRID, 0))
    if abs(slopes[zero + 1] - slopes[zero - 1]) < 1e-6:
        return GRID, slopes
    return GRID, np.where(GRID == 0, np.nan, slopes)


def _frame(panels):
    value, slope = panels
    value.set(ylabel="value", xlim=(-5.2, 3.2), ylim=(-2.4, 3.2))
    value.legend(loc="upper left")
    slope.set(
        xlabel="pre-activation z",
        ylabel="derivative",
        xlim=(-5.2, 3.2),
        ylim=(-0.6, 2.1),
        yticks=[-0.5, 0, 0.5, 1, 1.5, 2],
    )


FAMILY = ("relu", "leaky_relu", "prelu", "elu", "selu", "softplus", "swish", "gelu", "mish")
TITLES = {ACTIVATIONS[name].title: ACTIVATIONS[name] for name in FAMILY}


def draw_member(panels, *, member):
    """One function of the family with its default parameters; below, its derivative."""
    _pair(panels, relu, relu_grad, GREY, "--", "ReLU")
    chosen = TITLES[member]
    if member != "ReLU":
        _pair(panels, chosen.function, chosen.derivative, ORANGE, "-", member)
    _frame(panels)


def describe_member(*, member):
    """Say how far down the function goes, how steep it is and whether it has a corner."""
    chosen = TITLES[member]
    facts = chosen.facts
    slopes = chosen.derivative(GRID)
    low = (
        translate("without bound")
        if np.isinf(facts.lowest)
        else translate("to {lowest}", lowest=fixed(facts.lowest))
    )
    way = translate("rises everywhere or is flat") if facts.monotone else translate("falls before it rises")
    corner = translate("has a corner at 0") if facts.kinks else translate("has no corner")
    return translate(
        "{member} goes down {low}, {way}, and {corner}. "
        "In the picture its slope lies between {least} and {most}.",
        member=member,
        low=low,
        way=way,
        corner=corner,
        least=fixed(slopes.min()),
        most=fixed(slopes.max()),
    )
