"""The numbers of a report: how the scores spread, and how each rubric item does its work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median, quantiles
from typing import Any

import numpy as np

from autograder.classroom.gradebook.graded import WRITTEN
from autograder.classroom.pages.templating import count
from autograder.classroom.report.classes import Arrival, Class

FEWEST = 10  # submissions, below which a correlation says nothing
FEWEST_APART = 3  # submissions that must differ from the rest
STRONG, FAIR, WEAK = 0.5, 0.3, 0.1  # how well an item tells students apart


@dataclass(frozen=True)
class Spread:
    """How scores are spread, in points; the quartiles are those below which a quarter and three quarters lie."""

    count: int
    mean: float
    middle: float
    low: float
    high: float
    first: float
    third: float


@dataclass(frozen=True)
class ItemFigures:
    """How one rubric item did.

    `given` submissions have points for it, `full` of them all points; `share` is the mean part of the points,
    from 0 to 1. `discrimination` is the correlation of the item's points with all other points of a submission,
    from -1 to 1; None if there are too few submissions, or too few that differ.
    """

    notebook: str
    name: str
    title: str
    function: str
    max_points: float
    by_hand: bool
    given: int
    full: int
    share: float
    discrimination: float | None

    @property
    def pass_rate(self) -> float:
        """The part of the submissions with all points, from 0 to 1."""
        return self.full / self.given if self.given else 0.0

    @property
    def is_written(self) -> bool:
        """Whether it is a written answer."""
        return self.title == WRITTEN

    @property
    def is_doubtful(self) -> bool:
        """Whether those who do well elsewhere hardly do better in it."""
        return self.discrimination is not None and self.discrimination < WEAK

    @property
    def verdict(self) -> str:
        """Its discrimination in a word or two."""
        return verdict(self.discrimination or 0.0)


def verdict(discrimination: float) -> str:
    """A discrimination in a word or two."""
    if discrimination < 0:
        return "backwards"
    words = ((WEAK, "hardly"), (FAIR, "weakly"), (STRONG, "well"))
    return next((word for below, word in words if discrimination < below), "very well")


def spread(scores: Sequence[float]) -> Spread | None:
    """The spread of scores; None of none."""
    if not scores:
        return None
    first, _, third = quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else [scores[0]] * 3
    return Spread(len(scores), fmean(scores), median(scores), min(scores), max(scores), first, third)


def histogram(scores: Sequence[float], most: float, bins: int = 10) -> list[int]:
    """How many scores lie in each of `bins` equal parts of 0 to `most`; the top part includes its upper end."""
    counts = [0] * bins
    for score in scores:
        share = score / most if most else 0.0
        counts[min(bins - 1, max(0, math.floor(share * bins)))] += 1
    return counts


def item_figures(group: Class) -> list[ItemFigures]:
    """The figures of each rubric item, in the notebooks' order."""
    items = group.items()
    cells = {(cell.notebook, cell.name): cell for cell in group.records.cells}
    points = _points(group, list(items))
    related = discriminations(points)
    found = []
    for place, (key, item) in enumerate(items.items()):
        given = points[:, place][~np.isnan(points[:, place])]
        most = cells[key].max_points
        found.append(
            ItemFigures(
                *key,
                title=item.title,
                function=item.called,
                max_points=most,
                by_hand=cells[key].by_hand,
                given=given.size,
                full=int((given >= most).sum()),
                share=float(given.mean() / most) if given.size and most else 0.0,
                discrimination=related[place],
            )
        )
    return found


def usual(figures: Sequence[ItemFigures]) -> list[ItemFigures]:
    """The items without those that a person has only begun to grade."""
    most = max((item.given for item in figures), default=0)
    return [item for item in figures if item.given and 2 * item.given >= most]


def _points(group: Class, keys: list[tuple[str, str]]) -> np.ndarray:
    """The points, a row for each submission and a column for each item; NaN where nobody has given any."""
    rows = []
    for record in group.marked.values():
        marks = record.marks
        rows.append([marks[key].points if key in marks and marks[key].given else math.nan for key in keys])
    return np.array(rows, dtype=float).reshape(len(rows), len(keys))


def discriminations(points: np.ndarray) -> list[float | None]:
    """The item-rest correlation of each column of `points` (submissions by items, NaN where not given yet).

    The rest are all other points of the submission, so that an item is not compared with itself (Henrysson 1963,
    https://doi.org/10.1007/BF02289618).
    """
    totals = np.nansum(points, axis=1)
    known = ~np.isnan(points)
    return [
        _correlation(one[there], (totals - one)[there]) for one, there in zip(points.T, known.T, strict=True)
    ]


def _correlation(item: np.ndarray, rest: np.ndarray) -> float | None:
    if item.size < FEWEST or np.ptp(rest) == 0:
        return None
    values, counts = np.unique(item, return_counts=True)
    if values.size < 2 or item.size - counts.max() < FEWEST_APART:
        return None
    return float(np.corrcoef(item, rest)[0, 1])


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
