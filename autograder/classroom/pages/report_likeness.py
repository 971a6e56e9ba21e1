"""Submissions that are alike: places to look."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom.pages.report_names import Names
from autograder.classroom.pages.report_parts import count, percent, row, table
from autograder.classroom.report.similar import HOW_TO_GET, LEAST_LIKENESS, Pair

_WARNING = """\
<p><strong>Likeness is no proof.</strong> Short functions with one natural answer come out alike, and so do answers from
the same textbook or from people who learn together, which may be allowed. Read both, and ask before you judge.</p>"""


def section(found: Sequence[Pair] | None, names: Names) -> str:
    """The pairs; None where the tool is not installed."""
    if found is None:
        return f"<p>Not compared: this needs copydetect. To get it: <code>{HOW_TO_GET}</code></p>"
    least = percent(LEAST_LIKENESS)
    if not found:
        return (
            f"<p>No two submissions share {least} or more of what is their own: code that was not handed out, "
            "and that only few others wrote the same way.</p>"
        )
    words = (
        f"<p>{count(len(found), 'pair')} of submissions: one has at least {least} of what is rare in the other. What "
        f"was handed out, and what many write the same way, is not counted; nor are names and comments.</p>\n{_WARNING}"
    )
    if names.hidden:
        return words
    rows = [_row(pair, names) for pair in found]
    head = ["One", "Other", "of the one", "of the other", "characters"]
    return f"{words}\n{table('Similar submissions', head, rows, numbers=[2, 3, 4])}"


def _row(pair: Pair, names: Names) -> str:
    cells = [names.of(pair.other), *map(percent, pair.likeness), str(pair.shared)]
    return row(names.of(pair.one), cells, numbers=[2, 3, 4])
