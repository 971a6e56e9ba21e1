"""WCAG 2.2 AA by axe, on every page, in light and dark, on a screen and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import Watched, open_guesses

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The themes differ in colours only: the dark one is examined by the rules that are about them.
COLOURS = ["color-contrast", "link-in-text-block"]
# A plot's colours are the same at any width: its drawing is examined once for each theme.
NOT_AGAIN = {"exclude": [[".explore-plot svg"]]}


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site, browser, scheme, width):
    found = []
    with Watched(browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as tab:
        for path in [*(page.path for page in site.pages), site.folder / "search.html"]:
            tab.page.goto(path.as_uri())
            tab.page.evaluate("document.fonts.ready")
            open_guesses(tab.page)
            rules, context = RULES if scheme == "light" else COLOURS, NOT_AGAIN if width == 360 else None
            found += violations(tab.page, path.stem, rules, context)
    assert found == []


def violations(page, name, rules, context):
    result = Axe().run(page, context=context, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        (name, entry["id"], node["html"][:200])
        for entry in result.response["violations"]
        for node in entry["nodes"]
    ]


def test_axe_finds_what_is_wrong(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        "<html><body><img src='x.png'><p style='color:#eee'>Faint</p>", "utf-8"
    )
    with Watched(browser) as tab:
        tab.page.goto((tmp_path / "page.html").as_uri())
        assert {"image-alt", "color-contrast"} <= {
            rule for _, rule, _ in violations(tab.page, "page", RULES, None)
        }
