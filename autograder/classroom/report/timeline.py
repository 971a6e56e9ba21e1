"""When the class handed in: columns of equal times, the late ones set off, and what is seen in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from autograder.classroom.pages.templating import count
from autograder.classroom.report.classes import Arrival

MOMENT = "%d %b %Y %H:%M"
MOST_COLUMNS = 28
_LABELS = 5
_HOUR = timedelta(hours=1)
STEPS = (
    *(timedelta(minutes=minutes) for minutes in (5, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 4, 6, 12, 24, 48, 24 * 7, 24 * 28)),
)
_EPOCH = datetime(2001, 1, 1)  # a Monday, so that weeks begin where people think they do


@dataclass(frozen=True)
class Slot:
    """One stretch of time and how many handed in during it, late ones among them."""

    start: datetime = datetime.min
    count: int = 0
    late: int = 0


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


def build(hand_ins: Sequence[Arrival], due: datetime | None) -> Timeline | None:
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


def told(arrivals: Sequence[Arrival], due: datetime | None) -> dict[str, Any] | None:
    """What the page says and draws of it; None where no time is known."""
    line = build(arrivals, due)
    if line is None:
        return None
    return {
        "words": _in_words(arrivals, due),
        "line": line,
        "length": _length(line.step),
        "labels": _labels(line),
        "due": (line.due, "due") if line.due is not None else None,
    }


def delay(when: datetime | None, due: datetime | None) -> str:
    """By how much something came too late, in words; empty if that is not known."""
    if when is None or due is None:
        return ""
    minutes = int((when - due).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    return f"{count(days, 'day')} {rest // 60} h" if days else f"{rest // 60} h {rest % 60} min"


def _in_words(arrivals: Sequence[Arrival], due: datetime | None) -> str:
    """What is seen in the drawing, in sentences."""
    known = sorted(one.when for one in arrivals if one.when)
    late = sum(one.late for one in arrivals)
    half = known[(len(known) - 1) // 2]
    text = (
        f"The first came on {known[0]:{MOMENT}}, the last on {known[-1]:{MOMENT}}, half by {half:{MOMENT}}."
    )
    repeated = sum(one.times > 1 for one in arrivals)
    if repeated:
        text += f" {count(repeated, 'student')} handed in more than once; the last time counts here."
    if due is None:
        return f"{text} There is no due date in the gradebook."
    return f"{text} Due was {due:{MOMENT}}; {late or 'none'} {'was' if late == 1 else 'were'} late."


def _labels(line: Timeline) -> dict[int, str]:
    """Under some of the columns: the day where one begins, or within a day the hour."""
    starts = [slot.start for slot in line.slots]
    short = starts[-1] - starts[0] < timedelta(days=1)
    full = [place for place, start in enumerate(starts) if start.minute == 0 and (short or start.hour == 0)]
    every = max(1, -(-len(full) // _LABELS))
    return {place: f"{starts[place]:{'%H:%M' if short else '%d %b'}}" for place in full[::every]}


def _length(step: timedelta) -> str:
    minutes = round(step.total_seconds() / 60)
    for size, name in ((7 * 24 * 60, "week"), (24 * 60, "day"), (60, "hour")):
        if minutes % size == 0:
            return count(minutes // size, name)
    return count(minutes, "minute")
