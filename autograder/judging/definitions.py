"""Where a submission defines its names, from the text alone: never from the process that runs it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from autograder.judging.notebook_code import without_magics

_LONGEST = 200_000


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
        found |= _found_at(number, source)
    return {name: _followed(name, found) for name in found}


@lru_cache(maxsize=200)
def _found_at(number: int, source: str) -> dict[str, Definition]:
    return {name: replace(definition, cell=number) for name, definition in _found_in(source)}


@lru_cache(maxsize=200)
def _found_in(source: str) -> tuple[tuple[str, Definition], ...]:
    """Return what one cell defines; nothing when it is not Python or too large to be a person's."""
    if len(source) > _LONGEST:
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return tuple(_bound(ast.parse(without_magics(source)).body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _bound(body: list[ast.stmt]) -> Iterator[tuple[str, Definition]]:
    """Find what statements bind at the top level, also under `if`, `try`, `with` and loops."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
            signature = None if isinstance(node, ast.ClassDef) else node.args
            yield node.name, Definition(0, first, signature=signature)
        elif isinstance(node, ast.Assign):
            yield from _assigned(node)
        else:
            for part in ("body", "orelse", "finalbody"):
                yield from _bound(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from _bound(handler.body)


def _assigned(node: ast.Assign) -> Iterator[tuple[str, Definition]]:
    alias = node.value.id if isinstance(node.value, ast.Name) else None
    signature = node.value.args if isinstance(node.value, ast.Lambda) else None
    for target in node.targets:
        if isinstance(target, ast.Name):
            yield target.id, Definition(0, node.lineno, alias, signature)


def _followed(name: str, found: dict[str, Definition]) -> Definition:
    seen = {name}
    definition = found[name]
    while definition.alias in found and definition.alias not in seen:
        seen.add(definition.alias)
        definition = found[definition.alias]
    return definition
