"""How much one submission may use, once for all who ask: the judge, its workers, and the settings of a course."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

MB = 1 << 20
MAX_BYTES = 256 * MB
"""One message either way, and all that it stands for."""
MAX_ITEMS = 200_000
"""The parts of one message, references and ranges counted with all that they mean."""
MAX_KEYS = 4096
"""The keys of one dict or set: who chooses them can make them collide."""
MAX_DEPTH = 32
MAX_INT_BYTES = 1700  # just under the 4300 digits that Python is willing to print
MAX_TEXT = 10_000
"""The text of one exception or its traceback, in characters."""
MAX_NAMES = 2000
"""The names that a submission may define."""
MAX_DISPLAYS = 50
MAX_SHOWN = 2 * MB
"""What all cells of a notebook may show together, in characters."""


@dataclass(frozen=True)
class Limits:
    """Budgets: times in seconds of wall clock, sizes in bytes.

    `call` and `cell` bound one remote call and one student cell; a function that used up `call` twice gets
    `patience` from then on, so that an endless loop costs its own question and not the submission's whole
    time. `test` bounds one test cell, `submission` everything (what comes after it is not run). `memory` is
    what student code may allocate beyond the warm process, `judge_memory` what the judge may with a student's
    values at hand, beyond what it has and eight times the large arrays that a test passes. `text` caps what one
    cell or call may print, `message` one message either way.
    """

    call: float = 5.0
    patience: float = 1.0
    cell: float = 10.0
    test: float = 20.0
    submission: float = 120.0
    memory: int = 1024 * MB
    judge_memory: int = 384 * MB
    files: int = 16 * MB
    text: int = 64 << 10
    message: int = MAX_BYTES


class Room:
    """How much may still be shown of one submission; made for its process, and again for its graded notebook.

    The first text for which there is no room ends in a line that says so; nothing is left of those after it.
    """

    def __init__(self, size: int = MAX_SHOWN) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Whether there is room for so many characters; if there is, it is taken."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def fit(self, text: str) -> str:
        """As much of a text as there is room for."""
        if not text or self.take(len(text)):
            return text
        left, self._left = self._left, -1
        return "" if left < 0 else f"{text[:left]}\n[the rest of what this notebook shows was cut off]\n"


ARRAY_ITEMS = 64  # what an array counts beside numbers: handling one, in a message or in a test, takes longer


_SINGLE = frozenset((type(None), bool, int, float, complex, np.float64))
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))


class WireError(ValueError):
    """A message that cannot be read, or a value that cannot be sent; says why in one line."""


class MessageBudget:
    """What one message may stand for."""

    def __init__(self, items: int, size: int) -> None:
        self._items, self._size = items, size
        self._weights: dict[int, tuple[int, int]] = {}

    def take_items(self, count: int, depth: int = 0) -> None:
        """Count so many parts at that depth."""
        self._items -= count
        if self._items < 0:
            raise WireError("the value has too many parts")
        if depth > MAX_DEPTH and count:
            raise WireError("the value is nested too deep")

    def take_bytes(self, count: int) -> None:
        """Count so many bytes."""
        self._size -= count
        if self._size < 0:
            raise WireError("the value is too large")

    def refer(self, number: int, value: object) -> None:
        """Count a reference to the object of that number with what it refers to."""
        if number not in self._weights:
            self._weights[number] = weight(value)
        items, size = self._weights[number]
        self.take_items(items)
        self.take_bytes(size)


def weight(value: Any, depth: int = 0) -> tuple[int, int]:
    """Count the parts of a value, and the bytes of its arrays and texts."""
    if type(value) in _SINGLE:
        return 1, 0
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
