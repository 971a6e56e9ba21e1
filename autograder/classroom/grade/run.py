"""Grade what is new or changed: read as it is needed, judged by a crew, written in batches; none stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder.classroom import files, gradebook
from autograder.classroom.collect import roster
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, GradebookLost
from autograder.classroom.grade import rules
from autograder.classroom.grade.batch import Batch
from autograder.classroom.grade.pool import Crew, Pool
from autograder.classroom.grade.settings import Settings
from autograder.classroom.grade.task import Task, engine
from autograder.classroom.grade.writing import Book, Change, Made
from autograder.classroom.gradebook import history, submissions
from autograder.classroom.results import Result
from autograder.judging.outcome import CannotConfine


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
            book = Book(self.course, self.gradebook, self.assignment, self.settings)
            book.recover()
            batch, pool = Batch(book, self.changes, keep=keep), Pool(crew)
            try:
                yield from self._grade(book, pool, batch, force)
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

    def _grade(self, book: Book, pool: Pool, batch: Batch, force: bool) -> Iterator[Result]:
        for item in self._chosen(book, force):
            if isinstance(item, Result):
                yield item
                continue
            made, task = item
            while pool.is_full_for(task):
                yield from batch.take(pool.collect())
            batch.expect(made)
            pool.submit(task)
        while pool.busy:
            yield from batch.take(pool.collect())

    def _chosen(self, book: Book, force: bool) -> Iterator[Result | tuple[Made, Task]]:
        """Read submissions, each when it is asked for: results of those that are not to be graded."""
        known = book.made_from()
        for student in self.students:
            try:
                made, task = self._read(book, student)
            except CourseError as error:
                yield Result(student, "failed", str(error))
                continue
            graded = self.course.autograded(student, self.assignment)
            if not force and known.get(student) == made.key and graded.is_dir():
                yield Result(student, "unchanged")
            else:
                yield made, task

    def _read(self, book: Book, student: str) -> tuple[Made, Task]:
        book.require_student(student)
        folder = self.course.submitted(student, self.assignment)
        try:
            found = submissions.read(self.course, folder, self.tests.names)
        except OSError as error:
            raise CourseError(f"{error.filename} cannot be read: {error.strerror}.") from error
        terms = book.terms(student, found.when)
        made = Made(student, folder, found.when, found.digest, self.tests.digest, engine(), terms)
        return made, Task(student, self.tests.rules, found.notebooks)


@contextmanager
def prepared(course: Course, assignment: str, students: list[str]) -> Iterator[Run]:
    """Check all that a run needs before anything is touched; no students named means all who are in the class.

    Raises CourseError if the assignment, a student or a writable gradebook is missing.
    """
    course.require_assignment(assignment)
    chosen = submissions.select(course, assignment, students)
    gradebook.require_writable(course)
    settings = Settings(course)
    with gradebook.opened(course) as book:
        tests = rules.load(course, book, assignment, settings)
        history.create_table(book.engine)
        gone = roster.left(book) - set(students)
        try:
            yield Run(course, assignment, [s for s in chosen if s not in gone], tests, settings, book)
        finally:
            roster.remember(book)
