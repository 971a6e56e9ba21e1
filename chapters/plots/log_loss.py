"""The plots about the log loss: formulas that fail in float64, and why not the squared error."""

import numpy as np
from activations import sigmoid, sigmoid_grad
from explore import BLUE, GREY, ORANGE, RED
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import translate

FORMULAS = {
    "-log(1 - s(z))": lambda z: -np.log(1 - sigmoid(z)),
    "log(1 + exp(z))": lambda z: np.log(1 + np.exp(z)),
    "logaddexp(0, z)": lambda z: np.logaddexp(0, z),
}
LOGITS = np.round(np.geomspace(1, 1000, 121), 3)


def formula_loss(formula, z):
    """Log loss of label 0 at the logits `z` by one of `FORMULAS`; infinite where the formula overflows."""
    with np.errstate(divide="ignore", over="ignore"):
        return FORMULAS[formula](np.asarray(z, dtype=float))


def first_failure(formula):
    """The smallest whole logit at which the formula is not finite, or None if there is none up to 1000."""
    bad = np.flatnonzero(~np.isfinite(formula_loss(formula, np.arange(1, 1001))))
    return int(bad[0]) + 1 if bad.size else None


def relative_error(formula, z):
    """Relative error of the formula against z + log1p(exp(-z)), which has full precision for z > 0."""
    exact = z + np.log1p(np.exp(-z))
    return np.abs(formula_loss(formula, z) - exact) / exact


def draw_formula(panels, *, formula):
    """The loss that the formula returns; below, its relative error."""
    value, error = panels
    finite = np.isfinite(formula_loss(formula, LOGITS))
    value.loglog(LOGITS, LOGITS + np.log1p(np.exp(-LOGITS)), color=GREY, linestyle="--", label="right value")
    value.loglog(
        LOGITS[finite],
        formula_loss(formula, LOGITS[finite]),
        linestyle="-",
        color=BLUE,
        linewidth=2.2,
        label="formula",
    )
    error.loglog(
        LOGITS[finite],
        np.maximum(relative_error(formula, LOGITS[finite]), 1e-17),
        linestyle="-",
        color=ORANGE,
    )
    for axes in panels:
        axes.set(xlabel="logit z of an example with label 0", xlim=(1, 1000))
        if not finite.all():
            axes.axvspan(LOGITS[~finite][0], 1000, color=RED, alpha=0.18, linewidth=0)
            axes.text(0.98, 0.06, "infinite", color=RED, ha="right", transform=axes.transAxes)
    label_powers(*panels)
    value.set(ylabel="loss", ylim=(1, 2000))
    value.legend(loc="upper left")
    error.set(ylabel="relative error", ylim=(5e-18, 10))


def describe_formula(*, formula):
    """Say where the formula fails."""
    failure = first_failure(formula)
    finite = LOGITS[np.isfinite(formula_loss(formula, LOGITS))]
    worst = relative_error(formula, finite).max()
    if failure is None:
        return translate(
            "The formula follows the dashed line up to 1000; its largest relative error is {worst}.",
            worst=power(worst),
        )
    return translate(
        "The formula is infinite from z = {failure} on, in the shaded part. "
        "Before that its largest relative error is {worst}.",
        failure=failure,
        worst=power(worst),
    )


def losses(z):
    """Squared error (1 - s(z))² and log loss log(1 + e^-z) of label 1, each with its slope by the logit."""
    s = sigmoid(z)
    return ((1 - s) ** 2, -2 * (1 - s) * sigmoid_grad(z)), (np.logaddexp(0, -z), s - 1)


def draw_losses(axes, *, z):
    """Both losses of an example with label 1, and their tangents."""
    grid = np.linspace(-8, 4, 121)
    names = (("squared error", BLUE, "--"), ("log loss", ORANGE, "-"))
    for (name, colour, style), (curve, _), (value, slope) in zip(names, losses(grid), losses(z), strict=True):
        axes.plot(grid, curve, color=colour, linestyle=style, linewidth=2.2, label=name)
        axes.plot([z - 4, z + 4], [value - 4 * slope, value + 4 * slope], color=GREY, linestyle=":")
        axes.plot(z, value, "o", color=colour)
    axes.set(xlabel="logit z of an example with label 1", ylabel="loss", xlim=(-10, 6), ylim=(-1, 9))
    axes.legend(loc="upper right")


def describe_losses(*, z):
    """Give the two slopes."""
    (_, squared), (_, log) = losses(z)
    how = (
        translate("confidently wrong")
        if z <= -4
        else translate("confidently right")
        if z >= 3
        else translate("undecided")
    )
    return translate(
        "At z = {z} the unit is {how}. The tangent of the log loss has slope {log}, "
        "that of the squared error {squared}.",
        z=fixed(z, 0),
        how=how,
        log=fixed(log, 3),
        squared=fixed(squared, 4),
    )
