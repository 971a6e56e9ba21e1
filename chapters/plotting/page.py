"""A plot on a page without a kernel: its frames, native controls, and what a plain script needs to choose."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from translation import QUANTITY, translate

from .packing import pack
from .parameters import Grid, Parameter, Trace


@dataclass(frozen=True)
class Words:
    """What is written around a plot."""

    name: str
    title: str
    caption: str | None = None


def figure_html(
    words: Words,
    svg: str,
    said: str,
    extra: str = "",
    grid: Grid | None = None,
    trace: Trace | None = None,
) -> str:
    """A `<figure>` that shows one frame; `said` is its text alternative, shown below it as well."""
    values = grid.start_values() if grid else {}
    parts = [
        f'<figure class="explore" id="{words.name}" aria-labelledby="{words.name}-title">',
        _caption(words),
        _controls(words.name, grid, trace),
        f'<div class="explore-plot" role="img" aria-labelledby="{words.name}-title" '
        f'aria-describedby="{words.name}-says" data-values="{escape(json.dumps(values))}">{svg}</div>',
        f'<p class="explore-values">{escape(values_text(grid))}</p>' if grid else "",
        f'<p class="explore-says" id="{words.name}-says"{_live(grid)}>{escape(said)}</p>',
        extra,
        "</figure>",
    ]
    return "".join(parts)


def frames_script(grid: Grid, draw: Callable[[dict[str, Any]], str], describe: Callable[..., str]) -> str:
    """All frames with their values and text alternatives, as data for the page's script."""
    table = list(grid)
    parts, runs = pack([draw(values) for values in table])
    data = {
        "parts": parts,
        "frames": runs,
        "values": table,
        "says": [describe(**values) for values in table],
        "texts": {name: texts(parameter) for name, parameter in grid.parameters.items()},
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" class="explore-frames">{text}</script>'


def values_text(grid: Grid) -> str:
    """The values shown first, in words, for a printed page."""
    return translate("; ").join(f"{p.label} = {p.text(p.start)}" for p in grid.parameters.values())


def texts(parameter: Parameter) -> Sequence[str]:
    """Each value of a parameter as a reader sees it."""
    return [parameter.text(index) for index in range(len(parameter))]


def _caption(words: Words) -> str:
    more = f'<span class="explore-caption">{escape(words.caption)}</span>' if words.caption else ""
    return (
        f'<figcaption><span class="explore-title" id="{words.name}-title">{escape(words.title)}</span>'
        f"{more}</figcaption>"
    )


def _live(grid: Grid | None) -> str:
    return ' aria-live="polite"' if grid else ""


def _controls(name: str, grid: Grid | None, trace: Trace | None) -> str:
    rows = [_control(f"{name}-{key}", key, of) for key, of in (grid.parameters if grid else {}).items()]
    if trace:
        rows.append(_tracer(f"{name}-trace", trace))
    return f'<div class="explore-controls" hidden>{"".join(rows)}</div>' if rows else ""


def _control(ident: str, key: str, parameter: Parameter) -> str:
    body = _select(ident, key, parameter) if parameter.control == "select" else _range(ident, key, parameter)
    return _labelled(ident, parameter.label, body)


def _labelled(ident: str, label: str, body: str) -> str:
    return f'<div class="explore-control"><label for="{ident}">{escape(label)}</label>{body}</div>'


def _tracer(ident: str, trace: Trace) -> str:
    last = trace.steps * trace.each
    shown = translate("{shown} of {last}", shown=last, last=last)
    body = (
        f'<input type="range" id="{ident}" data-trace="{trace.each}" data-play autocomplete="off" '
        f'aria-valuetext="{shown}" min="0" max="{trace.steps}" step="1" value="{trace.steps}">'
        f'<output for="{ident}">{shown}</output>'
    )
    return _labelled(ident, translate(trace.label, QUANTITY), body)


def _range(ident: str, key: str, parameter: Parameter) -> str:
    shown = escape(parameter.text(parameter.start))
    play = "data-play " if getattr(parameter, "play", False) else ""
    return (
        f'<input type="range" id="{ident}" data-parameter="{key}" {play}autocomplete="off" '
        f'aria-valuetext="{shown}" min="0" max="{len(parameter) - 1}" step="1" value="{parameter.start}">'
        f'<output for="{ident}">{shown}</output>'
    )


def _select(ident: str, key: str, parameter: Parameter) -> str:
    options = "".join(
        f'<option value="{index}"{" selected" if index == parameter.start else ""}>{escape(text)}</option>'
        for index, text in enumerate(texts(parameter))
    )
    return f'<select id="{ident}" data-parameter="{key}" autocomplete="off">{options}</select>'
