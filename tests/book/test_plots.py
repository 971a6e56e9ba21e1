"""Plots that authors make with one call: what they draw, carry and say."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import explore as explore_module
import numpy as np
import pytest
from explore import BLUE, Choice, Slider, explore, show
from plotting.packing import pack, unpack

from tests.support.site import ROOT, Page


@pytest.fixture(autouse=True)
def _first_plot_of_a_page(monkeypatch):
    monkeypatch.setattr(explore_module, "_numbers", itertools.count(1))


def draw(axes, *, slope, kind):
    z = np.linspace(-3, 3, 40)
    axes.plot(z, slope * z if kind == "line" else np.tanh(slope * z), color=BLUE, label="<f> & $\\sigma(z)$")
    axes.axhline(0, color="black")
    axes.set(xlabel="pre-activation $z$", ylim=(-5, 5))
    axes.legend()


def describe(*, slope, kind):
    return f"A {kind} of slope {slope} <through> the origin."


def make(**options):
    return explore(
        draw,
        describe,
        title="How steep?",
        slope=Slider("slope w", [-1, 0, 1.5], start=0),
        kind=Choice("function", ["line", "curve"]),
        **options,
    )


def page_of(plot, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(plot.html(), "utf-8")
    return Page(path)


def test_page_carries_each_frame_as_drawn_for_its_values(tmp_path):
    plot = make()
    (data,) = page_of(plot, tmp_path).plots
    assert data.values == [{"slope": s, "kind": k} for s in (-1, 0, 1.5) for k in ("line", "curve")]
    for frame, values, says in zip(data.frames, data.values, data.says, strict=True):
        assert frame == plot.frame(**values)
        assert says == describe(**values)
    assert len(set(data.frames)) == 5  # a line and a curve of slope 0 are the same


def test_start_frame_is_in_the_page_without_any_script():
    plot = make()
    outside = re.sub(r"<script.*?</script>", "", plot.html(), flags=re.DOTALL)
    assert plot.frame(slope=0, kind="line") in outside
    assert "A line of slope 0 &lt;through&gt; the origin." in outside
    assert 'class="explore-controls" hidden' in outside


def test_same_plot_is_the_same_bytes_in_every_process():
    code = (
        "from tests.book.test_plots import make; import hashlib;"
        "print(hashlib.sha256(make().html().encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'chapters'}", "PYTHONHASHSEED": seed},
            text=True, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


def test_drawing_follows_the_theme_and_keeps_text_as_text():
    svg = make().frame(slope=1.5, kind="curve")
    assert f"var(--plot-blue,{BLUE})" in svg
    assert "#000000" not in svg
    assert "#ffffff" not in svg
    assert "currentColor" in svg
    text = "".join("".join(t.itertext()) for t in ET.fromstring(svg).iter("text"))
    assert "pre-activation" in text.replace("\xa0", " ")
    assert "\N{GREEK SMALL LETTER SIGMA}" in text
    assert "font-family" not in svg


def test_ids_of_two_plots_on_a_page_never_meet():
    first, second = make().html(), make().html()
    ids = [re.findall(r'(?<=[ \\])id=\\?"([^"\\]+)', html) for html in (first, second)]
    assert ids[0]
    assert not set(ids[0]) & set(ids[1])


def test_every_reference_in_a_frame_is_defined_in_it():
    svg = make().frame(slope=1.5, kind="curve")
    assert set(re.findall(r'#(plot[^")]+)', svg)) == set(re.findall(r' id="([^"]+)"', svg))


def test_axes_stand_still_while_values_change():
    plot = make()
    places = {
        re.search(r'<path d="(M[^"]+)"[^>]*/><defs>', plot.frame(slope=s, kind="line"))[1]
        for s in (-1, 0, 1.5)
    }
    assert len(places) == 1


def test_panels_give_a_flat_list_of_axes():
    drawn = []
    show(lambda axes: drawn.append(len(axes)), "Empty.", title="t", panels=(2, 3)).frame()
    assert set(drawn) == {6}


def test_show_has_no_controls_and_says_what_is_seen():
    html = show(
        lambda axes: axes.plot([0, 1], [0, 1]), "A rising line.", title="Line", caption="More."
    ).html()
    assert "<input" not in html
    assert "<script" not in html
    assert "A rising line." in html
    assert "More." in html


def test_widget_has_labelled_controls_and_redraws():
    plot = make()
    slider, choice = plot.widget().children[1:3]
    view = plot.widget().children[3]
    assert [slider.description, choice.description] == ["slope w", "function"]
    before = view.value
    slider.value = 1.5
    assert view.value != before
    assert plot.frame(slope=1.5, kind="line") in view.value
    assert "slope 1.5" in plot.widget().children[4].value


def test_bundle_has_a_widget_in_a_kernel_and_a_figure_on_a_page(monkeypatch):
    live = make()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in live
    assert "text/html" not in live
    monkeypatch.setenv("PLOTS_FOR", "page")
    built, beside = make()._repr_mimebundle_()
    assert set(built) == {"text/html", "text/plain"} == set(beside["editions"]["zh_CN"])
    assert "explore-frames" in built["text/html"]
    assert built["text/plain"] == "How steep? A line of slope 0 <through> the origin."


def test_numbers_are_shown_with_a_true_minus_and_a_format():
    assert Slider("w", [-0.5, 2]).text(0) == "\N{MINUS SIGN}0.5"
    assert Slider("w", [1, 2], form="{:.2f} cm").text(1) == "2.00 cm"
    assert json.dumps(Slider("w", np.array([1, 2])).values) == "[1, 2]"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Slider("w", [1]),
        lambda: Slider("w", [1, 1]),
        lambda: Slider("w", [1, 2], start=3),
        lambda: Slider(" ", [1, 2]),
        lambda: Choice("kind", []),
        lambda: explore(draw, describe, title="no parameters"),
        lambda: explore(draw, describe, title="too many", a=Slider("a", range(8)), b=Slider("b", range(8))),
    ],
)
def test_mistakes_of_an_author_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\w+"):
        wrong()


def test_packing_gives_each_frame_back():
    frames = ["<a><b>1</b></a>", "<a><b>2</b></a>", "<a></a>", ""]
    parts, runs = pack(frames)
    assert [unpack(parts, run) for run in runs] == frames
    assert len(parts) == len(set(parts))
