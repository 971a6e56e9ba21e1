"""The plot that finds the step which killed a ReLU unit: its highest pre-activation, step by step."""

from functools import cache

import numpy as np
from experiments.digit_network import BATCH, Network, digits
from explore import BLUE, GREY, ORANGE, RED
from plotting.wording import fixed
from translation import translate, translate_count

RATE, STEPS = 1.5, 80


@cache
def history():
    """Highest pre-activation of each unit over the 1,400 images (81, 64), and the change of its weights (80, 64).

    The first is taken before each step and after the last; the second is the length of the step of each unit.
    """
    network, rng = Network("ReLU", 0.25, seed=0), np.random.default_rng(1)
    X, y, _, _ = digits()
    highest, moved = [(X @ network.W + network.b).max(axis=0)], []
    for _ in range(STEPS):
        rows, before = rng.choice(len(y), BATCH, replace=False), network.W
        network.step(X[rows], y[rows], RATE)
        moved.append(np.linalg.norm(network.W - before, axis=0))
        highest.append((X @ network.W + network.b).max(axis=0))
    return np.array(highest), np.array(moved)


def killing_steps():
    """For each unit the number of the step that killed it, counted from 1, or 0 if it lives."""
    silent = history()[0] < 0
    return np.where(silent[-1] & ~silent[0], STEPS + 1 - np.argmin(silent[::-1], axis=0), 0)


def usual_step(unit):
    """The median length of the steps of a unit before the one that killed it, those without a gradient left out."""
    moved = history()[1][: killing_steps()[unit] - 1, unit]
    return float(np.median(moved[moved > 0]))


def examples(count=3):
    """Units that were killed after the first steps, spread over the others, first killed first."""
    steps = killing_steps()
    killed = np.flatnonzero(steps > 3)
    order = killed[np.argsort(steps[killed], kind="stable")]
    return [int(unit) for unit in order[np.linspace(0, len(order) - 1, count).round().astype(int)]]


def draw_killing(panels, *, unit):
    """The highest pre-activation of a unit; below, how many units each step killed."""
    trace, deaths = panels
    highest, step = history()[0][:, unit], killing_steps()[unit]
    trace.axhline(0, color=GREY, linewidth=0.9, linestyle="-")
    trace.plot(np.arange(step), highest[:step], "-", color=BLUE)
    trace.plot([step - 1, step], highest[step - 1 : step + 1], "o-", color=RED, markersize=5, linewidth=2.4)
    trace.plot(np.arange(step, STEPS + 1), highest[step:], "--", color=GREY)
    trace.set(ylabel="highest z of all images", xlim=(-1, STEPS + 1))
    steps = killing_steps()
    counts = np.bincount(steps[steps > 0], minlength=STEPS + 1)
    deaths.bar(
        np.arange(STEPS + 1), counts, 0.8, color=[RED if n == step else ORANGE for n in range(STEPS + 1)]
    )
    deaths.set(xlabel="step", ylabel="units killed", xlim=(-1, STEPS + 1), ylim=(0, counts.max() + 1))


def describe_killing(*, unit):
    """Name the step, and the highest pre-activation on both sides of it."""
    highest, moved = history()
    step = killing_steps()[unit]
    before, after = highest[step - 1, unit], highest[step, unit]
    times = moved[step - 1, unit] / usual_step(unit)
    also = int(np.sum(killing_steps() == step)) - 1
    return translate(
        "Unit {unit}: before step {step} the image that it likes best gives {before}, after it {after}. "
        "That step was {times:.1f} times as long as its usual one, and killed {others}. "
        "From then on the line is level.",
        unit=unit,
        step=step,
        before=fixed(before),
        after=fixed(after),
        times=times,
        others=translate_count("{count} other unit", "{count} other units", also),
    )
