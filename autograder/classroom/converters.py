"""nbgrader's own converters, run one assignment at a time, and where their many words go.

Failures are told in one line; all else goes to a file, and to the terminal only if it is asked for.
"""

from __future__ import annotations

import errno
import glob
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

from autograder.classroom.course import Course
from autograder.classroom.errors import FULL, CourseError, GradebookLost

LOG = "autograder.log"
_LOUD = ("traitlets", "py.warnings")  # the loggers of nbgrader outside its own application, and of warnings
Step = Literal["GenerateAssignment", "GenerateFeedback"]
_DATABASE_ERROR = "error accessing the nbgrader database"

# What nbgrader's words mean for somebody who wants to do something about it.
_PLAIN_WORDS = {
    os.strerror(errno.ENOSPC): FULL,
    "use an old version": "a cell of nbgrader's was pasted twice, or its marks are of an old version: "
    "remove the copy, or run `nbgrader update .`",
}


def run(course: Course, step: Step, assignment: str, student: str = "*", **settings: Any) -> None:
    """Run one of nbgrader's converters over one assignment.

    `student` is one student's id, or "*" for all; `settings` are configuration sections that take precedence
    over the course's own, such as `CourseDirectory={"release_directory": "elsewhere"}`. Raises CourseError
    with the reason when anything was not converted.
    """
    converter = _make(course, step, assignment, student, settings)
    with _collected_errors() as errors:
        try:
            converter.start()
        except Exception as error:
            if any(_DATABASE_ERROR in text for text in errors):
                raise GradebookLost(f"the gradebook failed ({_reason(errors)}).") from error
            raise CourseError(_reason([*errors, f"{type(error).__name__}: {error}"])) from error


def _make(course: Course, step: Step, assignment: str, student: str, settings: dict[str, Any]) -> Any:
    from nbgrader import converters
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = deepcopy(course.config)  # a merge reaches into the sections, which a copy would share
    config.merge(Config(settings))
    directory = CourseDirectory(config=config)
    directory.assignment_id = assignment
    directory.student_id = student if student == "*" else glob.escape(student)
    return getattr(converters, step)(coursedir=directory, config=config)


def _reason(errors: list[str]) -> str:
    """Return the line that says most: the exception of the first traceback, or else the first message."""
    traceback = next((text for text in errors if text.startswith("Traceback")), None)
    reason = _exception_line(traceback) if traceback else errors[0].strip().splitlines()[0]
    return next((plain for words, plain in _PLAIN_WORDS.items() if words in reason), reason)


def _exception_line(traceback: str) -> str:
    lines = traceback.rstrip().splitlines()
    last_frame = max(number for number, line in enumerate(lines) if line.startswith("  "))
    return lines[min(last_frame + 1, len(lines) - 1)]


def start_log(folder: Path, verbose: bool) -> Path:
    """Send nbgrader's messages and warnings to a file in `folder`, and with `verbose` to the terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG
    handlers: list[logging.Handler] = [_File(path, maxBytes=2_000_000, backupCount=2)]
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.captureWarnings(True)
    for name in _LOUD:
        _hand_over(logging.getLogger(name), handlers)
    return path


@contextmanager
def _collected_errors() -> Iterator[list[str]]:
    """Collect what nbgrader logs as errors inside the block, one text a message."""
    collector = _Collector()
    logger = logging.getLogger("traitlets")
    logger.addHandler(collector)
    try:
        yield collector.texts
    finally:
        logger.removeHandler(collector)


class _File(RotatingFileHandler):
    """A log that cannot be written, on a disk that is full, stops nothing and says nothing."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def _hand_over(logger: logging.Logger, handlers: list[logging.Handler]) -> None:
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    for handler in handlers:
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
