"""When the class handed in: columns of equal times, the late ones set off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from autograder.classroom.report.handins import HandIn

MOST_COLUMNS = 28
_HOUR = timedelta(hours=1)
STEPS = (
    *(timedelta(minutes=minutes) for minutes in (5, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 4, 6, 12, 24, 48, 24 * 7, 24 * 28)),
)
_EPOCH = datetime(2001, 1, 1)  # a Monday, so that weeks begin where people think they do


@dataclass(frozen=True)
class Slot:
    """One stretch of time and how many handed in during it, late ones among them."""

    start: datetime
    count: int
    late: int


@dataclass(frozen=True)
class Timeline:
    """All slots, of the same length; `due` is the place of the due date in slots from the first one's start."""

    step: timedelta
    slots: list[Slot]
    due: float | None

    @property
    def form(self) -> str:
        """How to write a slot's start: the time of day matters only when slots are shorter than a day."""
        return "%d %b %H:%M" if self.step < timedelta(days=1) else "%d %b %Y"


def build(hand_ins: Sequence[HandIn], due: datetime | None) -> Timeline | None:
    """The time line of those hand-ins whose time is known; None if there are none."""
    known = [(one.when, one.late) for one in hand_ins if one.when]
    if not known:
        return None
    first, last = min(when for when, _ in known), max(when for when, _ in known)
    if due and first - (last - first) <= due <= last + (
        last - first
    ):  # else a far due date squeezes all else
        first, last = min(first, due), max(last, due)
    step = next((step for step in STEPS if (last - first) / step < MOST_COLUMNS - 1), (last - first) / 20)
    start = _EPOCH + (first - _EPOCH) // step * step
    counts = [[0, 0] for _ in range((last - start) // step + 1)]
    for when, late in known:
        slot = counts[(when - start) // step]
        slot[0] += 1
        slot[1] += late
    slots = [Slot(start + place * step, *slot) for place, slot in enumerate(counts)]
    inside = due is not None and start <= due <= start + len(slots) * step
    return Timeline(step, slots, (due - start) / step if due and inside else None)
