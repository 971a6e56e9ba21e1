"""What search engines, link previews and people who cite find on a page, published and not."""

from __future__ import annotations

import re

import pytest

from tests.support.site import build_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
ADDRESS = "https://book.example/lines"


PAGE = "# Lines\n\nA line has a slope and a place.\n"


def tags(html):
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', html))


def test_every_page_has_a_title_and_a_description_of_its_own(site):
    titles = [re.search("<title>(.*?)</title>", page.html, re.DOTALL)[1] for page in site.pages]
    descriptions = [tags(page.html).get("description", "") for page in site.pages]
    assert len(set(titles)) == len(set(descriptions)) == len(site.pages)
    assert min(map(len, descriptions)) > 40
    for page in site.pages:
        assert {"og:title", "og:type", "og:site_name", "og:description"} <= set(tags(page.html))
        assert "og:url" not in tags(page.html)


def test_descriptions_are_the_first_sentences_of_the_page(site):
    for page in site.pages:
        described = tags(page.html)
        assert described["description"] == described["og:description"]
        assert described["description"].endswith((".", "?", "!")), page.name
        assert "live notebook" not in described["description"]
    (sigmoid,) = (page for page in site.pages if page.name == "sigmoid")
    assert tags(sigmoid.html)["description"].startswith("A question with two answers needs an output")


def test_every_page_says_how_to_cite_it(site):
    for page in site.pages:
        (entry,) = re.findall(r"@incollection\{.*?\n\}", page.html, re.DOTALL)
        assert re.search(r"title     = \{[^<>{}]+\}", entry), entry
        assert re.search(r"note      = \{Version \d+\.\d+\.\d+\}", entry)


def test_published_pages_carry_their_address_and_a_sitemap_lists_them(small_book, monkeypatch):
    monkeypatch.setenv("BOOK_URL", ADDRESS)
    result = build_page(small_book, PAGE)
    assert result.returncode == 0, result.stdout
    folder = small_book / "_build" / "html"
    page = (folder / "chapters" / "index.html").read_text("utf-8")
    assert tags(page)["og:url"] == f"{ADDRESS}/chapters/index.html"
    assert f'<link rel="canonical" href="{ADDRESS}/chapters/index.html"' in page
    assert f"url       = {{{ADDRESS}/chapters/index.html}}" in page
    picture = tags(page)["og:image"]
    assert picture.startswith(f"{ADDRESS}/_images/")
    assert (folder / picture.removeprefix(f"{ADDRESS}/")).is_file()
    assert f"<loc>{ADDRESS}/chapters/index.html</loc>" in (folder / "sitemap.xml").read_text("utf-8")


def test_unpublished_pages_show_a_card_by_a_relative_address(site):
    for page in site.pages:
        picture = tags(page.html)["og:image"]
        assert (page.path.parent / picture).resolve().is_file()
        assert "live notebook" not in tags(page.html)["og:image:alt"]


def test_an_address_that_is_none_stops_the_build(small_book, monkeypatch):
    monkeypatch.setenv("BOOK_URL", "book.example")
    result = build_page(small_book, PAGE)
    assert result.returncode != 0
    assert "has to begin with https://" in result.stdout
