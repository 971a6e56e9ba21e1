"""Pieces that several sections use: sections, tables, meters, numbers in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.classroom.pages.text import number


def section(key: str, title: str, body: str) -> str:
    """A section with its heading; nothing if it has no body."""
    if not body.strip():
        return ""
    return f'<section aria-labelledby="{key}">\n<h2 id="{key}">{title}</h2>\n{body}\n</section>'


def table(label: str, head: Sequence[str], rows: Iterable[str], numbers: Sequence[int] = ()) -> str:
    """A table that scrolls in its own place where it is too wide; `numbers` are the columns set to the right."""
    cells = "".join(
        f'<th scope="col"{_right(place in numbers)}>{text}</th>' for place, text in enumerate(head)
    )
    body = "\n".join(rows)
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="Table: {label}"><table>\n'
        f"<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def row(head: str, cells: Sequence[str], numbers: Sequence[int] = ()) -> str:
    """A table row; `numbers` are the places, counted from the first column, that are set to the right."""
    rest = "".join(f"<td{_right(place in numbers)}>{cell}</td>" for place, cell in enumerate(cells, 1))
    return f'<tr><th scope="row">{head}</th>{rest}</tr>'


def _right(numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def meter(share: float) -> str:
    """A share from 0 to 1 as a bar; the number stands beside it."""
    return f'<div class="meter" aria-hidden="true"><div style="width:{100 * min(max(share, 0), 1):.0f}%"></div></div>'


def percent(share: float) -> str:
    """A share from 0 to 1 in percent; only all is 100 %, and only none is 0 %."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole}\N{NO-BREAK SPACE}%"


def count(many: int, one: str, more: str = "") -> str:
    """A number with its noun, such as `1 submission` or `3 submissions`."""
    return f"{many} {one if many == 1 else more or one + 's'}"


def tiles(pairs: Iterable[tuple[str, str]]) -> str:
    """Key figures: a name and a value each."""
    items = "\n".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in pairs)
    return f'<dl class="tiles">\n{items}\n</dl>'


def of(value: float, most: float) -> str:
    """Points out of what can be had."""
    return f"{number(value)} <small>of {number(most)}</small>"
