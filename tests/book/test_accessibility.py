"""WCAG 2.2 AA by axe, on every page, in light and dark, on a screen and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import Watched, open_guesses

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The themes differ in colours only: the dark one is examined by the rules that are about them.
COLOURS = ["color-contrast", "link-in-text-block"]
# Looking at colours costs most of the time, and what has the same ones on the same ground has the same contrast: of all
# texts that have these in common, three are examined, and three in each box that lies over others. What is
# written in a drawing has its lines for a ground.
ALIKE = """() => {
  const grounds = new Map();
  const ground = (element) => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, position, filter, mixBlendMode } = getComputedStyle(element);
      const apart = ["absolute", "fixed"].includes(position) ? `${grounds.size}` : "";
      const own = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, apart].join();
      const below = element.parentElement ? ground(element.parentElement) : "";
      grounds.set(element, own === "rgba(0, 0, 0, 0),none,1,none,normal," ? below : `${below}/${own}`);
    }
    return grounds.get(element);
  };
  const seen = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    element.removeAttribute("data-examined");
    const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!words && !("value" in element)) continue;
    if (!element.checkVisibility()) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const link = element.closest("a");
    const around = link && [getComputedStyle(link).textDecorationLine, getComputedStyle(link.parentElement).color];
    const key = [element.localName, color, fontSize, fontWeight, textShadow, around, ground(element)].join("|");
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (seen.get(key) <= 3 || element.ownerSVGElement) element.setAttribute("data-examined", "");
  }
}"""
# Thousands of lines and letters in drawings cost most of the time, and axe knows no colours of theirs: drawings are
# examined once, and test_palette.py compares their colours with the ground in both themes.
EMPTY = """document.querySelectorAll(".explore-plot svg").forEach((svg) => {
  svg.kept = [...svg.childNodes];
  svg.replaceChildren();
})"""
FILL = """document.querySelectorAll(".explore-plot svg").forEach((svg) => svg.append(...svg.kept))"""

# A moment after a change of size or theme keys reach what scrolls, and no colour is on its way to another.
SETTLED = """() => [...document.querySelectorAll(".pst-scrollable-table-container")].every(
  (box) => box.scrollWidth <= box.clientWidth || box.tabIndex >= 0)
  && document.getAnimations().every((one) => one.playState !== "running")"""


@pytest.mark.parametrize("part", range(2))
def test_axe_finds_nothing(site, browser, part):
    found = []
    with Watched(browser, viewport={"width": 360, "height": 900}) as tab:
        for path in [*(page.path for page in site.pages), site.folder / "search.html"][part::2]:
            found += violations_of(tab.page, path)
    assert found == []


def violations_of(page, path):
    """What is wrong on a page in either theme, on a screen and on a phone."""
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    open_guesses(page)
    page.evaluate(EMPTY)
    found = []
    # From narrow to wide: what scrolls on a phone has been made focusable then, and stays so.
    for scheme, width in (("light", 360), ("dark", 360), ("dark", 1280), ("light", 1280)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
        page.wait_for_function(SETTLED)
        if (scheme, width) == ("light", 1280):
            page.evaluate(FILL)
        found += violations(page, (path.stem, scheme, width), all_rules=scheme == "light")
    return found


def violations(page, name, all_rules=True):
    """What the rules about colours find, and all others too."""
    page.evaluate(ALIKE)
    found = Axe().run(page, {"include": [["[data-examined]"]]}, options(COLOURS)).response["violations"]
    if all_rules:
        found += Axe().run(page, options=options(RULES, leave_out=COLOURS)).response["violations"]
    return [(name, entry["id"], node["html"][:200]) for entry in found for node in entry["nodes"]]


def options(rules, leave_out=()):
    return {
        "runOnly": rules,
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in leave_out},
    }


def test_axe_finds_what_is_wrong(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        "<html><body><img src='x.png'><p style='color:#eee'>Faint</p>", "utf-8"
    )
    with Watched(browser) as tab:
        tab.page.goto((tmp_path / "page.html").as_uri())
        assert {"image-alt", "color-contrast"} <= {rule for _, rule, _ in violations(tab.page, "page")}
