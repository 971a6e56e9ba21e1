"""A network with one hidden layer of maxout units that reads the digits, like `digit_network`."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from functions.maxout_family import maxout, maxout_grad, net_inputs
from functions.softmax_family import softmax

from experiments.digit_network import BATCH, digits

PIXELS, CLASSES = 64, 10


@dataclass(frozen=True)
class MaxoutRun:
    """What one training left behind; `steps` are the steps at which the histories were taken."""

    steps: np.ndarray
    idle: np.ndarray  # share of pieces that win for no training image
    accuracy: np.ndarray  # on the test images


class MaxoutNetwork:
    """Weights of a network 64 -> `width` maxout units of `pieces` pieces -> 10 classes.

    With `pieces` = 1 the hidden units are ReLUs: maxout units of two pieces, the first of which stays zero.
    """

    def __init__(self, pieces, width, seed):
        rng = np.random.default_rng(seed)
        self.learns = np.ones((pieces, 1, 1)) if pieces > 1 else np.array([0.0, 1.0])[:, None, None]
        scale = np.sqrt((1 if pieces > 1 else 2) / PIXELS)
        self.W = self.learns * rng.normal(0, scale, (len(self.learns), PIXELS, width))
        self.b = np.zeros((len(self.learns), width))
        self.V, self.c = rng.normal(0, np.sqrt(1 / width), (width, CLASSES)), np.zeros(CLASSES)

    def step(self, X, y, lr):
        """One step on the mean cross-entropy of the batch."""
        a = maxout(X, self.W, self.b)
        error = softmax(a @ self.V + self.c)
        error[np.arange(len(y)), y] -= 1
        error /= len(y)
        _, dW, db = maxout_grad(X, self.W, self.b, error @ self.V.T)
        self.V, self.c = self.V - lr * a.T @ error, self.c - lr * error.sum(axis=0)
        self.W, self.b = self.W - lr * self.learns * dW, self.b - lr * self.learns[:, 0] * db

    def idle_share(self):
        """Share of the pieces that win for no training image."""
        winner = net_inputs(digits()[0], self.W, self.b).argmax(axis=0)
        return float(np.mean([(winner != piece).all(axis=0) for piece in range(len(self.W))]))

    def accuracy(self):
        """Share of the test images that are read right."""
        _, _, X, y = digits()
        return float(np.mean((maxout(X, self.W, self.b) @ self.V + self.c).argmax(axis=1) == y))


@cache
def train_maxout(pieces, lr, width=64, steps=300, calm=None, seed=0, every=30):
    """Train with learning rate `lr`, from step `calm` on (if given) with 0.1, and return the `MaxoutRun`."""
    network, rng = MaxoutNetwork(pieces, width, seed), np.random.default_rng(seed + 1)
    X, y, _, _ = digits()
    taken, idle, accuracy = [], [], []
    for step in range(steps + 1):
        if step % every == 0:
            taken.append(step)
            idle.append(network.idle_share())
            accuracy.append(network.accuracy())
        rows = rng.choice(len(y), BATCH, replace=False)
        if step < steps:
            network.step(X[rows], y[rows], lr if calm is None or step < calm else 0.1)
    return MaxoutRun(np.array(taken), np.array(idle), np.array(accuracy))
