"""What an export to a learning platform tells about itself: how many rows, and whose are empty or missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.classroom.export.marks import BY_HAND, GRADED, MISSING, NOT_GRADED, Mark

_WORDS = {
    BY_HAND: "left empty: a person has still to grade something",
    NOT_GRADED: "left empty: not graded",
    MISSING: "left empty: not handed in",
}


@dataclass
class Export:
    """What was written: rows, and a line for each thing that somebody should know."""

    rows: int
    notes: list[str] = field(default_factory=list)


def empty_cells(marks: Iterable[Mark], partial: bool) -> list[str]:
    """Count the cells that stay empty, by reason."""
    counts = Counter(mark.status for mark in marks if mark.final(partial) is None and mark.status != GRADED)
    return [f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status]]


def listed(names: Iterable[str], most: int = 10) -> str:
    """Return names as a list that fits a line."""
    found = sorted(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
