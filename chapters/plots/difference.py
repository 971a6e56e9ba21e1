"""The plot of the numerical gradient: how the error of a difference quotient depends on its step."""

import numpy as np
from explore import BLUE, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import translate

AT = 1.0
EXACT = np.exp(AT)
STEPS = 10.0 ** -np.arange(0, 16)


def central(h):
    """Central difference quotient of exp at 1 with step `h`."""
    return (np.exp(AT + h) - np.exp(AT - h)) / (2 * h)


def forward(h):
    """Forward difference quotient of exp at 1 with step `h`."""
    return (np.exp(AT + h) - np.exp(AT)) / h


def draw_difference(panels, *, h):
    """The chord through two points beside the tangent; below, the error against the step."""
    curve, errors = panels
    x = np.linspace(-0.2, 2.2, 80)
    curve.plot(x, np.exp(x), color=GREY, linestyle="-")
    curve.plot(x, EXACT + EXACT * (x - AT), color=BLUE, linestyle="--")
    curve.plot(x, EXACT + central(h) * (x - AT), color=ORANGE, linestyle="-")
    curve.plot([AT - h, AT + h], np.exp([AT - h, AT + h]), "o", color=ORANGE)
    curve.set(xlabel="z", ylabel="exp(z)", ylim=(-1, 9))
    curve.text(0.0, 7.2, "dashed: tangent\nstraight: central difference")
    _draw_errors(errors, h)


def _draw_errors(axes, h):
    axes.loglog(
        STEPS, np.abs(forward(STEPS) - EXACT), "s--", color=BLUE, markersize=4, label="forward difference"
    )
    axes.loglog(
        STEPS, np.abs(central(STEPS) - EXACT), "o-", color=ORANGE, markersize=4, label="central difference"
    )
    axes.plot(
        h, abs(central(h) - EXACT), "D", color=ORANGE, markersize=9, fillstyle="none", markeredgewidth=2
    )
    axes.set(xlabel="step h", ylabel="error of the slope", ylim=(1e-13, 30))
    label_powers(axes)
    axes.legend(loc="upper center", fontsize=8)


def describe_difference(*, h):
    """Say how wrong the quotient is and why."""
    error = abs(central(h) - EXACT)
    if h > 5e-5:
        cause = translate("the curve bends away from the chord: the step is too long")
    elif error < 1e-9:
        cause = translate("both causes of error are small: this is the bottom of the U")
    else:
        cause = translate(
            "the two values agree in nearly all digits and rounding is magnified: the step is too short"
        )
    return translate(
        "With h = {h} the central difference is wrong by {error}; {cause}.",
        h=power(h),
        error=power(error),
        cause=cause,
    )
