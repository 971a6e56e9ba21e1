"""Make the report's files: a page for each assignment, and one for the course."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.classroom import files
from autograder.classroom.collect.people import Person
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import records
from autograder.classroom.report import assignment, classes, similar
from autograder.classroom.report import course as course_page
from autograder.classroom.report.assignment import Extras
from autograder.classroom.report.classes import Class, Names
from autograder.classroom.report.similar import Pair, Rough
from autograder.classroom.results import Result


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
    people = records.roster(course)
    groups = [classes.open_class(course, name, people) for name in records.assignments(course)]
    wanted = [one for one in groups if (one.assignment in chosen if chosen else one.hand_ins)]
    for name in set(chosen) - {one.assignment for one in groups}:
        raise CourseError(f"{name} is not in the gradebook yet: first run `autograder release {name}`.")
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
    text = course_page.page(report.course.course_id, report.groups, report.people, report.names, pages, made)
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
