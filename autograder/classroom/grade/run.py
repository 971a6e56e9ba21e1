"""Grade what is new or changed: read as it is needed, judged by a crew, written in batches; none stops the others."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder.classroom import beside, files
from autograder.classroom.collect import ledger, roster
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, GradebookLost, Result
from autograder.classroom.grade import rules
from autograder.classroom.grade.crews import Crew, Pool
from autograder.classroom.grade.rules import Settings
from autograder.classroom.grade.task import Judged, Task, engine
from autograder.classroom.grade.writing import Change, Done, Gradebook, Made
from autograder.classroom.gradebook import history, opened, require_writable, submissions
from autograder.judging.sandbox import CannotConfine

MOST = 100  # submissions
AGE = 1.0  # seconds after which what has come is written, however little it is
_log = logging.getLogger("traitlets")  # nbgrader's, which the commands send to a file


class Batch:
    """Collects graded submissions and writes many in one transaction, or with `keep=False` only asks what it would be.

    `changes` is where it puts every score that was or would be entered.
    """

    def __init__(self, gradebook: Gradebook, changes: list[Change], *, keep: bool) -> None:
        self._gradebook, self._changes, self._keep = gradebook, changes, keep
        self._expected: dict[str, list[Made]] = {}
        self._done: list[Done] = []
        self._since = time.monotonic()

    def expect(self, task: Task, made: list[Made]) -> None:
        """Note whose record a report that is to come goes to: a group's work is one task."""
        self._expected[task.student] = made

    def take(self, reports: Sequence[tuple[Task, Judged]]) -> Iterator[Result]:
        """Take what the crew has done; yield what failed, and what is written if it is time to write."""
        for task, report in reports:
            for made in self._expected.pop(task.student):
                if report.reason:
                    yield Result(made.student, "failed", self._gradebook.why_not(made, report))
                    continue
                _require_same_engine(made, report)
                _log_notes(made, report)
                self._done.append(Done(made, report))
        if len(self._done) >= MOST or time.monotonic() - self._since > AGE:
            yield from self.finish()

    def finish(self) -> Iterator[Result]:
        """Write what is there."""
        done, self._done = self._done, []
        if done:
            self._changes += self._gradebook.write(done) if self._keep else self._gradebook.preview(done)
        self._since = time.monotonic()
        yield from (Result(one.made.student, "done") for one in done)


def _require_same_engine(made: Made, report: Judged) -> None:
    if report.engine != made.engine:
        raise CourseError(
            f"a worker grades with {report.engine}, this machine with {made.engine}: "
            "install the same version of the autograder on all."
        )


def _log_notes(made: Made, report: Judged) -> None:
    points = sum(p or 0.0 for notebook in report.notebooks for p in notebook.points.values())
    _log.info("Graded %s: %g points by the judge", made.student, points)
    for notebook in report.notebooks:
        for note in notebook.notes:
            _log.warning("%s: %s", made.student, note)


@dataclass
class Run:
    """One run over an assignment; `changes` are the scores before and after of all that it has graded."""

    course: Course
    assignment: str
    students: list[str]
    tests: rules.Tests
    settings: Settings
    gradebook: Any
    changes: list[Change] = field(default_factory=list)

    def grade(self, crew: Crew, *, force: bool = False, keep: bool = True) -> Iterator[Result]:
        """Grade and yield each result when it is in the gradebook; without `keep` nothing is written.

        `force` grades the unchanged as well. A CourseError or CannotConfine ends it early: what has been
        yielded by then stays graded.
        """
        with files.locked(self.course.submitted("", "")):
            gradebook = Gradebook(self.course, self.gradebook, self.assignment, self.settings)
            gradebook.recover()
            batch, pool = Batch(gradebook, self.changes, keep=keep), Pool(crew)
            try:
                yield from self._grade(gradebook, pool, batch, force)
            except GradebookLost:
                raise
            except KeyboardInterrupt:
                yield from batch.take(pool.collect(0))
                yield from batch.finish()
                raise
            except (CannotConfine, CourseError):
                yield from batch.finish()
                raise
            yield from batch.finish()

    def _grade(self, gradebook: Gradebook, pool: Pool, batch: Batch, force: bool) -> Iterator[Result]:
        for item in self._chosen(gradebook, force):
            if isinstance(item, Result):
                yield item
                continue
            made, task = item
            while pool.is_full_for(task):
                yield from batch.take(pool.collect())
            batch.expect(task, made)
            pool.submit(task)
        while pool.busy:
            yield from batch.take(pool.collect())

    def _chosen(self, gradebook: Gradebook, force: bool) -> Iterator[Result | tuple[list[Made], Task]]:
        """Read submissions, each when it is asked for: results of those that are not to be graded."""
        known = gradebook.made_from()
        for students in self._together():
            same: dict[object, tuple[list[Made], Task]] = {}
            for student in students:
                try:
                    made, task = self._read(gradebook, student)
                except CourseError as error:
                    yield Result(student, "failed", str(error))
                    continue
                graded = self.course.autograded(student, self.assignment)
                if not force and known.get(student) == made.key and graded.is_dir():
                    yield Result(student, "unchanged")
                else:
                    same.setdefault(task.notebooks, ([], task))[0].append(made)
            yield from same.values()

    def _together(self) -> Iterable[list[str]]:
        """Return the students, those of one group together: what they all handed in is graded once."""
        group_of = ledger.groups(self.course, self.assignment)
        together: dict[tuple[str, str], list[str]] = {}
        for student in self.students:
            group = group_of.get(student, "")
            together.setdefault((group, "" if group else student), []).append(student)
        return together.values()

    def _read(self, gradebook: Gradebook, student: str) -> tuple[Made, Task]:
        gradebook.require_student(student)
        folder = self.course.submitted(student, self.assignment)
        try:
            found = submissions.read(self.course, folder, self.tests.names)
        except OSError as error:
            raise CourseError(f"{error.filename} cannot be read: {error.strerror}.") from error
        terms = gradebook.terms(student, found.when)
        made = Made(student, folder, found.when, found.digest, self.tests.digest, engine(), terms)
        along = beside.students(folder, self.tests.rules.files)
        return made, Task(student, self.tests.rules, found.notebooks, along)


@contextmanager
def prepared(course: Course, assignment: str, students: list[str]) -> Iterator[Run]:
    """Check all that a run needs before anything is touched; no students named means all who are in the class.

    Raises CourseError if the assignment, a student or a writable gradebook is missing.
    """
    course.require_assignment(assignment)
    chosen = submissions.select(course, assignment, students)
    require_writable(course)
    rules.require_judge(course)
    settings = Settings(course)
    with opened(course) as gradebook:
        tests = rules.load(course, gradebook, assignment, settings)
        history.create_table(gradebook.engine)
        gone = roster.left(gradebook) - set(students)
        try:
            yield Run(course, assignment, [s for s in chosen if s not in gone], tests, settings, gradebook)
        finally:
            roster.remember(gradebook)
