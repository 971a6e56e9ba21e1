"""Small faults in an expression: for a node of the syntax tree, the nodes that might stand there by mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tests.mutation.faults.names import OTHER_NAMES
from tests.mutation.faults.operators import BINARY, COMPARISONS, ONE_SIDED

SMALL_CHANGE, COARSE_CHANGE = 1e-6, 1e-3  # of a number in a formula; of a threshold, and of 0


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    for other in BINARY.get(type(node.op), []):
        if other is not ast.MatMult or not _has_constant(node):
            yield ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, ONE_SIDED):
        yield ast.BinOp(node.right, node.op, node.left)
    yield node.left
    yield node.right
    for left in _about(node.left):
        yield ast.BinOp(left, node.op, node.right)
    for right in _about(node.right):
        yield ast.BinOp(node.left, node.op, right)


def _about(node: ast.expr, change: float = SMALL_CHANGE) -> Iterator[ast.expr]:
    """Yield a little more and a little less than a whole number that is calculated with."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield from map(ast.Constant, _near(node.value, change))


def _near(value: float, change: float = SMALL_CHANGE) -> tuple[float, float]:
    step = abs(value) * change or COARSE_CHANGE
    return value + step, value - step


def _has_constant(node: ast.BinOp) -> bool:
    return isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant)


def _unary(node: ast.UnaryOp) -> Iterator[ast.expr]:
    yield node.operand


def _comparison(node: ast.Compare) -> Iterator[ast.expr]:
    sides = [node.left, *node.comparators]
    for place, operator in enumerate(node.ops):
        others = COMPARISONS[type(operator)]
        for other in others[:1] if any(map(_is_text, sides)) else others:  # texts are equal or they are not
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)
    for place, right in enumerate(node.comparators):
        for about in _about(right, COARSE_CHANGE):
            yield ast.Compare(
                node.left, node.ops, [*node.comparators[:place], about, *node.comparators[place + 1 :]]
            )


def _boolean(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for rest in _one_less(node.values):
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _conditional(node: ast.IfExp) -> Iterator[ast.expr]:
    yield ast.IfExp(node.test, node.orelse, node.body)
    yield node.body
    yield node.orelse


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    yield from (ast.Constant(other) for other in _other_values(node.value) if other != node.value)


def _other_values(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value)
    elif isinstance(value, float):
        yield from (value + 1, value - 1, -value, *_near(value))
    elif isinstance(value, str):
        yield from _other_texts(value)


def _other_texts(text: str) -> Iterator[str]:
    """Exchange neighbours in a recipe such as "nd,kdm->knm"; any other text becomes another one."""
    if "->" not in text:
        yield f"not {text}"
        return
    for place, (one, two) in enumerate(pairwise(text)):
        if one.isalpha() and two.isalpha():
            yield f"{text[:place]}{two}{one}{text[place + 2 :]}"


def _call(node: ast.Call) -> Iterator[ast.expr]:
    """Leave out the call, an argument or a keyword, or exchange two arguments."""
    yield from (argument for argument in node.args if not _is_text(argument))
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield node.func.value
    if len(node.args) > 1:
        for fewer in _one_less(node.args):
            yield ast.Call(node.func, fewer, node.keywords)
    for args in _exchanged(node.args):
        yield ast.Call(node.func, args, node.keywords)
    for place, argument in enumerate(node.args):
        for about in _about(argument):
            yield ast.Call(node.func, [*node.args[:place], about, *node.args[place + 1 :]], node.keywords)
    for keywords in _one_less(node.keywords):
        yield ast.Call(node.func, node.args, keywords)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_module(node: ast.expr) -> bool:
    """Say whether this is `np`, `math` or `np.linalg`: a place where functions live, and no value."""
    return ast.unparse(node).split(".")[0] in {"np", "numpy", "math"} and "(" not in ast.unparse(node)


def _one_less(items: list[Any]) -> Iterator[list[Any]]:
    for place in range(len(items)):
        yield [*items[:place], *items[place + 1 :]]


def _exchanged(items: list[Any]) -> Iterator[list[Any]]:
    for place in range(len(items) - 1):
        yield [*items[:place], items[place + 1], items[place], *items[place + 2 :]]


def _sequence(node: ast.Tuple | ast.List) -> Iterator[ast.expr]:
    for items in _exchanged(node.elts):
        yield type(node)(items, node.ctx)
    if isinstance(node.ctx, ast.Load):
        for items in _one_less(node.elts):
            yield type(node)(items, node.ctx)


def _dictionary(node: ast.Dict) -> Iterator[ast.expr]:
    for values in _exchanged(node.values):
        yield ast.Dict(node.keys, values)
    for keys, values in zip(_one_less(node.keys), _one_less(node.values), strict=True):
        yield ast.Dict(keys, values)


def _subscript(node: ast.Subscript) -> Iterator[ast.expr]:
    if isinstance(node.ctx, ast.Load):
        yield node.value


def _slice(node: ast.Slice) -> Iterator[ast.expr]:
    """Take in one end more."""
    yield ast.Slice(None, node.upper, node.step)
    yield ast.Slice(node.lower, None, node.step)
    yield ast.Slice(node.lower, node.upper, None)


def _comprehension(node: ast.comprehension) -> Iterator[ast.comprehension]:
    for condition in node.ifs:
        others = [other for other in node.ifs if other is not condition]
        yield ast.comprehension(node.target, node.iter, others, node.is_async)


def _parameters(node: ast.arguments) -> Iterator[ast.arguments]:
    for names in _exchanged(node.args):
        changed = copy.copy(node)
        changed.args = names
        yield changed


def _attribute(node: ast.Attribute) -> Iterator[ast.expr]:
    if node.attr == "T":
        yield node.value
    for other in OTHER_NAMES.get(node.attr, ()):
        yield ast.Attribute(node.value, other, node.ctx)


def _name(node: ast.Name) -> Iterator[ast.expr]:
    for other in OTHER_NAMES.get(node.id, ()):
        yield ast.Name(other, node.ctx)


MAKERS = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.Dict: _dictionary,
    ast.Subscript: _subscript,
    ast.Attribute: _attribute,
    ast.Name: _name,
    ast.Slice: _slice,
    ast.comprehension: _comprehension,
    ast.arguments: _parameters,
}
