"""A table of the visible tests' calls, as a student who memorises would write it."""

from __future__ import annotations

import ast
from collections.abc import Iterable

LOOK_UP = """
def hostile(name, *args, **kwargs):
    for known, inputs, expected in TABLE:
        if known == name and all(np.array_equal(a, b) for a, b in zip(inputs, args)):
            return np.array(expected, dtype=float)
    return np.full(np.shape(args[0]), 7.25)

"""


def table_of_visible_calls(sources: Iterable[str]) -> str:
    """Return code that defines TABLE, the (function, arguments, expected value) of every visible check."""
    rows = [row for source in sources for row in _rows(ast.parse(source))]
    return "import numpy as np\n\nTABLE = [\n" + "".join(f"    {row},\n" for row in rows) + "]\n" + LOOK_UP


def _rows(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "check_close"
            and len(node.args) > 2
        ):
            call, expected = node.args[:2]
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and _is_plain(call, expected):
                inputs = ", ".join(ast.unparse(argument) for argument in call.args)
                yield f"({call.func.id!r}, ({inputs},), {ast.unparse(expected)})"


def _is_plain(call: ast.Call, expected: ast.expr) -> bool:
    names = {
        node.id for part in (*call.args, expected) for node in ast.walk(part) if isinstance(node, ast.Name)
    }
    return names <= {"np"}
