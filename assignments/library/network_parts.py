"""What the setup cell of the network provides beside the checks. What follows the imports is copied there as it stands."""

import itertools

import numpy as np

from assignments.library.checks import flat

# --- copied from here on


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), without overflow."""
    return 0.5 + 0.5 * np.tanh(z / 2)


def log_loss(z, y):
    """Return the mean log loss of the logits z (n,) for labels y (n,)."""
    return np.mean(np.logaddexp(0, z) - y * z)


ACTIVATIONS = {  # name: (function, derivative)
    "identity": (lambda z: 1.0 * z, lambda z: np.ones(z.shape)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: 1.0 * (z > 0)),
    "softplus": (lambda z: np.logaddexp(0.0, z), sigmoid),
    "swish": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * sigmoid(-z))),
}


def ring(n, seed):
    """Return n points (n, 2) and their labels (n,): 0 in a disc, 1 in a ring around it."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    radius, angle = rng.uniform(0.0, 0.8, n) + 1.2 * labels, rng.uniform(0.0, 2 * np.pi, n)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels


def start(inputs, units, seed):
    """Return first parameters [W1, b1, W2, b2] for a network with so many inputs and hidden units."""
    rng = np.random.default_rng(seed)
    return [
        rng.normal(0.0, 1.0, (inputs, units)),
        rng.normal(0.0, 0.5, units),
        rng.normal(0.0, 0.5, (units, 1)),
        np.zeros(1),
    ]


def own_path(train, given, features, labels, activation, lr, steps):
    """Return the parameters of your own train after 0, 1, ... steps. Raise ValueError where they stand still."""
    path = [train(given, features, labels, activation, lr, count)[0] for count in range(steps + 1)]
    for old, new in itertools.pairwise(path):
        before, after = flat(old), flat(new)
        if before.shape == after.shape and np.max(np.abs(after - before)) < 1e-4:
            raise ValueError("train stands still")
    return path
