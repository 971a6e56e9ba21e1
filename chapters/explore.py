"""Plots to explore: an author gives a function that draws, the values of its parameters, and words.

    from explore import BLUE, Slider, explore

    def draw(axes, *, slope):
        axes.plot([-2, 2], [-2 * slope, 2 * slope], color=BLUE)

    def describe(*, slope):
        return f"A straight line through the origin that climbs by {slope} for each step to the right."

    explore(draw, describe, title="The slope", slope=Slider("slope w", [-2, -1, 0, 1, 2], start=1))

In a notebook the result is a widget that draws in the kernel. On a page of the book, where there is no
kernel, it is the frames drawn beforehand and native controls that choose among them; in print it is the first
frame. The book's build asks for pages by setting the environment variable `PLOTS_FOR` to "page".
"""

from __future__ import annotations

import base64
import itertools
import os
import re
from collections.abc import Callable
from typing import Any

from plotting.drawing import BLUE, GREEN, GREY, INK, ORANGE, PAPER, PURPLE, RED, Canvas
from plotting.editions import in_every_edition
from plotting.page import Words, figure_html, frames_script
from plotting.parameters import Choice, Grid, Parameter, Slider, Trace
from translation import translate

__all__ = [
    "BLUE", "GREEN", "GREY", "INK", "ORANGE", "PAPER", "PURPLE", "RED",
    "Choice", "Plot", "Slider", "Trace", "explore", "show",
]  # fmt: skip

SIZE = (5.2, 3.2)
_numbers = itertools.count(1)


class Plot:
    """A plot that shows itself by what the reader's side can do: a widget, a page's figure, or a picture."""

    def __init__(
        self,
        words: Callable[[], Words],
        canvas: Canvas,
        describe: Callable[..., str],
        parameters: dict[str, Parameter],
        trace: Trace | None = None,
    ) -> None:
        self._words, self.canvas, self.describe, self.trace = words, canvas, describe, trace
        self.grid = Grid(parameters)
        self._view: Any = None

    @property
    def words(self) -> Words:
        """What is written around it."""
        return self._words()

    def frame(self, **values: Any) -> str:
        """The drawing for these values as SVG."""
        return self.canvas.svg(values)

    def html(self) -> str:
        """The figure as a page shows it: the start frame, and for a plot with parameters all others."""
        values = self.grid.start_values()
        start = self.frame(**values)
        extra = frames_script(self.grid, self.canvas.svg, self.describe) if values else ""
        grid = self.grid if values else None
        return figure_html(self.words, start, self.describe(**values), extra, grid, self.trace)

    def widget(self) -> Any:
        """The ipywidgets view, which needs a running kernel."""
        from plotting.live import widget

        if self._view is None:
            self._view = widget(self.words.title, self.grid, self.canvas.svg, self.describe)
        return self._view

    def _on_page(self) -> dict[str, Any]:
        said = self.describe(**self.grid.start_values())
        return {"text/plain": f"{self.words.title} {said}", "text/html": self.html()}

    def _repr_mimebundle_(self, **_: Any) -> Any:
        if os.environ.get("PLOTS_FOR") == "page":
            return in_every_edition(self._on_page)
        values = self.grid.start_values()
        bundle: dict[str, Any] = {
            "text/plain": f"{self.words.title} {self.describe(**values)}",
            "image/png": base64.b64encode(self.canvas.png(values)).decode(),
        }
        if values:
            return bundle | self.widget()._repr_mimebundle_()
        start = self.frame(**values)
        return bundle | {"text/html": figure_html(self.words, start, self.describe())}


def explore(
    draw: Callable[..., None],
    describe: Callable[..., str],
    *,
    title: str,
    caption: str | None = None,
    size: tuple[float, float] = SIZE,
    panels: tuple[int, int] | None = None,
    trace: Trace | None = None,
    **parameters: Parameter,
) -> Plot:
    """A plot whose parameters the reader changes.

    `draw(axes, **values)` draws one frame on matplotlib axes, or on a flat list of axes when `panels` gives
    rows and columns. `describe(**values)` says in a sentence or two what is seen in that frame. `size` is in
    inches; up to 6.4 wide the labels come out at the size of the page's text. With a `trace` the page also
    draws the lines step by step. Each further keyword is a `Slider` or a `Choice`.

    Raises ValueError for no parameters, for a start value that is not listed, and for more than 60 frames.
    """
    if not parameters:
        raise ValueError("a plot to explore needs a Slider or a Choice; for one without, use show()")
    return _plot(draw, describe, title, caption, size, panels, parameters, trace, {})


def show(
    draw: Callable[..., None],
    describe: Callable[..., str] | str,
    *,
    title: str,
    caption: str | None = None,
    size: tuple[float, float] = SIZE,
    panels: tuple[int, int] | None = None,
    trace: Trace | None = None,
    named: dict[str, str] | None = None,
) -> Plot:
    """A plot with nothing to change, drawn in the same style; `describe` may be the sentence itself.

    `named` fills placeholders of the title.
    """
    said = (lambda: translate(describe)) if isinstance(describe, str) else describe
    return _plot(draw, said, title, caption, size, panels, {}, trace, named or {})


def _plot(
    draw: Callable[..., None],
    describe: Callable[..., str],
    title: str,
    caption: str | None,
    size: tuple[float, float],
    panels: tuple[int, int] | None,
    parameters: dict[str, Parameter],
    trace: Trace | None,
    named: dict[str, str],
) -> Plot:
    slug = re.sub(r"[^a-z0-9]+", "-", title.format(**named).lower()).strip("-")
    name = f"plot{next(_numbers)}-{slug}"
    canvas = Canvas(draw, size, panels, name, trace.steps if trace else 0)

    def words() -> Words:
        return Words(name, translate(title, **named), caption and translate(caption))

    return Plot(words, canvas, describe, parameters, trace)
