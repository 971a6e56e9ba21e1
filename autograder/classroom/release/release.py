"""Make the students' version of an assignment, and never one that gives a solution or a hidden test away."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.classroom import converters, files, gradebook, ways
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.release.leaks import Leak, find_leaks


def release(course: Course, assignment: str) -> bool:
    """Make `exercises/<assignment>` and enter it in the gradebook; tell whether its files changed.

    Raises CourseError, the old version still in its place, when the solutions are missing or cannot be
    converted, or when a solution or hidden test would leak.
    """
    course.require_assignment(assignment)
    gradebook.require_writable(course)
    with TemporaryDirectory(prefix="release-") as scratch:
        draft = Path(scratch) / assignment
        _convert(course, assignment, Path(scratch), save=False)
        _refuse_leaks(course, assignment, draft)
        shutil.rmtree(draft)
        _convert(course, assignment, Path(scratch), save=True)
        return _install(draft, course.released(assignment))


def _convert(course: Course, assignment: str, into: Path, *, save: bool) -> None:
    converters.run(
        course,
        "GenerateAssignment",
        assignment,
        CourseDirectory={"release_directory": str(into)},
        GenerateAssignment={"no_database": not save},
        SaveCells={"enabled": save},
    )


def allow_all(course: Course, assignment: str) -> list[str]:
    """Note all that would leak from an assignment, but for markers, as shown on purpose; return those lines."""
    course.require_assignment(assignment)
    with TemporaryDirectory(prefix="release-") as scratch:
        _convert(course, assignment, Path(scratch), save=False)
        lines = [
            leak.text for leak in _leaks(course, assignment, Path(scratch, assignment)) if not leak.is_marker
        ]
    ways.show(course, assignment, lines)
    return list(dict.fromkeys(lines))


def _leaks(course: Course, assignment: str, draft: Path) -> list[Leak]:
    return find_leaks(course.source(assignment), draft, ways.shown_lines(course, assignment))


def _refuse_leaks(course: Course, assignment: str, draft: Path) -> None:
    leaks = _leaks(course, assignment, draft)
    if leaks:
        more = f" (and {len(leaks) - 1} more)" if len(leaks) > 1 else ""
        raise CourseError(
            f"{assignment} is not released: {leaks[0].file} would show students {leaks[0].text!r}{more}. "
            f"Correct it in {course.relative(course.source(assignment))}/; or, if it is shown on purpose: "
            f"`autograder release {shlex.quote(assignment)} --allow {shlex.quote(leaks[0].text)}`, or --allow-all."
        )


def _install(draft: Path, target: Path) -> bool:
    if target.is_dir() and files.digest(draft) == files.digest(target):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with files.replacing(target):
        shutil.copytree(draft, target)
    return True
