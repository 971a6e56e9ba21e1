"""The text of a cell: made Python and compiled, where it defines its names, and whether it is silent.

That is said from the text alone, never by the process that runs it. A *silent* cell binds names to functions,
modules and constants, or is still the stub that was given: running it shows nothing but, for a stub, an error known
beforehand. So it need not be rehearsed. What its functions do when they are called does not matter here: after the
first call of a test nothing that the process says is ever shown, whatever a function left behind for it to say.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import math
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial, wraps
from types import CodeType, ModuleType
from typing import NamedTuple, TypeVar

import numpy as np

from autograder.judging.outcome import ErrorText, text_of

# Possessive (`++`) or bounded throughout: a hostile line must not make these backtrack for ever.
_MAGIC = re.compile(r"^(\s*+)(?:([\w.,\s\[\]'\"]++)=\s*+)?([%!]|\?{1,2}\s*+\w)")
_QUESTION = re.compile(r"^(\s*)[\w.\[\]]+\?{1,2}\s*$")
_RUN_THE_REST = re.compile(r"^\s*%{1,2}(?:time|timeit|capture|prun)\b[^\n]*\n?")
_ONE_LINE = re.compile(r"^(\s*)%time\s+(.*)$")
_MOST_LINES, _MOST_TEXT = 200, 5_000_000  # bounds on how often, and how much, a cell is parsed again
_LONGEST = 200_000
_LONGEST_REMEMBERED = 4_000
_LONGEST_SILENT = 20_000
_MODULES: dict[str, ModuleType] = {"numpy": np, "math": math}
_IMPORTED = frozenset(("matplotlib.pyplot", *_MODULES))
Read = TypeVar("Read")


def without_magics(source: str) -> str:
    """Return the cell with `%magics`, `!commands` and `name?` lines neutralised; line numbers stay.

    Only lines at which Python stumbles are touched, so that text that merely looks like a magic is left
    alone. `%%time` and its kind keep the code below them; any other `%%` cell is not Python and becomes
    empty.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if source.lstrip().startswith("%%"):
        if not _RUN_THE_REST.match(source):
            return ""
        source = _RUN_THE_REST.sub("\n", source, count=1)
    lines = source.split("\n")
    for _ in range(min(len(lines), _MOST_LINES, 1 + _MOST_TEXT // (len(source) + 1))):
        number = _stumbles_at("\n".join(lines))
        if number is None or not 1 <= number <= len(lines):
            break
        plain = _neutral(lines[number - 1])
        if plain is None:
            break
        lines[number - 1] = plain
    return "\n".join(lines)


def _stumbles_at(source: str) -> int | None:
    if "%" not in source and "!" not in source and "?" not in source:
        return None
    try:
        ast.parse(source)
    except SyntaxError as error:
        return error.lineno
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _neutral(line: str) -> str | None:
    """Return what a magic line becomes, or None when it is none."""
    timed = _ONE_LINE.match(line)
    if timed:
        return timed[1] + timed[2]
    magic = _MAGIC.match(line)
    if magic:
        return f"{magic[1]}{magic[2].strip()} = None" if magic[2] else f"{magic[1]}pass"
    question = _QUESTION.match(line)
    return f"{question[1]}pass" if question else None


def compile_cell(source: str, filename: str) -> tuple[CodeType, CodeType | None]:
    """Return the code of a cell's statements and that of its last expression (None when nothing is shown).

    SyntaxError, ValueError or RecursionError as from `compile`.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    lines = (line for line in reversed(source.split("\n")) if line and not line.startswith((" ", "\t", "#")))
    if next(lines, "").startswith("def "):  # no tree is needed to tell that nothing is shown
        with suppress(SyntaxError):
            return compile(source, filename, "exec", dont_inherit=True), None
    tree, source = _tree_of(source, filename)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), filename, "eval", dont_inherit=True)
    return compile(tree, filename, "exec", dont_inherit=True), last


def _tree_of(source: str, filename: str) -> tuple[ast.Module, str]:
    try:
        return ast.parse(source, filename), source
    except SyntaxError:
        plain = without_magics(source)
        return ast.parse(plain, filename), plain


def show_lines(source: str, filename: str) -> None:
    """Let tracebacks and `inspect` find the lines of a cell."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def _remembered(read: Callable[[str], Read], most: int = 300) -> Callable[[str], Read]:
    """Remember what was read in cells that are no longer than a person's: a hostile class leaves little behind."""
    known = lru_cache(maxsize=most)(read)

    @wraps(read)
    def reading(source: str) -> Read:
        return known(source) if len(source) <= _LONGEST_REMEMBERED else read(source)

    return reading


def parsed(source: str, longest: int = _LONGEST) -> ast.Module:
    """A cell's syntax tree, not to be changed; an empty one where it is not Python, or too large to be a person's."""
    return _tree(source if len(source) <= longest else "")


@partial(_remembered, most=60)
def _tree(source: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def statements(source: str) -> Iterator[ast.stmt]:
    """The statements at a cell's top level, those under `if`, `try`, `with` and loops too."""
    waiting: list[ast.stmt] = parsed(source).body[::-1]
    while waiting:
        yield (node := waiting.pop())
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            parts = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
            parts += [handler.body for handler in getattr(node, "handlers", [])]
            waiting += [item for part in parts for item in part][::-1]


@dataclass(frozen=True)
class Definition:
    """The last place that binds a name: the cell's number and its first line there (1 is the first)."""

    cell: int
    line: int
    alias: str | None = None
    signature: ast.arguments | None = field(default=None, compare=False)


def definitions(cells: Iterable[tuple[int, str]]) -> dict[str, Definition]:
    """Return where each function, class or other name is bound last, over (number, source) in order.

    A cell that is not Python defines nothing. A name that is only another name for a function (`f = g`) is
    found where that function is.
    """
    found: dict[str, Definition] = {}
    for number, source in cells:
        found |= {name: replace(place, cell=number) for name, place in _found_in(source)}
    return {name: _followed(name, found) for name in found}


@_remembered
def _found_in(source: str) -> tuple[tuple[str, Definition], ...]:
    """Return what one cell defines."""
    return tuple(found for node in statements(source) for found in _bound(node))


def _bound(node: ast.stmt) -> Iterator[tuple[str, Definition]]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
        signature = None if isinstance(node, ast.ClassDef) else node.args
        yield node.name, Definition(0, first, signature=signature)
    elif isinstance(node, ast.Assign):
        yield from _assigned(node)


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


def are_silent(sources: Iterable[str]) -> bool:
    """Say whether all of these cells are silent, or raise an error that is known beforehand."""
    return all(is_silent(source) or raised(source, "") for source in sources)


def is_silent(source: str) -> bool:
    """Say whether a cell does nothing but bind names to functions, modules and constants."""
    return _silence(source) is True


def raised(source: str, filename: str) -> ErrorText | None:
    """The error in which a cell ends that only binds names but for a last line `raise Error("text")`; else None."""
    stub = _silence(source)
    if not isinstance(stub, _Stub):
        return None
    where = f'  File "{filename}", line {stub.number}, in <module>\n    {stub.line}\n'
    trace = f"Traceback (most recent call last):\n{where}NotImplementedError: {stub.text}\n"
    return text_of(("NotImplementedError",), stub.text, trace, "student")


class _Stub(NamedTuple):
    """The last line of a cell that was not answered: its number, itself, and the text of its error."""

    number: int
    line: str
    text: str


@_remembered
def _silence(source: str) -> bool | _Stub:
    """Say whether a cell is silent; of one that is but for a stub at its end, return the stub."""
    tree = _strictly_parsed(source)
    if tree is None or not all(map(_only_binds, tree.body[:-1])):
        return False
    last = tree.body[-1] if tree.body else ast.Pass()
    if _only_binds(last):
        return not isinstance(last, ast.Expr)
    return _stub_in(source, last) or False


def _strictly_parsed(source: str) -> ast.Module | None:
    if len(source) > _LONGEST_SILENT:
        return None
    try:
        with warnings.catch_warnings(action="error"):  # a warning would be shown
            tree = ast.parse(source)
            compile(tree, "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, Warning, ValueError, RecursionError, MemoryError):
        return None
    return tree


def _stub_in(source: str, last: ast.stmt) -> _Stub | None:
    if not isinstance(last, ast.Raise) or last.cause or last.lineno != last.end_lineno:
        return None
    match last.exc:
        case ast.Call(func=ast.Name(id="NotImplementedError"), args=[ast.Constant(str(text))], keywords=[]):
            line = source.split("\n")[last.lineno - 1].strip()
            whole = line == ast.get_source_segment(source, last)
            if whole and text.isprintable() and 0 < len(text) < 1000:
                return _Stub(last.lineno, line, text)
    return None


def _only_binds(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef):
        return not node.decorator_list and _is_plain_function(node.args, node.returns)
    if isinstance(node, ast.Import):
        return all(alias.name in _IMPORTED for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        offered = vars(_MODULES.get(node.module or "", builtins))
        return node.module in _MODULES and not node.level and all(a.name in offered for a in node.names)
    if isinstance(node, ast.Assign):
        return all(isinstance(item, ast.Name) for item in node.targets) and _is_plain_value(node.value)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_plain_value(node: ast.expr) -> bool:
    if isinstance(node, ast.Lambda):
        return _is_plain_function(node.args, None)
    return _is_constant(node)


def _is_constant(node: ast.expr) -> bool:
    """A number, a text, None, a tuple of these: nothing that could be changed."""
    if isinstance(node, ast.UnaryOp):
        number = isinstance(node.operand, ast.Constant) and isinstance(node.operand.value, (int, float))
        return number and isinstance(node.op, (ast.USub, ast.UAdd))
    if isinstance(node, ast.Tuple):
        return all(map(_is_constant, node.elts))
    return isinstance(node, ast.Constant)


def _is_plain_function(arguments: ast.arguments, returns: ast.expr | None) -> bool:
    """Whether defining the function computes nothing: constant defaults, annotations of Python's own."""
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [item for item in (arguments.vararg, arguments.kwarg) if item]
    annotations = [item.annotation for item in every if item.annotation] + ([returns] if returns else [])
    defaults = [*arguments.defaults, *(item for item in arguments.kw_defaults if item)]
    return all(map(_is_constant, defaults)) and all(map(_is_plain_annotation, annotations))


def _is_plain_annotation(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and hasattr(builtins, node.id))
