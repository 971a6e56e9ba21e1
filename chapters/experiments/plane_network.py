"""A network with one hidden layer that tells two classes of points in the plane apart."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from activations import identity, identity_grad, relu, relu_grad, sigmoid, sigmoid_grad, tanh, tanh_grad
from sklearn.datasets import make_circles, make_moons
from translation import message

from experiments.data import standardize

POINTS, STEPS, RATE = 200, 500, 2.0
HIDDEN = {
    "identity": (identity, identity_grad),
    "sigmoid": (sigmoid, sigmoid_grad),
    "tanh": (tanh, tanh_grad),
    "ReLU": (relu, relu_grad),
}
DATA = (message("two moons"), message("a circle"))


@cache
def points(data):
    """Standardised points (400, 2) and labels (400,); the first 200 are for training, the rest are held back."""
    if data == "two moons":
        X, y = make_moons(2 * POINTS, noise=0.2, random_state=1)
    else:
        X, y = make_circles(2 * POINTS, noise=0.12, factor=0.45, random_state=1)
    return standardize(X), y


def start(units, seed=0):
    """Random weights (2, k) and (k, 1) of variance 1/inputs (1 for the first), and biases of 0."""
    rng = np.random.default_rng(seed)
    return [
        rng.normal(size=(2, units)),
        np.zeros(units),
        rng.normal(0, units**-0.5, (units, 1)),
        np.zeros(1),
    ]


def logits(params, X, activation):
    """The output before the sigmoid (n,), for points `X` (n, 2)."""
    W1, b1, W2, b2 = params
    return (HIDDEN[activation][0](X @ W1 + b1) @ W2 + b2)[:, 0]


def loss(z, y):
    """Mean log loss of the logits `z`."""
    return float(np.mean(np.logaddexp(0, z) - y * z))


def gradient(params, X, y, activation):
    """The gradient of the mean log loss by each parameter, and the logits, by backpropagation."""
    W1, b1, W2, b2 = params
    Z1 = X @ W1 + b1
    A = HIDDEN[activation][0](Z1)
    z = (A @ W2 + b2)[:, 0]
    d2 = ((sigmoid(z) - y) / len(y))[:, None]
    d1 = (d2 @ W2.T) * HIDDEN[activation][1](Z1)
    return [X.T @ d1, d1.sum(axis=0), A.T @ d2, d2.sum(axis=0)], z


@dataclass(frozen=True)
class Trained:
    """What training left: the parameters, the loss before each step, and errors in percent on both halves."""

    params: list
    losses: np.ndarray
    train_error: float
    test_error: float


@cache
def train(data, units, activation, rate=RATE, steps=STEPS):
    """Gradient descent on the training half; `units` = 0 is logistic regression, trained as such."""
    X, y = points(data)
    step = _plain_step if units == 0 else _step
    params = [np.zeros(2), np.zeros(1)] if units == 0 else start(units)
    losses = []
    for _ in range(steps):
        params, z = step(params, X[:POINTS], y[:POINTS], activation, rate)
        losses.append(loss(z, y[:POINTS]))
    wrong = 100 * ((predict(params, X, activation) >= 0) != y)
    return Trained(params, np.array(losses), float(wrong[:POINTS].mean()), float(wrong[POINTS:].mean()))


def predict(params, X, activation):
    """Logits of a trained model, network or logistic regression."""
    return X @ params[0] + params[1] if len(params) == 2 else logits(params, X, activation)


def _step(params, X, y, activation, rate):
    grads, z = gradient(params, X, y, activation)
    return [p - rate * g for p, g in zip(params, grads, strict=True)], z


def _plain_step(params, X, y, _activation, rate):
    w, b = params
    z = X @ w + b
    error = (sigmoid(z) - y) / len(y)
    return [w - rate * X.T @ error, b - rate * error.sum()], z
