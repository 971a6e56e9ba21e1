"""The gradebook: what the commands ask of it, and one line for what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.files import combine


@dataclass(frozen=True)
class Score:
    """What the gradebook holds for one submission. `by_hand`: a person has still to grade something in it."""

    points: float
    max_points: float
    by_hand: bool


@contextmanager
def opened(course: Course) -> Iterator[Any]:
    """Open the gradebook (an `nbgrader.api.Gradebook`); raise CourseError if it cannot be used."""
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    path = database_file(course)
    if path and not path.exists():
        raise CourseError(
            f"there is no gradebook {course.relative(path)} yet: `autograder release` makes it."
        )
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        raise _complaint(course, error) from error


def require_writable(course: Course) -> None:
    """Raise CourseError if grades could not be written, before any work is done."""
    path = database_file(course)
    if path and path.exists() and not (_may_write(path) and _may_write(path.parent)):
        raise CourseError(
            f"the gradebook {course.relative(path)} is read-only: nothing was done. "
            f"To allow writing: chmod u+w {path} {path.parent}"
        )
    if course.db_url.startswith("sqlite") and (path is None or path.exists()):
        _try_to_write(course)


def assignment_digest(course: Course, assignment: str) -> str:
    """Return a digest of what grading takes from the gradebook; it changes when a test or its points do."""
    with opened(course) as gradebook:
        cells = [
            f"{notebook.name}/{cell.name}: {getattr(cell, 'checksum', '')} {getattr(cell, 'max_score', '')}"
            for notebook in _released(gradebook, course, assignment).notebooks
            for cell in (*notebook.source_cells, *notebook.grade_cells)
        ]
    return combine(*sorted(cells))


def notebook_names(course: Course, assignment: str) -> list[str]:
    """Return the names, without `.ipynb`, of the notebooks that make up a released assignment."""
    with opened(course) as gradebook:
        return sorted(notebook.name for notebook in _released(gradebook, course, assignment).notebooks)


def scores(course: Course, assignment: str) -> dict[str, Score]:
    """Return the score of every submission of an assignment that has been graded, by student."""
    with opened(course) as gradebook:
        return {
            row["student"]: Score(row["score"], row["max_score"], bool(row["needs_manual_grade"]))
            for row in gradebook.submission_dicts(assignment)
            if course.autograded(row["student"], assignment).is_dir()
        }


def grades_digest(course: Course, assignment: str, student: str) -> str:
    """Return a digest of a submission's grades and comments; it changes when a person grades by hand."""
    with opened(course) as gradebook:
        notebooks = gradebook.find_submission(assignment, student).notebooks
        grades = [
            f"{grade.name} {grade.auto_score} {grade.manual_score} {grade.extra_credit}"
            for notebook in notebooks
            for grade in notebook.grades
        ]
        comments = [f"{text.name} {text.comment}" for notebook in notebooks for text in notebook.comments]
    return combine(*sorted(grades), *sorted(comments))


def database_file(course: Course) -> Path | None:
    """Return the gradebook's file, or None if it is a server or is addressed in a special way."""
    path = course.db_url.removeprefix("sqlite:///")
    return None if path == course.db_url or path.startswith(("file:", ":memory:")) else Path(path)


def _released(gradebook: Any, course: Course, assignment: str) -> Any:
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_assignment(assignment)
    except MissingEntry as error:
        raise CourseError(
            f"{assignment} is not in the gradebook yet: first run `autograder release {assignment}`."
        ) from error


def _may_write(path: Path) -> bool:
    # The mode counts as well: the superuser may write anything, even what was protected on purpose.
    return os.access(path, os.W_OK) and bool(path.stat().st_mode & 0o222)


def _try_to_write(course: Course) -> None:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    engine = create_engine(course.db_url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("CREATE TABLE probe (x INTEGER)")
            connection.exec_driver_sql("ROLLBACK")
    except SQLAlchemyError as error:
        raise _complaint(course, error) from error
    finally:
        engine.dispose()


def _complaint(course: Course, error: Exception) -> CourseError:
    text = str(getattr(error, "orig", None) or error).splitlines()[0]
    return CourseError(
        f"the gradebook {course.db_url} cannot be used ({text}): check the address and your rights."
    )
