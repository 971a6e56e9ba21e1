"""The plots that follow images through a deep random network: saturation, gradients, mean and variance."""

from functools import cache

import numpy as np
from activations import relu, relu_grad, selu, selu_grad, sigmoid, sigmoid_grad, tanh, tanh_grad
from experiments.digit_network import standardized_digits
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import fixed, power
from translation import translate

ROWS, DEPTH = 64, 30
FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_grad, 0.25),
    "tanh": (tanh, tanh_grad, 1.0),
    "ReLU": (relu, relu_grad, 1.0),
    "SELU": (selu, selu_grad, 1.75809934),  # the limit of its slope at 0 from the left
}
LOOKS = {"sigmoid": (BLUE, "s--"), "tanh": (ORANGE, "o-"), "ReLU": (GREEN, "^-"), "SELU": (PURPLE, "D:")}


@cache
def layers(activation, scale, depth=DEPTH, width=64):
    """Pre-activations and weights of a random network fed with 64 standardised images of digits.

    Returns two lists of length `depth`: arrays (64, width), and matrices of standard deviation
    `scale / sqrt(inputs)`. The same seed serves every activation, so networks differ in nothing else.
    """
    rng = np.random.default_rng(3)
    a, zs, weights = standardized_digits(ROWS), [], []
    for _ in range(depth):
        weights.append(rng.normal(0, scale / np.sqrt(a.shape[1]), (a.shape[1], width)))
        zs.append(a @ weights[-1])
        a = FUNCTIONS[activation][0](zs[-1])
    return zs, weights


@cache
def gradient_norms(activation, scale, depth=DEPTH):
    """Norm of the gradient by each layer's pre-activations (depth,), of 1 that arrives at the top."""
    zs, weights = layers(activation, scale, depth)
    upstream = np.random.default_rng(4).normal(size=zs[-1].shape)
    upstream /= np.linalg.norm(upstream)
    norms = []
    for z, W in zip(zs[::-1], weights[::-1], strict=True):
        delta = upstream * FUNCTIONS[activation][1](z)
        norms.append(float(np.linalg.norm(delta)))
        upstream = delta @ W.T
    return np.array(norms[::-1])


@cache
def saturated_shares(activation, scale, depth=DEPTH):
    """Share of outputs in each layer (depth,) where the slope is below a tenth of the largest slope."""
    _, slope, steepest = FUNCTIONS[activation]
    return np.array([float(np.mean(slope(z) < 0.1 * steepest)) for z in layers(activation, scale, depth)[0]])


def draw_saturation(panels, *, scale, depth):
    """Share of saturated units in each layer; below, the gradient that arrives there."""
    share, gradient = panels
    number = np.arange(1, depth + 1)
    for name in ("sigmoid", "tanh"):
        colour, style = LOOKS[name]
        share.plot(
            number,
            100 * saturated_shares(name, scale, depth),
            style,
            color=colour,
            markersize=4,
            markevery=3,
            label=name,
        )
        gradient.semilogy(
            number,
            gradient_norms(name, scale, depth),
            style,
            color=colour,
            markersize=4,
            markevery=3,
            label=name,
        )
    share.set(ylabel="saturated units in %", ylim=(-4, 104), xlim=(0, DEPTH + 1))
    gradient.set(xlabel="layer (1 is nearest the input)", ylabel="norm of the gradient")
    gradient.set(ylim=(1e-25, 1e7), xlim=(0, DEPTH + 1))
    gradient.minorticks_off()
    label_powers(gradient)
    share.legend(loc="upper right")


def describe_saturation(*, scale, depth):
    """Give both activations' saturation and what is left of the gradient."""
    parts = [
        translate(
            "{name}: {share:.0%} of the units are saturated, "
            "and a gradient of 1 arrives at the first layer as {gradient}",
            name=name,
            share=saturated_shares(name, scale, depth).mean(),
            gradient=power(gradient_norms(name, scale, depth)[0]),
        )
        for name in ("tanh", "sigmoid")
    ]
    return translate(
        "{depth} layers, weights {scale:g} times Xavier. {parts}.",
        depth=depth,
        scale=scale,
        parts=translate("; ").join(parts),
    )


def draw_gradients(axes, *, scale):
    """The gradient that arrives at each of 30 layers, for three activations."""
    number = np.arange(1, DEPTH + 1)
    for name in ("sigmoid", "tanh", "ReLU"):
        colour, style = LOOKS[name]
        axes.semilogy(
            number, gradient_norms(name, scale), style, color=colour, markersize=4, markevery=3, label=name
        )
    axes.set(xlabel="layer (1 is nearest the input)", ylabel="norm of the gradient", ylim=(1e-25, 1e12))
    axes.minorticks_off()
    label_powers(axes)
    axes.legend(loc="lower right")


def describe_gradients(*, scale):
    """Say what each activation leaves of the gradient after 30 layers."""
    left = translate(", ").join(
        translate("{gradient} with {name}", gradient=power(gradient_norms(name, scale)[0]), name=name)
        for name in ("ReLU", "tanh", "sigmoid")
    )
    return translate(
        "Weights {scale:g} times Xavier: of a gradient of size 1, the first layer receives {left}.",
        scale=scale,
        left=left,
    )


@cache
def moments(activation, variance, depth=DEPTH, width=256):
    """Mean and variance of each layer's outputs, (depth,) each; weights have variance `variance / inputs`."""
    zs, _ = layers(activation, float(np.sqrt(variance)), depth, width)
    outputs = [FUNCTIONS[activation][0](z) for z in zs]
    return np.array([a.mean() for a in outputs]), np.array([a.var() for a in outputs])


def draw_moments(panels, *, variance, activation):
    """Mean of the outputs layer by layer; below, their variance."""
    mean, spread = panels
    number = np.arange(1, DEPTH + 1)
    colour, style = LOOKS[activation]
    for axes, values, aim in zip(panels, moments(activation, variance), (0, 1), strict=True):
        axes.axhline(aim, color=GREY, linestyle="--", linewidth=1)
        axes.plot(number, values, style, color=colour, markersize=4, markevery=3)
    mean.set(ylabel="mean of the outputs", ylim=(-0.55, 1.05), xlim=(0, DEPTH + 1))
    spread.set(xlabel="layer", ylabel="variance of the outputs", yscale="log", ylim=(1e-10, 1e10))
    spread.set(xlim=(0, DEPTH + 1))
    spread.minorticks_off()
    label_powers(spread)


def describe_moments(*, variance, activation):
    """Give mean and variance at the last layer."""
    means, variances = moments(activation, variance)
    return translate(
        "{activation}, weights of variance {variance:g}/n: after {depth} layers the outputs have "
        "mean {mean} and variance {spread}; the dashed lines are 0 and 1.",
        activation=activation,
        variance=variance,
        depth=DEPTH,
        mean=fixed(means[-1]),
        spread=power(variances[-1]),
    )
