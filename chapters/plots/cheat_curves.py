"""The small plots of the cheat sheet: each function and its derivative, all to one scale."""

from functools import cache
from itertools import pairwise

import numpy as np
from activations import ACTIVATIONS
from explore import BLUE, ORANGE, show
from functions.softmax_family import log_softmax, softmax
from plotting.wording import fixed
from translation import message, translate

LEFT, RIGHT, LOW, HIGH = -4, 4, -1.6, 2.6
GRID = np.linspace(LEFT, RIGHT, 97)
READ_AT = np.array([-2.0, 0.0, 2.0])
PIECES = ((-1.0, -2.0), (0.25, -0.75), (1.0, -2.25))  # slopes and biases of the maxout unit that is drawn


def curves(name):
    """The function and its derivative as functions of one number, for each entry of the cheat sheet."""
    if name in ACTIVATIONS:
        return ACTIVATIONS[name].function, ACTIVATIONS[name].derivative
    return _VECTORS[name]


def breaks(name):
    """Where the function jumps, and where its derivative does."""
    if name in ACTIVATIONS:
        facts = ACTIVATIONS[name].facts
        return list(facts.jumps), [kink.place for kink in facts.kinks]
    return [], list(_maxout_kinks()) if name == "maxout" else []


def plot(name, title):
    """The plot for the page, with its text alternative."""
    return show(
        lambda axes: draw(axes, name),
        lambda: describe(name),
        title="{name} and its derivative",
        named={"name": title},
        size=(4.2, 2.9),
    )


def draw(axes, name):
    """The function solid and its derivative dashed, with gaps where they jump."""
    function, derivative = curves(name)
    jumps, kinks = breaks(name)
    for curve, places, look in (
        (function, jumps, {"color": BLUE, "linestyle": "-", "label": "function"}),
        (
            derivative,
            jumps + kinks,
            {"color": ORANGE, "linestyle": (0, (4, 2)), "label": message("derivative")},
        ),
    ):
        z, values = with_gaps(curve, places)
        axes.plot(z, values, **look)
    axes.axhline(0, color="black", linewidth=0.8, linestyle="-", alpha=0.5)
    axes.set(
        xlim=(LEFT, RIGHT),
        ylim=(LOW, HIGH),
        xlabel="z",
        xticks=range(LEFT, RIGHT + 1, 2),
        yticks=[-1, 0, 1, 2],
    )
    axes.legend(loc="upper center" if name == "maxout" else "upper left")


def with_gaps(curve, places):
    """The points of a curve, with a gap at each place where it jumps."""
    z = np.unique(np.r_[GRID, [p + side for p in places for side in (-1e-9, 1e-9)]])
    z = z[~np.isin(z, places)]
    values = curve(z)
    gaps = np.searchsorted(z, places)
    return np.insert(z, gaps, places), np.insert(values, gaps, np.nan)


def describe(name):
    """Read both curves at three places, the derivative only where there is one."""
    function, derivative = curves(name)
    jumps, kinks = breaks(name)
    sloped = READ_AT[~np.isin(READ_AT, jumps + kinks)]
    return translate(
        "At z = {places} the function (solid) is {values}. At {smooth} its derivative (dashed) is {slopes}.",
        places=_listed(READ_AT, 0),
        values=_listed(function(READ_AT)),
        smooth=_listed(sloped, 0),
        slopes=_listed(derivative(sloped)),
    )


def _listed(values, digits=2):
    *first, last = [fixed(value, digits) for value in values]
    return translate("{others} and {last}", others=translate(", ").join(first), last=last)


def _first_of_three(function):
    """The first entry of a function of three logits, as a function of the first; the others stay at 0."""
    return lambda z: function(np.stack([z, 0 * z, 0 * z], axis=-1))[..., 0]


def _softmax_slope(z):
    p = _first_of_three(softmax)(z)
    return p * (1 - p)


def _maxout_values(z):
    return np.max([w * z + b for w, b in PIECES], axis=0)


def _maxout_slopes(z):
    winner = np.argmax([w * z + b for w, b in PIECES], axis=0)
    return np.array([w for w, _ in PIECES])[winner]


@cache
def _maxout_kinks():
    return tuple((b1 - b2) / (w2 - w1) for (w1, b1), (w2, b2) in pairwise(PIECES))


_VECTORS = {
    "softmax": (_first_of_three(softmax), _softmax_slope),
    "log_softmax": (_first_of_three(log_softmax), lambda z: 1 - _first_of_three(softmax)(z)),
    "maxout": (_maxout_values, _maxout_slopes),
}
