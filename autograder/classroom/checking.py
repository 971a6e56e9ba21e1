"""Trying an assignment's tests before it is released: see `judging.checking`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.classroom import ways
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.grade import beside
from autograder.classroom.grade.rules import Settings
from autograder.judging.assignment import BadAssignment, parse_assignment
from autograder.judging.checking import Checked, check
from autograder.judging.forkserver import Warm


@dataclass(frozen=True)
class Findings:
    """What `autograder check` says of one notebook; `shared` names the tests that are chosen to be shared."""

    assignment: str
    notebook: str
    tests: tuple[Checked, ...]
    shared: frozenset[str]

    @property
    def unlike(self) -> list[Checked]:
        """The tests that are judged in another way than was found here."""
        return [test for test in self.tests if (test.way == "shared") != (test.id in self.shared)]

    @property
    def reasons(self) -> dict[str, str]:
        """Why each test that has to be shared is."""
        return {test.id: test.reason for test in self.tests if test.way == "shared"}


def check_assignments(course: Course, names: Sequence[str]) -> Iterator[Findings]:
    """Try the tests of these assignments, a notebook after the other. CourseError, CannotConfine."""
    settings = Settings(course)
    for name in names:
        course.require_assignment(name)
        with Warm(trusted=settings.trusted, packages=settings.packages(name)) as warm:
            chosen = ways.shared_tests(course, name)
            for path in sorted(course.source(name).glob("*.ipynb")):
                try:
                    files, kept = beside.instructors(course, name)
                    source = path.read_bytes()
                    assignment = parse_assignment(path.stem, source, settings.stubs, files=files, own=kept)
                except BadAssignment as error:
                    raise CourseError(str(error)) from error
                tests = check(assignment, warm, settings.limits)
                yield Findings(name, path.stem, tests, frozenset(chosen.get(path.stem, {})))
