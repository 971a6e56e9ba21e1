"""The text of a file whose encoding nobody has noted down.

Unicode is known by its marks and its rules. What is none of it was saved by a program of one country: then the reading
wins that knows the words in the header and leaves the fewest signs in odd places, and a person is told.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator

from autograder.classroom import columns

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's name, what programs call it, and how much its reading must be better than the first one's.
_NATIONAL = (
    ("cp1252", "Windows-1252 (Western Europe)", 0.0),
    ("mac_roman", "Mac OS Roman", 0.15),
    ("cp1250", "Windows-1250 (Central Europe)", 0.1),
    ("cp1251", "Windows-1251 (Cyrillic)", 0.1),
    ("cp1253", "Windows-1253 (Greek)", 0.15),
    ("cp1254", "Windows-1254 (Turkish)", 0.1),
    ("cp1255", "Windows-1255 (Hebrew)", 0.15),
    ("cp1256", "Windows-1256 (Arabic)", 0.15),
    ("cp1257", "Windows-1257 (Baltic)", 0.15),
    ("gb18030", "GB 18030 (Chinese)", 0.1),
    ("big5", "Big5 (Chinese)", 0.12),
    ("cp932", "Shift JIS (Japanese)", 0.1),
    ("euc_jp", "EUC-JP (Japanese)", 0.12),
    ("cp949", "Windows-949 (Korean)", 0.12),
    ("cp850", "DOS 850 (Western Europe)", 0.2),
)
_COMMON = frozenset("áàâäãåæçéèêëíìîïñóòôöõøúùûüýßąćęłńśźżčďěňřťůžğışőűășțđ")
_APOSTROPHES, _PUNCTUATION = (
    "\u2019\u02bc",
    "\u2018\u201c\u201d\u00ab\u00bb\u00b7\u00b0\u00ba\u00aa\u2013\u2014",
)
_SPREAD = 20_000  # characters looked at


def decode(data: bytes) -> tuple[str, str, list[str]]:
    """Return a file's text, the name of its encoding as Python has it, and what is to be said about it."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name, []
    if b"\0" in data:
        name = _wide(data)
        return data.decode(name, "replace"), name, []
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return _national(data)


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: commas and line ends have their zero byte behind or before them."""
    even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    return "utf-16-le" if odd >= even else "utf-16-be"


def _national(data: bytes) -> tuple[str, str, list[str]]:
    old_mac = b"\r" in data and b"\n" not in data
    tried = []
    for name, called, behind in _NATIONAL:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        rate = _oddness(text) + behind - (0.3 if old_mac and name == "mac_roman" else 0.0)
        tried.append((rate, text, name, called))
    if not tried:
        return (
            data.decode("latin-1"),
            "latin-1",
            ["its encoding is not known: look whether its names are right"],
        )
    _, text, name, called = min(tried, key=lambda one: one[0])
    word = next(word for word in text.replace(";", " ").replace(",", " ").split() if not word.isascii())
    word = word.strip('"')
    return text, name, [f"read as {called}, as in {word!r}: if that is wrong, save it as UTF-8"]


def _oddness(text: str) -> float:
    """Rate a reading: the share of its special signs that stand where no name has them, less for known words."""
    text = text[:_SPREAD]
    special = sum(not sign.isascii() for sign in text)
    odd = sum(_odd(word) for word in _words(text))
    rows = [line.split(sign) for line in text.splitlines()[:5] for sign in ",;\t"]
    known = max((_known(row) for row in rows), default=0)
    return odd / max(1, special) - 0.5 * known


def _known(row: list[str]) -> int:
    """Count the columns that are known by a name with special letters in it."""
    return sum(
        not cell.isascii() and bool(columns.find([cell])) for cell in (cell.strip(' "') for cell in row)
    )


def _words(text: str) -> Iterator[str]:
    for word in text.replace(",", " ").replace(";", " ").replace('"', " ").split():
        if not word.isascii():
            yield word


def _odd(word: str) -> float:
    """Rate how many signs of a word do not fit, and runs of accented letters, which are another alphabet's."""
    scripts = {_script(sign) for sign in word if sign.isalpha()}
    padded = f" {word} "
    total = sum(_odd_sign(*padded[place : place + 3], mixed=len(scripts) > 1) for place in range(len(word)))
    run = max((len(part) for part in "".join(s if _strange(s) else " " for s in word).split()), default=0)
    return total + (run if run > 2 else 0)


def _odd_sign(before: str, sign: str, after: str, *, mixed: bool) -> float:
    """Rate a sign between two others: no letter, another script, a capital inside a word, a rare letter."""
    kind = unicodedata.category(sign)
    if sign.isascii():
        return 0.0
    if kind[0] not in "LM":
        if sign in _APOSTROPHES:
            return 0.5 if before.islower() and after.islower() else 0.0
        return 1.0 if before.isalpha() or sign not in _PUNCTUATION else 0.0
    if mixed or (kind == "Lu" and (before.islower() or (before.isupper() and after.islower()))):
        return 1.0
    if kind == "Ll" and after.isupper():
        return 1.0
    return 0.3 if _strange(sign) and sign.lower() not in _COMMON else 0.0


def _strange(sign: str) -> bool:
    return not sign.isascii() and _script(sign) == "LATIN"


def _script(sign: str) -> str:
    name = unicodedata.name(sign, "")
    first = name.split(" ", 1)[0]
    return "CJK" if first in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "IDEOGRAPHIC") else first
