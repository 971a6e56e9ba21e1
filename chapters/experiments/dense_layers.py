"""Fully connected layers with an activation, and the gradients by their parameters."""

import numpy as np
from activations import ACTIVATIONS, maxout_grad, prelu, prelu_grad, prelu_grad_alpha

PRELU_START, PIECES = 0.25, 2


class Layer:
    """Weights (inputs, units), normal with standard deviation `spread`, biases 0, and an activation by name."""

    def __init__(self, name, rng, spread, inputs, units):
        self.parameters = [rng.normal(0, spread, (inputs, units)), np.zeros(units)]
        self.activation = ACTIVATIONS[name]
        self.steepest = float(self.activation.derivative(np.linspace(-6, 6, 1201)).max())

    def forward(self, X):
        """Outputs for the batch X."""
        W, b = self.parameters[:2]
        self.X, self.z = X, X @ W + b
        return self.bend()

    def bend(self):
        """The activation at the pre-activations of the last batch."""
        return self.activation.function(self.z)

    def slopes(self):
        """Its derivative there."""
        return self.activation.derivative(self.z)

    def backward(self, upstream):
        """The gradient by the inputs, and those by the parameters, for one by the outputs of the last batch."""
        delta = upstream * self.slopes()
        return delta @ self.parameters[0].T, [self.X.T @ delta, delta.sum(axis=0)]


class PReluLayer(Layer):
    """A slope for each unit, learned like a weight."""

    def __init__(self, name, rng, spread, inputs, units):
        super().__init__(name, rng, spread, inputs, units)
        self.parameters.append(np.full(units, PRELU_START))

    def bend(self):
        """PReLU with the unit's slope."""
        return prelu(self.z, self.parameters[2])

    def slopes(self):
        """Its derivative."""
        return prelu_grad(self.z, self.parameters[2])

    def backward(self, upstream):
        """As above, and the gradient by the slopes."""
        below, gradients = super().backward(upstream)
        slopes = np.sum(upstream * prelu_grad_alpha(self.z, self.parameters[2]), axis=0)
        return below, [*gradients, slopes]


class MaxoutLayer(Layer):
    """The larger of two net inputs. Its weights are (pieces, inputs, units)."""

    def __init__(self, name, rng, spread, inputs, units):
        self.parameters = [rng.normal(0, spread, (PIECES, inputs, units)), np.zeros((PIECES, units))]
        self.steepest = 1.0

    def forward(self, X):
        """Outputs for the batch X."""
        W, b = self.parameters
        self.X, self.z = X, (X @ W + b[:, None, :]).max(axis=0)
        return self.z

    def slopes(self):
        """1: the winner passes all of the gradient."""
        return np.ones_like(self.z)

    def backward(self, upstream):
        """The gradient goes to the winners."""
        below, *gradients = maxout_grad(self.X, *self.parameters, upstream)
        return below, gradients


LAYERS = {"prelu": PReluLayer, "maxout": MaxoutLayer}
