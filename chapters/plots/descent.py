"""The plots of the linear regression chapter about gradient descent: the path, and what diverges."""

from functools import cache

import numpy as np
from experiments.data import diabetes_cholesterol
from explore import GREEN, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import message, translate

from plots.regression import bmi_problem

ONE_FEATURE, TWO_FEATURES = message("body-mass index alone"), message("two kinds of cholesterol")


@cache
def quadratic(problem):
    """Hessian (2, 2), minimiser (2,), lowest loss and starting point (2,) of the mean squared error."""
    if problem == ONE_FEATURE:
        features, y = bmi_problem()
        X, start = np.column_stack([features, np.ones(len(y))]), np.array([-20.0, 60.0])
    else:
        X, y = diabetes_cholesterol()
        start = np.array([90.0, 20.0])
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    return 2.0 / len(y) * X.T @ X, best, float(np.mean((X @ best - y) ** 2)), start


def largest_learning_rate(problem):
    """The bound 2 / lambda_max above which gradient descent diverges on `problem`."""
    return 2.0 / float(np.linalg.eigvalsh(quadratic(problem)[0])[-1])


def descent_path(problem, lr, steps=25):
    """Weights (steps + 1, 2) visited by gradient descent, and the loss above its minimum (steps + 1,)."""
    hessian, best, _, start = quadratic(problem)
    errors = [start - best]
    for _ in range(steps):
        errors.append(errors[-1] - lr * hessian @ errors[-1])
    errors = np.array(errors)
    return best + errors, 0.5 * np.einsum("ti,ij,tj->t", errors, hessian, errors)


def draw_descent(panels, *, lr, problem):
    """The path on the contours of the loss; below, the loss above its minimum, step by step."""
    surface, curve = panels
    hessian, best, _, _ = quadratic(problem)
    path, excess = descent_path(problem, lr)
    draw_contours(surface, hessian, best)
    near = np.abs(path - best).max(axis=1) < 1e3  # matplotlib clips, but far points still cost bytes
    surface.plot(*np.where(near[:, None], path, np.nan).T, "o-", color=ORANGE, markersize=3.5, linewidth=1)
    surface.plot(*best, "*", color=GREEN, markersize=12)
    surface.set(xlim=best[0] + np.array([-120, 120]), ylim=best[1] + np.array([-100, 100]))
    names = ("weight w", "bias b") if problem == ONE_FEATURE else ("weight of total", "weight of LDL")
    surface.set(xlabel=names[0], ylabel=names[1])
    curve.semilogy(np.maximum(excess, 1e-9), "o-", color=PURPLE, markersize=3.5, linewidth=1)
    curve.set(xlabel="step", ylabel="loss above its minimum", ylim=(1e-10, 1e7))
    label_powers(curve)


def draw_contours(axes, hessian, best):
    """The ellipses on which a quadratic loss has the same value."""
    values, vectors = np.linalg.eigh(hessian)
    angle = np.linspace(0.0, 2 * np.pi, 61)
    circle = np.array([np.cos(angle), np.sin(angle)])
    for excess in (50, 500, 2000, 6000, 15000):
        ring = best[:, None] + vectors @ (np.sqrt(2 * excess / values)[:, None] * circle)
        axes.plot(*ring, linestyle="-", color=GREY, linewidth=0.8)


def describe_descent(*, lr, problem):
    """Say whether the path arrives, and how."""
    _, excess = descent_path(problem, lr)
    bound = largest_learning_rate(problem)
    left = power(excess[-1]) if excess[-1] > 1e-9 else translate("less than 10⁻⁹")
    start = translate("Learning rate {lr:g}, bound {bound:.2f}: ", lr=lr, bound=bound)
    if lr > 1.001 * bound:
        return start + translate(
            "each step jumps farther from the star; after 25 steps the loss is {left} too high.", left=left
        )
    if lr > 0.999 * bound:
        return start + translate(
            "the path jumps to and fro between two points for ever and the loss stays where it was."
        )
    if excess[1] < 1e-9:
        return start + translate("one step lands on the star.")
    way = translate("in a zig-zag") if lr > bound / 2 else translate("without overshooting")
    return start + translate(
        "the path moves to the star {way}; after 25 steps the loss is {left} above its minimum.",
        way=way,
        left=left,
    )
