"""The book as PDF: every page in it once, its links inside it, plain figures, and printed by one command."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from printing.volume import bind, pages
from pypdf import PdfReader

from tests.support.site import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]
COMMAND = [sys.executable, str(ROOT / "chapters" / "site" / "printing")]


@pytest.fixture(scope="module")
def bound(site):
    return BeautifulSoup(bind(ROOT, site.folder), "html.parser")


def test_every_page_is_bound_once_in_reading_order(site, bound):
    names = [name.rpartition("/")[2] for name in pages(ROOT)]
    assert [article["id"] for article in bound.select("article")] == names
    assert sorted(names) == [page.name for page in site.pages]


def test_links_lead_to_places_in_the_document_or_to_the_web(bound):
    ids = [tag["id"] for tag in bound.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = [tag["href"] for tag in bound.select("a[href]")]
    inside = [link.removeprefix("#") for link in links if link.startswith("#")]
    assert len(inside) > 100
    assert set(inside) <= set(ids)
    assert [link for link in links if not re.match(r"#|https?://|mailto:", link)] == []


def test_drawings_keep_their_parts(bound):
    ids = {tag["id"] for tag in bound.find_all(id=True)}
    for use in bound.select("use"):
        target = use.get("href") or use.get("xlink:href")
        assert target.removeprefix("#") in ids
    for key in re.findall(r"url\(#([^)]+)\)", str(bound.body)):
        assert key in ids


def test_nothing_is_bound_that_only_a_screen_can_use(site, bound):
    assert bound.select("script, button, .explore-controls, template") == []
    plots = sum(len(page.plots) for page in site.pages)
    assert len(bound.select(".explore-values")) >= plots > 40


# Paper takes long: of the eight chapters, two are printed.
SHORT = """format: jb-book
root: chapters/index
parts:
  - chapters: [{file: chapters/linear-regression}, {file: chapters/tanh}]
  - chapters: [{file: chapters/notation}, {file: chapters/glossary}, {file: chapters/bibliography}]
"""


@pytest.fixture(scope="module")
def printed(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    (folder / "_build").mkdir()
    os.symlink(site.folder, folder / "_build" / "html")
    (folder / "_toc.yml").write_text(SHORT, "utf-8")
    os.symlink(ROOT / "CITATION.cff", folder / "CITATION.cff")
    done = subprocess.run([*COMMAND, "book.pdf", "--root", "."], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return PdfReader(folder / "book.pdf")


def test_one_command_prints_it(site, printed):
    assert len(printed.pages) > 30
    assert len(printed.outline) >= 6
    assert not (site.folder / "print.html").exists()


def test_contents_give_the_sheet_that_each_heading_is_on(printed, bound):
    places = tuple(f"#{name}-" for name in re.findall(r"chapters/([\w-]+)", SHORT))
    outline = _outline(printed, printed.outline)
    words = [link.span.get_text() for link in bound.select(".contents a") if link["href"].startswith(places)]
    assert len(words) > 20
    sheets = [next(sheet for title, sheet in outline if title == word) for word in words]
    contents = [page.extract_text().partition("\n")[2] for page in printed.pages[1 : sheets[0] - 1]]
    assert [int(number) for number in re.findall(r"(?:^|\s)(\d+)$", "\n".join(contents), re.M)] == sheets


def _outline(reader, entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from _outline(reader, entry)
        else:
            yield entry.title, reader.get_destination_page_number(entry) + 1


def test_without_a_site_or_a_browser_it_says_what_to_do(site, tmp_path):
    done = subprocess.run(COMMAND, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        "there is no built site in _build/html: run `jupyter-book build .` first\n",
    )
    (tmp_path / "_build").mkdir()
    os.symlink(site.folder, tmp_path / "_build" / "html")
    for name in ("_toc.yml", "CITATION.cff"):
        os.symlink(ROOT / name, tmp_path / name)
    done = subprocess.run(
        COMMAND, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "PATH": str(tmp_path)}
    )
    assert (done.returncode, done.stderr) == (
        1,
        "printing needs Chromium or Chrome: install one, so that `chromium` is found\n",
    )
