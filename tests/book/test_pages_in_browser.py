"""The built book in Chromium: what a reader sees, hears, moves and waits for, from files and a server."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.browser import Watched, open_guesses, served
from tests.support.site import compressed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
KB = 1000
PAGE_BUDGET, SCRIPT_BUDGET = 300 * KB, 60 * KB


@pytest.fixture
def tab(browser):
    with Watched(browser, viewport={"width": 1280, "height": 900}) as watched:
        yield watched


def visit(tab, address, name):
    tab.page.goto(f"{address}/chapters/{name}.html", wait_until="load")
    open_guesses(tab.page)
    return tab.page


def test_screen_readers_get_names_values_and_descriptions(built, wide):
    tree = accessibility_tree(wide)
    for role in ("slider", "combobox", "button", "link", "image", "figure", "searchbox", "textbox"):
        assert [n for n in tree if n["role"] == role and not n["name"]] == [], role
    named = [n["name"] for n in tree if n["role"] in ("slider", "combobox", "textbox")]
    named = [name for name in named if not name.startswith("Speed: ")]
    assert sorted(named) == sorted(wide.page.evaluate(LABELS))
    described = {n["description"] for n in tree if n["role"] == "image"}
    assert {plot.says[number] for plot, number in shown(built, wide.page)} <= described


LABELS = """() => [...document.querySelectorAll("label, .lab select[aria-label]")]
  .filter((one) => !one.control || !["radio", "checkbox"].includes(one.control.type))
  .map((one) => one.getAttribute("aria-label") ?? one.innerText.trim())"""
VALUES = """() => Object.fromEntries([...document.querySelectorAll(".explore:has(.explore-frames)")]
  .map((figure) => [figure.id, JSON.parse(figure.querySelector(".explore-plot").dataset.values)]))"""


def accessibility_tree(tab):
    session = tab.context.new_cdp_session(tab.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    field = lambda node, key: str(node.get(key, {}).get("value", "")).strip()  # noqa: E731
    wanted = [n for n in nodes if not n.get("ignored")]
    return [{key: field(n, key) for key in ("role", "name", "description")} for n in wanted]


def shown(built, page):
    """The plots of a page, each with the number of the frame that it shows."""
    values = page.evaluate(VALUES)
    return [(plot, plot.values.index(values[plot.name])) for plot in built.plots]


def test_words_are_announced_when_a_value_changes(site):
    announced = 0
    for built in site.pages:
        for plot in built.plots:
            assert re.search(rf'id="{plot.name}-says"[^>]* aria-live="polite"', built.html), plot.name
            announced += 1
    assert announced > 40


SEEN = """names => names.map((name) => {
  const figure = document.getElementById(name);
  const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0;
  return {
    drawings: [...figure.querySelectorAll("svg")].filter(seen).map((one) => one.parentElement.className),
    controls: seen(figure.querySelector(".explore-controls")),
    words: seen(figure.querySelector(".explore-says")),
    values: figure.querySelector(".explore-values").innerText,
    chosen: [...figure.querySelectorAll("[data-parameter]")].map((one) =>
      `${one.labels[0].textContent} = ${(one.selectedOptions?.[0] ?? one.nextElementSibling).textContent}`).join("; "),
  };
})"""


def test_start_frame_shows_without_scripts(site, browser):
    for built in site.pages:
        for plot in built.plots:
            assert re.search(rf'id="{plot.name}".*?<div class="explore-plot"[^>]*><svg ', built.html), (
                plot.name
            )
    with Watched(browser, java_script_enabled=False) as tab:
        built = site.page("linear-regression")
        page = visit(tab, site.folder.as_uri(), built.name)
        for seen in page.evaluate(SEEN, [plot.name for plot in built.plots]):
            assert seen["drawings"] == ["explore-plot"]
            assert seen["words"]
            assert not seen["controls"]


def test_print_shows_a_plain_figure_with_its_values(built, wide):
    wide.page.emulate_media(media="print")
    found = wide.page.evaluate(SEEN, [plot.name for plot in built.plots])
    for seen, plot in zip(found, built.plots, strict=True):
        assert (seen["drawings"], seen["controls"]) == (["explore-plot"], False)
        assert seen["values"] == seen["chosen"] != ""
        assert seen["values"].count(" = ") >= len(plot.texts)


def test_phone_needs_no_sideways_scrolling(phone):
    for scheme in ("light", "dark"):
        phone.page.emulate_media(color_scheme=scheme)
        phone.page.wait_for_function(
            "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_search_finds_words_without_a_server(site, tab):
    page = visit(tab, site.folder.as_uri(), "sigmoid")
    page.keyboard.press("Control+k")
    page.keyboard.type("gradient")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results ul.search li")
    assert page.locator("#search-results ul.search li a").count() >= 2
    assert tab.faults == []
    assert tab.foreign(site.folder.as_uri()) == []


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("\N{GREEK SMALL LETTER SIGMA}", "The sigmoid"),
        ("LReLU", "ReLU and its family"),
        ("logloss", "The sigmoid"),
        ("SiLU", "ReLU and its family"),
    ],
)
def test_search_finds_what_is_meant_by_other_names(site, tab, word, page):
    tab.page.goto((site.folder / "search.html").as_uri() + f"?q={word}")
    found = tab.page.locator("#search-results ul.search li a")
    found.filter(has_text=page).first.wait_for()
    assert tab.faults == []


BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  configurable: true, get() { throw new DOMException("denied", "SecurityError"); } });"""


@pytest.mark.parametrize("how", ["blocked", "sandboxed"])
def test_search_theme_and_menu_work_without_storage(site, browser, how):
    with served(site.folder) as url, Watched(browser, viewport={"width": 360, "height": 740}) as tab:
        page = f"{url}/chapters/sigmoid.html"
        if how == "blocked":
            tab.context.add_init_script(BLOCKED)
            tab.page.goto(page)
            frame = tab.page
        else:
            tab.page.goto(f"{url}/chapters/bibliography.html")
            tab.page.set_content(
                f'<iframe sandbox="allow-scripts allow-forms" width="360" height="700" src="{page}"></iframe>'
            )
            frame = tab.page.frame_locator("iframe")
        root = frame.locator("html")
        root.locator(".explore").first.wait_for()
        for _ in range(3):
            before = root.get_attribute("data-mode")
            frame.locator("button.theme-switch-button").first.click()
            assert root.get_attribute("data-mode") != before
        frame.locator("button.primary-toggle").first.click()
        frame.get_by_role("link", name="ReLU and its family").first.wait_for()
        frame.locator("body").press("Escape")
        frame.locator("button.search-button").first.click()
        field = frame.locator("dialog input[type=search], .search-button__wrapper input[type=search]").first
        field.fill("gradient")
        field.press("Enter")
        frame.locator("#search-results ul.search li a").first.wait_for()
        assert [fault for fault in tab.faults if fault.startswith("script")] == []


def test_theme_button_changes_the_colours_of_plots(site, tab):
    page = visit(tab, site.folder.as_uri(), "sigmoid")
    ink = "getComputedStyle(document.querySelector('.explore-plot svg text')).fill"
    seen = set()
    for _ in range(3):
        page.locator("button.theme-switch-button").first.click()
        seen.add(page.evaluate(ink))
    assert len(seen) == 2


def test_pages_are_light(site, wide):
    weights = weigh(wide.loaded, site.folder)
    assert sum(weights.values()) <= PAGE_BUDGET, weights
    assert weights["js"] <= SCRIPT_BUDGET, weights


def weigh(requests, folder: Path):
    """Compressed bytes of what a page asked for, by kind, fonts left out."""
    weights = {"html": 0, "css": 0, "js": 0, "picture": 0}
    for path in {unquote(urlsplit(url).path) for url in requests if url.startswith("http")}:
        kind = re.sub(r"^\.", "", Path(path).suffix)
        if kind not in ("woff2", "woff", "ttf"):
            weights[kind if kind in weights else "picture"] += compressed(folder / path.lstrip("/"))
    return weights
