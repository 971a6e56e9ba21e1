"""What an assignment is made of: functions with items, each item with cases, and written answers."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assignments.library.draws import Draw
from assignments.library.layout import Code, Formula, lines, literal

__all__ = ["Assignment", "Case", "Formula", "Function", "Item", "Written"]
Reference = Callable[..., Any]
MISTAKES = Path(__file__).parents[1] / "mistakes"


class Case:
    """One call in a test: what is said where it fails, after the function's name, and the arguments.

    `draw` makes other arguments of the same kind for the hidden tests of one class; without it each number is drawn
    near its place. A list is an array. `code` stands in place of the item's code.
    """

    def __init__(
        self,
        says: str,
        *args: Any,
        draw: Callable[[Draw], Sequence[Any]] | None = None,
        code: str = "",
        **options: Any,
    ) -> None:
        self.says, self.draw, self.code, self.options = says, draw, code, options
        self.args = [_array(arg) for arg in args]


def _array(arg: Any) -> Any:
    """Return a list of numbers as an array; a list of arrays stays a list."""
    numbers = isinstance(arg, list) and not any(isinstance(part, np.ndarray) for part in arg)
    return np.array(arg) if numbers else arg


@dataclass(frozen=True)
class Item:
    """A property that earns points of its own: what it looks at, and the tests that students see and do not see.

    `code` is that of one test. `{call}` in it is the call, `{message}` the message, and any other expression in braces
    may use the arguments by name and what the function's reference gives: `expected`, or the names of its dict.
    """

    name: str
    points: int
    says: str
    code: str
    shown: Sequence[Case]
    hidden: Sequence[Case] = ()
    forbidden: Sequence[str] = ()


@dataclass
class Function:
    """A function that students write: the text above it, its solution, its items, and independent expected values.

    `fits` tells whether arguments drawn for one class make a good test: away from kinks, ties and traps of rounding.
    """

    solution: Callable[..., Any]
    about: str
    items: Sequence[Item]
    reference: Reference
    fits: Callable[..., bool] | None = None

    @property
    def name(self) -> str:
        """The function's name, and that of its cell."""
        return self.solution.__name__

    @property
    def all_points(self) -> int:
        """What it is worth: the points of all items."""
        return sum(item.points for item in self.items)

    def source(self) -> str:
        """Return the solution cell: stub and docstring as students see them, the rest between nbgrader's marks."""
        text = textwrap.dedent(inspect.getsource(self.solution))
        text = text[text.index(f"def {self.name}(") :].rstrip()
        rows = text.split("\n")
        (definition,) = ast.parse(text).body
        assert isinstance(definition, ast.FunctionDef)
        head = definition.body[0].end_lineno
        marked = ["    ### BEGIN SOLUTION", *rows[head:], "    ### END SOLUTION"]
        return "\n".join([*rows[:head], *marked])

    def test(self, item: Item, draw: Draw | None) -> str:
        """Return a test cell, with the hidden numbers of the source or with others drawn for one class."""
        parts = [
            f"# {self.name}-{item.name}: {item.says}",
            f"# {item.points} point{'s'[item.points == 1 :]}.",
        ]
        parts += [self._code(item, case, None) for case in item.shown]
        if item.hidden:
            hidden = [self._code(item, case, draw) for case in item.hidden]
            parts += ["### BEGIN HIDDEN TESTS", *hidden, "### END HIDDEN TESTS"]
        return "\n".join(parts)

    def _code(self, item: Item, case: Case, draw: Draw | None) -> str:
        args, options = self._arguments(case, draw)
        names = self._names(case, args, options)
        code = textwrap.dedent(case.code or item.code).strip("\n")
        return lines(re.sub(r"\{([^{}]+)\}", lambda found: _value(found[1], names), code))

    def _arguments(self, case: Case, draw: Draw | None) -> tuple[Sequence[Any], dict[str, Any]]:
        if draw is None:
            return case.args, case.options
        for _ in range(1000):
            args = case.draw(draw) if case.draw else [draw.near(arg) for arg in case.args]
            args = [_array(arg) for arg in args]
            options = {name: draw.near(value) for name, value in case.options.items()}
            if self.fits is None or self.fits(*args, **options):
                return args, options
        raise ValueError(f"no arguments of {self.name} fit {case.says!r}")

    def _names(self, case: Case, args: Sequence[Any], options: dict[str, Any]) -> dict[str, Any]:
        """Return what the code of a test may use in braces."""
        typed = [literal(arg) for arg in args] + [
            f"{name}={literal(value)}" for name, value in options.items()
        ]
        bound = dict(zip(inspect.signature(self.solution).parameters, args, strict=False)) | options
        found = self.reference(*args, **options) if args else {}
        found = found if isinstance(found, dict) else {"expected": found}
        return {
            "np": np,
            "name": Code(self.name),
            "args": Code(", ".join(typed)),
            "call": Code(f"{self.name}({', '.join(typed)})"),
            "message": f"{self.name} {case.says}",
            **bound,
            **found,
            "given": frozenset(bound),
        }


def _value(expression: str, names: dict[str, Any]) -> str:
    """Return the literal of an expression: an argument as it is given, anything computed as a list."""
    value = eval(expression, dict(names))
    computed = isinstance(value, np.ndarray) and expression not in names["given"]
    return literal(value.tolist() if computed else value)


@dataclass(frozen=True)
class Written:
    """A question that a person grades: question, model answer and rubric, in Markdown."""

    name: str
    points: int
    question: str
    answer: str

    @property
    def all_points(self) -> int:
        """What it is worth."""
        return self.points


@dataclass
class Assignment:
    """An assignment: its texts, what its setup cell provides, its functions and questions in order, and known mistakes."""

    name: str
    title: str
    story: str
    conventions: str
    imports: str = "import numpy as np"
    provided: str = ""
    about_provided: str = ""
    parts: list[Function | Written] = field(default_factory=list)

    @cached_property
    def mistakes(self) -> dict[str, Any]:
        """For each function the mistakes that are known, by what they are called; empty where there is no table."""
        table = MISTAKES / f"{self.name}.toml"
        return tomllib.loads(table.read_text(encoding="utf-8")) if table.exists() else {}

    def function(
        self, about: str, reference: Reference, *items: Item, fits: Callable[..., bool] | None = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add the function that it decorates, which is the solution."""

        def add(solution: Callable[..., Any]) -> Callable[..., Any]:
            self.parts.append(Function(solution, about, items, reference, fits))
            return solution

        return add

    def written(self, name: str, points: int, question: str, answer: str) -> None:
        """Add a question that a person grades."""
        self.parts.append(Written(name, points, question, answer))
