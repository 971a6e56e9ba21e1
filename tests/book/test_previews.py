"""What a link leads to, shown beside it: terms, equations and cited works, by pointer and keyboard, anywhere."""

from __future__ import annotations

import re
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from tests.support.browser import Watched, served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
LINKS = '.bd-article a[href*="#{}-"]:not(.headerlink)'
OPENED = ".why { display: block !important }"  # reasons in quizzes have links too
KINDS = ["term", "equation", "footcite"]
# Focus each link in turn, as the Tab key does, and take what is shown.
SHOWN = """async (selector) => {
  const found = [];
  for (const link of document.querySelectorAll(selector)) {
    link.focus({ focusVisible: true });
    const box = document.getElementById("preview");
    const open = box?.matches(":popover-open") && link.getAttribute("aria-describedby") === "preview";
    const { left, right } = box?.getBoundingClientRect() ?? {};
    const fits = left >= 0 && right <= document.documentElement.clientWidth && box.scrollWidth <= box.clientWidth + 1;
    found.push([link.getAttribute("href"), open ? box.textContent : null, fits]);
    link.blur();
  }
  return found;
}"""


@pytest.fixture
def tab(browser):
    with Watched(browser, viewport={"width": 1280, "height": 900}) as watched:
        yield watched
        assert watched.faults == []


@pytest.fixture(scope="module")
def meant(site):
    """What each address means, by the pages that they lead to."""

    @cache
    def targets(name):
        text = re.sub(r"<(figure|script)\b.*?</\1>", "", site.page(name).html, flags=re.DOTALL)
        return {tag["id"]: tag for tag in BeautifulSoup(text, "html.parser").find_all(id=True)}

    def meaning(page, href):
        path, _, key = href.partition("#")
        target = targets(path.removesuffix(".html") or page)[key]
        shown = target.find_next("dd") if target.name == "dt" else target.find("p") or target.find("math")
        return words(shown.get_text())

    return meaning


def words(text):
    return re.sub(r"\s+", "", text or "")


def open_page(tab, site, name):
    tab.page.goto((site.folder / "chapters" / f"{name}.html").as_uri())
    return tab.page


def test_every_term_equation_and_citation_shows_what_it_leads_to(built, wide, meant):
    assert_all_shown(built, wide.page, meant)


def test_previews_fit_on_a_phone(built, phone, meant):
    assert_all_shown(built, phone.page, meant)


def assert_all_shown(built, page, meant):
    opened = page.add_style_tag(content=OPENED)
    for kind in KINDS:
        found = page.evaluate(SHOWN, LINKS.format(kind))
        for href, shown, fits in found:
            assert words(shown) == meant(built.name, href), href
            assert fits, href
    opened.evaluate("style => style.remove()")


def test_book_has_many_such_links(site):
    for kind, least in (("term", 70), ("equation", 60), ("footcite", 80)):
        assert sum(len(links(page, kind)) for page in site.pages) > least


def links(page, kind):
    return re.findall(rf'<a class="(?!headerlink)[^"]*" href="[^"]*#{kind}-', page.html)


def test_pointer_opens_a_preview_may_move_onto_it_and_closes_it(site, tab):
    page = open_page(tab, site, "sigmoid")
    link = page.locator(LINKS.format("term")).first
    preview = page.get_by_role("tooltip")
    link.hover()
    preview.wait_for()
    preview.hover()
    page.wait_for_timeout(400)
    assert preview.is_visible()
    page.mouse.move(5, 5)
    preview.wait_for(state="hidden")
    assert link.get_attribute("aria-describedby") is None


def test_escape_closes_a_preview_and_leaves_the_focus(site, tab):
    page = open_page(tab, site, "sigmoid")
    link = page.locator(LINKS.format("equation")).first
    link.evaluate("link => link.focus({ focusVisible: true })")
    assert page.get_by_role("tooltip").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("tooltip").is_visible()
    assert link.evaluate("link => document.activeElement === link")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.get_by_role("tooltip").is_visible()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_preview_moves_only_where_motion_is_wanted(site, browser, motion):
    with Watched(browser, reduced_motion=motion) as tab:
        page = open_page(tab, site, "sigmoid")
        page.locator(LINKS.format("term")).first.evaluate("link => link.focus({ focusVisible: true })")
        name = page.get_by_role("tooltip").evaluate("box => getComputedStyle(box).animationName")
        assert (name == "none") == (motion == "reduce")


def test_preview_shows_in_a_sandboxed_frame_which_may_read_no_other_page(site, browser, meant):
    with served(site.folder) as url, Watched(browser) as tab:
        tab.page.goto(f"{url}/search.html")
        source = f"{url}/chapters/sigmoid.html"
        tab.page.set_content(
            f'<iframe sandbox="allow-scripts" width="900" height="600" src="{source}"></iframe>'
        )
        frame = tab.page.frame_locator("iframe")
        link = frame.locator(LINKS.format("term")).first
        link.hover()
        frame.get_by_role("tooltip").wait_for()
        assert words(frame.get_by_role("tooltip").inner_text()) == meant(
            "sigmoid", link.get_attribute("href")
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_preview(site, browser, scheme):
    with Watched(browser, color_scheme=scheme, reduced_motion="reduce") as tab:
        page = open_page(tab, site, "choosing")
        for kind in KINDS:
            page.locator(f"{LINKS.format(kind)}:visible").first.evaluate(
                "link => link.focus({ focusVisible: true })"
            )
            page.get_by_role("tooltip").wait_for()
            found = Axe().run(
                page, context={"include": [["#preview"]]}, options={"resultTypes": ["violations"]}
            )
            assert found.response["violations"] == []


def test_page_without_such_links_loads_no_script_for_them(site):
    for page in site.pages:
        linked = any(links(page, kind) for kind in KINDS)
        assert ("previews/previews.js" in page.html) == linked, page.name
