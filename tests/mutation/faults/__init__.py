"""Small faults: for a node of the syntax tree, the nodes that might stand there by mistake."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutation.faults import expressions, statements

MAKERS = {**expressions.MAKERS, **statements.MAKERS}


def faults(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes to put in place of a node, one fault each."""
    for kind, make in MAKERS.items():
        if isinstance(node, kind):
            yield from make(node)
