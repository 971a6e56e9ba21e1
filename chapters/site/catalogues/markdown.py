"""The texts of a Markdown source, block by block as Sphinx has them in its catalogues, and the source with others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

DIRECTIVE = re.compile(r"\{([\w-]+)\}\s*(.*)")
OF_BLOCKS = {"admonition", "note", "tip", "warning", "table"}  # directives that hold Markdown
OPTIONS = re.compile(r"\A(?: *:[\w-]+:.*\n)*\n*")
PARSER = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(colon_fence_plugin)
    .use(deflist_plugin)
    .use(dollarmath_plugin, allow_labels=True)
    .use(myst_block_plugin)
)


def texts(source: str) -> list[str]:
    """The text of every block, in order."""
    return [_joined(text) for _, _, text in _blocks(source)]


def translated_markdown(source: str, translate: Callable[[str], str]) -> str:
    """The source with the text of each block as `translate` gives it; what the block is made of stays."""
    lines = source.split("\n")
    for first, last, text in reversed(list(_blocks(source))):
        words = translate(_joined(text))
        if words == _joined(text):
            continue
        pattern = r"\n[ \t>]*".join(map(re.escape, text.split("\n")))
        block = "\n".join(lines[first:last])
        lines[first:last] = re.sub(pattern, lambda _, words=words: words, block, count=1).split("\n")
    return "\n".join(lines)


def _joined(text: str) -> str:
    return " ".join(text.split("\n"))


def _blocks(source: str, begin: int = 0) -> Iterator[tuple[int, int, str]]:
    """The first line of each block, the line after its last, and its text."""
    for token in PARSER.parse(source):
        if token.map is None:
            continue
        first, last = token.map[0] + begin, token.map[1] + begin
        if token.type == "inline" and token.content:
            yield first, last, token.content
        elif (named := DIRECTIVE.match(token.info)) and named[1] in OF_BLOCKS:
            if named[2]:
                yield first, first + 1, named[2]
            inside = OPTIONS.sub("", token.content)
            yield from _blocks(inside, last - 1 - inside.count("\n"))
