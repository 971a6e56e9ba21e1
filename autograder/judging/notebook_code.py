"""What a notebook cell means as plain Python: magics set aside, the last expression shown."""

from __future__ import annotations

import ast
import re
from types import CodeType

# Possessive (`++`) or bounded throughout: a hostile line must not make these backtrack for ever.
_MAGIC = re.compile(r"^(\s*+)(?:([\w.,\s\[\]'\"]++)=\s*+)?([%!]|\?{1,2}\s*+\w)")
_QUESTION = re.compile(r"^(\s*)[\w.\[\]]+\?{1,2}\s*$")
_RUN_THE_REST = re.compile(r"^\s*%{1,2}(?:time|timeit|capture|prun)\b[^\n]*\n?")
_ONE_LINE = re.compile(r"^(\s*)%time\s+(.*)$")
_MOST_LINES, _MOST_TEXT = 200, 5_000_000  # bounds on how often, and how much, a cell is parsed again
_LINE_STARTS = re.compile(r"^[^\s#]\w*", re.MULTILINE)
_SILENT = frozenset(("def", "class", "import", "from", "for", "while", "if", "else", "try", "except", "with"))


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
    if _ends_in_block(source):
        try:
            return compile(source, filename, "exec", dont_inherit=True), None
        except SyntaxError:
            pass  # a magic, perhaps
    tree, source = _parsed(source, filename)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), filename, "eval", dont_inherit=True)
    return compile(tree, filename, "exec", dont_inherit=True), last


def _ends_in_block(source: str) -> bool:
    """Tell cheaply that the last statement is a definition, a loop or an import, which shows nothing."""
    starts = list(_LINE_STARTS.finditer(source))
    return bool(starts) and starts[-1][0] in _SILENT and ";" not in source[starts[-1].start() :]


def _parsed(source: str, filename: str) -> tuple[ast.Module, str]:
    try:
        return ast.parse(source, filename), source
    except SyntaxError:
        plain = without_magics(source)
        return ast.parse(plain, filename), plain
