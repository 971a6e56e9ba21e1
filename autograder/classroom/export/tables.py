"""Tables as CSV files, safe to open in a spreadsheet.

A spreadsheet runs a text that begins with one of `= + - @`, a tab or a line end as a formula, whoever wrote it: see
"CSV Injection", OWASP, https://owasp.org/www-community/attacks/CSV_Injection. Such a text gets an apostrophe in
front, which a spreadsheet shows as text. Nothing is lost: a text that has apostrophes before such a sign gets one more,
so that taking one away always gives back what was there (`unguarded`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.classroom.errors import CourseError
from autograder.classroom.files import write_atomically

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")

Cell = str | float | None


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what a guarded text was."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def number(value: float | None) -> str:
    """Return points as they are written: no more than four places, no needless ones; nothing for None."""
    return "" if value is None else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def write(path: Path, rows: Iterable[Sequence[Cell]], *, exact: Sequence[int] = ()) -> None:
    """Write rows to a CSV file; the cells of the columns `exact` go in as they are, all other texts guarded.

    Raises CourseError if the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(value, place in exact) for place, value in enumerate(row)])
    try:
        write_atomically(path, text.getvalue())
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}.") from error


def read(path: Path) -> list[list[str]]:
    """Read the rows of a CSV file whose cells are separated by commas, semicolons or tabs."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from error
    first = text.split("\n", 1)[0]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))


def _cell(value: Cell, exact: bool) -> str:
    if isinstance(value, str):
        return value if exact else guarded(value)
    return number(value)
