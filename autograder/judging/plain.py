"""Which cells do nothing but define functions: known from the text alone, whatever any process says.

Such a cell shows nothing and cannot fail, so nothing of a test can come to light through it. And functions
beside which nothing is defined that could change keep no memory of their calls, as people write them. A cell
that was left as it was given does one thing more: it raises an error, which is known from the text, too.
"""

from __future__ import annotations

import ast
import builtins
import math
import warnings
from collections.abc import Iterable
from functools import lru_cache
from types import ModuleType

import numpy as np

from autograder.judging.errors import text_of
from autograder.judging.outcome import ErrorText

_LONGEST = 20_000
_MODULES: dict[str, ModuleType] = {"numpy": np, "math": math}
_NOTHING_ELSE = frozenset(("matplotlib.pyplot", *_MODULES))


@lru_cache(maxsize=2000)
def is_plain(source: str) -> bool:
    """Say whether a cell does nothing but bind names to functions, modules and constants."""
    tree = _parsed(source)
    return tree is not None and _is_silent(tree) and all(map(_is_plain, tree.body))


@lru_cache(maxsize=2000)
def _parsed(source: str) -> ast.Module | None:
    if len(source) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings(action="error"):  # a warning would be shown
            tree = ast.parse(source)
            compile(tree, "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, Warning, ValueError, RecursionError, MemoryError):
        return None
    return tree


def _is_silent(tree: ast.Module) -> bool:
    return not tree.body or not isinstance(tree.body[-1], ast.Expr)


@lru_cache(maxsize=2000)
def raised(source: str, filename: str) -> ErrorText | None:
    """The error in which a cell ends that is plain but for a last line `raise Error("text")`; else None."""
    tree = _parsed(source)
    if tree is None or not tree.body or not all(map(_is_plain, tree.body[:-1])):
        return None
    last = tree.body[-1]
    if not isinstance(last, ast.Raise) or last.cause or last.lineno != last.end_lineno:
        return None
    match last.exc:
        case ast.Call(func=ast.Name(id="NotImplementedError"), args=[ast.Constant(str(text))], keywords=[]):
            line = source.split("\n")[last.lineno - 1]
            where = f'  File "{filename}", line {last.lineno}, in <module>\n    {line.strip()}\n'
            end = f"NotImplementedError: {text}\n"
            if (
                line.strip() == ast.get_source_segment(source, last)
                and text.isprintable()
                and 0 < len(text) < 1000
            ):
                trace = f"Traceback (most recent call last):\n{where}{end}"
                return text_of(("NotImplementedError",), text, trace, "student")
    return None


def _is_plain(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef):
        return not node.decorator_list and _is_plain_function(node.args, node.returns) and _forgets(node)
    if isinstance(node, ast.Import):
        return all(alias.name in _NOTHING_ELSE for alias in node.names)
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


def _forgets(function: ast.FunctionDef) -> bool:
    """Whether no call of the function can leave anything behind, as far as its statements tell."""
    local = _local_names(function)
    for node in ast.walk(function):
        if isinstance(node, (ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.ClassDef)):
            return False
        stored = isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load)
        if stored and not _root(node) <= local:
            return False
    return True


def _local_names(function: ast.FunctionDef) -> set[str]:
    stored = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}


def _root(node: ast.AST) -> set[str]:
    """The name at the beginning of `a.b[c]`; something impossible when there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else {""}


def are_known(sources: Iterable[str]) -> bool:
    """Say whether all of these cells are plain, or raise an error that is known beforehand."""
    return all(is_plain(source) or raised(source, "") for source in sources)
