"""The page of one assignment: what its template, `report_assignment.html`, is given, and what needs a person."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from autograder.classroom.collect.ledger import conflict_in
from autograder.classroom.gradebook.graded import WRITTEN, RubricItem
from autograder.classroom.pages.templating import count, number, render
from autograder.classroom.report import figures, mistakes, similar
from autograder.classroom.report.classes import Arrival, Class, Names
from autograder.classroom.report.figures import MOMENT, ItemFigures, Slot, Spread
from autograder.classroom.report.mistakes import NOT_WRITTEN, Mistake
from autograder.classroom.report.similar import Pair


@dataclass(frozen=True)
class Need:
    """One thing to do: what it is, how to do it, whom it concerns; `reasons` are lines of their own, by student."""

    what: str
    todo: str
    students: list[str]
    reasons: dict[str, str] = field(default_factory=dict)


def needs(group: Class) -> list[Need]:
    """Return what a person has to do, most pressing first."""
    found = [_unreadable(group), _not_graded(group), _changed(group), *_by_hand(group), _flagged(group)]
    found += [_unsettled(group), _other_tests(group), _unconfined(group)]
    return [need for need in found if need.students]


def _in_stage(group: Class, stage: str) -> list[str]:
    return [student for student, one in group.hand_ins.items() if one.stage == stage]


def _unreadable(group: Class) -> Need:
    students = _in_stage(group, "unreadable")
    reasons = {student: group.hand_ins[student].reason for student in students}
    return Need("cannot be read", "Ask for the right file, or mend it.", students, reasons)


def _not_graded(group: Class) -> Need:
    todo = f"Run `autograder grade {group.assignment}`."
    return Need("not graded yet", todo, _in_stage(group, "not graded"))


def _changed(group: Class) -> Need:
    todo = f"Run `autograder grade {group.assignment}`."
    return Need("handed in again after grading", todo, _in_stage(group, "changed"))


def _by_hand(group: Class) -> list[Need]:
    waiting: dict[tuple[str, str], list[str]] = {}
    for student, record in group.marked.items():
        for key, mark in record.marks.items():
            if mark.by_hand:
                waiting.setdefault(key, []).append(student)
    items = group.items()
    todo = f"Run `autograder by-hand {group.assignment}`, or use the formgrader, under Manual Grading."
    ordered = [key for key in items if key in waiting]
    return [Need(f"without points for {_called(items[key])}", todo, waiting[key]) for key in ordered]


def _called(item: RubricItem) -> str:
    return item.called if item.title == WRITTEN else f"{item.called}: {item.title}"


def _flagged(group: Class) -> Need:
    students = [
        student
        for student, record in group.marked.items()
        if any(notebook.flagged for notebook in record.notebooks.values())
    ]
    return Need("flagged in the formgrader", "Look at what was flagged.", students)


def _unsettled(group: Class) -> Need:
    """Those whose answers have the marks of a merge: what is in them does not run."""
    lines = {
        student: ", ".join(
            f"{name or 'a cell'}, line {line}"
            for name, source in (*one.answers.items(), *(("", text) for text in one.own))
            if (line := conflict_in(source))
        )
        for student, one in group.graded.items()
    }
    reasons = {student: where for student, where in lines.items() if where}
    todo = "Ask for the notebook with the conflict settled, as with `nbdime mergetool`."
    return Need("with the marks of a merge (<<<<<<<)", todo, sorted(reasons), reasons)


def _other_tests(group: Class) -> Need:
    """Those graded by other tests than most: the tests have changed in between."""
    digests = {student: tuple(one.digests) for student, one in group.graded.items() if any(one.digests)}
    most = Counter(digests.values()).most_common(1)
    usual = most[0][0] if most else ()
    students = [student for student, digest in digests.items() if digest != usual]
    todo = f"Run `autograder grade {group.assignment}`."
    return Need("graded by other tests than most", todo, students)


def _unconfined(group: Class) -> Need:
    students = [student for student, one in group.graded.items() if "trusted" in (one.layers or ())]
    return Need("graded without confinement, as trusted", "Grade where confinement works.", students)


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
        needed=needs(group),
        spread=figures.spread(scores),
        most=most,
        scores=picture(scores, most),
        waiting=sum(mark.by_hand for record in group.marked.values() for mark in record.marks.values()),
        by_hand=group.by_hand,
        figures=_figures(figures.item_figures(group)),
        mistakes=_mistakes(group),
        times=figures.told(list(group.hand_ins.values()), group.records.due),
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
    return {"student": one.student, "delay": figures.delay(one.when, due), "penalty": penalty}


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
