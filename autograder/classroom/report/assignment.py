"""The page of one assignment: what its template, `report_assignment.html`, is given."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from autograder.classroom.pages.templating import count, number, render
from autograder.classroom.report import attention, figures, mistakes, similar, timeline
from autograder.classroom.report.classes import Arrival, Class
from autograder.classroom.report.figures import ItemFigures, Spread
from autograder.classroom.report.mistakes import NOT_WRITTEN, Mistake
from autograder.classroom.report.names import Names
from autograder.classroom.report.similar import Pair
from autograder.classroom.report.timeline import MOMENT, Slot

BINS = 10
MOST_SHOWN = 6  # mistakes with an answer each; the others are a list


@dataclass(frozen=True)
class Extras:
    """What the page says beside the class itself.

    `pairs` are similar submissions, None where nothing was compared; `unread` those whose graded notebook could
    not be read, with the reason; `made` the moment in words.
    """

    course: str = ""
    pairs: Sequence[Pair] | None = None
    unread: dict[str, str] = field(default_factory=dict)
    made: str = ""


@dataclass(frozen=True)
class Picture:
    """The distribution of scores: what is seen in words, and what the drawing is made of."""

    words: str
    bars: list[Slot]
    edges: dict[int, str]
    median: tuple[float, str] | None
    labelled: list[tuple[str, Slot]]


def page(group: Class, names: Names, extras: Extras) -> str:
    """The whole page."""
    scores = [record.score for record in group.marked.values()]
    most = group.records.max_points
    return render(
        "report_assignment.html",
        group=group,
        names=names,
        course=extras.course,
        made=extras.made or "a day unknown",
        unread=extras.unread,
        pairs=extras.pairs,
        how_to_compare=similar.HOW_TO_GET,
        least_likeness=similar.LEAST_LIKENESS,
        needed=attention.needs(group),
        spread=figures.spread(scores),
        most=most,
        scores=picture(scores, most),
        waiting=sum(mark.by_hand for record in group.marked.values() for mark in record.marks.values()),
        by_hand=group.by_hand,
        figures=_figures(figures.item_figures(group)),
        mistakes=_mistakes(group),
        times=timeline.told(list(group.hand_ins.values()), group.records.due),
        late=[_late(group, one) for one in group.late],
        everyone=[_everyone(group, one) for one in group.hand_ins.values()],
        **_how(group),
    )


def picture(scores: Sequence[float], most: float, who: str = "submissions") -> Picture | None:
    """What is told and drawn of scores out of `most`; None of none."""
    found = figures.spread(scores)
    if found is None:
        return None
    counts = figures.histogram(scores, most, BINS)
    edges = [number(most * place / BINS) for place in range(BINS + 1)]
    labels = [f"{low}\N{EN DASH}{high}" for low, high in pairwise(edges)]
    bars = [Slot(count=many) for many in counts]
    return Picture(
        _in_words(found, most, labels, counts, who),
        bars,
        dict(enumerate(edges)),
        (found.middle / most * BINS, "median") if most else None,
        list(zip(labels, bars, strict=True)),
    )


def _in_words(found: Spread, most: float, labels: list[str], counts: Sequence[int], who: str) -> str:
    """What is seen in the drawing, in sentences."""
    if found.count == 1:
        return f"One of the {who} has {number(found.mean)} of {number(most)} points."
    place = max(range(len(counts)), key=counts.__getitem__)
    return (
        f"{found.count} {who} have between {number(found.low)} and {number(found.high)} of {number(most)} "
        f"points. The mean is {number(round(found.mean, 1))}, the median {number(found.middle)}; the middle half lies "
        f"between {number(found.first)} and {number(found.third)}. Most, {counts[place]}, have {labels[place]} points."
    )


def _figures(items: list[ItemFigures]) -> dict[str, Any]:
    usual = figures.usual(items)
    most = max((item.given for item in items), default=0)
    hardest = sorted(usual, key=lambda item: (item.pass_rate, item.name))[:3]
    return {
        "every": items,
        "given_most": most,
        "noise": 2 / math.sqrt(most) if most else 0.0,
        "hardest": [item for item in hardest if item.pass_rate < 1],
        "doubtful": [item for item in usual if item.is_doubtful],
        "by_function": [(name, list(own)) for name, own in groupby(items, key=lambda item: item.function)],
    }


def _mistakes(group: Class) -> dict[str, list[Mistake]] | None:
    """The mistakes, those to show with an answer first; None where no judge has said what is wrong."""
    if group.graded and all(
        item.passed is None for one in group.graded.values() for item in one.items.values()
    ):
        return None
    found = mistakes.find(group.graded.values())
    made = [mistake for mistake in found if mistake.how != NOT_WRITTEN]
    return {
        "all": found,
        "not_written": [mistake for mistake in found if mistake.how == NOT_WRITTEN],
        "shown": made[:MOST_SHOWN],
        "rest": made[MOST_SHOWN:],
    }


def _late(group: Class, one: Arrival) -> dict[str, Any]:
    record = group.records.by_student.get(one.student)
    due = record.due if record else group.records.due
    penalty = record.penalty if record and one.student in group.marked else 0.0
    return {"student": one.student, "delay": timeline.delay(one.when, due), "penalty": penalty}


def _everyone(group: Class, one: Arrival) -> dict[str, Any]:
    record = group.marked.get(one.student)
    work = group.graded.get(one.student)
    remarks = {
        one.stage: one.stage != "graded",
        "to grade by hand": bool(record and record.by_hand),
        "late": one.late,
        f"put right in {count(len(work.notes), 'place')}" if work else "": bool(work and work.notes),
    }
    return {
        "student": one.student,
        "score": record.score if record else None,
        "when": f"{one.when:{MOMENT}}" if one.when else "",
        "remarks": ", ".join(words for words, holds in remarks.items() if holds),
    }


def _how(group: Class) -> dict[str, Any]:
    """The confinement, the rules graded by, and what was put right."""
    return {
        "engines": sorted({one.engine for one in group.graded.values() if one.engine}),
        "confined": Counter(one.layers for one in group.graded.values()),
        "restored": {student: one.notes for student, one in group.graded.items() if one.notes},
    }
