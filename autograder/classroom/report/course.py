"""The page of the course over all assignments: what its template, `report_course.html`, is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median
from typing import Any

from autograder.classroom.collect.people import Person
from autograder.classroom.pages.templating import render
from autograder.classroom.report import assignment, figures, mistakes
from autograder.classroom.report.assignment import picture
from autograder.classroom.report.classes import Class, Names
from autograder.classroom.report.figures import ItemFigures
from autograder.classroom.report.mistakes import NOT_WRITTEN, Mistake

LOW = 0.5  # of the points that are graded: who has less is listed
MOST_LISTED = 10


@dataclass(frozen=True)
class CourseTotal:
    """One student over the course: the score in each assignment (None: nothing graded), and what is missing.

    `most` are the points that can be had in what is graded or was not handed in: what cannot be read or waits to be
    graded says nothing about anybody.
    """

    student: str
    scores: tuple[float | None, ...]
    missing: int
    most: float

    @property
    def total(self) -> float:
        """All points together."""
        return sum(score or 0.0 for score in self.scores)

    @property
    def share(self) -> float:
        """The part of the points that could be had so far, from 0 to 1."""
        return self.total / self.most if self.most else 0.0


def page(
    course: str,
    classes: Sequence[Class],
    people: Mapping[str, Person],
    names: Names,
    pages: set[str],
    made: str,
) -> str:
    """The whole page; `pages` are the assignments that have a page of their own beside it."""
    used = [group for group in classes if group.hand_ins]
    totals = course_totals(used, people)
    active = [one for one in totals if one.missing < len(used) and one.most]
    return render(
        "report_course.html",
        course=course,
        names=names,
        pages=pages,
        made=made,
        people=people,
        used=used,
        classes=[_class(group) for group in classes],
        hand_ins=sum(len(group.hand_ins) for group in used),
        by_hand=sum(group.by_hand for group in used),
        median=median(one.share for one in active) if active else None,
        needed=[(group, need) for group in used for need in assignment.needs(group)],
        scores=picture([one.total for one in active], sum(g.records.max_points for g in used), "students"),
        silent=[one.student for one in totals if used and one.missing == len(used)],
        low=struggling(active),
        low_share=LOW,
        mistakes=common_mistakes(used),
        everyone=totals,
        **_items(used),
    )


def course_totals(used: Sequence[Class], people: Mapping[str, Person]) -> list[CourseTotal]:
    """Everybody's points in the assignments that are in use, in alphabetical order of the ids."""
    marked = [group.marked for group in used]
    everyone = people.keys() | {student for group in used for student in group.hand_ins}
    found = []
    for student in sorted(everyone):
        scores = tuple(one[student].score if student in one else None for one in marked)
        counted = [
            group.records.max_points
            for group, score in zip(used, scores, strict=True)
            if score is not None or student not in group.hand_ins
        ]
        missing = sum(student not in group.hand_ins for group in used)
        found.append(CourseTotal(student, scores, missing, sum(counted)))
    return found


def struggling(totals: Sequence[CourseTotal]) -> list[str]:
    """Those who have less than half of what they could have, lowest first; nobody of whom nothing is graded."""
    low = [one for one in totals if one.share < LOW and any(score is not None for score in one.scores)]
    return [one.student for one in sorted(low, key=lambda one: (one.share, one.student))]


def common_mistakes(used: Sequence[Class]) -> list[tuple[Class, Mistake]]:
    """The mistakes that most submissions share, over all assignments whose graded notebooks were read."""
    found = [
        (group, mistake)
        for group in used
        for mistake in mistakes.find(group.graded.values())
        if mistake.how != NOT_WRITTEN and len(mistake.cases) > 1
    ]
    return sorted(found, key=lambda pair: (-len(pair[1].cases), pair[0].assignment))[:MOST_LISTED]


def _class(group: Class) -> dict[str, Any]:
    most = group.records.max_points or 1.0
    spread = figures.spread([record.score / most for record in group.marked.values()])
    return {"group": group, "spread": spread, "by_hand": group.by_hand, "late": len(group.late)}


def _items(used: Sequence[Class]) -> dict[str, list[tuple[Class, ItemFigures]]]:
    items = [(group, item) for group in used for item in figures.usual(figures.item_figures(group))]
    by_rate = sorted(items, key=lambda pair: (pair[1].pass_rate, pair[0].assignment, pair[1].name))
    doubtful = [pair for pair in items if pair[1].is_doubtful]
    doubtful.sort(key=lambda pair: attrgetter("discrimination")(pair[1]))
    return {
        "hardest": [pair for pair in by_rate if pair[1].pass_rate < 1][:MOST_LISTED],
        "doubtful": doubtful[:MOST_LISTED],
    }
