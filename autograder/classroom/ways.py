"""Which tests of a course run together with the student's code: `autograder.toml`, beside `nbgrader_config.py`.

`autograder check --write` makes the file, and an instructor may change it by hand: it is the only thing that decides.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError

NAME = "autograder.toml"
_HEAD = """\
# Tests that run together with the student's code, because they cannot be judged from outside: confined, but their
# score could be forged by who sets out to. All others are strict. `autograder check --write` makes this list from what
# it finds; lines may be added and taken out by hand.
"""
Reasons = Mapping[str, Mapping[str, str]]
"""Notebook, then test, to why it cannot be strict."""


def shared_tests(course: Course, assignment: str) -> dict[str, dict[str, str]]:
    """Return the shared tests of an assignment with their reasons, by notebook. CourseError: the file is broken."""
    return _read(course).get(assignment, {})


def write(course: Course, assignment: str, reasons: Reasons) -> bool:
    """Have these tests of an assignment, and no others, run together with the student's code; say if that is new."""
    every = _read(course)
    wanted = {notebook: dict(tests) for notebook, tests in reasons.items() if tests}
    if every.get(assignment, {}) == wanted:
        return False
    every[assignment] = wanted
    path, draft = _path(course), _path(course).with_suffix(".new")
    draft.write_text(_text(every), encoding="utf-8")
    os.replace(draft, path)
    return True


def _path(course: Course) -> Path:
    return course.root / NAME


def _read(course: Course) -> dict[str, dict[str, dict[str, str]]]:
    try:
        content = tomllib.loads(_path(course).read_text(encoding="utf-8")).get("shared", {})
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{course.relative(_path(course))} cannot be read: {error}") from error
    try:
        return {
            a: {n: {t: str(r) for t, r in ts.items()} for n, ts in ns.items()} for a, ns in content.items()
        }
    except AttributeError as error:
        raise CourseError(
            f'{course.relative(_path(course))}: write [shared."ASSIGNMENT"."NOTEBOOK"], then "TEST" = "REASON".'
        ) from error


def _text(every: Mapping[str, Reasons]) -> str:
    parts = [_HEAD]
    for assignment, notebooks in sorted(every.items()):
        for notebook, tests in sorted(notebooks.items()):
            lines = [f"{_quoted(test)} = {_quoted(reason)}" for test, reason in sorted(tests.items())]
            parts.append("\n".join([f"[shared.{_quoted(assignment)}.{_quoted(notebook)}]", *lines, ""]))
    return "\n".join(parts)


def _quoted(text: str) -> str:
    """A TOML string: JSON's are, where no control character is left as it is."""
    return json.dumps(text, ensure_ascii=False)
