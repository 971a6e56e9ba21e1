"""The plot of signals and gradients through depth, by the variance of the first weights."""

import numpy as np
from experiments.digit_network import standardized_digits
from explore import BLUE, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import message, translate

from plots.depth import FUNCTIONS, LOOKS, ROWS, gradient_norms, layers

SCHEMES = {message("half of Xavier's"): 0.5, "Xavier": 1.0, "He": 2.0}  # variance times the number of inputs
DEPTHS = (5, 15, 30)


def output_spreads(activation, scheme, depth):
    """Standard deviation over the rows, averaged over the units, of the inputs and each layer's outputs."""
    zs, _ = layers(activation, float(np.sqrt(SCHEMES[scheme])), depth)
    outputs = [standardized_digits(ROWS), *(FUNCTIONS[activation][0](z) for z in zs)]
    return np.array([np.sqrt(np.mean(a.var(axis=0))) for a in outputs])


def gradients(activation, scheme, depth):
    """Norm of the gradient at each layer (depth,), of 1 that arrives at the top."""
    return gradient_norms(activation, float(np.sqrt(SCHEMES[scheme])), depth)


def draw_schemes(panels, *, scheme, activation, depth):
    """Spread of the outputs layer by layer; below, the gradient on its way back."""
    forward, backward = panels
    spreads = output_spreads(activation, scheme, depth)
    forward.axhline(1, color=GREY, linestyle="--", linewidth=1)
    forward.semilogy(np.arange(depth + 1), spreads, LOOKS[activation][1], color=BLUE, markersize=4)
    forward.set(ylabel="spread of the outputs", xlabel="layer (0 is the input)")
    sizes = gradients(activation, scheme, depth)
    backward.axhline(1, color=GREY, linestyle="--", linewidth=1)
    backward.semilogy(np.arange(1, depth + 1), sizes, LOOKS[activation][1], color=ORANGE, markersize=4)
    backward.set(ylabel="norm of the gradient", xlabel="layer (1 is nearest the input)")
    for axes in panels:
        axes.set(xlim=(-1, 31), ylim=(1e-24, 1e2))
        axes.minorticks_off()
        label_powers(axes)


def describe_schemes(*, scheme, activation, depth):
    """Give both ends."""
    spread = output_spreads(activation, scheme, depth)[-1]
    left = gradients(activation, scheme, depth)[0]
    return translate(
        "{activation}, {scheme} weights, {depth} layers: images that differ by 1 at the input differ by "
        "{spread} at the last layer, and a gradient of 1 arrives at the first as {left}.",
        activation=activation,
        scheme=scheme,
        depth=depth,
        spread=power(spread),
        left=power(left),
    )
