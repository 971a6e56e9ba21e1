"""The drawn network of the book: units, biases and layers, with the activation of a chapter in its place."""

from itertools import pairwise

import numpy as np
from activations import ACTIVATIONS
from explore import BLUE, GREEN, GREY, INK, ORANGE, PAPER
from translation import message, translate

INPUTS, HIDDEN, OUTPUT = 0.0, 1.6, 3.2
CURVES = {name: entry.function for name, entry in ACTIVATIONS.items()} | {
    "maxout": lambda z: np.max([-1.2 * z - 1.2, 0.2 * z, 1.4 * z - 1.6], axis=0)
}


class Picture:
    """A network of two inputs, three hidden units and one or three outputs, for `show` or `explore`.

    `hidden` and `output` name the activations of the two layers; the one that is `marked` is drawn in colour.
    """

    def __init__(self, hidden="relu", output="sigmoid", marked="hidden", outputs=1):
        self.hidden, self.output, self.marked, self.outputs = hidden, output, marked, outputs

    def draw(self, axes, *, flow="forward"):
        """Units as circles, biases as squares, a line for each weight; arrows the way that numbers flow."""
        layers = (_column(INPUTS, 2), _column(HIDDEN, 3), _column(OUTPUT, self.outputs))
        for here, there in pairwise(layers):
            for start in here:
                for end in there:
                    _arrow(axes, start, end, flow)
        for layer in layers[1:]:
            bias = (layer[0][0] - 0.8, -1.75)
            axes.plot(*bias, "s", color=GREY, markersize=17, markerfacecolor=PAPER, zorder=3)
            axes.text(*bias, "1", ha="center", va="center", zorder=4)
            for end in layer:
                _arrow(axes, bias, end, "bias" if flow == "forward" else "none")
        for row, place in enumerate(layers[0]):
            _circle(axes, place, GREY)
            axes.text(*place, f"x{'₁₂'[row]}", ha="center", va="center", zorder=5)
        for place in layers[1]:
            _unit(axes, place, self.hidden, self.marked in ("hidden", "both"))
        for place in layers[2]:
            _unit(axes, place, self.output, self.marked in ("output", "both"))
        for x, name in (
            (INPUTS, message("inputs")),
            (HIDDEN, message("hidden layer")),
            (OUTPUT, message("output")),
        ):
            axes.text(x, 1.72, name, ha="center", va="center")
        axes.set(xlim=(-0.6, 3.8), ylim=(-2.15, 1.95), aspect="equal")
        axes.set_axis_off()

    def describe(self, *, flow="forward"):
        """Say what is connected to what, which way the numbers go, and what is marked."""
        outputs = (
            translate("one output")
            if self.outputs == 1
            else translate("{outputs} outputs", outputs=self.outputs)
        )
        way = (
            translate(
                "Arrows go from left to right: each unit adds its inputs times its weights and a bias (the squares), "
                "and applies its activation."
            )
            if flow == "forward"
            else translate(
                "Arrows go from right to left: each unit gets the gradient from the units that it feeds, times the "
                "weights, and multiplies it by the slope of its activation."
            )
        )
        name = self.hidden if self.marked == "hidden" else self.output
        titled = ACTIVATIONS[name].title if name in ACTIVATIONS else name
        marked = (
            translate("both layers are in colour")
            if self.marked == "both"
            else translate("in colour: {name} in the hidden layer", name=titled)
            if self.marked == "hidden"
            else translate("in colour: {name} in the output layer", name=titled)
        )
        return translate(
            "Two inputs, three hidden units and {outputs}. {way} Here {marked}.",
            outputs=outputs,
            way=way,
            marked=marked,
        )


def _column(x, count):
    return [(x, float(y)) for y in np.linspace(1, -1, count)] if count > 1 else [(x, 0.0)]


def _circle(axes, place, colour, wide=1.2):
    axes.plot(*place, "o", color=colour, markersize=31, markerfacecolor=PAPER, markeredgewidth=wide, zorder=3)


def _unit(axes, place, name, marked):
    """A unit with the curve of its activation inside."""
    _circle(axes, place, ORANGE if marked else GREY, 2.4 if marked else 1.2)
    if name not in CURVES:
        axes.text(*place, "max" if name == "max" else "soft-\nmax", ha="center", va="center", zorder=5,
                  fontsize=8, color=ORANGE if marked else INK)  # fmt: skip
        return
    z = np.linspace(-2.5, 2.5, 41)
    curve = np.clip(CURVES[name](z), -2.5, 2.5)
    height = max(2.5 if np.abs(curve).max() > 1.2 else 1.2, 1e-9)
    axes.plot(place[0] + 0.2 * z / 2.5, place[1] + 0.2 * curve / height, "-", zorder=5,
              color=ORANGE if marked else INK, linewidth=2.2 if marked else 1.1)  # fmt: skip


def _arrow(axes, start, end, flow):
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.hypot(*(end - start))
    start, end = start + 0.31 * along, end - 0.31 * along
    if flow == "backward":
        start, end = end, start
    looks = {
        "forward": (BLUE, "-"),
        "bias": (GREY, "-"),
        "backward": (GREEN, (0, (4, 2))),
        "none": (GREY, ":"),
    }
    colour, style = looks[flow]
    axes.plot(*np.stack([start, end]).T, color=colour, linestyle=style, linewidth=1, zorder=1)
    if flow in ("forward", "backward"):
        tip = (end - start) / np.hypot(*(end - start))
        side = np.array([-tip[1], tip[0]])
        head = np.stack([end - 0.1 * tip + 0.05 * side, end, end - 0.1 * tip - 0.05 * side])
        axes.plot(*head.T, "-", color=colour, linewidth=1.2, zorder=2)
