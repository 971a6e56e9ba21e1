"""Putting this grader under a course of nbgrader's, and taking it out again: a block in `nbgrader_config.py`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.classroom.course import CONFIG_NAME, load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.files import write_atomically

_FIRST = "# --- autograder: student code is confined; `autograder drop` takes these lines out ---"
_LAST = "# --- autograder: end ---"
_PLUGIN = "autograder.nbgrader_plugin"
_EXECUTE = "nbgrader.preprocessors.Execute"
_LINES = f"""\
{_FIRST}
c.Autograde.exporter_class = "{_PLUGIN}.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "{_PLUGIN}.RepairSubmission",
%s    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
%s    "{_PLUGIN}.JudgeSubmission",
%s    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = "{_PLUGIN}.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["{_PLUGIN}.GradesForFeedback"]
c.JudgeSubmission.packages = ["*"]  # what student code may import: all that is installed here
{_LAST}
"""


def adopt(course: Path, *, write: bool) -> tuple[Path, str]:
    """Add the lines to a course's configuration, if `write`; return its path and the lines.

    Preprocessors of the course's own stay: `nbgrader autograde` runs them. CourseError where there is no course, where
    the lines are already there, or where the file is no Python.
    """
    path = _configuration(course)
    text = path.read_text(encoding="utf-8")
    if _FIRST in text:
        raise CourseError(f"{path} has the lines already; `autograder drop` takes them out.")
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path} is not Python (line {error.lineno}): correct it first.") from error
    lines = _LINES % _own_preprocessors(course)
    if write:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        config = "" if "get_config()" in text else "c = get_config()\n"
        _replace(path, f"{text}{gap}{config}{lines}")
    return path, lines


def _own_preprocessors(course: Path) -> tuple[str, str, str]:
    """The course's own preprocessors, a line each: for cleaning, for grading before the cells run, and after."""
    from nbgrader.converters import Autograde

    stock, here = Autograde(), Autograde(config=load_course(course).config)
    cleaning = list(map(_name, here.sanitize_preprocessors))
    grading = list(map(_name, here.autograde_preprocessors))
    replaced = {_name(step) for step in (*stock.sanitize_preprocessors, *stock.autograde_preprocessors)}
    at = grading.index(_EXECUTE) if _EXECUTE in grading else 0
    return _lines(cleaning, replaced), _lines(grading[:at], replaced), _lines(grading[at:], replaced)


def _name(step: str | type) -> str:
    if isinstance(step, str):
        return step
    if step.__module__ == "builtins":
        raise CourseError(f"{CONFIG_NAME} defines the preprocessor {step.__name__}: move it to a module.")
    module = "nbgrader.preprocessors" if step.__module__.startswith("nbgrader.") else step.__module__
    return f"{module}.{step.__qualname__}"


def _lines(names: Sequence[str], replaced: Collection[str]) -> str:
    own = [name for name in names if name not in replaced and not name.startswith(_PLUGIN)]
    return "".join(f'    "{name}",\n' for name in own)


def drop(course: Path) -> Path:
    """Take the lines out again, and nothing else; return the configuration's path. CourseError: they are not there."""
    path = _configuration(course)
    text = path.read_text(encoding="utf-8")
    before, found, rest = text.partition(_FIRST)
    _, ended, after = rest.partition(f"{_LAST}\n")
    if not found or not ended:
        raise CourseError(f"{path} does not have the lines that `autograder adopt` adds.")
    _replace(path, before.rstrip("\n") + ("\n" if before.strip() else "") + after)
    return path


def _configuration(course: Path) -> Path:
    path = course.resolve() / CONFIG_NAME
    if not path.is_file():
        raise CourseError(f"{course.resolve()} is no course of nbgrader's: it has no {CONFIG_NAME}.")
    return path


def _replace(path: Path, text: str) -> None:
    mode = path.stat().st_mode
    write_atomically(path, text)
    path.chmod(mode)
