"""A network with one hidden layer that reads handwritten digits, small enough to train during a build."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from activations import (
    leaky_relu,
    leaky_relu_grad,
    prelu,
    prelu_grad,
    prelu_grad_alpha,
    relu,
    relu_grad,
    tanh,
    tanh_grad,
)
from sklearn.datasets import load_digits

HIDDEN, BATCH, TRAIN = 64, 64, 1400
ACTIVATIONS = {
    "ReLU": (relu, relu_grad),
    "leaky ReLU": (leaky_relu, leaky_relu_grad),
    "tanh": (tanh, tanh_grad),
}
SLOPE = 0.1  # of the leaky ReLU on the left


@cache
def digits():
    """Training pixels (1400, 64) and labels, test pixels (397, 64) and labels; pixels run from 0 to 1."""
    X, y = load_digits(return_X_y=True)
    rows = np.random.default_rng(0).permutation(len(y))
    train, test = rows[:TRAIN], rows[TRAIN:]
    return X[train] / 16, y[train], X[test] / 16, y[test]


@cache
def standardized_digits(rows):
    """The first `rows` training images (rows, 64), each pixel shifted and scaled to mean 0 and variance 1."""
    X = digits()[0][:rows]
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


@dataclass(frozen=True)
class Run:
    """What one training left behind; `steps` are the steps at which the histories were taken."""

    steps: np.ndarray
    silent: np.ndarray  # share of hidden units whose pre-activation is negative for every training image
    accuracy: np.ndarray  # on the test images
    alpha: np.ndarray  # of each hidden unit at `steps`; changes for a PReLU only
    largest: np.ndarray  # size of the largest hidden weight
    zero_share: float  # of the hidden outputs on the test images, after the last step


class Network:
    """Weights of a 64-64-10 network, with He's initial weights, and one step of gradient descent."""

    def __init__(self, activation, alpha, seed, slope=SLOPE):
        rng = np.random.default_rng(seed)
        self.W, self.b = rng.normal(0, np.sqrt(2 / 64), (64, HIDDEN)), np.zeros(HIDDEN)
        self.V, self.c = rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10)), np.zeros(10)
        self.activation, self.alpha, self.slope = activation, np.full(HIDDEN, alpha), slope

    def bend(self, z):
        """The hidden outputs and the derivative at pre-activations `z`."""
        if self.activation == "PReLU":
            return prelu(z, self.alpha), prelu_grad(z, self.alpha)
        value, slope = ACTIVATIONS[self.activation]
        extra = {"alpha": self.slope} if self.activation == "leaky ReLU" else {}
        return value(z, **extra), slope(z, **extra)

    def step(self, X, y, lr):
        """One step on the mean cross-entropy of the batch."""
        z = X @ self.W + self.b
        a, slope = self.bend(z)
        error = _softmax(a @ self.V + self.c)
        error[np.arange(len(y)), y] -= 1
        error /= len(y)
        upstream = error @ self.V.T
        delta = upstream * slope
        if self.activation == "PReLU":
            self.alpha = self.alpha - lr * np.sum(upstream * prelu_grad_alpha(z, self.alpha), axis=0)
        self.V, self.c = self.V - lr * a.T @ error, self.c - lr * error.sum(axis=0)
        self.W, self.b = self.W - lr * X.T @ delta, self.b - lr * delta.sum(axis=0)

    def silent_share(self):
        """Share of hidden units that no training image drives above zero."""
        return float(np.mean(~(digits()[0] @ self.W + self.b > 0).any(axis=0)))

    def test(self):
        """Accuracy on the test images, and the share of hidden outputs that are exactly 0 on them."""
        _, _, X, y = digits()
        a, _ = self.bend(X @ self.W + self.b)
        return float(np.mean((a @ self.V + self.c).argmax(axis=1) == y)), float(np.mean(a == 0))


@cache
def train(activation, lr, steps=300, calm=None, alpha=0.25, seed=0, every=10, slope=SLOPE):
    """Train with learning rate `lr`, from step `calm` on (if given) with 0.1, and return the `Run`."""
    network, rng = Network(activation, alpha, seed, slope), np.random.default_rng(seed + 1)
    X, y, _, _ = digits()
    taken, silent, accuracy, alphas, largest = [], [], [], [], []
    for step in range(steps + 1):
        if step % every == 0:
            taken.append(step)
            silent.append(network.silent_share())
            accuracy.append(network.test()[0])
            alphas.append(network.alpha)
            largest.append(float(np.abs(network.W).max()))
        rows = rng.choice(len(y), BATCH, replace=False)
        if step < steps:
            network.step(X[rows], y[rows], lr if calm is None or step < calm else 0.1)
    return Run(*map(np.array, (taken, silent, accuracy, alphas, largest)), network.test()[1])


def _softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
