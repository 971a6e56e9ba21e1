"""Where columns are named: in one module for all platforms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
from autograder.classroom import columns

CLASSROOM = Path(autograder.__file__).parent / "classroom"
OURS = {*columns.MARKS, *columns.COURSE, columns.TOTAL}
PLATFORMS = {
    *(*columns.CANVAS, *columns.CANVAS_NAMES, *columns.CANVAS_SIS, columns.CANVAS_POINTS),
    *(*columns.MOODLE, columns.MOODLE_GRADE, *columns.WORKSHEET),
}
READ = {word for words in columns.FIELDS.values() for word in words.split("|")} | columns.UNCLEAR
# Of our own names and of what is read, the words that name fields, keys and the database's columns, too.
IDENTIFIERS = {name for name in READ if name.isascii() and name.isidentifier()}


def _texts(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_no_other_module_names_a_column():
    found = []
    for path in {*CLASSROOM.rglob("*.py")} - {CLASSROOM / "columns.py"}:
        own = (OURS - {*columns.FIELDS, "assignment", "late"}) if path.parent.name == "export" else set()
        for text in _texts(path):
            is_part = any(name in text for name in PLATFORMS if " " in name)
            if is_part or text in PLATFORMS | own or text.casefold() in READ - IDENTIFIERS:
                found.append(f"{path}: {text!r}")
    assert found == []


def test_what_is_read_is_found_as_it_is_spelled():
    known = {word: field for field, words in columns.FIELDS.items() for word in words.split("|")}
    assert [word for word, field in known.items() if field not in columns.find([word])] == []


@pytest.mark.parametrize("mark", ["ς", "ß", "İ"])  # letters that are others in capitals
def test_a_header_is_the_same_in_capitals(mark):
    words = [word for word in READ if mark in word]
    assert [word for word in words if not columns.find([word.upper()])] == []
