"""The plots of networks trained with maxout units: large learning rates, and accuracy against size."""

from functools import cache

import numpy as np
from experiments.digit_network import train
from experiments.maxout_network import CLASSES, PIXELS, train_maxout
from explore import BLUE, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import message, translate

CALM = 150
RATES = (0.3, 0.5, 0.8, 1.0, 1.25, 1.5, 2.0)
WIDTHS, SEEDS = (2, 4, 8, 16, 32), 5
KINDS = {
    1: ("ReLU", ORANGE, "o-"),
    2: ("maxout, 2 pieces", BLUE, "s--"),
    4: (message("maxout, 4 pieces"), PURPLE, "^:"),
}


def both_runs(lr):
    """Runs of 64 ReLUs and of 64 maxout units of two pieces; the learning rate drops to 0.1 half-way."""
    return train("ReLU", lr, calm=CALM, every=30), train_maxout(2, lr, calm=CALM)


def draw_storm(panels, *, lr):
    """Silent ReLUs and idle pieces during training; below, the accuracy on the test images."""
    share, accuracy = panels
    relu, maxout = both_runs(lr)
    for (_, colour, style), run, lost, name in (
        (KINDS[1], relu, relu.silent, message("ReLUs that are silent")),
        (KINDS[2], maxout, maxout.idle, message("pieces that never win")),
    ):
        share.plot(run.steps, 100 * lost, style, color=colour, markersize=4, label=name)
        accuracy.plot(run.steps, 100 * run.accuracy, style, color=colour, markersize=4)
    for axes in panels:
        axes.axvline(CALM, color=GREY, linestyle=":", linewidth=1)
        axes.set(xlim=(-5, 305), ylim=(-4, 104))
    share.set(ylabel="share in %")
    share.legend(loc="upper left")
    accuracy.set(xlabel="step", ylabel="test accuracy in %")


def describe_storm(*, lr):
    """Give both shares at the dotted line, and both accuracies at the end."""
    relu, maxout = both_runs(lr)
    half = list(relu.steps).index(CALM)
    return translate(
        "Learning rate {lr:g}: at the dotted line {silent:.0%} of the ReLUs are silent for every "
        "image, and {idle:.0%} of the maxout pieces never win. At the end the ReLUs read "
        "{relu:.1%} of the test images, the maxout units {maxout:.1%}. "
        "The largest maxout weight is then {largest}.",
        lr=lr,
        silent=relu.silent[half],
        idle=maxout.idle[half],
        relu=relu.accuracy[-1],
        maxout=maxout.accuracy[-1],
        largest=power(maxout.largest[-1]),
    )


@cache
def mean_accuracy(kind, width):
    """Mean test accuracy over the seeds after 300 steps; kind 1 is ReLU, others are numbers of pieces."""
    runs = [train_maxout(kind, 0.3, width=width, seed=seed, every=300) for seed in range(SEEDS)]
    return float(np.mean([run.accuracy[-1] for run in runs]))


def parameters(kind, width):
    """All weights and biases of the network; those of a ReLU's zero piece are no parameters."""
    return kind * width * (PIXELS + 1) + (width + 1) * CLASSES


def sizes(kind, measure):
    """The sizes of the networks of one kind, as units or as parameters."""
    return [width if measure == "hidden units" else parameters(kind, width) for width in WIDTHS]


def draw_scores(axes, *, measure):
    """Mean accuracy of the three kinds against their size."""
    for kind, (name, colour, style) in KINDS.items():
        scores = [100 * mean_accuracy(kind, width) for width in WIDTHS]
        axes.plot(sizes(kind, measure), scores, style, color=colour, markersize=5, label=name)
    axes.set_xscale("log")
    axes.set(xlabel=measure, ylabel="test accuracy in %", ylim=(25, 100))
    label_powers(axes)
    if measure == "hidden units":
        axes.set_xticks(WIDTHS, [str(width) for width in WIDTHS])
    axes.legend(loc="lower right")


def describe_scores(*, measure):
    """Read out a middle point of each curve."""
    width = 8
    parts = [
        translate(
            "{name}: {accuracy:.1%} with {size}",
            name=name,
            accuracy=mean_accuracy(kind, width),
            size=translate("{width} units", width=width)
            if measure == "hidden units"
            else translate("{parameters:,} parameters", parameters=parameters(kind, width)),
        )
        for kind, (name, _, _) in KINDS.items()
    ]
    wide = (
        translate("{parameters:,} parameters", parameters=parameters(1, 16))
        if measure == "parameters"
        else translate("16 units")
    )
    return translate(
        "{parts}. ReLU with {wide} reaches {accuracy:.1%}.",
        parts=translate("; ").join(parts),
        wide=wide,
        accuracy=mean_accuracy(1, 16),
    )
