"""Small drawings for a page: SVG that follows the page's colours, each with its words.

A drawing is never the only place where something is said: next to it stands a table or a list of the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 420, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 12, 34, 30
_BASE = HEIGHT - _BOTTOM
_MOST_COUNTED = 16  # columns; more are too narrow for numbers


@dataclass(frozen=True)
class Column:
    """One column: its height, and the part of it to set off."""

    count: int
    marked: int = 0


def columns(
    chart_id: str,
    title: str,
    bars: Sequence[Column],
    labels: Mapping[int, str],
    line: tuple[float, str] | None = None,
) -> str:
    """Columns with their counts on top.

    `labels` stand under the left edges of columns, by the column's place, counted from 0; the place after the last
    column has the right edge. `line` is a place, in columns from the left, and a word: a dashed upright there.
    """
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(bars))
    most = max((bar.count for bar in bars), default=0) or 1
    parts = [f'<line class="axis" x1="{_LEFT}" y1="{_BASE}" x2="{WIDTH - _RIGHT}" y2="{_BASE}"/>']
    parts += [_shapes(bar, _LEFT + place * step, step, most) for place, bar in enumerate(bars)]
    parts += [_label(_LEFT + place * step, text) for place, text in labels.items()]
    if line:
        parts.append(_upright(_LEFT + min(max(line[0], 0), len(bars)) * step, line[1]))
    if len(bars) <= _MOST_COUNTED:
        parts += [
            _count(bar, _LEFT + (place + 0.5) * step, most) for place, bar in enumerate(bars) if bar.count
        ]
    return _svg(chart_id, title, "\n".join(parts), HEIGHT)


def _tall(count: int, most: int) -> float:
    return (_BASE - _TOP) * count / most


def _shapes(bar: Column, left: float, step: float, most: int) -> str:
    tall, set_off = _tall(bar.count, most), _tall(bar.marked, most)
    place = f'x="{left + 0.08 * step:.1f}" width="{0.84 * step:.1f}"'
    parts = []
    if bar.count > bar.marked:
        parts.append(
            f'<rect class="bar" {place} y="{_BASE - tall + set_off:.1f}" height="{tall - set_off:.1f}"/>'
        )
    if bar.marked:
        parts.append(f'<rect class="late" {place} y="{_BASE - tall:.1f}" height="{set_off:.1f}"/>')
    return "".join(parts)


def _count(bar: Column, middle: float, most: int) -> str:
    return f'<text class="count" x="{middle:.1f}" y="{_BASE - _tall(bar.count, most) - 5:.1f}">{bar.count}</text>'


def _label(x: float, text: str) -> str:
    return (
        f'<line class="axis" x1="{x:.1f}" y1="{_BASE}" x2="{x:.1f}" y2="{_BASE + 4}"/>'
        f'<text x="{x:.1f}" y="{_BASE + 17}">{escape(text)}</text>'
    )


def _upright(x: float, label: str) -> str:
    anchor = "end" if x > WIDTH / 2 else "start"
    shift = -4 if anchor == "end" else 4
    return (
        f'<line class="mark" x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{_BASE}"/>'
        f'<text x="{x + shift:.1f}" y="13" style="text-anchor:{anchor}">{escape(label)}</text>'
    )


def strip(
    chart_id: str, title: str, low: float, first: float, middle: float, third: float, high: float
) -> str:
    """A box plot of five shares from 0 to 1 without words in it, as wide as its place."""
    a, b, c, d, e = (f"{100 * min(max(value, 0), 1):.2f}" for value in (low, first, middle, third, high))
    width = max(0.8, float(d) - float(b))
    shapes = (
        '<line class="axis" x1="0" y1="21.5" x2="100" y2="21.5"/>'
        f'<line class="mark solid" x1="{a}" y1="11" x2="{e}" y2="11"/>'
        f'<rect class="bar" x="{b}" y="4" width="{width:.2f}" height="14"/>'
        f'<line class="median" x1="{c}" y1="2" x2="{c}" y2="20"/>'
    )
    return (
        f'<svg class="strip" viewBox="0 0 100 22" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="{chart_id}"><title id="{chart_id}">{escape(title)}</title>{shapes}</svg>'
    )


def _svg(chart_id: str, title: str, shapes: str, height: int) -> str:
    hatch = (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
    )
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{chart_id}">'
        f'<title id="{chart_id}">{escape(title)}</title>\n{hatch if "late" in shapes else ""}{shapes}\n</svg>'
    )
