"""Results that are drawn from a generator: other numbers may be right, too; their distributions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.judging.mistakes.differences import Difference, alike, compare

_ENOUGH = 10_000  # so many draws show their distribution to a hundredth
_EXACT = ("what is right", "constant factor", "zero everywhere", "the sign")
_NORMAL = "its numbers are not spread as a normal distribution spreads them"
# How far two draws of one distribution may be apart in each, and what is said where they are further.
_ASKED: Mapping[str, tuple[float, str]] = {
    "the same": (0.05, "many of its numbers are the same"),
    "spread": (0.03, "its standard deviation is not the one asked for"),
    "mean": (0.04, "its mean is not the one asked for"),
    "near": (0.015, _NORMAL),
    "far": (0.01, _NORMAL),
}


def compare_drawn(got: Any, right: Any) -> Difference | None:
    """How a draw differs from the right one in more than its numbers; None if it does not."""
    found = compare(got, right)
    if found is None or found.kind != "numbers" or any(words in found.words for words in _EXACT):
        return found
    words = next((_ASKED[name][1] for name in _ASKED if not _is_near(name, got, right)), "")
    return Difference("numbers", words) if words else None


def alike_drawn(one: Any, other: Any) -> bool:
    """Whether two results may be draws of one distribution, in the same shape."""
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return alike(one, other)
    same = one.shape == other.shape and bool(np.any(one)) == bool(np.any(other))
    return same and all(_is_near(name, one, other) for name in _ASKED)


def _is_near(name: str, one: Any, other: Any) -> bool:
    a, b = _features(one), _features(other)
    return (
        not a
        or not b
        or abs(a[name] - b[name]) <= _ASKED[name][0] * (abs(b[name]) if name == "spread" else 1)
    )


def _features(values: Any) -> Mapping[str, float]:
    """What many draws show of their distribution; nothing of a few."""
    numbers = np.asarray(values, dtype=float)
    spread = float(np.std(numbers)) if numbers.size >= _ENOUGH else 0.0
    if not spread:
        return {}
    return {
        "the same": np.unique(numbers).size / numbers.size,
        "spread": spread,
        "mean": float(np.mean(numbers)) / spread,
        "near": float(np.mean(np.abs(numbers) < spread)),
        "far": float(np.mean(np.abs(numbers) < 2 * spread)),
    }
