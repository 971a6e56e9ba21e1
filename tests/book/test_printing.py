"""The book as PDF: every page in it once, its links inside it, plain figures, and printed by one command."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from printing.volume import bind, pages

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


def test_one_command_prints_it(site, tmp_path):
    folder = tmp_path / "course"
    (folder / "_build").mkdir(parents=True)
    os.symlink(site.folder, folder / "_build" / "html")
    for name in ("_toc.yml", "CITATION.cff"):
        os.symlink(ROOT / name, folder / name)
    done = subprocess.run([*COMMAND, "book.pdf", "--root", "."], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    data = (folder / "book.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", data)) > 100
    assert b"/Outlines" in data
    assert not (site.folder / "print.html").exists()


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
