"""The plot of one sigmoid unit that starts out wrong and has to learn to say no."""

from functools import cache

import numpy as np
from activations import sigmoid, sigmoid_grad
from explore import BLUE, GREY, ORANGE
from plotting.wording import fixed
from translation import message, translate

STEPS, RATE = 300, 0.15
STARTS = (-1, 0, 1, 2, 4, 6)
LOSSES = {
    message("squared error"): (ORANGE, "--", lambda z: 2 * sigmoid(z) * sigmoid_grad(z)),
    message("log loss"): (BLUE, "-", sigmoid),
}


@cache
def outputs(loss, start):
    """Output before each step and after the last (301,), for input 1 and label 0; weight and bias learn alike."""
    slope, z, found = LOSSES[loss][2], float(start), []
    for _ in range(STEPS + 1):
        found.append(float(sigmoid(z)))
        z -= RATE * 2 * float(slope(z))  # the weight and the bias each move by the same amount
    return np.array(found)


def steps_until(loss, start, below=0.1):
    """Steps until the output is below this, or None."""
    low = np.flatnonzero(outputs(loss, start) < below)
    return int(low[0]) if low.size else None


def draw_slow_start(axes, *, start):
    """Output against the steps, with both losses."""
    axes.axhline(0, color=GREY, linewidth=0.8, linestyle="-")
    for name, (colour, style, _) in LOSSES.items():
        axes.plot(np.arange(0, STEPS + 1, 3), outputs(name, start)[::3], style, color=colour, label=name)
    axes.set(xlabel="step", ylabel="output, should be 0", xlim=(0, STEPS), ylim=(-0.04, 1.04))
    axes.legend(loc="upper right")


def describe_slow_start(*, start):
    """Say how wrong it is at first and how long each loss takes."""
    times = [
        translate(
            "with the {name} it is below 0.1 after {steps} steps", name=name, steps=steps_until(name, start)
        )
        if steps_until(name, start) is not None
        else translate(
            "with the {name} it is still {last} after {steps} steps",
            name=name,
            last=fixed(outputs(name, start)[-1]),
            steps=STEPS,
        )
        for name in LOSSES
    ]
    return translate(
        "The output starts at {first} and should be 0: {times}.",
        first=fixed(outputs("log loss", start)[0], 3),
        times=translate(", ").join(times),
    )
