"""The mutants of a solution: the function with one small fault, once each."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.mutation.faults import faults
from tests.mutation.faults.operators import COMMUTATIVE, OPPOSITE
from tests.support import answers


@dataclass(frozen=True)
class Mutant:
    """A function with one fault. `was` and `now` are the lines that differ, as `ast.unparse` writes them; with
    `assignment` and `function` they name the mutant, wherever its line stands."""

    assignment: str
    function: str
    was: str
    now: str
    code: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the list of survivors knows the mutant by."""
        return self.assignment, self.function, self.was, self.now


@cache
def assignments() -> list[str]:
    """Return every assignment of the course's own, in order."""
    return answers.assignments()


@cache
def of(assignment: str) -> tuple[Mutant, ...]:
    """Return the mutants of every function of an assignment, in the notebook's order."""
    solutions = answers.reference(assignment).items()
    return tuple(mutant for function, code in solutions for mutant in _numbered(assignment, function, code))


def _numbered(assignment: str, function: str, code: str) -> Iterator[Mutant]:
    """Tell apart mutants whose lines are the same because the same line stands in the function twice."""
    seen: Counter[tuple[str, str]] = Counter()
    for mutated in variants(code):
        was, now = difference(normal(code), mutated)
        seen[was, now] += 1
        mark = "" if seen[was, now] == 1 else f"  # place {seen[was, now]}"
        yield Mutant(assignment, function, was, now + mark, mutated)


def variants(code: str) -> Iterator[str]:
    """Yield every mutant of the code, in normal form, each once."""
    seen = {_canonical(code)}
    tree = ast.parse(code)
    for place in list(_places(tree)):
        for fault in faults(place.node):
            place.put(ast.fix_missing_locations(fault))
            text = ast.unparse(tree)
            if (form := _canonical(text)) not in seen:
                seen.add(form)
                yield normal(text)
        place.put(place.node)


def normal(code: str) -> str:
    """Return the code without comments, laid out as `ast.unparse` does it, with signs and negations made plain."""
    return ast.unparse(_Plain().visit(ast.parse(code)))


def _canonical(code: str) -> str:
    """Return a form in which codes that are the same by the rules of the language are the same text."""
    return ast.unparse(_Ordered().visit(ast.parse(normal(code))))


class _Plain(ast.NodeTransformer):
    """Makes `-(1)` a number, `--x` plain `x`, and `not a < b` a comparison."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if (
            isinstance(node.op, ast.USub)
            and isinstance(inner, ast.Constant)
            and isinstance(inner.value, int | float)
        ):
            return ast.Constant(-inner.value)
        if isinstance(inner, ast.UnaryOp) and type(inner.op) is type(node.op):
            return inner.operand
        if isinstance(node.op, ast.Not) and isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            return ast.Compare(inner.left, [OPPOSITE[type(inner.ops[0])]()], inner.comparators)
        return node


class _Ordered(ast.NodeTransformer):
    """Sorts the arguments of functions that do not mind their order."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) in COMMUTATIVE:
            node.args.sort(key=ast.unparse)
        return node


def difference(before: str, after: str) -> tuple[str, str]:
    """Return the lines between the first and the last that differ, of the one code and of the other."""
    one, two = before.split("\n"), after.split("\n")
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return textwrap.dedent("\n".join(one)), textwrap.dedent("\n".join(two))


@dataclass(frozen=True)
class _Place:
    """Where a node hangs in the tree."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _places(tree: ast.AST) -> Iterator[_Place]:
    """Yield every node with its place."""
    for field, value in ast.iter_fields(tree):
        if isinstance(value, ast.AST):
            yield from _with_inner(_Place(tree, field, None, value))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _with_inner(_Place(tree, field, index, item))


def _with_inner(place: _Place) -> Iterator[_Place]:
    """Yield a place and those inside it; docstrings and messages are for people and stay as they are."""
    node = place.node
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if not docstring and not isinstance(node, ast.JoinedStr):
        yield place
        if not isinstance(node, ast.Raise):
            yield from _places(node)
