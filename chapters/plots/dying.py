"""The plots of real training runs: units that die at large learning rates, and slopes that are learned."""

import numpy as np
from experiments.digit_network import train
from explore import BLUE, GREY, ORANGE, PURPLE
from plotting.wording import fixed
from translation import translate

RATES = (0.1, 0.3, 0.5, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0)
CALM = 150
LOOKS = {"ReLU": (ORANGE, "o-"), "leaky ReLU": (BLUE, "s--")}


def silent_shares(activation, lr):
    """Share of silent hidden units before training, when the learning rate drops, and at the end."""
    run = train(activation, lr, calm=CALM)
    return float(run.silent[0]), float(run.silent[run.steps == CALM][0]), float(run.silent[-1])


def draw_dying(panels, *, lr, activation):
    """Share of silent units during training; below, the accuracy on images not seen in training."""
    silent, accuracy = panels
    for name, (colour, style) in LOOKS.items():
        run, wide = train(name, lr, calm=CALM), 2.4 if name == activation else 0.8
        look = {"color": colour, "markersize": 4, "markevery": 3, "linewidth": wide}
        silent.plot(run.steps, 100 * run.silent, style, label=name, **look)
        accuracy.plot(run.steps, 100 * run.accuracy, style, **look)
    for axes in panels:
        axes.axvline(CALM, color=GREY, linestyle=":")
        axes.set(xlim=(-5, 305), ylim=(-4, 104))
    silent.set(ylabel="silent units in %")
    silent.legend(loc="upper left")
    accuracy.set(xlabel="step", ylabel="test accuracy in %")


def describe_dying(*, lr, activation):
    """Give the share of silent units at the three moments, and the accuracy."""
    before, stormy, end = silent_shares(activation, lr)
    run = train(activation, lr, calm=CALM)
    then = float(run.accuracy[run.steps == CALM][0])
    return translate(
        "{activation}, learning rate {lr:g}: {before:.0%} of the units are silent at the start, "
        "{stormy:.0%} after {calm} steps, and {end:.0%} after {calm} more at 0.1. "
        "The accuracy is {then:.0%} at the dotted line and {last:.0%} at the end.",
        activation=activation,
        lr=lr,
        before=before,
        stormy=stormy,
        calm=CALM,
        end=end,
        then=then,
        last=run.accuracy[-1],
    )


def draw_dead_by_rate(axes):
    """Share of silent units after 150 steps against the learning rate."""
    for name, (colour, style) in LOOKS.items():
        shares = [100 * silent_shares(name, lr)[1] for lr in RATES]
        axes.plot(RATES, shares, style, color=colour, label=name)
    axes.set(xlabel="learning rate", ylabel="silent units in %", ylim=(-4, 104))
    axes.legend(loc="upper left")


def describe_dead_by_rate():
    """Read out both curves at their ends and in the middle."""
    parts = [
        f"{translate(name)}: "
        + translate(", ").join(
            translate("{share:.0%} at {lr:g}", share=silent_shares(name, lr)[1], lr=lr)
            for lr in (0.5, 1.25, 1.5, 2.0)
        )
        for name in LOOKS
    ]
    return translate("Silent units by learning rate. {parts}.", parts=translate("; ").join(parts))


def draw_slopes(axes, *, step, start):
    """The slopes that the 64 units of a PReLU network have learned, in order of size."""
    alpha = _alphas(step, start)
    axes.axhline(start, color=GREY, linestyle="--", linewidth=1)
    unit, gap = np.arange(1, alpha.size + 1), np.full(alpha.size, np.nan)
    ends = np.c_[np.full(alpha.size, start), np.sort(alpha), gap]
    axes.plot(
        np.c_[unit, unit, gap].ravel(),
        ends.ravel(),
        color=PURPLE,
        linestyle="-",
        linewidth=3,
        solid_capstyle="butt",
    )
    axes.set(xlabel="hidden unit, in order of its slope", ylabel="slope on the left", ylim=(-1.0, 2.2))


def describe_slopes(*, step, start):
    """Say how far the slopes have spread."""
    alpha = _alphas(step, start)
    spread = translate(
        "from {low} to {high}, with median {median}",
        low=fixed(alpha.min()),
        high=fixed(alpha.max()),
        median=fixed(np.median(alpha)),
    )
    if step == 0:
        return translate("Before training all 64 slopes are {start:g}.", start=start)
    accuracy = train("PReLU", 0.3, steps=600, alpha=start, every=100).accuracy[step // 100]
    return translate(
        "After {step} steps the slopes, all {start:g} at first, run {spread}. Test accuracy: {accuracy:.0%}.",
        step=step,
        start=start,
        spread=spread,
        accuracy=accuracy,
    )


def _alphas(step, start):
    return train("PReLU", 0.3, steps=600, alpha=start, every=100).alpha[step // 100]
