"""A deep network that reads handwritten digits, with any activation of the book: for comparing activations."""

from dataclasses import dataclass

import numpy as np
from activations import ACTIVATIONS
from sklearn.datasets import load_digits

from experiments.dense_layers import LAYERS, Layer
from experiments.digit_network import TRAIN

WIDTH, BATCH, STEPS, EVERY = 64, 64, 400, 20
NAMES = (*ACTIVATIONS, "maxout")
ONCE = ("identity", "step", "sign", "sigmoid", "tanh", "hard_sigmoid", "hard_tanh", "selu", "maxout")
VARIANCE = dict.fromkeys(ONCE, 1)  # times 1/inputs; else He's 2


@dataclass(frozen=True)
class Trace:
    """One training: loss and share of idle outputs every 20 steps, gradient of each layer, test accuracy."""

    losses: list
    idle: list
    gradients: list
    accuracy: float


class DeepNetwork:
    """Weights of 64 pixels, `layers` hidden layers of 64 units and 10 classes, trained by gradient descent."""

    def __init__(self, name, layers, seed):
        rng = np.random.default_rng(seed)
        spread = np.sqrt(VARIANCE.get(name, 2) / WIDTH)
        make = LAYERS.get(name, Layer)
        self.hidden = [make(name, rng, spread, WIDTH, WIDTH) for _ in range(layers)]
        self.output = Layer("identity", rng, WIDTH**-0.5, WIDTH, 10)

    @property
    def layers(self):
        """All layers, first to last."""
        return [*self.hidden, self.output]

    def forward(self, X):
        """The class probabilities; each layer keeps what its gradient needs."""
        for layer in self.layers:
            X = layer.forward(X)
        e = np.exp(X - X.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def gradients(self, X, y):
        """Gradients of the mean cross-entropy by each layer's parameters, first layer first, weights first."""
        upstream = self.forward(X)
        upstream[np.arange(len(y)), y] -= 1
        upstream, found = upstream / len(y), []
        for layer in reversed(self.layers):
            upstream, gradients = layer.backward(upstream)
            found.append(gradients)
        return found[::-1]

    def step(self, X, y, rate):
        """One step of gradient descent."""
        for layer, gradients in zip(self.layers, self.gradients(X, y), strict=True):
            layer.parameters = [p - rate * g for p, g in zip(layer.parameters, gradients, strict=True)]

    def loss(self, X, y):
        """Mean cross-entropy."""
        p = self.forward(X)[np.arange(len(y)), y]
        return float(-np.log(np.maximum(p, 1e-300)).mean())

    def idle_share(self, X):
        """Share of hidden outputs on `X` whose slope is at most a tenth of the activation's steepest."""
        self.forward(X)
        return float(np.mean([np.mean(layer.slopes() <= 0.1 * layer.steepest) for layer in self.hidden]))


def data():
    """Standardised pixels (1797, 64) and labels; the first 1400 rows are for training."""
    X, y = load_digits(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(y))
    train = X[rows[:TRAIN]] / 16
    spread = np.where(train.std(axis=0) > 0, train.std(axis=0), 1.0)
    return (X[rows] / 16 - train.mean(axis=0)) / spread, y[rows]


def train(name, layers, rate, seed=0):
    """Train one network and return its `Trace`."""
    X, y = data()
    network, rng = DeepNetwork(name, layers, seed), np.random.default_rng(seed + 1)
    start = [float(np.linalg.norm(weights)) for weights, *_ in network.gradients(X[:400], y[:400])]
    losses, idle = [], []
    with np.errstate(all="ignore"):
        for step in range(STEPS + 1):
            if step % EVERY == 0:
                losses.append(network.loss(X[:400], y[:400]))
                idle.append(network.idle_share(X[:400]))
            rows = rng.choice(TRAIN, BATCH, replace=False)
            network.step(X[rows], y[rows], rate)
        right = network.forward(X[TRAIN:]).argmax(axis=1) == y[TRAIN:]
    return Trace(losses, idle, start, float(right.mean()))
