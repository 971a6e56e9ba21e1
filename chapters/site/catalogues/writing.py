"""Whether Chinese is written as Chinese: Han words, full-width marks, no spaces at Han, marks of Markdown that work."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from markdown_it import MarkdownIt

HAN = r"[\u3400-\u9fff]"
MARKS = {
    rf"{HAN}\s*[,;:?!](?!\w)|[,;:?!]\s*{HAN}": "a half-width mark beside Han",
    rf"{HAN}\.(?![\w.])": "a half-width full stop after Han",
    rf"\({HAN}|{HAN}\)": "half-width brackets around Han",
    rf"{HAN} +[\w$`{{(*]|[\w$`}})*] +{HAN}": "a space at Han: the pages set one by themselves",
    r"[\uff0c\u3002\uff1b\uff1a\uff1f\uff01\uff09\u3001] +\S": "a space after a full-width mark",
    r"[\"']": "straight quotation marks",
}
WORD = re.compile(r"[A-Za-z]{3,}")


def faults_of_writing(
    source: str, text: str, bare: Callable[[str], str], names: Collection[str]
) -> Iterator[str]:
    """What is not as Chinese readers expect it; `names` are words that stay as they are."""
    words = {word.lower() for word in WORD.findall(bare(source))}
    if words - set(names) and not re.search(HAN, text):
        yield "no Chinese word"
    for pattern, fault in MARKS.items():
        if found := re.search(pattern, _outside(text)):
            yield f"{fault} (at “{found[0]}”)"
    if stray := next(_stray(text, source), ""):
        yield f"Markdown that does not work: {stray}"


def _outside(text: str) -> str:
    """The text without what is inside formulas, code and tags; their borders stay."""
    text = re.sub(r"\{[a-z:]+\}`([^`]*?)(\s*<[^<>`]+>)?`", r"\1", text)
    text = re.sub(r"\$[^$]+\$", "$$", text)
    text = re.sub(r"(?<![}`])`[^`]+`", "``", text)
    return re.sub(r"<[a-z/][^>]*>|\{[^{}]*\}(?!`)", "", text)


def _stray(text: str, source: str) -> Iterator[str]:
    """Asterisks and backticks that a reader would see, where the source shows none."""
    for mark in ("**", "*", "`"):
        if mark in _seen(text) and mark not in _seen(source):
            yield mark


def _seen(text: str) -> str:
    plain = re.sub(r"\$[^$]+\$", "x", text)
    tokens = MarkdownIt().parseInline(re.sub(r"\{[a-z:]+\}(?=`)", "", plain))
    return "".join(
        child.content for token in tokens for child in token.children or [] if child.type == "text"
    )
