"""Which of many short texts stand in a long one: a built book has a hundred megabytes, the solutions a thousand lines.

The ends of all short texts, eight bytes each, go into a table; one pass over the long text with NumPy leaves the few
places that may be one of them, and only those are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_WINDOW = 8  # bytes; a shorter text cannot be searched for
_BITS = 16
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio, which spreads keys over a table


class Search:
    """A search for any of the given texts, each of at least eight bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_end: dict[bytes, list[bytes]] = defaultdict(list)
        for text in texts:
            wanted = text.encode("utf-8", "surrogatepass")
            if len(wanted) < _WINDOW:
                raise ValueError(f"{text!r} is too short to be searched for")
            self._by_end[wanted[-_WINDOW:]].append(wanted)
        self._table = np.zeros(1 << _BITS, dtype=bool)
        ends = np.frombuffer(b"".join(self._by_end), dtype="<u8")
        self._table[_hash(ends)] = True

    def found_in(self, text: str) -> set[str]:
        """Return those of the texts that stand in a text."""
        data = text.encode("utf-8", "surrogatepass")
        found: set[bytes] = set()
        for shift in range(min(_WINDOW, max(0, len(data) - _WINDOW + 1))):
            count = (len(data) - shift) // _WINDOW
            windows = np.frombuffer(data, dtype="<u8", count=count, offset=shift)
            for place in np.flatnonzero(self._table[_hash(windows)]):
                end = shift + _WINDOW * (int(place) + 1)
                found |= {
                    wanted
                    for wanted in self._by_end.get(data[end - _WINDOW : end], ())
                    if _ends(data, end, wanted)
                }
        return {wanted.decode("utf-8", "surrogatepass") for wanted in found}


def _hash(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (keys * _MIX) >> np.uint64(64 - _BITS)


def _ends(data: bytes, end: int, wanted: bytes) -> bool:
    return end >= len(wanted) and data.startswith(wanted, end - len(wanted))
