"""The plots of softmax itself: logits and probabilities, two classes, shifts, the pull of the loss."""

import numpy as np
from activations import log_softmax, sigmoid, softmax
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.wording import fixed
from translation import translate

CLASSES = ("A", "B", "C")
COLOURS = (BLUE, ORANGE, GREEN)
SHIFTED = np.array([2.0, 0.0, -1.0])


def draw_class_bars(axes, values, digits, label, limits):
    """One labelled bar for each of the three classes."""
    axes.bar(range(3), values, 0.55, color=COLOURS, linewidth=0)
    reach = limits[1] - limits[0]
    for place, value in enumerate(values):
        lift, align = (0.03, "bottom") if value >= 0 else (-0.03, "top")
        axes.text(place, value + lift * reach, fixed(value, digits), ha="center", va=align)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set(ylabel=label, ylim=limits, xticks=range(3), xticklabels=CLASSES)


def draw_bars(panels, *, a, b):
    """Three logits, the last of them 0; below, their probabilities."""
    z = np.array([a, b, 0.0])
    draw_class_bars(panels[0], z, 0, "logit z", (-3.2, 4.2))
    draw_class_bars(panels[1], softmax(z), 2, "probability p", (0, 1.15))


def describe_bars(*, a, b):
    """Give the probabilities, and the odds of A against B."""
    p = softmax([a, b, 0.0])
    return translate(
        "Probabilities {first:.2f} for A, {second:.2f} for B and {third:.2f} for C. "
        "The logit of A minus that of B is {difference}: A is {times:.3g} times as likely as B.",
        first=p[0],
        second=p[1],
        third=p[2],
        difference=fixed(a - b, 0),
        times=p[0] / p[1],
    )


def draw_two_classes(axes, *, other):
    """Softmax of (z, other) against z, and the sigmoid of their difference on top of it."""
    z = np.linspace(-6, 6, 61)
    pairs = np.column_stack([z, np.full_like(z, other)])
    axes.plot(z, softmax(pairs)[:, 0], linestyle="-", color=BLUE, linewidth=4, alpha=0.5, label="softmax")
    axes.plot(z, sigmoid(z - other), "--", color=ORANGE, label="sigmoid of the difference")
    axes.plot(other, 0.5, "o", color=ORANGE)
    axes.set(xlabel="logit of the first class", ylabel="its probability", ylim=(-0.05, 1.3), xlim=(-6, 6))
    axes.legend(loc="upper left", fontsize=9)


def describe_two_classes(*, other):
    """Say where the curves cross one half, and how far apart they are."""
    z = np.linspace(-6, 6, 61)
    pairs = np.column_stack([z, np.full_like(z, other)])
    same = np.abs(softmax(pairs)[:, 0] - sigmoid(z - other)).max() < 1e-12
    return translate(
        "With {other} for the other logit, the softmax and the dashed sigmoid "
        "{how}; they pass one half at {other}.",
        other=fixed(other, 0),
        how=translate("lie on each other") if same else translate("differ"),
    )


def log_sum_exp(z):
    """log(sum(exp(z))) of a vector, by way of its maximum."""
    z = np.asarray(z, dtype=float)
    return float(z.max() + np.log(np.sum(np.exp(z - z.max()))))


def draw_shift(panels, *, shift):
    """Shifted logits with their log-sum-exp; below, the probabilities."""
    z = SHIFTED + shift
    total = log_sum_exp(z)
    draw_class_bars(panels[0], z, 0, "logit z", (-7.5, 9))
    panels[0].axhline(total, color=PURPLE, linestyle="--")
    panels[0].text(
        2.3, total + 0.5, translate("log-sum-exp {total}", total=fixed(total)), color=PURPLE, ha="right"
    )
    draw_class_bars(panels[1], softmax(z), 3, "probability p", (0, 1.15))


def describe_shift(*, shift):
    """Give what moved and what did not."""
    p = softmax(SHIFTED + shift)
    return translate(
        "All logits shifted by {shift}: log-sum-exp is {total}, "
        "and the probabilities are {first:.3f}, {second:.3f} and {third:.3f}.",
        shift=fixed(shift, 0),
        total=fixed(log_sum_exp(SHIFTED + shift)),
        first=p[0],
        second=p[1],
        third=p[2],
    )


def draw_pull(panels, *, a, label):
    """Probabilities of the logits (a, 1, 0); below, the derivative of the loss by each logit."""
    p, which = softmax([a, 1.0, 0.0]), CLASSES.index(label)
    draw_class_bars(panels[0], p, 2, "probability p", (0, 1.25))
    panels[0].plot(which, 1.17, "*", color=PURPLE, markersize=11)
    panels[0].text(which + 0.12, 1.11, "label", color=PURPLE)
    draw_class_bars(panels[1], p - np.eye(3)[which], 2, "gradient p \N{MINUS SIGN} y", (-1.3, 1.3))


def describe_pull(*, a, label):
    """Give the loss and the three derivatives."""
    z, which = np.array([a, 1.0, 0.0]), CLASSES.index(label)
    pull = [fixed(value) for value in softmax(z) - np.eye(3)[which]]
    return translate(
        "Label {label} has probability {probability:.3f}, so the loss is "
        "{loss}. The gradient by the logits is {first}, {second} and {third}.",
        label=label,
        probability=softmax(z)[which],
        loss=fixed(-log_softmax(z)[which]),
        first=pull[0],
        second=pull[1],
        third=pull[2],
    )


def jacobian_entries(a):
    """Softmax of (a, 1, 0), and its Jacobian (3, 3)."""
    p = softmax([a, 1.0, 0.0])
    return p, np.diag(p) - np.outer(p, p)


def draw_jacobian(axes, *, a):
    """The nine derivatives as coloured fields with numbers, and the sum of each row."""
    p, jacobian = jacobian_entries(a)
    for (row, column), value in np.ndenumerate(jacobian):
        colour = BLUE if value >= 0 else ORANGE
        axes.fill_between(
            [column - 0.47, column + 0.47], row - 0.47, row + 0.47,
            color=colour, alpha=float(0.08 + 3 * abs(value)), linewidth=0,
        )  # fmt: skip
        axes.text(column, row, fixed(value, 3), ha="center", va="center")
    for row in range(3):
        axes.text(
            2.95,
            row,
            translate("sum {sum}", sum=fixed(jacobian[row].sum(), 3)),
            ha="center",
            va="center",
            fontsize=9,
        )
    axes.set(xlim=(-0.5, 3.4), ylim=(2.5, -0.5), xticks=range(3), yticks=range(3))
    axes.set_xticklabels([translate("z of {name}", name=name) for name in CLASSES])
    axes.set_yticklabels(
        [
            translate("p of {name} = {value:.2f}", name=name, value=value)
            for name, value in zip(CLASSES, p, strict=True)
        ]
    )
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)


def describe_jacobian(*, a):
    """Give the diagonal and the largest entry beside it."""
    _, jacobian = jacobian_entries(a)
    diagonal = translate(", ").join(fixed(value, 3) for value in np.diag(jacobian))
    return translate(
        "With the logits {a}, 1 and 0 the diagonal is {diagonal}, all positive. Every entry off "
        "the diagonal is negative, down to {lowest}, and each row adds up to 0.",
        a=fixed(a, 0),
        diagonal=diagonal,
        lowest=fixed(jacobian.min(), 3),
    )
