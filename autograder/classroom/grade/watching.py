"""Grade what arrives, at once: the grading processes stay, and each round looks only at what has changed.

A hand-in is taken when two looks at its folder see the same, so that none is graded half copied. What was graded is
known from the gradebook, so that watching can be stopped and started at any time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from autograder.classroom import gradebook
from autograder.classroom.course import Course
from autograder.classroom.errors import Busy, CourseError
from autograder.classroom.grade import run
from autograder.classroom.grade.crews import Crew
from autograder.classroom.gradebook import history, records, submissions
from autograder.classroom.pages import feedback

LOOK = 0.1  # seconds between two looks at the folders
COLLECT = 1.0  # seconds between two looks at the exchange
_Look = tuple[tuple[str, int, int], ...]  # name, size and time of change of each file


@dataclass(frozen=True)
class WatchLine:
    """What became of one hand-in; `reason` says in a line why it has no points."""

    student: str
    assignment: str
    points: str = ""
    reason: str = ""


@dataclass
class Watch:
    """Watches the folders of some assignments, and nbgrader's exchange if there is one.

    `per_day` limits how many different hand-ins of a student are graded for an assignment in a day (UTC), 0 for no
    limit: each tells something about hidden tests. The others wait until the next day.
    """

    course: Course
    assignments: list[str]
    crew: Crew
    per_day: int = 0
    stop: Event = field(default_factory=Event)
    _seen: dict[tuple[str, str], _Look] = field(default_factory=dict)
    _done: dict[tuple[str, str], _Look] = field(default_factory=dict)
    _held: dict[tuple[str, str], str] = field(default_factory=dict)
    _collected: float = 0.0
    _inbound: int = 0
    _settings: Config = field(default_factory=Config)

    def __post_init__(self) -> None:
        self._settings = _with_machines_exchange(self.course.config)

    def run(self) -> Iterator[WatchLine]:
        """Grade until `stop` is set, and yield what became of each hand-in."""
        while not self.stop.is_set():
            yield from self._collect()
            for assignment in self.assignments:
                yield from self._round(assignment)
            self.stop.wait(LOOK)

    def _round(self, assignment: str) -> Iterator[WatchLine]:
        arrived = list(self._arrived(assignment))
        if not arrived:
            return
        over = self._over_limit(assignment, arrived)
        for student in over:
            if self._held.get((student, assignment)) != _today():
                self._held[student, assignment] = _today()
                yield WatchLine(
                    student,
                    assignment,
                    reason=f"{self.per_day} hand-ins are graded today: waits for tomorrow",
                )
        students = [student for student in arrived if student not in over]
        looks = {student: self._seen[student, assignment] for student in students}
        try:
            told = list(self._grade(assignment, students)) if students else []
        except Busy:  # another command is at work on the class: the next round tries again
            return
        self._done |= {(student, assignment): look for student, look in looks.items()}
        yield from told

    def _grade(self, assignment: str, students: list[str]) -> Iterator[WatchLine]:
        with run.prepared(self.course, assignment, students) as work:
            results = list(work.grade(self.crew))
        for result in results:
            if result.state == "failed":
                yield WatchLine(result.student, assignment, reason=result.reason)
        able = [result.student for result in results if result.state != "failed"]
        scores = records.scores(self.course, assignment, able) if able else {}
        for page in feedback.write_pages(self.course, assignment, able):
            if page.state != "unchanged":
                score = scores[page.student]
                yield WatchLine(
                    page.student, assignment, f"{score.score:g} / {score.max_points:g}", page.reason
                )

    def _arrived(self, assignment: str) -> Iterator[str]:
        """Those whose folder has changed since it was graded, and not since the last look."""
        for student in submissions.students(self.course, assignment):
            key, look = (student, assignment), _look(self.course.submitted(student, assignment))
            settled, self._seen[key] = self._seen.get(key) == look, look
            if settled and self._done.get(key) != look:
                yield student

    def _over_limit(self, assignment: str, students: list[str]) -> set[str]:
        """Those of whom as many different hand-ins are graded today as the instructor allows."""
        if not self.per_day:
            return set()
        with gradebook.opened(self.course) as book, book.engine.connect() as connection:
            history.create_table(book.engine)
            graded = history.hand_ins_since(connection, assignment, _midnight())
        return {
            student for student in students if self._is_over(graded.get(student, set()), student, assignment)
        }

    def _is_over(self, graded: set[str], student: str, assignment: str) -> bool:
        from autograder.classroom import files

        if len(graded) < self.per_day:
            return False
        return files.digest(self.course.submitted(student, assignment)) not in graded

    def _collect(self) -> Iterator[WatchLine]:
        """Take in what is new in nbgrader's exchange, if this machine has one."""
        if time.monotonic() - self._collected < COLLECT:
            return
        self._collected = time.monotonic()
        inbound = _inbound(self._settings, self.course.course_id)
        if inbound is None or not inbound.is_dir():
            return
        changed = inbound.stat().st_mtime_ns
        if changed != self._inbound:
            for assignment in self.assignments:
                if why := _take_in(self._settings, assignment):
                    yield WatchLine("the exchange", assignment, reason=why)
            self._inbound = changed


def _look(folder: Path) -> _Look:
    found = []
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                status = os.lstat(os.path.join(where, name))
            except OSError:  # it went away while we looked
                continue
            found.append((os.path.join(where, name), status.st_size, status.st_mtime_ns))
    return tuple(sorted(found))


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def _midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


def _with_machines_exchange(config: Config) -> Config:
    """A course's configuration, and below it what this machine says of the exchange."""
    from jupyter_core.paths import jupyter_config_path

    merged = Config()
    for folder in reversed(jupyter_config_path()):  # from /etc to the person's own
        for kind, ending in ((PyFileConfigLoader, "py"), (JSONFileConfigLoader, "json")):
            try:
                found = kind(f"nbgrader_config.{ending}", path=folder).load_config()
            except ConfigFileNotFound:
                continue
            except Exception as error:  # the file is a program: anything may go wrong in it
                why = f"{type(error).__name__}: {error}"
                raise CourseError(f"{folder}/nbgrader_config.{ending} cannot be read: {why}") from error
            merged.Exchange.merge(found.Exchange)
    merged.merge(config)
    return merged


def _inbound(settings: Config, course_id: str) -> Path | None:
    root = settings.Exchange.get("root", "")
    return Path(root) / course_id / "inbound" if root else None


def _take_in(settings: Config, assignment: str) -> str:
    """Run nbgrader's own `collect` for an assignment; return why nothing could be taken, or nothing."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError
    from nbgrader.exchange.default import ExchangeCollect

    directory = CourseDirectory(config=settings)
    directory.assignment_id = assignment
    collector = ExchangeCollect(coursedir=directory, config=settings)
    collector.update = True
    try:
        collector.start()
    except ExchangeError as error:
        return str(error)
    return ""
