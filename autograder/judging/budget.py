"""What one message may stand for, and what a value weighs: its parts, and the bytes of its arrays and texts."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from autograder.judging.limits import MAX_DEPTH, MAX_ITEMS

ARRAY_ITEMS = 64  # what an array counts beside numbers: handling one, in a message or in a test, takes longer


_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))


class WireError(ValueError):
    """A message that cannot be read, or a value that cannot be sent; says why in one line."""


class MessageBudget:
    """What one message may stand for; `refer` counts a reference with what it refers to."""

    def __init__(self, items: int, size: int) -> None:
        self._items, self._size = items, size
        self._weights: dict[int, tuple[int, int]] = {}

    def items(self, count: int, depth: int = 0) -> None:
        """Count so many parts at that depth."""
        self._items -= count
        if self._items < 0:
            raise WireError("the value has too many parts")
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deep")

    def bytes(self, count: int) -> None:
        """Count so many bytes."""
        self._size -= count
        if self._size < 0:
            raise WireError("the value is too large")

    def refer(self, number: int, value: object) -> None:
        """Count a reference to the object of that number."""
        if number not in self._weights:
            self._weights[number] = weight(value)
        items, size = self._weights[number]
        self.items(items)
        self.bytes(size)


def weight(value: Any, depth: int = 0) -> tuple[int, int]:
    """Count the parts of a value, and the bytes of its arrays and texts."""
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return ARRAY_ITEMS, int(value.nbytes)
    if isinstance(value, (str, bytes)):
        return 1, len(value)
    if isinstance(value, range):
        return length(value), 0
    parts: Any = ()
    if isinstance(value, dict):
        parts = (*value.keys(), *value.values())
    elif isinstance(value, np.ndarray):
        parts = value.ravel().tolist()
    elif isinstance(value, (list, tuple, set, frozenset, deque, *_VIEWS)):
        parts = value
    items, size = 1, 0
    for part in parts if depth <= MAX_DEPTH else ():
        more = weight(part, depth + 1)
        items, size = items + more[0], size + more[1]
        if items > MAX_ITEMS:
            break
    return items, size


def length(value: range) -> int:
    """How many numbers a range has: `len` refuses large ones."""
    return max(0, (value.stop - value.start + value.step - (value.step > 0) + (value.step < 0)) // value.step)


def size_of(value: object) -> int:
    """About how many bytes a value that travels takes, each part of it counted with what a test may make of it."""
    items, size = weight(value)
    return 64 * items + size
