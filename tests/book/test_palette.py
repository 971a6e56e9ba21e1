"""The colours of plots can be told from the page in both themes (WCAG: 4.5 to 1, since they colour words too)."""

from __future__ import annotations

import re

import pytest
from plotting import drawing

from tests.support.site import ROOT

STATIC = ROOT / "chapters" / "site" / "static"
GROUNDS = {"light": ["#ffffff", "#fbfcfe"], "dark": ["#121212", "#191e25"]}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palette(theme):
    css = (STATIC / "explore.css").read_text("utf-8")
    block = re.findall(
        r"(?:^:root|^html\[data-theme=\"dark\"\]) \{(.*?)\}", css, flags=re.DOTALL | re.MULTILINE
    )
    colours = dict(re.findall(r"--plot-(\w+): (#[0-9a-f]{6})", block[theme == "dark"]))
    return {name: colour for name, colour in colours.items() if name != "paper"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_the_page(theme):
    for name, colour in palette(theme).items():
        for ground in GROUNDS[theme]:
            assert contrast(colour, ground) >= 4.5, (name, colour, ground)


def test_style_sheet_and_drawing_name_the_same_colours():
    names = ("BLUE", "ORANGE", "GREEN", "RED", "PURPLE", "GREY")
    assert palette("light") == {name.lower(): getattr(drawing, name) for name in names}
    assert palette("dark").keys() == palette("light").keys()
