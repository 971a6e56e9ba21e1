"""The student's functions as a test sees them: real functions that call into the worker."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograder.judging.definitions import Definition
from autograder.judging.objects import STUDENT_NAME

Call = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]


def remember_source(cell: int, source: str) -> str:
    """Make a student cell's text findable for `inspect.getsource`; return the file name that it goes by."""
    filename = f"<submission {cell}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return filename


def student_function(
    name: str, call: Call, definition: Definition | None, filename: str
) -> Callable[..., Any]:
    """Return a function that calls the student's of that name.

    Its code claims to stand where the student's definition does, so that `inspect.getsource` gives the
    student's text, and `inspect.signature` gives their parameters.
    """

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        return call(name, args, kwargs)

    line = definition.line if definition else 1
    code = stand_in.__code__.replace(co_filename=filename, co_firstlineno=line, co_name=name)
    function = FunctionType(code, {"__name__": "student"}, name, None, stand_in.__closure__)
    function.__module__ = "student"
    setattr(function, STUDENT_NAME, name)
    if definition is not None and definition.signature is not None:
        signature = _signature(definition.signature)
        if signature is not None:
            function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _signature(arguments: ast.arguments) -> inspect.Signature | None:
    """Return the parameters as `inspect` has them; a default that is not a plain constant shows as `...`."""
    kinds = inspect.Parameter
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + [
        _default(item) for item in arguments.defaults
    ]
    parameters = []
    for number, (item, default) in enumerate(zip(positional, defaults, strict=True)):
        kind = kinds.POSITIONAL_ONLY if number < len(arguments.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD
        parameters.append(kinds(item.arg, kind, default=default[0] if default else kinds.empty))
    if arguments.vararg:
        parameters.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    for item, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        value = _default(node)[0] if node is not None else kinds.empty
        parameters.append(kinds(item.arg, kinds.KEYWORD_ONLY, default=value))
    if arguments.kwarg:
        parameters.append(kinds(arguments.kwarg.arg, kinds.VAR_KEYWORD))
    try:
        return inspect.Signature(parameters)
    except ValueError:
        return None


def _default(node: ast.expr) -> tuple[Any]:
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return (...,)
