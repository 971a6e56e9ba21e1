"""Many frames that differ little, packed as one table of parts and the runs of it that make up each frame."""

from __future__ import annotations

import re
from collections.abc import Sequence


def pack(frames: Sequence[str]) -> tuple[list[str], list[list[int]]]:
    """Split markup between its tags and keep each part once.

    Returns the parts, and for each frame the runs `[from, to, from, to, ...]` of parts (`to` not included)
    that give its text back when joined.
    """
    numbers: dict[str, int] = {}
    return_runs = [
        _runs([numbers.setdefault(part, len(numbers)) for part in _split(frame)]) for frame in frames
    ]
    return list(numbers), return_runs


def unpack(parts: Sequence[str], runs: Sequence[int]) -> str:
    """The text of one frame."""
    return "".join("".join(parts[a:b]) for a, b in zip(runs[::2], runs[1::2], strict=True))


def _split(markup: str) -> list[str]:
    return re.split(r"(?<=>)(?=<)", markup)


def _runs(numbers: Sequence[int]) -> list[int]:
    runs: list[int] = []
    for number in numbers:
        if runs and runs[-1] == number:
            runs[-1] += 1
        else:
            runs += [number, number + 1]
    return runs
