"""What fits on a screen: formulas and code on a phone, two panels side by side, and pages that may keep nothing."""

from __future__ import annotations

import pytest

from tests.support.browser import Watched, open_guesses, served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

CUT = """selector => [...document.querySelectorAll(selector)]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.slice(0, 60))"""
PANELS = """() => [...document.querySelectorAll(".explore-plot:has(.second-panel)")].map((plot) => {
  const second = plot.querySelector(".second-panel").getBoundingClientRect();
  const box = plot.getBoundingClientRect();
  const across = (second.left - box.left) / box.width;
  return [across, (second.top - box.top) / box.height, box.height, second.right - box.right];
})"""
LINES = """all => all.map((e) =>
  e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight))"""
SMALL_STORE = """(() => {
  const full = () => { throw new DOMException("no room", "QuotaExceededError"); };
  Storage.prototype.setItem = full;
})()"""


def visit(tab, site, name):
    tab.page.goto(f"{site.folder.as_uri()}/chapters/{name}.html", wait_until="load")
    open_guesses(tab.page)
    return tab.page


def test_no_formula_and_no_line_of_code_is_cut_on_a_phone(phone):
    for selector in (".math-display", "div.highlight pre"):
        assert phone.page.evaluate(CUT, selector) == []


RAGGED = """() => [...document.querySelectorAll('mtable.aligned mtd.right')].filter((cell) => cell.lastElementChild &&
  Math.abs(cell.lastElementChild.getBoundingClientRect().right - cell.getBoundingClientRect().right) > 2).length"""


def test_equations_stand_at_their_equals_signs(site, browser):
    with Watched(browser) as tab:
        for name in ("linear-regression", "maxout"):
            page = visit(tab, site, name)
            assert page.locator("mtable.aligned mtd.right").count() > 10
            assert page.evaluate(RAGGED) == 0


def test_links_to_the_next_page_take_two_lines_at_most(phone):
    hidden = phone.page.add_style_tag(content=".cell { display: none }")  # quick to lay out
    for width in (360, 768, 1280):
        phone.page.set_viewport_size({"width": width, "height": 740})
        lines = phone.page.locator(".prev-next-area .prev-next-title").evaluate_all(LINES)
        assert lines
        assert all(n < 2.5 for n in lines), (width, lines)
    phone.page.set_viewport_size({"width": 360, "height": 740})
    hidden.evaluate("style => style.remove()")


CAPTIONS = """() => [...document.querySelectorAll(".explore:has(.second-panel) .explore-caption")]
  .map((one) => one.innerText)"""
CLIPPED = """() => [...document.querySelectorAll(".explore:has(.second-panel)")].filter((figure) => {
  const { left, right } = figure.getBoundingClientRect();
  for (let box = figure.parentElement; box.tagName !== "ARTICLE"; box = box.parentElement) {
    const { left: from, right: to } = box.getBoundingClientRect();
    if (getComputedStyle(box).overflowX !== "visible" && (left < from || right > to)) return true;
  }
  return false;
}).map((figure) => figure.id)"""


@pytest.mark.parametrize("name", ["tanh", "linear-regression"])
def test_two_panels_stand_side_by_side_from_1100_pixels_on_as_captions_say(site, browser, name):
    with Watched(browser) as tab:
        page = visit(tab, site, name)
        for width, beside in ((1000, False), (1100, True), (1280, True), (1600, True)):
            page.set_viewport_size({"width": width, "height": 900})
            places = page.evaluate(PANELS)
            assert len(places) >= 3
            for left, top, height, over in places:
                assert (left > 0.4) == beside
                assert (top < 0.3) == beside
                assert over < 1
                assert height < 500 or not beside
            captions = [text for text in page.evaluate(CAPTIONS) if ": " in text]
            assert captions
            for caption in captions:
                said = ("Left: ", "Right: ") if beside else ("Above: ", "Below: ")
                assert all(place in caption for place in said), caption
            assert page.evaluate(CLIPPED) == []


def test_years_are_a_list_on_a_phone(site, browser):
    with Watched(browser, viewport={"width": 360, "height": 740}) as tab:
        page = visit(tab, site, "relu-family")
        assert page.evaluate("document.querySelector('table.timeline').scrollWidth") <= 360
        texts = (
            page.locator("table.timeline tr")
            .nth(2)
            .locator("td")
            .evaluate_all("cells => cells.map((c) => c.getBoundingClientRect().top)")
        )
        assert texts[0] == texts[1] < texts[2] < texts[3]


@pytest.mark.parametrize("trouble", ["sandboxed", "full"])
def test_theme_menu_and_search_work_where_nothing_can_be_kept(site, browser, trouble):
    with served(site.folder) as address, Watched(browser, viewport={"width": 700, "height": 900}) as tab:
        page = tab.page
        if trouble == "full":
            page.add_init_script(SMALL_STORE)
            page.goto(f"{address}/chapters/tanh.html")
            frame = page.main_frame
        else:
            page.goto(f"{address}/search.html")
            page.set_content(
                f'<iframe sandbox="allow-scripts" src="{address}/chapters/tanh.html" width="690" height="880"></iframe>'
            )
            frame = page.wait_for_selector("iframe").content_frame()
        frame.wait_for_selector("button.theme-switch-button", state="attached")
        frame.wait_for_load_state("load")
        seen = set()
        for _ in range(3):
            frame.evaluate("document.querySelector('button.theme-switch-button').click()")
            seen.add(frame.evaluate("document.documentElement.dataset.theme"))
        assert len(seen) == 2
        frame.evaluate("document.querySelector('button.primary-toggle').click()")
        assert frame.evaluate("document.querySelector('#pst-primary-sidebar-modal').open")
        assert [fault for fault in tab.faults if "script:" in fault] == []
        frame.goto(f"{address}/search.html?q=saturation")
        frame.wait_for_selector("#search-results ul.search li", state="attached", timeout=8000)
