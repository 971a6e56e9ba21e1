"""The gradebook: nbgrader's database, on SQLite or PostgreSQL, and beside its tables a record of all gradings.

It is opened here, and what is wrong with it told in one line.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, GradebookLost

# What databases say, and what it means for somebody who wants to do something about it.
_PLAIN_WORDS = {
    "database or disk is full": "the disk with the gradebook is full: make room, then give the same command again.",
    "No space left on device": "the disk with the gradebook is full: make room, then give the same command again.",
    "database is locked": "the gradebook is in use by another program (database is locked): "
    "close it, then give the same command again.",
    "No module named 'psycopg": "a gradebook on PostgreSQL needs the package psycopg: "
    "pip install 'psycopg[binary]'",
}


@contextmanager
def opened(course: Course) -> Iterator[Any]:
    """Open the gradebook (an `nbgrader.api.Gradebook`); raise CourseError if it cannot be used."""
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    path = course.database_file
    if path and not path.exists():
        raise CourseError(
            f"there is no gradebook {course.relative(path)} yet: `autograder release` makes it."
        )
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            gradebook.close()  # it has looked whether all tables are there
            gradebook.engine = _engine(course.db_url)
            gradebook.db.configure(bind=gradebook.engine)
            yield gradebook
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise complaint(course, error) from error


@lru_cache(maxsize=4)
def _engine(address: str) -> Any:
    """One for all who open a gradebook: SQLAlchemy keeps with an engine what each query is translated to."""
    from sqlalchemy import create_engine

    return create_engine(address)


def require_writable(course: Course) -> None:
    """Raise CourseError if grades could not be written, before any work is done."""
    path = course.database_file
    if path and path.exists() and not (_may_write(path) and _may_write(path.parent)):
        raise CourseError(
            f"the gradebook {course.relative(path)} is read-only: nothing was done. "
            f"To allow writing: chmod u+w {path} {path.parent}"
        )
    if course.db_url.startswith("sqlite") and (path is None or path.exists()):
        _try_to_write(course)


def complaint(course: Course, error: Exception) -> GradebookLost:
    """Return what to tell about an error of the database: one line, and the address without its password."""
    text = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    for words, plain in _PLAIN_WORDS.items():
        if words in text:
            return GradebookLost(plain)
    return GradebookLost(
        f"the gradebook {_address(course)} cannot be used ({text}): check the address and your rights."
    )


def _address(course: Course) -> str:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(course.db_url).render_as_string(hide_password=True)
    except ArgumentError:
        return "named in the configuration"


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
        raise complaint(course, error) from error
    finally:
        engine.dispose()
