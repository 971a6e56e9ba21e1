"""What the book's tests share: its Sphinx extensions on the path, the site, built once, and its pages, opened once."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.support.browser import Watched, chromium, open_guesses, served
from tests.support.site import ROOT, Page, Site, built_edition, built_site, copy_book

sys.path.append(str(Path(__file__).parents[2] / "chapters" / "site"))
PAGES = re.findall(r"(?:root|file): chapters/(\S+)", (ROOT / "_toc.yml").read_text("utf-8"))
SIZES = {"wide": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="session")
def english(tmp_path_factory) -> Site:
    """The whole book, built with warnings as errors: once for all processes of a run, which only read it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with open(folder / "book.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return built_site(folder / "book")


@pytest.fixture(scope="session")
def site(english) -> Site:
    """The edition to be tested."""
    return english


@pytest.fixture(scope="session")
def chinese(english) -> Site:
    """The Chinese edition, which lies in a folder of the English one: once for all processes of a run."""
    with open(english.folder.with_name("chinese.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return built_edition(english, "zh_CN")


@pytest.fixture
def small_book(tmp_path) -> Path:
    """A book of one page, still to be written, with the course's own settings."""
    copy_book(tmp_path)
    shutil.rmtree(tmp_path / "_build", ignore_errors=True)
    for path in (tmp_path / "chapters").glob("*.md"):
        path.unlink()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/index\n", "utf-8")
    return tmp_path


class Running:
    """A browser that runs from the first test that needs it to the last: its event loop would be in others' way."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._browser = None
        self.shared: dict[str, Shared] = {}

    def new_context(self, **options: object) -> BrowserContext:
        """A profile of its own in the browser, which is started if need be."""
        if self._browser is None:
            self._browser = self._open.enter_context(chromium())
        return self._browser.new_context(**options)

    def close(self) -> None:
        """End it, and the tabs in it."""
        self._open.close()
        self._browser, self.shared = None, {}


running = Running()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """Close the browser where tests begin that need none."""
    if nextitem is None or (nextitem.path != item.path and "browser" not in nextitem.fixturenames):
        running.close()


@pytest.fixture(scope="session")
def browser() -> Running:
    """The browser for all tests of a process."""
    return running


@pytest.fixture(scope="session")
def at(english) -> str:
    """The address of a server for the site."""
    with served(english.folder) as address:
        yield address


@pytest.fixture(scope="session", params=PAGES)
def built(request, site) -> Page:
    """Each page of the book. All that look at one come one after the other, so that it is opened once for them."""
    return site.page(request.param)


class Shared:
    """A tab in which many tests look at a page that is loaded once, with every guess open."""

    def __init__(self, browser, size: str) -> None:
        self.size = dict(zip(("width", "height"), SIZES[size], strict=True))
        self.tab = Watched(browser, viewport=self.size)
        self.tab.loaded = []

    @contextmanager
    def showing(self, address: str) -> Iterator[Watched]:
        """The page there, in the size and the colours that it was loaded with; others have moved its controls."""
        tab = self.tab
        tab.faults.clear()
        if tab.page.url != address:
            tab.requests.clear()
            tab.page.goto(address, wait_until="load")
            tab.page.evaluate("document.fonts.ready")
            open_guesses(tab.page)
            tab.loaded = tab.requests.copy()
        tab.page.emulate_media(media="screen", color_scheme="light")
        if tab.page.viewport_size != self.size:
            tab.page.set_viewport_size(self.size)
        yield tab
        assert tab.faults == []
        assert tab.foreign(address) == []


@pytest.fixture
def shared(browser) -> dict[str, Shared]:
    """The two tabs."""
    if not browser.shared:
        browser.shared = {size: Shared(browser, size) for size in SIZES}
    return browser.shared


@pytest.fixture
def wide(shared, at, english, built):
    """The page on a screen, from a server."""
    with shared["wide"].showing(f"{at}/{built.path.relative_to(english.folder)}") as tab:
        yield tab


@pytest.fixture
def phone(shared, built):
    """The page on a phone, from a folder."""
    with shared["phone"].showing(built.path.as_uri()) as tab:
        yield tab
