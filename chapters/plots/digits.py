"""The plot of the handwritten digits that the book's networks read."""

import numpy as np
from experiments.digit_network import digits

SHOWN = 10


def shown_images():
    """The first training image of each digit (10, 8, 8), pixels from 0 to 1."""
    X, y, _, _ = digits()
    return np.array([X[np.flatnonzero(y == digit)[0]].reshape(8, 8) for digit in range(SHOWN)])


def draw_digits(panels):
    """One image of each digit, 8 by 8 pixels."""
    for digit, (axes, image) in enumerate(zip(panels, shown_images(), strict=True)):
        axes.imshow(image, cmap="Blues", vmin=0, vmax=1, interpolation="none", extent=(0, 8, 0, 8))
        axes.set(xticks=[], yticks=[], xlabel=str(digit))
        axes.grid(visible=False)
