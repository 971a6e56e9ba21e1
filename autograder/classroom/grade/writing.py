"""Graded submissions on their way into the gradebook and the class's folders, a transaction for many at once.

The transaction is what counts: before it a submission has its earlier grade and notebook, after it the new ones. A new
folder is written beside the old one, under a name that begins with a dot and ends in a token. The transaction records
the token; then the folder takes the old one's place. A run that was killed in between is recognised by the tokens: the
next one puts the recorded folders in place and removes the others.
"""

from __future__ import annotations

import errno
import fnmatch
import glob
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from autograder.classroom import beside
from autograder.classroom.course import Course
from autograder.classroom.errors import FULL, CourseError
from autograder.classroom.files import combine
from autograder.classroom.grade.rules import Settings
from autograder.classroom.grade.task import Judged, JudgedNotebook
from autograder.classroom.gradebook import complaint, entries, history
from autograder.classroom.gradebook import graded as graded_notebooks
from autograder.classroom.gradebook.entries import Structure

CACHE = 64_000  # KiB of the database to be kept in memory: its keys are random, so every write goes anywhere
WAIT = 30_000  # milliseconds for another program's transaction
_ANY = re.compile(r"\.(?P<name>.+)\.(?P<token>[0-9a-f]{32})\.(?P<kind>draft|old)")


@dataclass(frozen=True)
class Draft:
    """A graded submission's folder that is not in its place yet."""

    place: Path
    token: str

    @property
    def folder(self) -> Path:
        """Where it is until then."""
        return self.place.with_name(f".{self.place.name}.{self.token}.draft")

    @property
    def _old(self) -> Path:
        return self.place.with_name(f".{self.place.name}.{self.token}.old")

    def install(self) -> None:
        """Put it in its place; what was there is gone. Ends what an interrupted call began."""
        if self.folder.exists():
            if self.place.exists():
                self.place.rename(self._old)
            self.folder.rename(self.place)
        shutil.rmtree(self._old, ignore_errors=True)

    def discard(self) -> None:
        """Remove it; what is in its place stays."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Folders:
    """Where the graded submissions of one assignment are written, as nbgrader writes them."""

    def __init__(self, course: Course, assignment: str, settings: Settings) -> None:
        self._course, self._assignment, self._settings = course, assignment, settings
        self._ignored = re.compile("|".join(fnmatch.translate(pattern) for pattern in settings.ignored))
        source = course.source(assignment)
        kept = beside.kept_files(course, assignment)
        self._instructors = {n: p for n, p in self._files(source).items() if n not in kept}

    def write(
        self, student: str, token: str, handed_in: Path, notebooks: Iterable[tuple[str, bytes]]
    ) -> Draft:
        """Write a draft: the graded notebooks, the other files handed in, the instructor's over them.

        Raises OSError, and leaves nothing, when it cannot be written.
        """
        draft = Draft(self._course.autograded(student, self._assignment), token)
        try:
            draft.folder.mkdir(parents=True)
            for name, path in (self._files(handed_in) | self._instructors).items():
                (draft.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, draft.folder / name)
            for name, content in notebooks:
                (draft.folder / f"{name}.ipynb").write_bytes(content)
            self._set_rights(draft.folder)
        except BaseException:
            draft.discard()
            raise
        return draft

    def recover(self, recorded: Callable[[set[str]], set[str]]) -> None:
        """End what a killed run began: `recorded` says which tokens the gradebook has."""
        found: dict[str, Draft] = {}
        everyone = self._course.autograded("*", f".{glob.escape(self._assignment)}.*")
        for place in map(Path, glob.glob(str(everyone))):
            match = _ANY.fullmatch(place.name)
            if match and match["name"] == self._assignment:
                found[match["token"]] = Draft(place.with_name(match["name"]), match["token"])
        known = recorded(set(found))
        for token, draft in found.items():
            draft.install() if token in known else draft.discard()

    def _files(self, folder: Path) -> dict[str, Path]:
        """The files below a folder that nbgrader copies, by their names relative to it; links are left out."""
        found = {}
        for where, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if not self._ignored.match(name)]
            for path in (Path(where, name) for name in names if not self._ignored.match(name)):
                if stat.S_ISREG(path.lstat().st_mode):
                    found[str(path.relative_to(folder))] = path
        return found

    def _set_rights(self, folder: Path) -> None:
        for where, _, names in os.walk(folder):
            for name in names:
                os.chmod(os.path.join(where, name), self._settings.permissions)
            if self._settings.is_shared:
                os.chmod(where, (os.stat(where).st_mode | 0o2770) & 0o2777)


@dataclass(frozen=True)
class Made:
    """What a grade is made from: a student's folder, when it came, digests of it and of the tests, the engine.

    `terms` are those for being late, empty for a submission that was not.
    """

    student: str
    folder: Path
    when: datetime | None
    submission: str
    tests: str
    engine: str
    terms: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Equal where grading again would change nothing."""
        return self.submission, self.tests, self.engine, self.terms


@dataclass(frozen=True)
class Done:
    """A submission that has been graded."""

    made: Made
    report: Judged

    @property
    def student(self) -> str:
        """Whose it is."""
        return self.made.student


@dataclass(frozen=True)
class Change:
    """A student's score before and after, penalties taken off; None before the first grading.

    `items` are the judge's points before and after, by cell, where they differ; `why` says what has changed since.
    """

    student: str
    before: float | None
    after: float
    items: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    why: str = ""


class Gradebook:
    """The gradebook of one assignment, open for writing, and the folders that go with it."""

    def __init__(self, course: Course, gradebook: Any, assignment: str, settings: Settings) -> None:
        self._course, self._assignment, self._settings = course, assignment, settings
        self._engine = gradebook.engine
        self.structure = Structure(gradebook, assignment)
        self._folders = Folders(course, assignment, settings)
        self._students = (
            {student.id for student in gradebook.students} if not settings.may_add_students else set()
        )
        gradebook.db.rollback()  # what is read here must not stay locked while the class is graded
        with self._engine.connect() as connection:
            self._deadlines = self.structure.deadlines(connection)
            self._extended = self.structure.extended(connection)

    def recover(self) -> None:
        """End what a killed run began."""
        with self._engine.connect() as connection:
            self._folders.recover(lambda tokens: history.known(connection, tokens))

    def made_from(self) -> dict[str, tuple[str, str, str, str]]:
        """Return the keys of what the latest grades on record were made from, of the submissions that there are."""
        with self._engine.connect() as connection:
            keys = history.latest(connection, self._assignment)
        return {student: key for student, key in keys.items() if student in self._deadlines}

    def require_student(self, student: str) -> None:
        """Raise CourseError if only those who are in the gradebook are graded and this student is not."""
        if not self._settings.may_add_students and student not in self._students:
            raise CourseError(f"{student!r} is not in the gradebook, and the course adds nobody who is not.")

    def why_not(self, made: Made, report: Judged) -> str:
        """Return why there is no grade, with the file that is to blame."""
        if not report.unreadable:
            return report.reason
        path = made.folder / f"{report.unreadable}.ipynb"
        return f"{self._course.relative(path)}: {report.reason} Ask for it again."

    def terms(self, student: str, when: datetime | None) -> str:
        """Return the terms for being late that a submission of a student's comes under, empty if it is not late."""
        due = self._deadlines.get(student, self._extended.get(student, self.structure.due))
        if when is None or due is None or when <= due:
            return ""
        return combine(due.isoformat(), self._settings.penalty_settings())

    def write(self, batch: Sequence[Done]) -> list[Change]:
        """Write grades, notebooks and the record of the gradings; all of them or none.

        Raises CourseError when the gradebook or the disk does not take them.
        """
        drafts: list[Draft] = []
        try:
            for done in batch:
                drafts.append(self._draft(done))
            with self._transaction() as connection:
                changes = self._enter(connection, batch, [draft.token for draft in drafts])
            self._settle(drafts)
        except (SQLAlchemyError, OSError) as error:
            self._settle(drafts)
            raise _plain(self._course, error) from error
        except BaseException:  # Ctrl-C may come just before or just after the transaction
            self._settle(drafts)
            raise
        return changes

    def preview(self, batch: Sequence[Done]) -> list[Change]:
        """Return what `write` would change, and write nothing."""
        try:
            with self._transaction(keep=False) as connection:
                return self._enter(connection, batch, [uuid4().hex for _ in batch])
        except SQLAlchemyError as error:
            raise complaint(self._course, error) from error

    def _settle(self, drafts: Sequence[Draft]) -> None:
        """Put those in place whose grades are in the gradebook and remove the others.

        A gradebook that has gone cannot say: the next run asks it.
        """
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            recorded = history.known(connection, {draft.token for draft in drafts})
            for draft in drafts:
                draft.install() if draft.token in recorded else draft.discard()

    def _draft(self, done: Done) -> Draft:
        notebooks = [(notebook.name, notebook.content) for notebook in done.report.notebooks]
        return self._folders.write(done.student, uuid4().hex, done.made.folder, notebooks)

    @contextmanager
    def _transaction(self, *, keep: bool = True) -> Iterator[Any]:
        """One transaction that nobody else's write can come into."""
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {WAIT}")
                connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif self._engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {WAIT}")
                connection.exec_driver_sql(
                    "LOCK TABLE student, submitted_assignment IN SHARE ROW EXCLUSIVE MODE"
                )
            yield connection
            connection.commit() if keep else connection.rollback()

    def _enter(self, connection: Any, batch: Sequence[Done], tokens: Sequence[str]) -> list[Change]:
        students = [done.student for done in batch]
        before = self._scores(connection, self.structure.submissions(connection, students))
        earlier = history.latest_cells(connection, self._assignment, students)
        keys = history.latest(connection, self._assignment)
        made = [self._entry(done) for done in batch]
        submissions = entries.write(self.structure, connection, made, self._settings.penalty)
        after = self._scores(connection, submissions)
        pairs = zip(batch, tokens, strict=True)
        history.add(connection, [self._grading(d, token, after[d.student][0]) for d, token in pairs])
        return [
            Change(
                done.student,
                _net(before[done.student]) if done.student in before else None,
                _net(after[done.student]),
                _moved(earlier.get(done.student), done),
                _why(keys.get(done.student), done.made.key),
            )
            for done in batch
        ]

    def _scores(self, connection: Any, submissions: dict[str, str]) -> dict[str, tuple[float, float]]:
        found = entries.totals(self.structure, connection, list(submissions.values()))
        return {student: found[number] for student, number in submissions.items()}

    def _entry(self, done: Done) -> entries.SubmissionGrades:
        graded = {notebook.name: notebook for notebook in done.report.notebooks}
        return entries.SubmissionGrades(
            done.student,
            done.made.when,
            {name: graded[name].points if name in graded else None for name in self.structure.shapes},
            {name: notebook.untouched for name, notebook in graded.items()},
            {name: self._unchanged(done, notebook) for name, notebook in graded.items()},
        )

    def _unchanged(self, done: Done, notebook: JudgedNotebook) -> frozenset[str]:
        """The graded cells of a notebook whose answers are those that were graded before."""
        place = self._course.autograded(done.student, self._assignment) / f"{notebook.name}.ipynb"
        try:
            before, now = _answers(place.read_bytes()), _answers(notebook.content)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return frozenset()
        return frozenset(name for name, answer in now.items() if before.get(name) == answer)

    def _grading(self, done: Done, token: str, points: float) -> history.Grading:
        return history.Grading(
            token=token,
            assignment=self._assignment,
            student=done.student,
            graded_at=datetime.now(UTC).replace(tzinfo=None),
            handed_in_at=done.made.when,
            submission=done.made.submission,
            tests=done.made.tests,
            engine=done.made.engine,
            terms=done.made.terms,
            platform=done.report.platform,
            layers=next((notebook.layers for notebook in done.report.notebooks), ()),
            points=points,
            max_points=self.structure.max_points,
            cells={notebook.name: notebook.points for notebook in done.report.notebooks},
        )


def _answers(content: bytes) -> dict[str, tuple[str, ...]]:
    """What each graded cell is about: a written answer's text; for a test, all code that the student wrote."""
    notebook = graded_notebooks.parse(json.loads(content))
    written = {answer.name: (answer.source,) for answer in notebook.answers}
    code = tuple(one.source for one in (*notebook.answers, *notebook.own) if not one.written)
    return {item.name: written.get(item.name, code) for item in notebook.items}


def _moved(
    before: dict[str, dict[str, float | None]] | None, done: Done
) -> dict[str, tuple[float | None, float | None]]:
    now = {notebook.name: notebook.points for notebook in done.report.notebooks}
    return {} if before is None else history.differences(history.flat(before), history.flat(now))


def _why(before: tuple[str, str, str, str] | None, now: tuple[str, str, str, str]) -> str:
    """What a grade is made from now and was not before, in words."""
    if before is None:
        return "new"
    pairs = zip(("handed in again", "other tests", "another judge", "lateness"), before, now, strict=True)
    return ", ".join(words for words, old, new in pairs if old != new) or "by force"


def _net(score: tuple[float, float]) -> float:
    return max(0.0, score[0] - score[1])


def _plain(course: Course, error: BaseException) -> BaseException:
    """What to tell about an error of the database or of a full disk; any other as it is."""
    if isinstance(error, SQLAlchemyError):
        return complaint(course, error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CourseError(FULL)
    return error
