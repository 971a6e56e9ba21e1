"""Reports that have come from the crew and are not written yet."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence

from autograder.classroom.errors import CourseError
from autograder.classroom.grade.task import Report, Task
from autograder.classroom.grade.writing import Book, Change, Done, Made
from autograder.classroom.results import Result

MOST = 100  # submissions
AGE = 1.0  # seconds after which what has come is written, however little it is

_log = logging.getLogger("traitlets")  # nbgrader's, which the commands send to a file


class Batch:
    """Collects graded submissions and writes many in one transaction, or with `keep=False` only asks what it would be.

    `changes` is where it puts every score that was or would be entered.
    """

    def __init__(self, book: Book, changes: list[Change], *, keep: bool) -> None:
        self._book, self._changes, self._keep = book, changes, keep
        self._expected: dict[str, Made] = {}
        self._done: list[Done] = []
        self._since = time.monotonic()

    def expect(self, made: Made) -> None:
        """Note what a report that is to come was made from."""
        self._expected[made.student] = made

    def take(self, reports: Sequence[tuple[Task, Report]]) -> Iterator[Result]:
        """Take what the crew has done; yield what failed, and what is written if it is time to write."""
        for task, report in reports:
            made = self._expected.pop(task.student)
            if report.reason:
                yield Result(made.student, "failed", self._book.why_not(made, report))
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
            self._changes += self._book.write(done) if self._keep else self._book.preview(done)
        self._since = time.monotonic()
        yield from (Result(one.made.student, "done") for one in done)


def _require_same_engine(made: Made, report: Report) -> None:
    if report.engine != made.engine:
        raise CourseError(
            f"a worker grades with {report.engine}, this machine with {made.engine}: "
            "install the same version of the autograder on all."
        )


def _log_notes(made: Made, report: Report) -> None:
    points = sum(p or 0.0 for notebook in report.notebooks for p in notebook.points.values())
    _log.info("Graded %s: %g points by the judge", made.student, points)
    for notebook in report.notebooks:
        for note in notebook.notes:
            _log.warning("%s: %s", made.student, note)
