"""What the book's tests share: its Sphinx extensions on the path, and the site, built once."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.support.browser import chromium
from tests.support.site import Site, built_edition, built_site, copy_book

sys.path.append(str(Path(__file__).parents[2] / "chapters" / "site"))


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


@pytest.fixture(scope="module")
def browser():
    """A browser for the tests of one module."""
    with chromium() as running:
        yield running
