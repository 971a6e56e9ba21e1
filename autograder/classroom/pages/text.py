"""What people wrote, made harmless: names and code are shown as text, whatever is in them."""

import re
from html import escape

LONGEST_TEXT = 20_000

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
# Control characters, those that reorder or hide text on the screen, and halves of characters (from names of files).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def plain(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text as harmless HTML: no colour codes, no invisible characters, markup escaped, at most `longest` long."""
    text = _ANSI.sub("", text)
    text = _INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > longest:
        text = f"{text[:longest]}\n... {len(text) - longest} more characters"
    return escape(text)


def number(value: float) -> str:
    """Points without needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
