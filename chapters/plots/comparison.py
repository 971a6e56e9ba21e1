"""The plots of one network trained with every activation, from runs that are stored with the book."""

import json
from functools import cache
from pathlib import Path

import numpy as np
from activations import ACTIVATIONS
from explore import BLUE, GREY, ORANGE
from functions.vectors import VECTOR_ACTIVATIONS
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import translate

STORED = Path(__file__).parents[1] / "experiments" / "measured" / "activation_runs.json"
LAYERS = (2, 10)
ENTRIES = ACTIVATIONS | VECTOR_ACTIVATIONS


@cache
def stored():
    """The stored runs, with the command that made them."""
    return json.loads(STORED.read_text())


def runs(layers):
    """The runs of this depth, by the title of the activation."""
    return {ENTRIES[name].title: run for name, run in stored()["runs"][str(layers)].items()}


TITLES = list(runs(LAYERS[0]))


def steps_until(title, layers, below=0.1):
    """Steps after which the training loss was first seen below this, or None."""
    low = np.flatnonzero(np.array(runs(layers)[title]["losses"]) < below)
    return int(low[0]) * stored()["every"] if low.size else None


def draw_run(panels, *, activation, layers):
    """Loss, share of idle outputs, and gradient by layer; the chosen activation in front of the others."""
    loss, idle, gradient = panels
    steps = np.arange(0, stored()["steps"] + 1, stored()["every"])
    for title, run in runs(layers).items():
        look = {"color": GREY, "linewidth": 0.7, "linestyle": "-", "alpha": 0.6}
        if title == activation:
            look = {"color": BLUE, "linewidth": 2.4, "linestyle": "-", "zorder": 3}
        loss.semilogy(steps, run["losses"], **look)
        idle.plot(steps, 100 * np.array(run["idle"]), **look)
        norms = [norm or np.nan for norm in run["gradients"]]  # a flat activation passes nothing
        gradient.semilogy(np.arange(1, layers + 2), norms, marker="o", markersize=3, **look)
    loss.set(ylabel="training loss", ylim=(5e-4, 5))
    idle.set(ylabel="idle outputs in %", xlabel="step", ylim=(-4, 104))
    gradient.set(ylabel="gradient norm", xlabel="layer (1 is nearest the input)", ylim=(1e-8, 1e2))
    gradient.set(xlim=(0.7, layers + 1.3), xticks=range(1, layers + 2))
    for axes in (loss, gradient):
        axes.minorticks_off()
        label_powers(axes)


def describe_run(*, activation, layers):
    """Give the chosen activation's figures."""
    run = runs(layers)[activation]
    first = run["gradients"][0]
    return translate(
        "{activation} with {layers} hidden layers, learning rate {rate:g}: the loss ends at "
        "{loss}, {idle:.0%} of the outputs are idle, the gradient at the first "
        "layer was {first} at the start, and {accuracy:.1f} % of the "
        "held-back images are read right.",
        activation=activation,
        layers=layers,
        rate=run["rate"],
        loss=power(run["losses"][-1]),
        idle=run["idle"][-1],
        first=power(first) if first else translate("exactly 0"),
        accuracy=100 * run["accuracy"],
    )


def draw_accuracy(axes, *, layers):
    """Accuracy on held-back images: the mean of three seeds, and the range."""
    ordered = sorted(runs(layers).items(), key=lambda item: item[1]["accuracy"])
    for row, (_, run) in enumerate(ordered):
        axes.plot(
            [100 * v for v in run["accuracy_range"]], [row, row], linestyle="-", color=GREY, linewidth=3
        )
        axes.plot([100 * run["accuracy"]], [row], "o", color=ORANGE)
    axes.set_yticks(range(len(ordered)), [translate(title) for title, _ in ordered])
    axes.set(xlabel="accuracy on held-back images in %", xlim=(70, 100) if layers == 2 else (0, 100))


def describe_accuracy(*, layers):
    """Read out best and worst, and the range of the middle."""
    values = {title: run["accuracy"] for title, run in runs(layers).items()}
    ordered = sorted(values, key=values.get)
    said = translate(", ").join(
        f"{translate(title)} {fixed(100 * values[title], 1)}" for title in reversed(ordered)
    )
    return translate(
        "{layers} hidden layers, accuracy in per cent, best first: {scores}.", layers=layers, scores=said
    )
