"""Each rubric item: how many have it, and whether it tells those who know more from those who know less."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from autograder.classroom.pages.report_parts import meter, percent, row, table
from autograder.classroom.pages.text import number, plain
from autograder.classroom.report.figures import ItemFigures, usual

STRONG, FAIR, WEAK = 0.5, 0.3, 0.1

_EXPLANATION = """\
<p><strong>All points</strong> is the part of the submissions that have all points of an item.
<strong>Tells apart</strong> is the correlation between an item's points and the other points of the same submission,
from -1 to 1. Near 1, whoever has the item has most of the rest as well. Near 0, the item has nothing to do with the
rest: it may be asked badly, or ask for something else. Below 0, those who do well elsewhere lose it: look at its test.
No number stands where fewer than three submissions differ from the others: chance would decide it.
With {many} submissions, chance alone moves the number by up to {noise:.1f} either way.</p>"""


def section(figures: Sequence[ItemFigures]) -> str:
    """The table of the rubric, with the items to look at before it."""
    if not any(item.given for item in figures):
        return ""
    rows: list[str] = []
    for function, items in groupby(figures, key=lambda item: item.function):
        group = list(items)
        rows += _rows(function, group)
    head = ["Item", "Points", "All points", "Tells apart"]
    many = max(item.given for item in figures)
    words = _EXPLANATION.format(many=many, noise=2 / math.sqrt(many))
    return f"{_hints(figures)}\n{words}\n{table('Rubric items', head, rows, numbers=[1])}"


def _rows(function: str, items: list[ItemFigures]) -> list[str]:
    written = [item for item in items if item.title == "Written answer"]
    name = plain(function) if written else f"<code>{plain(function)}</code>"
    heading = f'<tr><th scope="rowgroup" class="group" colspan="4">{name}</th></tr>'
    return [heading, *map(_row, items)]


def _row(item: ItemFigures) -> str:
    if not item.given:
        rate = '<span class="soft">none graded yet</span>'
    else:
        rate = f"{percent(item.pass_rate)}{meter(item.pass_rate)}"
        partly = item.share - item.pass_rate
        if partly > 0.005:
            rate += f'<span class="word">mean {percent(item.share)} of the points</span>'
    return row(plain(item.title), [number(item.max_points), rate, _apart(item.discrimination)], numbers=[1])


def _apart(value: float | None) -> str:
    if value is None:
        return '<span class="soft">\N{EN DASH}</span>'
    kind = ' class="warn"' if value < WEAK else ""
    return f'<span{kind}>{signed(value)}</span><span class="word">{verdict(value)}</span>'


def signed(value: float) -> str:
    """A correlation with two decimals and a real minus sign."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def verdict(value: float) -> str:
    """A discrimination in a word or two."""
    if value < 0:
        return "backwards"
    if value < WEAK:
        return "hardly"
    if value < FAIR:
        return "weakly"
    return "well" if value < STRONG else "very well"


def _hints(figures: Sequence[ItemFigures]) -> str:
    """Which items are hardest, and which to look at."""
    graded = usual(figures)
    hardest = sorted(graded, key=lambda item: (item.pass_rate, item.name))[:3]
    named = "; ".join(f"{_named(item)} ({percent(item.pass_rate)})" for item in hardest if item.pass_rate < 1)
    lines = [f"<p>Hardest: {named}.</p>"] if named else ["<p>Everybody has everything.</p>"]
    doubtful = [item for item in graded if item.discrimination is not None and item.discrimination < WEAK]
    if doubtful:
        lines.append(
            f'<p class="warn">To look at, because better students hardly do better in it: '
            f"{'; '.join(map(_named, doubtful))}.</p>"
        )
    return "\n".join(lines)


def _named(item: ItemFigures) -> str:
    if item.title == "Written answer":
        return plain(item.function)
    return f"<code>{plain(item.function)}</code>: {plain(item.title[:1].lower() + item.title[1:])}"
