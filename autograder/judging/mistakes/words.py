"""Calls, values, exceptions and cells that did not run, as a student would read of them: short, whatever they hold."""

from __future__ import annotations

import ast
import difflib
import linecache
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging.assignment import Assignment, top_level_names
from autograder.judging.cell_code import parsed
from autograder.judging.limits import weight
from autograder.judging.outcome import ErrorText, Outcome, clean

LONGEST = 400
_SMALL = 12
_MOST_DIMENSIONS = 4
_MOST_ITEMS = 200_000


def is_huge(value: Any) -> bool:
    """Whether a value has too many parts to look at, each counted as often as it is reached."""
    items, size = weight(value)
    return items > _MOST_ITEMS or size > 8 * _MOST_ITEMS


def call_text(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The call as a student would type it in a notebook."""
    parts = [_typed(arg) for arg in args] + [f"{key}={_typed(value)}" for key, value in kwargs.items()]
    return _cut(f"{name}({', '.join(parts)})", 2 * LONGEST)


def _typed(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _typed_array(value)
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.random.Generator):
        return "np.random.default_rng()"
    if isinstance(value, tuple):
        return f"({', '.join(_typed(v) for v in value)}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(_typed(v) for v in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_typed(v)}" for k, v in value.items()) + "}"
    return _function_text(value) if callable(value) else repr(value)


def _typed_array(array: Any) -> str:
    if array.size == 0:
        return f"np.empty({array.shape})"
    return f"np.array({array.tolist()})" if array.size <= 4 * _SMALL else f"<an array of shape {array.shape}>"


def _function_text(function: Callable[..., Any]) -> str:
    """A function of a visible test as it stands there."""
    name: str = getattr(function, "__name__", "<a function>")
    code = getattr(function, "__code__", None)
    if isinstance(function, np.ufunc):
        return f"np.{name}"
    if code is None or name != "<lambda>":
        return name
    for node in ast.walk(parsed("".join(linecache.getlines(code.co_filename)))):
        if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno:
            made = compile(ast.Expression(node), "", "eval").co_consts
            if any(getattr(other, "co_code", None) == code.co_code for other in made):
                return ast.unparse(node)
    return "<a function>"


def value_text(value: Any) -> str:
    """What a function returned, short."""
    if is_huge(value):
        return f"<a very large {type(value).__name__}>"
    if isinstance(value, tuple):
        return _cut(f"({', '.join(map(value_text, value))})")
    if isinstance(value, np.ndarray):
        return _array_text(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if callable(value):
        return "<a function>"
    if isinstance(value, int) and value.bit_length() > 1000:
        return "<a very large integer>"
    return _cut(clean(repr(value)))


def _array_text(array: Any) -> str:
    if array.ndim > _MOST_DIMENSIONS:  # NumPy would spell out most of it
        return f"<an array of shape {array.shape}>"
    text = np.array2string(array, precision=6, separator=", ", threshold=2 * _SMALL, edgeitems=3)
    kind = "" if array.dtype == np.float64 else f", dtype={array.dtype}"
    return _cut(f"array({text}{kind})")


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"


_SCALAR = "A function for one number (from `math`, or `float`) is given a whole array: use NumPy's."
_IN_PLACE = (
    "An operation in place (`-=`, `*=`, `/=`) would write fractions into an array of integers: make a new "
    "array instead."
)
_AT_ONCE = (
    "`if`, `and`, `or`, `max` or `min` is asked about a whole array at once. They take one number: use np.where, "
    "np.maximum or a mask for arrays."
)
_AXIS = "An `axis` is asked for that the array does not have: it may have fewer dimensions than you expect."
_NO_NUMBER = "NumPy is given something that is not a number (such as a text, a list of lists, None)."
# What an exception of Python's or NumPy's says, in words: its name, a part of its text, the words.
_EXCEPTIONS = (
    ("NotImplementedError", "", "It is not written yet."),
    ("ValueError", "truth value of an", _AT_ONCE),  # array, or empty array
    ("TypeError", "can be converted to Python scalars", _SCALAR),
    ("TypeError", "only length-1 arrays", _SCALAR),
    ("UFuncTypeError", "Cannot cast ufunc", _IN_PLACE),
    ("_UFuncOutputCastingError", "Cannot cast ufunc", _IN_PLACE),
    ("OverflowError", "math range error", "`math.exp` fails where NumPy's would give infinity or 0."),
    ("AxisError", "out of bounds", _AXIS),
    ("IndexError", "too many indices", "The array has fewer dimensions than the indices expect."),
    ("IndexError", "boolean index did not match", "A mask is used on an array of another shape."),
    ("ValueError", "could not be broadcast", "Arrays of shapes that do not fit are combined."),
    ("ValueError", "matmul", "The shapes on the two sides of `@` do not fit."),
    ("ValueError", "not aligned", "The shapes in `np.dot` do not fit."),
    ("ModuleNotFoundError", "", "That module is not there: only NumPy and the standard library are."),
    ("RecursionError", "", "The function calls itself without an end."),
    ("TypeError", "required positional argument", "A call leaves out an argument."),
    ("TypeError", "unexpected keyword argument", "An argument has another name than the assignment says."),
    ("TypeError", "positional argument", "The function takes another number of arguments than it is given."),
    ("TypeError", "NoneType", "Something is None: is a `return` missing in a function that it calls?"),
    ("TypeError", "ufunc", _NO_NUMBER),
    (
        "UnboundLocalError",
        "",
        "A variable is used before it has a value: look at the paths through the code.",
    ),
    ("NameError", "", "Is the name misspelt, or defined in another cell?"),
    ("MemoryError", "", "It needs more memory than there is."),
)
_REMOVED = ("float", "int", "bool", "object", "float_", "infty", "product", "math")


def exception_words(error: ErrorText) -> str:
    """What an exception of the student's code means; empty where its own text says as much."""
    if error.name == "AttributeError" and "module 'numpy' has no attribute" in error.message:
        name = error.message.partition("attribute '")[2].partition("'")[0]
        return f"There is no `np.{name}` any more." if name in _REMOVED else f"There is no `np.{name}`."
    if error.name == "AttributeError" and "'NoneType'" in error.message:
        return "Something is None: is a `return` missing in a function that it calls?"
    for name, part, words in _EXCEPTIONS:
        if error.name == name and part in error.message:
            return words
    return ""


_LINE, _OWN_LINE = re.compile(r"line (\d+)"), re.compile(r'File "<[^"]*>", line (\d+)')
_LONGEST = 200


def trouble(
    assignment: Assignment, function: str, outcomes: Sequence[Outcome], failed: Sequence[Outcome]
) -> str:
    """Why there is no function to test, in a sentence; empty if there is one."""
    answer = assignment.functions.get(function)
    own = [outcome for outcome in outcomes if outcome.cell.kind == "student"]
    cell = next((o for o in own if o.cell.id == answer), None) or _defining(function, own)
    if all(_not_written(outcome) for outcome in failed):
        return "It is not written yet."
    if not all(_is_missing(function, outcome) for outcome in failed):
        return ""
    if cell is not None and cell.error is not None:
        if cell.error.name == "NotImplementedError":
            return "It is not written yet."
        return f"`{function}` is not defined: its cell {_stopped(cell)}"
    if other := _other_name(function, own, assignment):
        return f"`{function}` is not defined: you named it `{other}`."
    return f"`{function}` is not defined: no cell of yours defines a function of that name."


def _not_written(outcome: Outcome) -> bool:
    return outcome.error is not None and (outcome.error.name, outcome.error.origin) == (
        "NotImplementedError",
        "student",
    )


def _is_missing(function: str, outcome: Outcome) -> bool:
    error = outcome.error
    return error is not None and error.name == "NameError" and f"'{function}'" in error.message


def _defining(function: str, own: Sequence[Outcome]) -> Outcome | None:
    return next((o for o in reversed(own) if function in top_level_names(o.cell.source)), None)


def _stopped(cell: Outcome) -> str:
    """How a cell ended, as the rest of a sentence."""
    error = cell.error
    assert error is not None
    if "\n<<<<<<< " in f"\n{cell.cell.source}":
        return "holds the marks of a merge (<<<<<<<, =======, >>>>>>>). Keep one version, and delete them."
    if error.origin == "limit":
        return "did not come to an end." if error.name == "TimeLimit" else "ended Python."
    if error.name in ("SyntaxError", "IndentationError", "TabError"):
        return f"is not Python{_at_line(error)}: {error.message.partition(' (')[0]}."
    words = "" if error.name == "ModuleNotFoundError" else exception_words(error)
    message = error.message.strip().split("\n")[0][:_LONGEST]
    return f"stopped{_at_line(error)} with {error.name}{f': {message}' if message else ''}. {words}".strip()


def _at_line(error: ErrorText) -> str:
    lines = _LINE.findall(error.message)[-1:] or _OWN_LINE.findall(error.traceback)
    return f" in line {lines[0]}" if lines else ""


def _other_name(function: str, own: Sequence[Outcome], assignment: Assignment) -> str:
    """A name of the student's that looks like the function's, or stands alone in its cell."""
    plain = {_plain(name): name for o in own for name in sorted(top_level_names(o.cell.source))}
    plain = {key: name for key, name in plain.items() if name not in assignment.functions}
    close = difflib.get_close_matches(_plain(function), plain, n=1, cutoff=0.75)
    if close:
        return plain[close[0]]
    answer = next((o for o in own if o.cell.id == assignment.functions.get(function)), None)
    names = sorted(re.findall(r"^def +(\w+)", answer.cell.source, re.MULTILINE)) if answer else []
    names = [name for name in names if name not in assignment.functions]
    return names[0] if len(names) == 1 else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
