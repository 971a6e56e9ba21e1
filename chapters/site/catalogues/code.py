"""The sentences in a cell's code, its messages and comments, and the code with those of another language.

Only what people read is changed: a string or a comment that is a sentence. An f-string is one message, with its
expressions in braces. What code looks for in other strings stays, and they as well; so do marks in capitals, such as
`YOUR CODE HERE`, and strings that are code.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Callable, Iterator

SENTENCE = re.compile(r"[A-Za-z]{2,}[ \n]+\S|\S[ \n]+[A-Za-z]{2,}")
COMMENT = re.compile(r"(#\s*(?:[\w-]+: )?)(.*)")  # a test's first comment begins with its name
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
CODE = re.compile(r":\n +\w")
Span = tuple[tuple[int, int], tuple[int, int]]  # line from 1 and column in characters, begin and end


def texts_of_code(source: str) -> list[str]:
    """The sentences, in order."""
    return [text for _, text, _ in _sentences(source)]


def translated_code(source: str, translate: Callable[[str], str]) -> str:
    """The code with each sentence as `translate` gives it."""
    lines = source.split("\n")
    for ((row, begin), (last, end)), text, written in reversed(list(_sentences(source))):
        if (words := translate(text)) != text:
            changed = lines[row - 1][:begin] + written(words) + lines[last - 1][end:]
            lines[row - 1 : last] = changed.split("\n")
    return "\n".join(lines)


def _sentences(source: str) -> Iterator[tuple[Span, str, Callable[[str], str]]]:
    """Where each stands, what it says, and how other words are written in its place."""
    tree = ast.parse(source)
    compared = [
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
    ]
    strings = [one for one in _strings(tree, source) if not any(text in one[1] for text in compared)]
    found = [one for one in [*strings, *_comments(source)] if _is_sentence(one[1])]
    return iter(sorted(found, key=lambda one: one[0]))


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(PLACEHOLDER.sub("", text))) and not text.isupper() and not CODE.search(text)


def _comments(source: str) -> Iterator[tuple[Span, str, Callable[[str], str]]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and (said := COMMENT.fullmatch(token.string)):
            row, column = token.start
            yield ((row, column + len(said[1])), token.end), said[2], str


def _strings(tree: ast.AST, source: str) -> Iterator[tuple[Span, str, Callable[[str], str]]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            yield _span(node, source), template_of(node), lambda words: f"f{_quoted(words)}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield _span(node, source), node.value, _quoted
        else:
            waiting += ast.iter_child_nodes(node)


def _span(node: ast.expr, source: str) -> Span:
    lines = source.split("\n")

    def column(row: int, offset: int | None) -> int:
        return len(lines[row - 1].encode()[:offset].decode())

    last = node.end_lineno or node.lineno
    return (node.lineno, column(node.lineno, node.col_offset)), (last, column(last, node.end_col_offset))


def template_of(node: ast.JoinedStr) -> str:
    """An f-string as a message, its expressions in braces."""
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(ast.unparse(ast.JoinedStr([part]))[2:-1])
    return "".join(parts)


def _quoted(words: str) -> str:
    if "\n\n" in words:  # a docstring
        return f'"""{words}"""'
    return json.dumps(words, ensure_ascii=False)
