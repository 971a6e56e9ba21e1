"""Make the report's files: a page for each assignment, and the one of the course over all of them.

What the course's template, `report_course.html`, is given is found here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any

from autograder.classroom import files
from autograder.classroom.collect import roster
from autograder.classroom.collect.people import Person
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, Result, not_released
from autograder.classroom.gradebook import records
from autograder.classroom.pages.templating import render
from autograder.classroom.report import assignment, classes, figures, mistakes, similar
from autograder.classroom.report.assignment import Extras, picture
from autograder.classroom.report.classes import Class, Names
from autograder.classroom.report.figures import ItemFigures
from autograder.classroom.report.mistakes import NOT_WRITTEN, Mistake
from autograder.classroom.report.similar import Pair, Rough

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


def course_page(
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


@dataclass
class Report:
    """A report in the making: the `groups` of all assignments, those of them that get a page, and where it goes."""

    course: Course
    folder: Path
    people: dict[str, Person]
    groups: list[Class]
    wanted: list[Class]
    anonymous: bool = False
    unread: dict[str, dict[str, str]] = field(default_factory=dict)
    rough: dict[str, dict[str, Rough]] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        """How the pages call people."""
        return Names(self.people, self.anonymous)

    @property
    def total(self) -> int:
        """How many submissions will be read."""
        return sum(len(one.marked) for one in self.wanted)


def prepare(course: Course, chosen: Sequence[str], *, anonymous: bool = False) -> Report:
    """Read the gradebook and look at the folders; no assignment chosen means all that were handed in.

    Raises CourseError if there is no gradebook, or nothing to report on.
    """
    people = roster.everybody(course)
    groups = [classes.open_class(course, name, people) for name in records.assignments(course)]
    wanted = [one for one in groups if (one.assignment in chosen if chosen else one.hand_ins)]
    for name in set(chosen) - {one.assignment for one in groups}:
        raise not_released(name)
    if not wanted:
        raise CourseError("nobody has handed in anything yet: there is nothing to report on.")
    folder = course.log_folder.with_name("report-without-names" if anonymous else "report")
    return Report(course, folder, people, groups, wanted, anonymous)


def read(report: Report) -> Iterator[Result]:
    """Read the graded notebooks of the assignments that get a page, and yield each result."""
    for one in report.wanted:
        unread = report.unread.setdefault(one.assignment, {})
        for result in classes.read_notebooks(report.course, one):
            if result.state == "failed":
                unread[result.student] = result.reason
            else:
                _take_print(report, one, result.student)
            yield result


def _take_print(report: Report, one: Class, student: str) -> None:
    if similar.available():
        taken = report.rough.setdefault(one.assignment, {})
        taken[student] = similar.rough_print(one.graded[student].source)


def write(report: Report) -> list[Path]:
    """Write the pages and return their paths, the course's first."""
    report.folder.mkdir(parents=True, exist_ok=True)
    made = f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC"
    paths = []
    for one in report.wanted:
        extras = Extras(
            report.course.course_id, _pairs(report, one), report.unread.get(one.assignment, {}), made
        )
        paths.append(_save(report, one.assignment, assignment.page(one, report.names, extras)))
    pages = {path.stem for path in report.folder.glob("*.html")}
    text = course_page(report.course.course_id, report.groups, report.people, report.names, pages, made)
    return [_save(report, "index", text), *paths]


def _save(report: Report, name: str, text: str) -> Path:
    path = report.folder / f"{name}.html"
    files.write_atomically(path, text)
    return path


def _pairs(report: Report, one: Class) -> list[Pair] | None:
    if not similar.available():
        return None
    sources = {student: graded.source for student, graded in one.graded.items()}
    given = _handed_out(report.course.released(one.assignment))
    return similar.pairs(sources, report.rough.get(one.assignment, {}), given)


def _handed_out(folder: Path) -> str:
    """The code that everybody got: the solution cells once more on their own, as they stand in an answer."""
    everything, stubs = [], []
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_bytes())["cells"]:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                everything.append(source)
                if cell["metadata"].get("nbgrader", {}).get("solution"):
                    stubs.append(source)
    return "\n\n".join([*everything, *stubs])
