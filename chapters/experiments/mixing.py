"""Four hidden layers with one activation, with two in turns, and with two side by side in every layer."""

from dataclasses import replace
from functools import cache

import numpy as np
from activations import ACTIVATIONS

from experiments.deep_digits import BATCH, TRAIN, VARIANCE, WIDTH, DeepNetwork, data

LAYERS, STEPS, SEEDS, RATES = 4, 200, 3, (0.1, 0.2)
MIXES = {
    "tanh": ("tanh",),
    "ReLU": ("relu",),
    "swish": ("swish",),
    "tanh and ReLU in turns": ("tanh", "relu"),
    "ReLU and swish in turns": ("relu", "swish"),
    "half tanh, half ReLU": ("halves",),
}


def _halves():
    """Tanh for the first half of the units of a layer, ReLU for the others."""
    first = np.arange(WIDTH) < WIDTH // 2
    tanh, relu = ACTIVATIONS["tanh"], ACTIVATIONS["relu"]
    return replace(
        tanh,
        function=lambda z: np.where(first, tanh.function(z), relu.function(z)),
        derivative=lambda z: np.where(first, tanh.derivative(z), relu.derivative(z)),
    )


KINDS = ACTIVATIONS | {"halves": _halves()}
START = VARIANCE | {"halves": 1.5}  # between Xavier's and He's


def network(name, seed):
    """A network of four hidden layers with the mix and the first weights that each layer asks for."""
    mix = MIXES[name]
    made = DeepNetwork("identity", LAYERS, seed)
    for number, layer in enumerate(made.hidden):
        chosen = mix[number % len(mix)]
        layer.activation = KINDS[chosen]
        layer.parameters[0] = layer.parameters[0] * np.sqrt(START.get(chosen, 2))
    return made


@cache
def accuracy(name):
    """Mean share of the held-back images read after 200 steps, over three starts, at the best of three rates."""
    X, y = data()
    scores = np.zeros((len(RATES), SEEDS))
    for place in np.ndindex(scores.shape):
        rate, seed = RATES[place[0]], place[1]
        trained, rng = network(name, seed), np.random.default_rng(seed + 1)
        for _ in range(STEPS):
            rows = rng.choice(TRAIN, BATCH, replace=False)
            trained.step(X[rows], y[rows], rate)
        scores[place] = np.mean(trained.forward(X[TRAIN:]).argmax(axis=1) == y[TRAIN:])
    return float(scores.mean(axis=1).max())
