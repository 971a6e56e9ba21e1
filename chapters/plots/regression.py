"""The plots of the linear regression chapter about the best line: its loss, projection, conditioning."""

from functools import cache

import numpy as np
from experiments.data import diabetes_bmi, standardize
from explore import BLUE, GREEN, GREY, ORANGE, RED
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import translate

DRAWN = slice(None, None, 4)
COLUMN, TARGET = np.array([2.0, 1.0]), np.array([1.0, 2.0])


@cache
def bmi_problem():
    """Standardised body-mass index as a matrix (442, 1), and disease progression (442,)."""
    bmi, y = diabetes_bmi()
    return standardize(bmi[:, None]), y


def line_loss(w, b):
    """Mean squared error of the line with weight `w` and bias `b` on all 442 patients."""
    X, y = bmi_problem()
    return float(np.mean((X[:, 0] * w + b - y) ** 2))


@cache
def least_squares_line():
    """Weight and bias of the line with the lowest mean squared error."""
    X, y = bmi_problem()
    w, b = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=None)[0]
    return float(w), float(b)


def draw_line(panels, *, w, b):
    """Patients, a line and its residuals; below, the same line as one point on the map of the loss."""
    data, loss_map = panels
    X, y = bmi_problem()
    x, seen = X[DRAWN, 0], y[DRAWN]
    gap = np.full(x.size, np.nan)
    data.plot(
        np.c_[x, x, gap].ravel(),
        np.c_[seen, w * x + b, gap].ravel(),
        linestyle="-",
        color=GREY,
        linewidth=0.6,
    )
    data.plot(x, seen, "o", color=BLUE, markersize=2.5)
    data.plot([-2.2, 3.8], [-2.2 * w + b, 3.8 * w + b], linestyle="-", color=ORANGE, linewidth=2.2)
    data.set(xlabel="body-mass index (standardised)", ylabel="disease progression", ylim=(0, 360))
    _draw_loss_map(loss_map, w, b)


def _draw_loss_map(axes, w, b):
    best_w, best_b = least_squares_line()
    lowest = line_loss(best_w, best_b)
    angle = np.linspace(0.0, 2 * np.pi, 73)
    for excess in (250, 1000, 2500, 5000):  # the feature is standardised, so contours are exact circles
        radius = np.sqrt(excess)
        axes.plot(
            best_w + radius * np.cos(angle),
            best_b + radius * np.sin(angle),
            linestyle="-",
            color=GREY,
            linewidth=0.9,
        )
        axes.text(best_w, best_b + radius, f"{lowest + excess:.0f}", ha="center", va="bottom", fontsize=8)
    axes.plot(best_w, best_b, "*", color=GREEN, markersize=12)
    axes.plot(w, b, "D", color=ORANGE, markersize=7)
    axes.set(xlabel="weight w", ylabel="bias b", xlim=(-40, 130), ylim=(70, 240))
    axes.set_aspect("equal")


def describe_line(*, w, b):
    """Say where the line runs and what it costs."""
    loss, lowest = line_loss(w, b), line_loss(*least_squares_line())
    best_w, best_b = least_squares_line()
    where = (
        translate("on")
        if loss - lowest < 10
        else translate("{distance:.0f} units from", distance=np.hypot(w - best_w, b - best_b))
    )
    return translate(
        "The line rises by {w} for each standard deviation and passes the mean patient at {b}. "
        "Its mean squared error is {loss:.0f}; on the map its diamond is {where} the star, "
        "where the error is {lowest:.0f}.",
        w=w,
        b=b,
        loss=loss,
        where=where,
        lowest=lowest,
    )


def draw_identity(axes):
    """The identity activation and its derivative."""
    z = np.array([-3.0, 3.0])
    axes.plot(z, z, linestyle="-", color=BLUE, linewidth=2.2)
    axes.plot(z, np.ones(2), color=ORANGE, linestyle="--", linewidth=2.2)
    axes.text(2.0, 2.3, "identity", color=BLUE, ha="right")
    axes.text(-2.9, 1.2, "its derivative: 1 everywhere", color=ORANGE)
    axes.set(xlabel="pre-activation z", ylabel="value")


def describe_identity():
    """Say what the two lines do."""
    return translate(
        "The identity is the diagonal through the origin. Its derivative is a flat dashed line at height 1."
    )


def projection_error(w):
    """The error vector of the prediction `w * COLUMN`, and its inner product with the column."""
    error = w * COLUMN - TARGET
    return error, float(error @ COLUMN)


def draw_projection(axes, *, w):
    """Two data points as one vector y, and the prediction as a point on the line along x."""
    axes.plot([-0.8, 4.0], [-0.4, 2.0], linestyle="-", color=GREY, linewidth=1)
    error, product = projection_error(w)
    prediction = w * COLUMN
    for end, colour, style in ((TARGET, BLUE, "-"), (prediction, ORANGE, "-")):
        axes.annotate(
            "", xy=end, xytext=(0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "linestyle": style}
        )
    axes.plot(*np.c_[prediction, TARGET], color=RED, linestyle="--", linewidth=1.8)
    axes.text(0.85, 2.1, "targets y", color=BLUE, ha="right")
    axes.text(prediction[0] + 0.1, prediction[1] - 0.3, translate("prediction {w:g}·x", w=w), color=ORANGE)
    axes.text(
        2.4,
        2.3,
        translate(
            "error · x = {product}\nerror² = {error:.2f}", product=fixed(product, 1), error=error @ error
        ),
        color=RED,
    )
    axes.set(
        xlabel="value for the first row",
        ylabel="value for the second row",
        xlim=(-0.8, 4.4),
        ylim=(-0.6, 2.8),
    )
    axes.set_aspect("equal")


def describe_projection(*, w):
    """Say how long the error is and how it meets the line."""
    error, product = projection_error(w)
    angle = (
        translate("meets the line at a right angle")
        if abs(product) < 1e-9
        else translate("meets the line at a slant")
    )
    return translate(
        "With w = {w:g} the dashed error {angle}: its inner product with x is {product} "
        "and its squared length is {error:.2f}.",
        w=w,
        angle=angle,
        product=fixed(product, 1),
        error=error @ error,
    )


@cache
def conditioning_errors():
    """Gaps between two columns (9,), and the relative errors of w by normal equations and by lstsq (9,)."""
    rng = np.random.default_rng(3)
    base, other = rng.normal(size=(2, 50))
    gaps, wanted = 10.0 ** -np.arange(1, 10), np.array([1.0, 1.0])
    return gaps, *np.array([_solve_both(base, other, gap, wanted) for gap in gaps]).T


def _solve_both(base, other, gap, wanted):
    X = np.column_stack([base, base + gap * other])
    y = X @ wanted
    try:
        normal = np.linalg.solve(X.T @ X, X.T @ y)
    except np.linalg.LinAlgError:
        normal = np.full(2, np.nan)
    orthogonal = np.linalg.lstsq(X, y, rcond=None)[0]
    return [max(np.linalg.norm(w - wanted) / np.linalg.norm(wanted), 1e-17) for w in (normal, orthogonal)]


def draw_conditioning(axes):
    """Relative error of the weights as two columns become alike."""
    gaps, normal, orthogonal = conditioning_errors()
    axes.loglog(gaps, normal, "s--", color=ORANGE, label="normal equations")
    axes.loglog(gaps, orthogonal, "o-", color=BLUE, label="QR or SVD (np.linalg.lstsq)")
    axes.axhline(1.0, color=GREY, linewidth=1)
    axes.set(xlabel="how far the two columns differ", ylabel="relative error of w", ylim=(1e-17, 1e3))
    axes.invert_xaxis()
    label_powers(axes)
    axes.legend(loc="upper left")


def describe_conditioning():
    """Say how fast each error grows."""
    gaps, normal, orthogonal = conditioning_errors()
    lost = int(np.flatnonzero(~(normal < 0.1))[0])
    return translate(
        "Both errors start near machine precision on the left. Then the normal equations lose two digits "
        "for each digit that the columns come closer, and have none left at {gap}; "
        "the other line still has an error of {error} there.",
        gap=power(gaps[lost]),
        error=power(orthogonal[lost]),
    )
