"""Numbers of one's own: hidden inputs drawn anew for one class, each near its place in the source.

What makes a test good is kept: signs and zeros, whole numbers, shapes, the order of magnitude, which numbers are
far out or beyond 1, which single precision can hold, and how close to a kink. Numbers are short, so that a test can be read.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

FAR = 30.0  # from here on a number is there because it is far out
FURTHEST = 10_000.0  # and none may be further


class Draw:
    """A source of numbers, none of which is among `avoided`; equal seeds give equal numbers."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.avoided: frozenset[float] = frozenset()

    def near(self, value: Any) -> Any:
        """Return another value of the same kind: arrays, lists and tuples entry by entry; texts and labels stay."""
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, (list, tuple)):
            return type(value)(self.near(part) for part in value)
        if isinstance(value, (bool, str)) or not isinstance(value, (int, float)):
            return value
        return self.number(value)

    def _array(self, value: np.ndarray) -> np.ndarray:
        if value.dtype.kind == "i" and set(value.ravel().tolist()) <= {0, 1, 2, 3} and value.ndim == 1:
            return value.copy()  # labels
        drawn = [self.number(entry) for entry in value.ravel().tolist()]
        return np.array(drawn, dtype=value.dtype).reshape(value.shape)

    def number(self, value: float) -> float:
        """Return a number near value: of the same sign and size, and whole if value is."""
        size, sign = abs(value), (1 if value > 0 else -1)
        if value == 0:
            return value
        if isinstance(value, int):
            near = [whole for whole in range(size - 2, size + 3) if whole > 0 and whole != size]
            return sign * self.random.choice(near)
        if size >= FAR:
            return sign * self._far(size)
        if float(np.float32(size)) == size:
            return sign * self._short(size)
        digits = max(2 - int(np.floor(np.log10(size))), len(f"{size:.12f}".rstrip("0").partition(".")[2]))
        while True:
            drawn = round(size * self.random.uniform(0.8, 1.25), digits)
            if drawn != round(size, digits) and drawn not in self.avoided and (drawn > 1) == (size > 1):
                return sign * drawn

    def _short(self, size: float) -> float:
        """Return a number that single precision holds too, where size is one: 1.0, 0.5, 2.25."""
        unit = 2.0 ** np.floor(np.log2(size / 16))
        near = [unit * n for n in range(13, 40) if 0.8 * size <= unit * n <= 1.25 * size and unit * n != size]
        near = [number for number in near if (number > 1) == (size > 1)]
        return float(self.random.choice([number for number in near if number not in self.avoided] or near))

    def _far(self, size: float) -> float:
        """Return a number a little further out, or a little nearer where that would be too far."""
        drawn = round(size * self.random.uniform(1.001, 1.04), 1)
        return drawn if drawn <= FURTHEST else round(FURTHEST - self.random.uniform(1, 400), 1)
