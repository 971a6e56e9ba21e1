"""WCAG 2.2 AA by axe: every page in light and dark on a phone, and each kind of page on a screen, too."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import Watched

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The themes differ in colours only: the dark one is examined by the rules about these.
COLOURS = ["color-contrast", "link-in-text-block"]
# All pages are of one style sheet, all drawings of one hand: on these, a screen and drawings are looked at, too.
IN_FULL = ["tanh", "your-own", "teach"]
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
# Thousands of lines and letters in drawings cost most of the time, and axe knows no colours of theirs: few drawings
# are examined, and test_palette.py compares their colours with the ground in both themes.
EMPTY = """document.querySelectorAll(".explore-plot svg").forEach((svg) => {
  svg.kept = [...svg.childNodes];
  svg.replaceChildren();
})"""
FILL = """document.querySelectorAll(".explore-plot svg").forEach((svg) => svg.append(...svg.kept))"""

# A moment after a change of size or theme keys reach what scrolls, and no colour is on its way to another.
SETTLED = """() => [...document.querySelectorAll(".pst-scrollable-table-container")].every(
  (box) => box.scrollWidth <= box.clientWidth || box.tabIndex >= 0)
  && document.getAnimations().every((one) => one.playState !== "running")"""


def test_axe_finds_nothing(built, phone):
    page = phone.page
    page.evaluate(EMPTY)
    found = in_colours(page, "light") + in_colours(page, "dark") + violations(page, RULES, leave_out=COLOURS)
    page.evaluate(FILL)
    if built.name in IN_FULL:
        # From narrow to wide: what scrolls on a phone has been made focusable then, and stays so.
        page.set_viewport_size({"width": 1280, "height": 900})
        found += (
            in_colours(page, "dark") + in_colours(page, "light") + violations(page, RULES, leave_out=COLOURS)
        )
    assert found == []


def test_axe_finds_nothing_where_one_searches(site, browser):
    with Watched(browser, viewport={"width": 360, "height": 740}) as tab:
        tab.page.goto((site.folder / "search.html").as_uri())
        found = in_colours(tab.page, "light") + in_colours(tab.page, "dark")
        assert found + violations(tab.page, RULES, leave_out=COLOURS) == []


def in_colours(page, scheme):
    """What the rules about colours find in a theme, each sort of text examined."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("scheme => document.documentElement.dataset.theme === scheme", arg=scheme)
    page.wait_for_function(SETTLED)
    page.evaluate(ALIKE)
    return violations(page, COLOURS, within="[data-examined]")


def violations(page, rules, within="html", leave_out=()):
    """What axe finds by these rules, but for some of them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in leave_out},
        "preload": False,  # of style sheets, which a page from a file may not ask for
    }
    return page.evaluate(RUN, [{"include": [[within]]}, options])


RUN = """async ([context, options]) => (await axe.run(context, options)).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 200)]))"""


def test_axe_finds_what_is_wrong(browser, tmp_path):
    (tmp_path / "page.html").write_text(
        "<html><body><img src='x.png'><p style='color:#eee'>Faint</p>", "utf-8"
    )
    with Watched(browser) as tab:
        tab.page.goto((tmp_path / "page.html").as_uri())
        assert {"image-alt", "color-contrast"} <= {rule for rule, _ in violations(tab.page, RULES)}
