"""A deep network that reads handwritten digits, with any activation of the book: for comparing activations."""

from dataclasses import dataclass

import numpy as np
from activations import ACTIVATIONS
from sklearn.datasets import load_digits

from experiments.digit_network import TRAIN

WIDTH, BATCH, STEPS, EVERY = 64, 64, 400, 20
NAMES = (
    "identity", "sigmoid", "tanh", "hard_tanh", "relu", "leaky_relu",
    "elu", "selu", "softplus", "swish", "gelu", "mish",
)  # fmt: skip
VARIANCE = {"identity": 1, "sigmoid": 1, "tanh": 1, "hard_tanh": 1, "selu": 1}  # times 1/inputs; else He's 2


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
        self.W = [rng.normal(0, spread, (WIDTH, WIDTH)) for _ in range(layers)]
        self.W.append(rng.normal(0, WIDTH**-0.5, (WIDTH, 10)))
        self.b = [np.zeros(W.shape[1]) for W in self.W]
        self.activation = ACTIVATIONS[name]
        self.steepest = float(self.activation.derivative(np.linspace(-6, 6, 1201)).max())

    def forward(self, X):
        """The inputs of each layer, the pre-activations of the hidden ones, and the class probabilities."""
        inputs, zs = [X], []
        for W, b in zip(self.W[:-1], self.b[:-1], strict=True):
            zs.append(inputs[-1] @ W + b)
            inputs.append(self.activation.function(zs[-1]))
        logits = inputs[-1] @ self.W[-1] + self.b[-1]
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        return inputs, zs, e / e.sum(axis=1, keepdims=True)

    def gradients(self, X, y):
        """Gradients of the mean cross-entropy by each layer's weights and biases, first layer first."""
        inputs, zs, p = self.forward(X)
        p[np.arange(len(y)), y] -= 1
        delta, dW, db = p / len(y), [], []
        for layer in range(len(self.W) - 1, -1, -1):
            dW.append(inputs[layer].T @ delta)
            db.append(delta.sum(axis=0))
            if layer:
                delta = (delta @ self.W[layer].T) * self.activation.derivative(zs[layer - 1])
        return dW[::-1], db[::-1]

    def step(self, X, y, rate):
        """One step of gradient descent."""
        dW, db = self.gradients(X, y)
        self.W = [W - rate * g for W, g in zip(self.W, dW, strict=True)]
        self.b = [b - rate * g for b, g in zip(self.b, db, strict=True)]

    def loss(self, X, y):
        """Mean cross-entropy."""
        p = self.forward(X)[2][np.arange(len(y)), y]
        return float(-np.log(np.maximum(p, 1e-300)).mean())

    def idle_share(self, X):
        """Share of hidden outputs on `X` whose slope is below a tenth of the activation's steepest."""
        slopes = np.concatenate([self.activation.derivative(z).ravel() for z in self.forward(X)[1]])
        return float(np.mean(slopes < 0.1 * self.steepest))


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
    start = [float(np.linalg.norm(g)) for g in network.gradients(X[:400], y[:400])[0]]
    losses, idle = [], []
    with np.errstate(all="ignore"):
        for step in range(STEPS + 1):
            if step % EVERY == 0:
                losses.append(network.loss(X[:400], y[:400]))
                idle.append(network.idle_share(X[:400]))
            rows = rng.choice(TRAIN, BATCH, replace=False)
            network.step(X[rows], y[rows], rate)
        right = network.forward(X[TRAIN:])[2].argmax(axis=1) == y[TRAIN:]
    return Trace(losses, idle, start, float(right.mean()))
