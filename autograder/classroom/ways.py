"""What a course chose for its assignments: `autograder.toml`, beside `nbgrader_config.py`.

`[shared]` names the tests that run together with the student's code, `[shown]` the lines of solutions that a lesson
shows on purpose. `autograder check --write` and `autograder release --allow` write the file, and an instructor may
change it by hand: it is the only thing that decides.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.files import write_atomically

NAME = "autograder.toml"
_SHARED_HEAD = """\
# Tests that run together with the student's code, because they cannot be judged from outside: confined, but their
# score could be forged by who sets out to. All others are strict. `autograder check --write` makes this list from what
# it finds; lines may be added and taken out by hand.
"""
_SHOWN_HEAD = """\
# Lines of solutions and hidden tests that students may see, because a lesson shows them on purpose.
# `autograder release ASSIGNMENT --allow LINE` adds one.
[shown]"""
Reasons = Mapping[str, Mapping[str, str]]
"""Notebook, then test, to why it cannot be strict."""


@dataclass
class _Chosen:
    """The file: shared tests by assignment, notebook and test; shown lines by assignment."""

    shared: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)


def shared_tests(course: Course, assignment: str) -> dict[str, dict[str, str]]:
    """Return the shared tests of an assignment with their reasons, by notebook. CourseError: the file is broken."""
    return _read(course).shared.get(assignment, {})


def shown_lines(course: Course, assignment: str) -> list[str]:
    """Return the lines of an assignment's solutions that are shown on purpose. CourseError: the file is broken."""
    return _read(course).shown.get(assignment, [])


def write(course: Course, assignment: str, reasons: Reasons) -> bool:
    """Have these tests of an assignment, and no others, run together with the student's code; say if that is new."""
    chosen = _read(course)
    wanted = {notebook: dict(tests) for notebook, tests in reasons.items() if tests}
    if chosen.shared.get(assignment, {}) == wanted:
        return False
    chosen.shared[assignment] = wanted
    _save(course, chosen)
    return True


def show(course: Course, assignment: str, lines: Sequence[str]) -> None:
    """Note lines of an assignment's solutions as shown on purpose, beside those that are noted already."""
    chosen = _read(course)
    known = chosen.shown.setdefault(assignment, [])
    known += [line for line in dict.fromkeys(lines) if line not in known]
    _save(course, chosen)


def _save(course: Course, chosen: _Chosen) -> None:
    write_atomically(_path(course), _text(chosen))


def _path(course: Course) -> Path:
    return course.root / NAME


def _read(course: Course) -> _Chosen:
    path = course.relative(_path(course))
    try:
        content = tomllib.loads(_path(course).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _Chosen()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from error
    try:
        every = content.get("shared", {}).items()
        shared = {
            a: {n: {t: str(r) for t, r in tests.items()} for n, tests in books.items()} for a, books in every
        }
    except AttributeError as error:
        raise CourseError(
            f'{path}: write [shared."ASSIGNMENT"."NOTEBOOK"], then "TEST" = "REASON".'
        ) from error
    return _Chosen(shared, _shown(content.get("shown", {}), path))


def _shown(content: Any, path: str) -> dict[str, list[str]]:
    lists = content.values() if isinstance(content, dict) else [None]
    if not all(isinstance(one, list) and all(isinstance(line, str) for line in one) for one in lists):
        raise CourseError(f'{path}: write [shown], then "ASSIGNMENT" = ["LINE", "LINE"].')
    return {assignment: list(lines) for assignment, lines in content.items()}


def _text(chosen: _Chosen) -> str:
    parts = [_SHARED_HEAD]
    for assignment, notebooks in sorted(chosen.shared.items()):
        for notebook, tests in sorted(notebooks.items()):
            lines = [f"{_quoted(test)} = {_quoted(reason)}" for test, reason in sorted(tests.items())]
            parts.append("\n".join([f"[shared.{_quoted(assignment)}.{_quoted(notebook)}]", *lines, ""]))
    if shown := [(a, lines) for a, lines in sorted(chosen.shown.items()) if lines]:
        lists = (
            [f"{_quoted(a)} = [", *(f"    {_quoted(line)}," for line in lines), "]"] for a, lines in shown
        )
        parts.append("\n".join([_SHOWN_HEAD, *(line for one in lists for line in one), ""]))
    return "\n".join(parts)


def _quoted(text: str) -> str:
    """A TOML string: JSON's are, where no control character is left as it is."""
    return json.dumps(text, ensure_ascii=False)
