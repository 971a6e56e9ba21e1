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
    largest: np.ndarray  # size of the largest hidden weight


IDENTITY, RELU = 0, 1  # numbers of pieces that stand for units of another kind


class MaxoutNetwork:
    """Weights of a network 64 -> `width` maxout units of `pieces` pieces -> 10 classes.

    `RELU` for `pieces` makes maxout units of two pieces, the first of which stays zero. `IDENTITY` makes units
    of a single piece, which is linear.
    """

    def __init__(self, pieces, width, seed):
        rng = np.random.default_rng(seed)
        self.learns = np.ones((max(pieces, 1), 1, 1))
        if pieces == RELU:
            self.learns = np.array([0.0, 1.0])[:, None, None]
        scale = np.sqrt((2 if pieces == RELU else 1) / PIXELS)
        self.W = self.learns * rng.normal(0, scale, (len(self.learns), PIXELS, width))
        self.b = np.zeros((len(self.learns), width))
        self.V, self.c = rng.normal(0, np.sqrt(1 / width), (width, CLASSES)), np.zeros(CLASSES)

    def step(self, X, y, lr, longest=np.inf):
        """One step on the mean cross-entropy of the batch; a gradient longer than `longest` is shortened to it."""
        a = maxout(X, self.W, self.b)
        error = softmax(a @ self.V + self.c)
        error[np.arange(len(y)), y] -= 1
        error /= len(y)
        _, dW, db = maxout_grad(X, self.W, self.b, error @ self.V.T)
        gradients = (self.learns * dW, self.learns[:, 0] * db, a.T @ error, error.sum(axis=0))
        lr *= min(1.0, longest / np.sqrt(sum(np.sum(g**2) for g in gradients)))
        parameters = (self.W, self.b, self.V, self.c)
        self.W, self.b, self.V, self.c = (p - lr * g for p, g in zip(parameters, gradients, strict=True))

    def idle_share(self):
        """Share of the pieces that win for no training image."""
        winner = net_inputs(digits()[0], self.W, self.b).argmax(axis=0)
        return float(np.mean([(winner != piece).all(axis=0) for piece in range(len(self.W))]))

    def accuracy(self):
        """Share of the test images that are read right."""
        _, _, X, y = digits()
        return float(np.mean((maxout(X, self.W, self.b) @ self.V + self.c).argmax(axis=1) == y))


@cache
def train_maxout(pieces, lr, width=64, steps=300, calm=None, seed=0, every=30, longest=np.inf):
    """Train with learning rate `lr`, from step `calm` on (if given) with 0.1, and return the `MaxoutRun`."""
    network, rng = MaxoutNetwork(pieces, width, seed), np.random.default_rng(seed + 1)
    X, y, _, _ = digits()
    taken, idle, accuracy, largest = [], [], [], []
    for step in range(steps + 1):
        if step % every == 0:
            taken.append(step)
            idle.append(network.idle_share())
            accuracy.append(network.accuracy())
            largest.append(float(np.abs(network.W).max()))
        rows = rng.choice(len(y), BATCH, replace=False)
        if step < steps:
            network.step(X[rows], y[rows], lr if calm is None or step < calm else 0.1, longest)
    return MaxoutRun(*map(np.array, (taken, idle, accuracy, largest)))
