"""The plot of gradient descent, momentum and Adam on one long valley."""

from functools import cache

import numpy as np
from activations import sigmoid
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import message, translate

from plots.descent import TWO_FEATURES, draw_contours, quadratic
from plots.scaling import tumours

STEPS, SHOWN = 80, (2, 5, 10, 20, 40, 80)
MOMENTUM, FIRST, SECOND, EPSILON = 0.5, 0.9, 0.999, 1e-8
TRIED = np.logspace(-8, 1, 19)
LOOKS = {
    message("gradient descent"): (ORANGE, "o-"),
    message("momentum"): (BLUE, "s--"),
    "Adam": (PURPLE, "^:"),
}
RATES = {"gradient descent": 0.5, "momentum": 0.5, "Adam": 20.0}


def gradient_step(theta, gradient, state, rate):
    """One step against the gradient."""
    return theta - rate * gradient, state


def momentum_step(theta, gradient, state, rate):
    """One step of momentum; `state` is the velocity, 0 at the start."""
    velocity = MOMENTUM * (state if state is not None else 0) + gradient
    return theta - rate * velocity, velocity


def adam_step(theta, gradient, state, rate):
    """One step of Adam (Kingma and Ba 2015); `state` holds the two means and the number of steps."""
    mean, square, t = state or (0.0, 0.0, 0)
    mean = FIRST * mean + (1 - FIRST) * gradient
    square = SECOND * square + (1 - SECOND) * gradient**2
    t += 1
    step = (mean / (1 - FIRST**t)) / (np.sqrt(square / (1 - SECOND**t)) + EPSILON)
    return theta - rate * step, (mean, square, t)


RULES = {"gradient descent": gradient_step, "momentum": momentum_step, "Adam": adam_step}


@cache
def path(optimiser, steps=STEPS, rate=None):
    """Weights (steps + 1, 2) on the loss of the two kinds of cholesterol, and the loss above its minimum."""
    hessian, best, _, start = quadratic(TWO_FEATURES)
    theta, state, visited = start, None, [start]
    for _ in range(steps):
        theta, state = RULES[optimiser](theta, hessian @ (theta - best), state, rate or RATES[optimiser])
        visited.append(theta)
    errors = np.array(visited) - best
    return np.array(visited), 0.5 * np.einsum("ti,ij,tj->t", errors, hessian, errors)


@cache
def rate_losses(scaling, optimiser, steps=300):
    """Log loss of logistic regression on the breast cancer data after so many steps, for each of `TRIED`."""
    X, y = tumours(scaling)
    A, found = np.column_stack([X, np.ones(len(X))]), []
    for rate in TRIED:
        theta, state = np.zeros(A.shape[1]), None
        for _ in range(steps):
            gradient = A.T @ (sigmoid(A @ theta) - y) / len(y)
            theta, state = RULES[optimiser](theta, gradient, state, rate)
        z = A @ theta
        found.append(float(np.mean(np.logaddexp(0, z) - y * z)))
    return np.array(found)


def best_rates(scaling, optimiser):
    """The lowest loss, and the smallest and largest rate that end within twice of it."""
    losses = rate_losses(scaling, optimiser)
    good = TRIED[losses <= 2 * losses.min()]
    return float(losses.min()), float(good[0]), float(good[-1])


def draw_optimisers(panels, *, optimiser, steps):
    """The path of one optimiser; below, the loss of all three."""
    surface, curve = panels
    hessian, best, _, _ = quadratic(TWO_FEATURES)
    draw_contours(surface, hessian, best)
    visited, _ = path(optimiser)
    colour, _ = LOOKS[optimiser]
    surface.plot(*visited[: steps + 1].T, "o-", color=colour, markersize=3, linewidth=1)
    surface.plot(*best, "*", color=GREEN, markersize=12)
    surface.set(xlim=best[0] + np.array([-130, 130]), ylim=best[1] + np.array([-110, 110]))
    surface.set(xlabel="weight of total", ylabel="weight of LDL")
    for name, (look, style) in LOOKS.items():
        wide = 2.2 if name == optimiser else 0.9
        curve.semilogy(
            path(name)[1], style, color=look, markersize=3, markevery=8, linewidth=wide, label=name
        )
    curve.axvline(steps, color=GREY, linestyle=":", linewidth=1)
    curve.set(xlabel="step", ylabel="loss above its minimum", ylim=(1e-6, 1e7))
    label_powers(curve)
    curve.legend(loc="upper right", fontsize="small")


def describe_optimisers(*, optimiser, steps):
    """Give what is left of the loss for the chosen one and the others."""
    left = {name: power(path(name)[1][steps]) for name in RULES}
    others = translate(" and ").join(
        translate("{left} with {name}", left=left[name], name=name) for name in RULES if name != optimiser
    )
    return translate(
        "After {steps} steps {optimiser} is {left} above the minimum; it is {others}.",
        steps=steps,
        optimiser=optimiser,
        left=left[optimiser],
        others=others,
    )
