"""The messages of feedback pages: their own words, what the judge says, and what tests of most functions say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from jinja2.ext import babel_extract

from autograder.classroom.pages.languages import PARTS

from .code import template_of

JUDGE = (
    *(
        f"autograder/judging/mistakes/{name}.py"
        for name in ("words", "differences", "observing", "diagnosis")
    ),
    *(f"autograder/judging/{name}.py" for name in ("restoring", "pieces")),
    "assignments/library/properties.py",
)
PAGE = "autograder/classroom/pages/templates/feedback.html"
# Strings that the judge looks for in what NumPy and Python say, and code.
UNSAID = {
    *("truth value of an", "can be converted to Python scalars", "only length-1 arrays", "Cannot cast ufunc"),
    *(
        "math range error",
        "out of bounds",
        "too many indices",
        "boolean index did not match",
        "is not defined",
    ),
    *("could not be broadcast", "not aligned", "required positional argument", "positional argument"),
    *("unexpected keyword argument", "module 'numpy' has no attribute", "attribute '", "has no attribute"),
    *("only 0-dimensional arrays", "maximum recursion depth", "what is right", "constant factor", "the sign"),
    *("zero everywhere", ". Did you mean"),
}
CODE = re.compile(r"\{\(f'|^[<,] ?[ad]|check_|\\|tuple\[")
WORDS = re.compile(r"[a-z]{2,}[^ ]* +\S|\S +[a-z]{2,}")


def feedback_template(root: Path) -> Catalog:
    """The messages in the order of the files."""
    catalogue = Catalog()
    with (root / PAGE).open("rb") as file:
        for _, _, words, _ in babel_extract(file, {"say": None}, [], {"silent": "false"}):
            catalogue.add(words if isinstance(words, str) else words[0] or "")
    for path in JUDGE:
        for text in said_in((root / path).read_text("utf-8")):
            catalogue.add(text)
    for text in PARTS:
        catalogue.add(text)
    return catalogue


def said_in(source: str) -> Iterator[str]:
    """The strings of a module that have words, apart from docstrings; what is filled in stands in braces."""
    tree = ast.parse(source)
    unsaid = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop(0)
        if id(node) in unsaid and isinstance(node, ast.Constant):
            continue
        if isinstance(node, ast.JoinedStr):
            text = template_of(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            waiting[:0] = ast.iter_child_nodes(node)
            continue
        if (
            WORDS.search(re.sub(r"\{[^{}]*\}", "", text))
            and "\n" not in text
            and text not in UNSAID
            and not CODE.search(text)
        ):
            yield text
