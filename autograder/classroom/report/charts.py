"""Small drawings for a page: SVG that follows the page's colours, each with its words.

A drawing is never the only place where something is said: next to it stands a table or a list of the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 420, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 6, 26, 34


@dataclass(frozen=True)
class Column:
    """One column: what stands under it (or nothing), its height, and the part of it to set off."""

    label: str
    count: int
    marked: int = 0


def columns(
    chart_id: str, title: str, bars: Sequence[Column], line: float | None = None, line_label: str = ""
) -> str:
    """Columns with their counts on top; `line`, in columns from the left, draws a dashed upright."""
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(bars))
    most = max((bar.count for bar in bars), default=0) or 1
    parts = [
        _column(bar, _LEFT + place * step, step, most, len(bars) <= 16) for place, bar in enumerate(bars)
    ]
    base = HEIGHT - _BOTTOM
    parts.append(f'<line class="axis" x1="{_LEFT}" y1="{base}" x2="{WIDTH - _RIGHT}" y2="{base}"/>')
    if line is not None:
        parts.append(_upright(_LEFT + min(max(line, 0), len(bars)) * step, line_label))
    return _svg(chart_id, title, "\n".join(parts), HEIGHT)


def _column(bar: Column, left: float, step: float, most: int, counted: bool) -> str:
    room = HEIGHT - _TOP - _BOTTOM
    tall, base = room * bar.count / most, HEIGHT - _BOTTOM
    set_off = room * bar.marked / most
    middle = left + step / 2
    x, width = left + 0.08 * step, 0.84 * step
    parts = []
    if bar.count:
        height = tall - set_off
        parts.append(
            f'<rect class="bar" x="{x:.1f}" y="{base - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        )
    if bar.marked:
        parts.append(
            f'<rect class="late" x="{x:.1f}" y="{base - tall:.1f}" width="{width:.1f}" height="{set_off:.1f}"/>'
        )
    if bar.count and counted:
        parts.append(f'<text x="{middle:.1f}" y="{base - tall - 5:.1f}" class="count">{bar.count}</text>')
    if bar.label:
        parts.append(f'<text x="{middle:.1f}" y="{base + 16}">{escape(bar.label)}</text>')
    return "".join(parts)


def _upright(x: float, label: str) -> str:
    anchor = "end" if x > WIDTH / 2 else "start"
    shift = -4 if anchor == "end" else 4
    return (
        f'<line class="mark" x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{HEIGHT - _BOTTOM}"/>'
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
