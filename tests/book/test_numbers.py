"""Decimals in prose: each is printed on its page, or computed by a test of that page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]
HERE = Path(__file__).parent
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?!\w|\.\d)|(?<![\w.])\d+(?= ?%)")
# What shows numbers that code has made, what is no prose, and options that are wrong on purpose.
MADE = ".cell_output, pre"
NO_PROSE = (
    "script, style, pre, template, .cell, .footnote, .headerlink, .section-number, .math-display, "
    ".cite-this-page, .option.wrong > label, a[href*='#equation-'], a.external"
)
# Numbers that are names.
VERSIONS = re.compile(r"CC BY 4\.0|Python \d\.\d+(?:(?:, | or )\d\.\d+)*")
# Tests of claims that several pages make.
SHARED = [
    "activation_facts",
    "activations",
    "chapter_claims",
    "formats",
    "reference_claims",
    "own_activation",
]
TESTED = {
    "relu-family": ["relu_claims"],
    "cheat-sheet": ["plots"],
    **{name: [f"{name}_claims"] for name in ("choosing", "maxout", "network", "softmax", "tanh")},
    "linear-regression": [],
}


def decimals(html):
    """The decimals and percentages of a page's prose, and all numbers that its code has put out."""
    article = BeautifulSoup(html, "html.parser").find("article")
    made = " ".join(part.get_text(" ") for part in article.select(MADE))
    for script in article.select("script.explore-frames"):
        data = json.loads(script.string)
        made += json.dumps([data["texts"], data["says"]], ensure_ascii=False)
    for part in article.select(NO_PROSE):
        part.decompose()
    for formula in article.select("math"):
        formula.replace_with(formula["alttext"])
    prose = VERSIONS.sub("", " ".join(article.get_text(" ").split()))
    return DECIMAL.findall(prose), made


def known(number, text):
    return re.search(rf"(?<![\d.]){re.escape(number)}(?!\d|\.\d)", text) is not None


def unknown(name, html):
    found, made = decimals(html)
    files = [HERE / f"test_{part}.py" for part in [*SHARED, *TESTED.get(name, [])]]
    tests = "\n".join(path.read_text("utf-8") for path in files)
    return found, [number for number in found if not known(number, made + tests)]


def test_every_decimal_in_prose_is_printed_on_its_page_or_computed_by_a_test(site):
    seen, left = 0, {}
    for page in site.pages:
        found, missing = unknown(page.name, page.html)
        seen += len(found)
        if missing:
            left[page.name] = missing
    assert left == {}
    assert seen > 120


@pytest.mark.parametrize(
    ("prose", "missing"),
    [
        ("<p>About 77.123 of them.</p>", ["77.123"]),
        ("<p>About 61 % of them.</p><div class='cell_output'>0.61</div>", ["61"]),
        ("<p>At 77.5.</p><div class='cell_output'>77.51</div>", ["77.5"]),
        ("<p>At 77.5.</p><div class='cell_output'>then 77.5, 3</div>", []),
        ("<p>See <a href='#equation-x'>(77.5)</a>.</p>", []),
        ("<p><math alttext='x = 77.5'><mi>x</mi></math></p>", ["77.5"]),
    ],
)
def test_decimal_that_nothing_makes_is_found(prose, missing):
    assert unknown("nowhere", f"<article>{prose}</article>")[1] == missing
