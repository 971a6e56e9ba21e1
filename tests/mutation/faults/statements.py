"""Small faults in a statement: for a node of the syntax tree, the statements that might stand there by mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from tests.mutation.faults.operators import BINARY

DECIMALS = 6
_ROUND = ast.Attribute(ast.Name("np", ast.Load()), "round", ast.Load())


def _removed(node: ast.stmt) -> Iterator[ast.stmt]:
    if not isinstance(node, ast.Pass | ast.FunctionDef):
        yield ast.Pass()


def _return(node: ast.Return) -> Iterator[ast.stmt]:
    """The negative, zeros, and rounded numbers."""
    if node.value is not None and not isinstance(node.value, ast.Tuple):
        yield ast.Return(ast.UnaryOp(ast.USub(), node.value))
        yield ast.Return(ast.BinOp(ast.Constant(0), ast.Mult(), node.value))
        yield ast.Return(ast.Call(_ROUND, [node.value, ast.Constant(DECIMALS)], []))


def _assign(node: ast.Assign) -> Iterator[ast.stmt]:
    """Work in place: `x = x - y` becomes `x -= y`, which changes the array that the caller gave."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name) and isinstance(value, ast.BinOp) and ast.unparse(value.left) == target.id:
        yield ast.AugAssign(target, value.op, value.right)


def _augmented(node: ast.AugAssign) -> Iterator[ast.stmt]:
    yield ast.Assign([node.target], node.value)
    for other in BINARY.get(type(node.op), []):
        yield ast.AugAssign(node.target, other(), node.value)


def _if(node: ast.If) -> Iterator[ast.stmt]:
    yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    yield ast.If(ast.Constant(True), node.body, node.orelse)
    yield ast.If(ast.Constant(False), node.body, node.orelse)


def _loop(node: ast.For | ast.While) -> Iterator[ast.stmt]:
    """Once at most."""
    once = copy.copy(node)
    once.body = [*node.body, ast.Break()]
    yield once
    if isinstance(node, ast.While):
        yield ast.While(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


MAKERS = {
    ast.stmt: _removed,
    ast.Return: _return,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.If: _if,
    ast.For: _loop,
    ast.While: _loop,
}
