"""The plots about gradients behind a sigmoid: how they vanish with depth, and the zig-zag."""

from functools import cache

import numpy as np
from activations import sigmoid, sigmoid_grad
from explore import BLUE, GREEN, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import message, translate

WIDTH, BATCH = 50, 64
GAINS = {"Xavier": 1.0, message("4 times Xavier"): 4.0, message("16 times Xavier"): 16.0}
GOAL = np.array([1.5, -1.5])


@cache
def layer_gradients(depth, weights):
    """Norm of the gradient by each layer's weights (depth,), first layer first, in a random network."""
    rng = np.random.default_rng(11)
    a, y = rng.normal(size=(BATCH, WIDTH)), rng.integers(0, 2, BATCH)
    layers = [GAINS[weights] * rng.normal(0, WIDTH**-0.5, (WIDTH, WIDTH)) for _ in range(depth)]
    readout = rng.normal(0, WIDTH**-0.5, WIDTH)
    inputs, pre_activations = [], []
    for W in layers:
        inputs.append(a)
        pre_activations.append(a @ W)
        a = sigmoid(a @ W)
    upstream = np.outer((sigmoid(a @ readout) - y) / BATCH, readout)
    norms = []
    for W, a, z in zip(layers[::-1], inputs[::-1], pre_activations[::-1], strict=True):
        delta = upstream * sigmoid_grad(z)
        norms.append(np.linalg.norm(a.T @ delta))
        upstream = delta @ W.T
    return np.array(norms[::-1])


def shrink_per_layer(depth, weights):
    """Geometric mean of the factor by which the gradient changes from a layer to the one below it."""
    norms = layer_gradients(depth, weights)
    return float((norms[0] / norms[-1]) ** (1 / (depth - 1)))


def draw_layer_gradients(axes, *, depth, weights):
    """Gradient norm of every layer on a logarithmic axis, with the line of a quarter per layer."""
    layer, norms = np.arange(1, depth + 1), layer_gradients(depth, weights)
    axes.semilogy(layer, norms[-1] * 0.25 ** (depth - layer), "--", color=GREY, label="a quarter per layer")
    axes.semilogy(layer, norms, "o-", color=BLUE, markersize=4, label="measured gradient")
    axes.set(xlabel="layer (1 is nearest the input)", ylabel="norm of the weight gradient", ylim=(1e-21, 1e3))
    axes.set(xlim=(0, 31))
    label_powers(axes)
    axes.legend(loc="lower right")


def describe_layer_gradients(*, depth, weights):
    """Say how much smaller the first layer's gradient is."""
    norms = layer_gradients(depth, weights)
    return translate(
        "{depth} layers, {weights} weights: the gradient is {last} at the last layer and "
        "{first} at the first; the factor per layer is {factor:.2f}.",
        depth=depth,
        weights=weights,
        last=power(norms[-1]),
        first=power(norms[0]),
        factor=shrink_per_layer(depth, weights),
    )


@cache
def online_path(shift, steps=40):
    """Weights (steps + 1, 2) of a linear unit fed one example a step, its inputs uniform on shift ± 1."""
    rng = np.random.default_rng(5)
    inputs = rng.uniform(-1, 1, (steps, 2)) + shift
    lr = 0.15 / (2 / 3 + 2 * shift**2)  # the same fraction of the mean squared input for every shift
    path = [np.zeros(2)]
    for a in inputs:
        path.append(path[-1] - lr * 2 * ((path[-1] - GOAL) @ a) * a)
    return np.array(path)


def draw_zigzag(panels, *, shift):
    """The path to the goal; below, the single steps as points."""
    way, moves = panels
    path = online_path(shift)
    steps = np.diff(path, axis=0)
    way.plot(*path.T, "o-", color=ORANGE, markersize=3, linewidth=1)
    way.plot(*GOAL, "*", color=GREEN, markersize=14)
    way.text(1.5, -1.3, "goal", color=GREEN, ha="center")
    way.set(xlabel="weight w₁", ylabel="weight w₂", xlim=(-1, 2.2), ylim=(-2, 1.2))
    limit = 1.1 * np.abs(steps).max()
    moves.axhline(0, color=GREY, linewidth=0.8)
    moves.axvline(0, color=GREY, linewidth=0.8)
    moves.plot(*steps.T, "o", color=BLUE, markersize=4)
    moves.set(xlabel="change of w₁", ylabel="change of w₂", xlim=(-limit, limit), ylim=(-limit, limit))


def same_sign_share(shift):
    """Share of the steps that change both weights in the same direction."""
    return float(np.mean(np.diff(online_path(shift), axis=0).prod(axis=1) > 0))


def describe_zigzag(*, shift):
    """Say how the steps point and how far the goal is in the end."""
    left = float(np.linalg.norm(online_path(shift)[-1] - GOAL))
    share = same_sign_share(shift)
    way = (
        translate("every step goes up-right or down-left, so the path must tack towards the goal")
        if share == 1
        else translate("{share:.0%} of the steps change both weights in the same direction", share=share)
    )
    low, high = fixed(shift - 1), fixed(shift + 1)
    return translate(
        "Inputs between {low} and {high}: {way}. After 40 steps the goal is {left:.2f} away.",
        low=low,
        high=high,
        way=way,
        left=left,
    )
