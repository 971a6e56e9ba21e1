"""Tests with numbers of one class's own, drawn again until they are as good as those with the public numbers.

A drawn test is taken when every solution passes it, every known mistake loses it exactly where it loses the public one,
and nothing that tells something in hidden public tests stands in it.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from functools import cache
from types import CodeType
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode

from assignments.library.draws import Draw
from assignments.library.model import Function, Item
from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.mistakes.probes import cells_of

TRIES = 200
ENOUGH = 10  # what so many draws all hold does not depend on what is drawn: 1/k, the slope 1/6
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS", re.DOTALL)
_ROW = re.compile(r"\[([-\d.e, ]+)\]")
_FRACTION = re.compile(r"-?\d+\.\d*[1-9][\de-]*")
_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?:e-?\d+)?(?![\w.])")


def hidden_numbers(made: NotebookNode) -> set[str]:
    """Return the numbers and rows that tell something and stand in hidden tests alone."""
    shown = "\n".join(_HIDDEN.sub("", cell.source) for cell in made.cells)
    return telling("\n".join(cell.source for cell in made.cells)) - telling(shown)


def telling(code: str) -> set[str]:
    """Return the numbers of three digits or more in code, and the rows of three different fractions or more."""
    text = " ".join(code.split())
    numbers = {number for number in _NUMBER.findall(text) if len(number.replace(".", "").strip("0")) >= 3}
    return numbers | {row.strip(" ,") for row in _ROW.findall(text) if len(set(_FRACTION.findall(row))) >= 3}


class Own:
    """The tests of one class: drawn from a seed, and tried on all that is known of the public notebook."""

    def __init__(self, draw: Draw, public: NotebookNode) -> None:
        self._draw, self._trial, self._public = draw, Trial(public), hidden_numbers(public)
        draw.avoided = frozenset(float(number) for number in self._public if "," not in number)

    def test(self, function: Function, item: Item) -> str:
        """Return a test cell with other hidden numbers that sees what the public one sees."""
        public = function.test(item, None)
        if not item.hidden:
            return public
        always = self._public
        for turn in range(TRIES):
            made = function.test(item, self._draw)
            known = telling(made) & self._public
            always = always & known
            is_new = not known or (turn >= ENOUGH and known == always)
            if is_new and self._trial.agree(made, public):
                return made
        raise ValueError(f"no numbers drawn for {function.name}-{item.name} are as good as the public ones")


class Trial:
    """The solutions and known mistakes of an assignment, to try tests on."""

    def __init__(self, public: NotebookNode) -> None:
        assignment = parse_assignment("public", nbformat.writes(public).encode())
        self._namespace: dict[str, Any] = {"__name__": "__main__"}
        self._verdicts: dict[str, dict[int, bool]] = {}
        self._told_apart: Counter[tuple[str, int]] = Counter()
        for cell in assignment.cells:
            if cell.cell_type == "code" and cell.role in ("readonly", "solution"):
                exec(cell.source, self._namespace)
        self._uses = {name: _names(_source(assignment, name)) for name in assignment.functions}
        self._mistaken = {name: self._made(assignment, name) for name in assignment.functions}

    def _made(self, assignment: Assignment, function: str) -> list[Any]:
        """Return a function's known mistakes, as functions."""
        cells = cells_of(assignment, function)
        for _, code in cells:
            exec(code, self._namespace)
        return [self._namespace[f"mistake_{number}"] for number in range(len(cells))]

    def agree(self, made: str, public: str) -> bool:
        """Tell whether the solutions pass both tests, and every known mistake loses both or neither."""
        found = self._verdicts.setdefault(public, {})
        mistaken = [
            ("", None),
            *((name, one) for name in self._reached(public) for one in self._mistaken[name]),
        ]
        for place in sorted(range(len(mistaken)), key=lambda place: -self._told_apart[public, place]):
            if place not in found:
                found[place] = self._passes(public, *mistaken[place])
            if self._passes(made, *mistaken[place]) != found[place] or not found.get(0, True):
                self._told_apart[public, place] += 1  # what tells apart once is asked first from then on
                return False
        return True

    def _reached(self, test: str) -> list[str]:
        """Return the functions that a test calls, and those that these call."""
        found: set[str] = set()
        waiting = _names(test) & self._uses.keys()
        while waiting:
            found |= waiting
            waiting = set.union(*(self._uses[name] & self._uses.keys() for name in waiting)) - found
        return sorted(found)

    def _passes(self, test: str, function: str = "", mistaken: Any = None) -> bool:
        namespace = self._namespace
        right = namespace.get(function)
        if mistaken is not None:
            namespace[function] = mistaken
        try:
            np.random.seed(0)  # noqa: NPY002  some mistakes draw from it
            with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
                exec(_compiled(test), dict(namespace))
        except Exception:
            return False
        finally:
            if mistaken is not None:
                namespace[function] = right
        return True


@cache
def _compiled(test: str) -> CodeType:
    return compile(test, "<a test>", "exec")


def _source(assignment: Assignment, function: str) -> str:
    return assignment.by_id[assignment.functions[function]].source


def _names(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
