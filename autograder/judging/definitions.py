"""Where a submission defines its names, from the text alone: never from the process that runs it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.judging.notebook_code import without_magics


@dataclass(frozen=True)
class Definition:
    """The last place that binds a name: the cell's number and its first line there (1 is the first)."""

    cell: int
    line: int
    alias: str | None = None
    signature: ast.arguments | None = None


def definitions(cells: Iterable[tuple[int, str]]) -> dict[str, Definition]:
    """Return where each function, class or other name is bound last, over (number, source) in order.

    A cell that is not Python defines nothing. A name that is only another name for a function (`f = g`) is
    found where that function is.
    """
    found: dict[str, Definition] = {}
    for number, source in cells:
        try:
            tree = ast.parse(without_magics(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for name, definition in _bound(tree.body, number):
            found[name] = definition
    return {name: _followed(name, found) for name in found}


def _bound(body: list[ast.stmt], cell: int) -> Iterator[tuple[str, Definition]]:
    """Find what statements bind at the top level, also under `if`, `try`, `with` and loops."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            signature = None if isinstance(node, ast.ClassDef) else node.args
            yield node.name, Definition(cell, first, signature=signature)
        elif isinstance(node, ast.Assign):
            yield from _assigned(node, cell)
        else:
            for part in ("body", "orelse", "finalbody"):
                yield from _bound(getattr(node, part, []), cell)
            for handler in getattr(node, "handlers", []):
                yield from _bound(handler.body, cell)


def _assigned(node: ast.Assign, cell: int) -> Iterator[tuple[str, Definition]]:
    alias = node.value.id if isinstance(node.value, ast.Name) else None
    signature = node.value.args if isinstance(node.value, ast.Lambda) else None
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, Definition(cell, node.lineno, alias, signature)


def _followed(name: str, found: dict[str, Definition]) -> Definition:
    seen = {name}
    definition = found[name]
    while definition.alias in found and definition.alias not in seen:
        seen.add(definition.alias)
        definition = found[definition.alias]
    return definition
