"""The two faults of the sigmoid taken away one at a time, in a network of ten hidden layers."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from activations import ACTIVATIONS, sigmoid, sigmoid_grad

from experiments.deep_digits import BATCH, STEPS, TRAIN, DeepNetwork, data

LAYERS = 10


@dataclass(frozen=True)
class Variant:
    """A sigmoid with outputs from `low`, as steep as `speed` says, and the rate at which it was found to do best."""

    speed: float
    low: float
    rate: float

    def activation(self):
        """The book's sigmoid with this function and derivative."""
        k, low = self.speed, self.low
        return replace(ACTIVATIONS["sigmoid"], function=lambda z: sigmoid(k * z) + low,
                       derivative=lambda z: k * sigmoid_grad(k * z))  # fmt: skip


VARIANTS = {
    "sigmoid": Variant(1, 0.0, 1.0),
    "centred": Variant(1, -0.5, 1.0),
    "slope 1": Variant(4, 0.0, 0.1),
    "centred, slope 1": Variant(4, -0.5, 0.3),
}


@cache
def accuracy(name, rate=None, seed=0):
    """Share of the held-back images that the network reads after 400 steps with the variant in every layer."""
    variant, (X, y) = VARIANTS[name], data()
    network, rng = DeepNetwork("sigmoid", LAYERS, seed), np.random.default_rng(seed + 1)
    for layer in network.hidden:
        layer.activation = variant.activation()
    for _ in range(STEPS + 1):
        rows = rng.choice(TRAIN, BATCH, replace=False)
        network.step(X[rows], y[rows], rate or variant.rate)
    return float(np.mean(network.forward(X[TRAIN:]).argmax(axis=1) == y[TRAIN:]))
