"""The Chinese edition beside the English one: the same places, the same weight, all in Chinese, and found by search."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from tests.book.test_pages_in_browser import PAGE_BUDGET
from tests.support.browser import Watched
from tests.support.site import compressed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chinese")]
# What is not the book's own words: code and what it prints, formulas, cited works, the English terms of the glossary.
NO_WORDS = "script, style, template, pre, code, math, dt, aside.footnote, li[id]"
HAN = re.compile("[\u3400-\u9fff]")
QUOTED = {"Upload multiple feedback files in a zip"}  # what other programs say
ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){2}[a-z]{3,}")


def test_pages_plots_and_places_are_those_of_the_english_edition(english, site):
    for ours, theirs in zip(site.pages, english.pages, strict=True):
        assert ours.name == theirs.name
        assert anchors(ours) == anchors(theirs), ours.name
        assert [plot.texts.keys() for plot in ours.plots] == [plot.texts.keys() for plot in theirs.plots]
        assert [len(plot.frames) for plot in ours.plots] == [len(plot.frames) for plot in theirs.plots]


def anchors(page):
    return set(re.findall(r'<(?:section|span|dt|div) (?:class="[^"]*" )?id="([^"]+)"', page.html))


def test_pages_weigh_what_the_english_ones_do(english, site):
    for ours, theirs in zip(site.pages, english.pages, strict=True):
        assert weight(ours) <= 1.05 * weight(theirs), ours.name
        assert weight(ours) <= 1.05 * PAGE_BUDGET, ours.name


def weight(page):
    """Bytes of a page and of the styles, scripts and pictures that it names, as they are sent."""
    named = re.findall(r'(?:href|src)="([^":?#]+\.(?:css|js|svg|png))[?"]', page.html)
    files = {(page.path.parent / name).resolve() for name in named}
    return compressed(page.path) + sum(compressed(file) for file in files)


def test_no_english_sentence_is_left_on_a_page(site):
    left = [(page.name, text) for page in site.pages for text in words(page) if ENGLISH.search(text)]
    assert [(name, text) for name, text in left if not HAN.search(text) and text not in QUOTED] == []


def words(page):
    article = BeautifulSoup(page.html, "html.parser").select_one("article")
    for one in article.select(NO_WORDS):
        one.decompose()
    return [" ".join(text.split()) for text in article.find_all(string=True)]


def test_pages_say_their_language_and_lead_to_the_other(english, site):
    for ours, theirs in zip(site.pages, english.pages, strict=True):
        for page, tag in ((ours, "zh-CN"), (theirs, "en")):
            assert re.search(r'<html[^>]* lang="([^"]+)"', page.html)[1] == tag
            others = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page.html)
            assert {tag: (page.path.parent / there).resolve() for tag, there in others} == {
                "en": theirs.path.resolve(),
                "zh-CN": ours.path.resolve(),
            }


def test_switch_leads_to_the_same_place_and_back(english, site, browser):
    with Watched(browser, viewport={"width": 360, "height": 740}) as tab:
        page = tab.page
        page.goto(f"{english.folder.as_uri()}/chapters/tanh.html#summary")
        for name, folder in (("中文", site.folder), ("English", english.folder)):
            link = page.get_by_role("link", name=name, exact=True)
            box, header = link.bounding_box(), page.locator(".bd-header-article").bounding_box()
            assert header["y"] <= box["y"]
            assert box["y"] + box["height"] <= header["y"] + header["height"]
            link.click()
            page.wait_for_url(f"{folder.as_uri()}/chapters/tanh.html#summary")
        assert tab.faults == []


@pytest.mark.parametrize(
    ("words", "page"),
    [("梯度消失", "sigmoid"), ("死亡单元", "relu-family"), ("Xavier", "choosing"), ("交叉熵", "softmax")],
)
def test_search_finds_han_words(site, browser, words, page):
    with Watched(browser) as tab:
        tab.page.goto(f"{site.folder.as_uri()}/search.html?q={words}")
        tab.page.wait_for_selector(f'#search-results li a[href*="chapters/{page}.html"]', state="attached")
        assert tab.faults == []


def test_words_that_scripts_write_are_chinese(site, browser):
    with Watched(browser) as tab:
        tab.page.goto(f"{site.folder.as_uri()}/chapters/your-own.html")
        tab.page.get_by_label("你的激活函数").first.fill("(z + 1")
        problem = tab.page.locator("#lab-a-problem").inner_text()
        assert len(re.findall("[\u3400-\u9fff]", problem)) > 4
