"""When the class handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from autograder.classroom.pages.charts import Column, columns
from autograder.classroom.pages.report_parts import count, row, table
from autograder.classroom.report import timeline
from autograder.classroom.report.handins import HandIn
from autograder.classroom.report.timeline import Timeline

MOMENT = "%d %b %Y %H:%M"
_LABELS = 5


def section(hand_ins: Sequence[HandIn], due: datetime | None) -> str:
    """The time line as a drawing, in words and as a table."""
    line = timeline.build(hand_ins, due)
    if line is None:
        return "<p>No hand-in says when it came.</p>" if hand_ins else ""
    words = in_words(hand_ins, due)
    bars = [Column(slot.count, slot.late) for slot in line.slots]
    due_line = (line.due, "due") if line.due is not None else None
    key = (
        '<p class="soft"><svg class="key" viewBox="0 0 16 10" aria-hidden="true"><rect class="late" width="16" '
        'height="10"/></svg>Hatched: after the due date.</p>'
        if any(slot.late for slot in line.slots)
        else ""
    )
    drawing = columns(
        "times-drawing", f"{words} One column for {_length(line.step)}.", bars, _labels(line), due_line
    )
    return (
        f"<p>{words} Times are UTC; a column is {_length(line.step)}.</p>\n{drawing}\n{key}"
        f"<details><summary>The numbers</summary>\n{_numbers(line)}</details>"
    )


def in_words(hand_ins: Sequence[HandIn], due: datetime | None) -> str:
    """What is seen in the drawing, in sentences."""
    known = sorted(one.when for one in hand_ins if one.when)
    late = sum(one.late for one in hand_ins)
    text = f"The first came on {known[0]:{MOMENT}}, the last on {known[-1]:{MOMENT}}, half by {_half(known):{MOMENT}}."
    repeated = sum(one.times > 1 for one in hand_ins)
    if repeated:
        text += f" {count(repeated, 'student')} handed in more than once; the last time counts here."
    if due is None:
        return f"{text} There is no due date in the gradebook."
    came = "was" if late == 1 else "were"
    return f"{text} Due was {due:{MOMENT}}; {late or 'none'} {came} late."


def _half(known: list[datetime]) -> datetime:
    return known[(len(known) - 1) // 2]


def _labels(line: Timeline) -> dict[int, str]:
    """Under some of the columns: the day where one begins, or within a day the hour."""
    starts = [slot.start for slot in line.slots]
    short = starts[-1] - starts[0] < timedelta(days=1)
    round_ones = [
        place for place, start in enumerate(starts) if start.minute == 0 and (short or start.hour == 0)
    ]
    every = max(1, -(-len(round_ones) // _LABELS))
    return {place: f"{starts[place]:{'%H:%M' if short else '%d %b'}}" for place in round_ones[::every]}


def _length(step: timedelta) -> str:
    minutes = round(step.total_seconds() / 60)
    for size, name in ((7 * 24 * 60, "week"), (24 * 60, "day"), (60, "hour")):
        if minutes % size == 0:
            return count(minutes // size, name)
    return count(minutes, "minute")


def _numbers(line: Timeline) -> str:
    rows = [
        row(f"{slot.start:{line.form}}", [str(slot.count), str(slot.late)], numbers=[1, 2])
        for slot in line.slots
        if slot.count
    ]
    return table("Hand-ins by time", ["From", "Hand-ins", "Late"], rows, numbers=[1, 2])
