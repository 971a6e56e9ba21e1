"""One frame: what an author's function draws on matplotlib axes, as an SVG that follows the page's theme.

Text stays text, ink is `currentColor`, the background is clear, and each palette colour is a CSS variable
with the colour itself to fall back on, so the same drawing is legible on a light and a dark page.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from translation import QUANTITY, language, listening, speaking, translate

from .editions import others

BLUE, ORANGE, GREEN = "#2f6fd0", "#b5590a", "#287f45"
RED, PURPLE, GREY = "#d03a3a", "#8a58c4", "#6c717a"
FONT = "Source Sans 3"
INK, PAPER = "#010203", "#fefdfc"  # not pure black and white: matplotlib leaves out what is a default

TRACE = "trace"
REM_A_POINT = 0.09  # a plot is not shown so wide that its labels outgrow the page's text

_THEMED = {
    BLUE: "blue", ORANGE: "orange", GREEN: "green", RED: "red",
    PURPLE: "purple", GREY: "grey", PAPER: "paper",
}  # fmt: skip
_STYLE = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.prop_cycle": mpl.cycler(
        color=[BLUE, ORANGE, GREEN, RED, PURPLE, GREY],
        linestyle=["-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)), (0, (1, 1))],
    ),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": "medium",
    "figure.facecolor": "none",
    "font.family": ["sans-serif", "Han Widths"],
    "font.sans-serif": [FONT, "DejaVu Sans"],
    "font.size": 11,
    "grid.alpha": 0.16,
    "grid.color": INK,
    "legend.framealpha": 0.85,
    "legend.facecolor": PAPER,
    "legend.edgecolor": "none",
    "legend.fontsize": 10,
    "lines.linewidth": 2.0,
    "mathtext.bf": f"{FONT}:bold",
    "mathtext.bfit": f"{FONT}:bold",
    "mathtext.cal": f"{FONT}:italic",
    "mathtext.default": "it",
    "mathtext.fallback": "stixsans",
    "mathtext.fontset": "custom",
    "mathtext.it": f"{FONT}:italic",
    "mathtext.rm": FONT,
    "mathtext.sf": FONT,
    "patch.edgecolor": INK,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": 9.5,
    "ytick.color": INK,
    "ytick.labelsize": 9.5,
}
for _file in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
    font_manager.fontManager.addfont(_file)

_Said = tuple[Text, str, str | None]  # a text, its English words, and their context
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d+")


@dataclass
class Canvas:
    """Draws frames of one plot: all of one size, with the axes where the first frame put them."""

    draw: Callable[..., None]
    size: tuple[float, float]
    panels: tuple[int, int] | None
    prefix: str
    steps: int = 0  # lines of one point more than this are marked, for the page to draw them step by step
    _places: dict[str, list[Any]] = field(default_factory=dict)
    _drawn: dict[Any, str] = field(default_factory=dict)

    def svg(self, values: dict[str, Any]) -> str:
        """The frame for `values` as inline SVG, the same bytes every time."""
        if (language(), *values.values()) not in self._drawn:
            with _style(svg_salt=self.prefix):
                self._draw(values)
        return self._drawn[language(), *values.values()]

    def _draw(self, values: dict[str, Any]) -> None:
        """Keep the frame, and that of the other editions too where the author's function has asked for no words."""
        with listening() as heard:
            figure = self._figure(values)
        texts = _texts(figure)
        self._keep(figure, texts, values)
        for name in others() if not heard else ():
            with speaking(name):
                if name not in self._places:  # a figure is laid out once
                    figure = self._figure(values)
                    texts = _texts(figure)
                self._keep(figure, texts, values)

    def _keep(self, figure: Figure, texts: list[_Said], values: dict[str, Any]) -> None:
        self._place(figure, texts)
        buffer = io.BytesIO()
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
        picture = _themed(buffer.getvalue(), self.prefix, beside=self.panels == (2, 1))
        self._drawn[language(), *values.values()] = picture

    def png(self, values: dict[str, Any]) -> bytes:
        """The frame for `values` as a picture on white, for print."""
        with _style(svg_salt=self.prefix):
            figure = self._figure(values)
            self._place(figure, _texts(figure))
            buffer = io.BytesIO()
            figure.set_facecolor("white")
            FigureCanvasAgg(figure).figure.savefig(
                buffer, format="png", dpi=200, facecolor="white", metadata={"Software": None}
            )
        return buffer.getvalue()

    def _figure(self, values: dict[str, Any]) -> Figure:
        figure = Figure(figsize=self.size)
        rows, columns = self.panels or (1, 1)
        axes = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
        self.draw(axes if self.panels else axes[0], **values)
        for line in (line for panel in figure.axes for line in panel.lines if self.steps):
            if len(line.get_xdata()) == self.steps + 1:
                line.set_gid(TRACE)
        return figure

    def _place(self, figure: Figure, texts: list[_Said]) -> None:
        """Write the texts in the language, and put the axes where its first frame has them: they stand still."""
        for text, said, context in texts:
            text.set_text(translate(translate(said, context)))
        if len(self._places.get(language(), ())) != len(figure.axes):
            figure.set_layout_engine("constrained")
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
            self._places[language()] = [axes.get_position() for axes in figure.axes]
        for axes, place in zip(figure.axes, self._places[language()], strict=True):
            axes.set_position(place)


def _texts(figure: Figure) -> list[_Said]:
    """What the author's function has written, apart from labels of ticks; names of axes are quantities."""
    found: list[_Said] = [(text, text.get_text(), None) for text in figure.texts]
    for axes in figure.axes:
        labels = [axes.xaxis.label, axes.yaxis.label]
        found += [(text, text.get_text(), QUANTITY) for text in labels]
        legend = axes.get_legend()
        texts = [axes.title, *axes.texts, *(legend.get_texts() if legend else ())]
        found += [(text, text.get_text(), None) for text in texts]
    return found


@contextmanager
def _style(svg_salt: str) -> Iterator[None]:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE | {"svg.hashsalt": svg_salt})
        yield


def _themed(source: bytes, prefix: str, *, beside: bool = False) -> str:
    """Matplotlib's SVG made small, its colours tied to the theme and its ids unique on the page.

    With `beside`, the second of two panels can be moved beside the first by a style sheet: see explore.css.
    """
    root = ET.fromstring(source)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    for useless in [*root.findall("metadata"), *root.findall("defs[style]")]:
        root.remove(useless)
    used = set(
        re.findall(r"#([mp][0-9a-f]{6,}\w*|\w*_clip\w*|image\w+)", ET.tostring(root, encoding="unicode"))
    )
    second = root.find(".//g[@id='axes_2']") if beside else None
    for element in root.iter():
        _tidy(element, prefix, used)
    if second is not None:
        second.set("class", "second-panel")
    _unwrap(root)
    box = root.get("viewBox", "")
    widest = f"max-width:{float(box.split()[2]) * REM_A_POINT:.1f}rem"
    if second is not None:
        _, _, width, height = map(float, box.split())
        widest += f";--across:{width:.0f}px;--up:{-height / 2:.0f}px;--half:{-50 * height / width:.1f}%"
    root.attrib = {"viewBox": box, "fill": "currentColor", "stroke-linejoin": "round", "style": widest}
    text = ET.tostring(root, encoding="unicode")
    return re.sub(r">\s+<", "><", text.replace(" />", "/>"))


def _tidy(element: ET.Element, prefix: str, used: set[str]) -> None:
    attributes = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    if attributes.get("id") == TRACE:
        attributes["class"] = TRACE
    if attributes.get("id") in used:
        attributes["id"] = f"{prefix}-{attributes['id']}"
    else:
        attributes.pop("id", None)
    for name in ("href", "clip-path"):
        if name in attributes:
            attributes[name] = attributes[name].replace("#", f"#{prefix}-")
    if "style" in attributes:
        attributes["style"] = _style_text(attributes["style"])
    for name in ("d", "x", "y", "transform", "points", "width", "height", "r", "cx", "cy"):
        if name in attributes:
            attributes[name] = _short(attributes[name])
    if re.fullmatch(r"rotate\(-?0 .*", attributes.get("transform", "")):
        del attributes["transform"]
    element.attrib = attributes


def _style_text(style: str) -> str:
    style = re.sub(r"font-family: [^;]*;?\s*", "", style)
    style = re.sub(r"(font: [^;]*?px) [^;]*", r"\1 sans-serif", style)
    style = style.replace(INK, "currentColor").replace("#000000", "currentColor").replace("#ffffff", PAPER)
    for colour, name in _THEMED.items():
        style = style.replace(colour, f"var(--plot-{name},{colour})")
    return re.sub(r"([;:,])\s+", r"\1", style).strip("; ")


def _short(numbers: str) -> str:
    """Two decimals are a fiftieth of a pixel."""
    text = _NUMBER.sub(
        lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip(".").replace("-0.", "-."), numbers
    )
    text = re.sub(r"(?<![\d.])0\.(?=\d)", ".", text)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", text).strip() if re.match(r"\s*M", text) else text


def _unwrap(parent: ET.Element) -> None:
    """Take the children out of groups that say nothing."""
    children: list[ET.Element] = []
    for child in parent:
        _unwrap(child)
        children.extend(child) if child.tag == "g" and not child.attrib else children.append(child)
    for child in list(parent):
        parent.remove(child)
    parent.extend(children)
    if children:
        parent.text = None if not (parent.text or "").strip() else parent.text
