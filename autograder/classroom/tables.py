"""Tables as CSV files: read as whatever program wrote them, written back as they came, safe to open in a spreadsheet.

Nobody notes down a file's encoding. Unicode is known by its marks and its rules. What is none of it was saved by a
program of one country: then the reading wins that knows the words in the header and leaves the fewest signs in odd
places, and a person is told.

A spreadsheet runs a text that begins with one of `= + - @`, a tab or a line end as a formula, whoever wrote it: see
"CSV Injection", OWASP, https://owasp.org/www-community/attacks/CSV_Injection. Such a text gets an apostrophe in
front, which a spreadsheet shows as text. Nothing is lost: a text that has apostrophes before such a sign gets one more,
so that taking one away always gives back what was there (`unguarded`).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.classroom import columns
from autograder.classroom.columns import DELIMITERS, Dialect
from autograder.classroom.errors import CourseError
from autograder.classroom.files import write_bytes

LARGEST = 50 << 20  # bytes; a course of 10,000 with 100 columns has 10 MB
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)
_COMMA = re.compile(r"-?\d+,(\d+)")
_POINT = re.compile(r"-?\d+\.\d+")
Cell = str | float | None


@dataclass(frozen=True)
class Table:
    """The rows of a file, the file's line of each, how it is written, and what a person should know about it."""

    rows: list[list[str]]
    lines: list[int]
    dialect: Dialect
    notes: list[str] = field(default_factory=list)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what a guarded text was."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def number(value: float | None, decimal: str = ".") -> str:
    """Return points as they are written: no more than four places, no needless ones; nothing for None."""
    text = "" if value is None else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", decimal)


def read(path: Path) -> Table:
    """Read a file of whatever encoding, delimiter and decimal sign; raise CourseError if it is no table."""
    try:
        if path.stat().st_size > LARGEST:
            raise CourseError(f"{path} is too large for a table ({path.stat().st_size >> 20} MB).")
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from error
    for start, what in ((b"PK\x03\x04", "an Excel workbook"), (b"\xd0\xcf\x11\xe0", "an Excel workbook")):
        if data.startswith(start):
            raise CourseError(f"{path} is {what}: save it as CSV first (in Excel: CSV UTF-8).")
    text, encoding, notes = decode(data)
    rows, lines, dialect, torn = _parse(text, encoding)
    notes += [f"line {line}: a quotation mark is never closed, so it was read as a sign" for line in torn]
    return Table(rows, lines, dialect, [f"{path}: {note}" for note in notes])


def write(
    path: Path, rows: Iterable[Sequence[Cell]], *, exact: Sequence[int] = (), dialect: Dialect | None = None
) -> None:
    """Write rows to a CSV file; the cells of the columns `exact` go in as they are, all other texts guarded.

    Raises CourseError if the file cannot be written.
    """
    dialect = dialect or Dialect()
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=dialect.delimiter,
        lineterminator=dialect.line_end,
        quoting=csv.QUOTE_ALL if dialect.quoted else csv.QUOTE_MINIMAL,
    )
    for row in rows:
        writer.writerow([_cell(cell, place in exact, dialect.decimal) for place, cell in enumerate(row)])
    try:
        write_bytes(path, _encoded(dialect.first + text.getvalue(), dialect.encoding))
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}.") from error


def _encoded(text: str, encoding: str) -> bytes:
    """Encode a text; a sign that the file's own encoding lacks turns it into UTF-8, which has all."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8-sig")


def _cell(value: Cell, exact: bool, decimal: str) -> str:
    if isinstance(value, str):
        return value if exact else guarded(value)
    return number(value, decimal)


def _parse(text: str, encoding: str) -> tuple[list[list[str]], list[int], Dialect, list[int]]:
    """Return a text's rows, their lines, its dialect, and the lines in which a quotation mark is never closed."""
    text = text.removeprefix("\ufeff")
    line_end = max(("\r\n", "\n", "\r"), key=text.count) if "\n" in text or "\r" in text else "\n"
    if line_end == "\r":
        text = text.replace("\r", "\n")  # the old Macintosh's
    first = match[0] if (match := _SEPARATOR.match(text)) else ""
    signs = match[1] if match else DELIMITERS
    tried = [(sign, *_rows(text[len(first) :], sign)) for sign in signs]
    sign, rows, lines, torn = max(tried, key=lambda one: _likely(one[1]))
    lines = [line + first.count("\n") for line in lines]
    return (
        rows,
        lines,
        Dialect(
            encoding,
            sign,
            _decimal(rows, sign),
            line_end,
            f"{first.rstrip()}{line_end}" if first else "",
            _is_quoted(text[len(first) :], rows),
        ),
        torn,
    )


def _likely(rows: list[list[str]]) -> tuple[int, int]:
    """Rate a way to cut a text into cells: by the columns that it gives sense to, then by rows of one width."""
    where, found = columns.header_of(rows)
    width = len(rows[max(where, 0)]) if rows else 0
    return len(found), sum(len(row) == width for row in rows) if width > 1 else 0


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int], list[int]]:
    """Read a text row by row; where quotation marks do not come in pairs, line by line."""
    rows, lines = _read(io.StringIO(text, newline=""), delimiter)
    torn: list[int] = []
    swallowed = any(cell.count("\n") > 3 and cell.count(delimiter) > 3 for row in rows for cell in row)
    if swallowed or text.count('"') % 2 or _is_broken(text, delimiter):
        rows, lines = [], []
        for place, line in enumerate(text.splitlines(), start=1):
            quoted = line.count('"') % 2 == 0
            found = list(csv.reader([line], delimiter=delimiter, quoting=0 if quoted else csv.QUOTE_NONE))
            rows, lines = rows + found, lines + [place] * len(found)
            torn += [] if quoted else [place]
    return rows, lines, torn


def _is_broken(text: str, delimiter: str) -> bool:
    """Tell whether something stands behind a quotation mark that ends a cell of several lines."""
    lines = io.StringIO(text, newline="")
    while True:
        reader, before = csv.reader(lines, delimiter=delimiter, strict=True), 0
        try:
            for _ in reader:
                before = reader.line_num
            return False
        except csv.Error:
            if reader.line_num > before + 1:
                return True


def _read(lines: Iterable[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the rows, and the line that each begins in."""
    reader, rows, places = csv.reader(lines, delimiter=delimiter), [], [1]
    try:
        for row in reader:
            rows.append(row)
            places.append(reader.line_num + 1)
    except csv.Error as error:
        raise CourseError(f"the table is damaged in line {places[-1]}: {error}.") from error
    return rows, places[:-1]


def _is_quoted(text: str, rows: list[list[str]]) -> bool:
    """Whether every cell of the first row, the empty ones too, is in quotation marks."""
    first = text.split("\n", 1)[0]
    return bool(rows) and first.startswith('"') and first.count('"') == 2 * len(rows[0])


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    """Return the decimal sign: a comma only where numbers have one and none has a point."""
    cells = [cell.strip() for row in rows for cell in row]
    if any(_POINT.fullmatch(cell) for cell in cells):
        return "."
    commas = [match[1] for cell in cells if (match := _COMMA.fullmatch(cell))]
    return "," if any(delimiter != "," or len(places) != 3 for places in commas) else "."


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
