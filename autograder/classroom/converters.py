"""nbgrader's own converters, run one assignment at a time, their failures told in one line."""

from __future__ import annotations

import errno
import glob
import os
from copy import deepcopy
from typing import Any, Literal

from autograder.classroom import log
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, GradebookLost

Step = Literal["GenerateAssignment", "GenerateFeedback"]

_DATABASE_ERROR = "error accessing the nbgrader database"

# What nbgrader's words mean for somebody who wants to do something about it.
_PLAIN_WORDS = {
    os.strerror(errno.ENOSPC): "the disk is full: make room, then give the same command again.",
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
    with log.collected_errors() as errors, log.kernels_to_file():
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
