"""The plot of four ways to compute softmax in float64, and where they fail."""

import numpy as np
from activations import softmax
from explore import BLUE, GREY, ORANGE, RED
from plotting.wording import fixed
from translation import message, translate

GAPS = np.array([0.0, -1.0, -2.0])
OFFSETS = (-800, -746, -744, -20, 0, 710, 800)


def by_definition(z):
    """exp(z) / sum(exp(z)), as it stands."""
    return np.exp(z) / np.exp(z).sum()


def with_epsilon(z):
    """The definition with 1e-8 added to the sum."""
    return np.exp(z) / (np.exp(z).sum() + 1e-8)


def clipped(z):
    """The definition on logits cut off at -500 and 500."""
    return by_definition(np.clip(z, -500, 500))


FORMULAS = {
    message("as defined"): by_definition,
    message("epsilon added to the sum"): with_epsilon,
    message("logits clipped to ±500"): clipped,
    message("maximum subtracted"): lambda z: by_definition(z - z.max()),
}


def computed(formula, offset):
    """What one of `FORMULAS` returns for the logits offset, offset - 1 and offset - 2; may hold NaN."""
    with np.errstate(all="ignore"):
        return FORMULAS[formula](offset + GAPS)


def verdict(formula, offset):
    """One of "right", "wrong" and "NaN"."""
    values = computed(formula, offset)
    if not np.isfinite(values).all():
        return "NaN"
    return "right" if np.allclose(values, softmax(GAPS), rtol=1e-6, atol=0) else "wrong"


def draw_formulas(axes, *, formula, offset):
    """The right probabilities as lines, and what the formula returns as bars."""
    values, right = computed(formula, offset), softmax(GAPS)
    colour = BLUE if verdict(formula, offset) == "right" else ORANGE
    for place, (value, wanted) in enumerate(zip(values, right, strict=True)):
        if np.isfinite(value):
            axes.bar(place, value, 0.5, color=colour, linewidth=0, alpha=0.75)
            axes.text(place, 0.03, f"{value:.3f}", ha="center")
        else:
            axes.text(place, 0.03, "NaN", ha="center", color=RED)
        axes.plot([place - 0.32, place + 0.32], [wanted, wanted], linestyle="-", color=GREY, linewidth=3)
    axes.text(0.4, right[0] - 0.012, "right value", color=GREY)
    said = {
        "right": translate("result: right"),
        "wrong": translate("result: wrong"),
        "NaN": translate("result: NaN"),
    }
    axes.text(1.45, 0.78, said[verdict(formula, offset)], fontsize=13)
    names = [fixed(z, 0) for z in offset + GAPS]
    axes.set(xlabel="logit", ylabel="probability", ylim=(0, 0.9), xlim=(-0.6, 2.6))
    axes.set_xticks(range(3), names)


def describe_formulas(*, formula, offset):
    """Say what comes out, and whether it is right."""
    values, logits = computed(formula, offset), [fixed(z, 0) for z in offset + GAPS]
    shown = translate(", ").join("NaN" if not np.isfinite(v) else f"{v:.3f}" for v in values)
    ending = {
        "right": translate("That is right."),
        "wrong": translate("That is wrong."),
        "NaN": translate("That is no number at all."),
    }
    return translate(
        "Softmax {formula}, for the logits {logits}: {shown}. {ending} "
        "The right values are 0.665, 0.245 and 0.090.",
        formula=formula,
        logits=translate(", ").join(logits),
        shown=shown,
        ending=ending[verdict(formula, offset)],
    )
