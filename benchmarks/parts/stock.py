"""Stock nbgrader in this process: its own converter, imported before the clock starts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path


def autograder(course: Path, assignment: str) -> Callable[[int], None]:
    """What grades the hand-in of the student `s` and a number, in a course in which the assignment is generated."""
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)

    def autograde(number: int) -> None:
        directory = CourseDirectory(config=config)
        directory.assignment_id, directory.student_id = assignment, f"s{number}"
        Autograde(coursedir=directory, config=config).start()

    return autograde
