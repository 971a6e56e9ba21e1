"""The built book: how to build it from a copy, and what is in it."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
BUILD = [str(JUPYTER_BOOK), "build", ".", "-n", "-W", "--keep-going"]


@dataclass(frozen=True)
class PlotData:
    """The frames that a page carries for one plot, unpacked."""

    name: str
    frames: list[str]
    values: list[dict[str, object]]
    says: list[str]
    texts: dict[str, list[str]]


@dataclass(frozen=True)
class Page:
    """One page of the built site."""

    path: Path

    @cached_property
    def html(self) -> str:
        """The file's text."""
        return self.path.read_text("utf-8")

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @cached_property
    def plots(self) -> list[PlotData]:
        """The plots with parameters, in page order."""
        pattern = r'<figure class="explore" id="([^"]+)".*?</figure>'
        found = re.finditer(pattern, self.html, flags=re.DOTALL)
        return [plot for match in found for plot in _plot(match[1], match[0])]


_page = cache(Page)


@dataclass(frozen=True)
class Site:
    """The built site."""

    folder: Path

    @property
    def pages(self) -> list[Page]:
        """The book's own pages, without search and redirects."""
        return [self.page(path.stem) for path in sorted((self.folder / "chapters").glob("*.html"))]

    def page(self, name: str) -> Page:
        """One of them: always the same object, which keeps what it has read."""
        return _page(self.folder / "chapters" / f"{name}.html")


def copy_book(folder: Path) -> None:
    """Copy what the build reads to `folder`, and the outputs of executed pages where `make` has left them."""
    for name in ("_config.yml", "_toc.yml", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb*")
    for name in ("chapters", "exercises"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    cache = ROOT / "_build" / ".jupyter_cache"
    if cache.is_dir():
        shutil.copytree(cache, folder / "_build" / ".jupyter_cache")


def run_build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the book in `folder`; the result has its exit status and what it printed."""
    return run_in(folder, BUILD)


def run_in(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command there."""
    return subprocess.run(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=900,
        check=False,
    )


def build_page(book: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Write the page of a book of one, and build it."""
    (book / "chapters" / "index.md").write_text(text, "utf-8")
    return run_build(book)


def built_site(folder: Path) -> Site:
    """Build a copy of the book in `folder`, if that is not done; or, with BOOK_HTML set, take the site there."""
    if ready := os.environ.get("BOOK_HTML"):
        return Site(Path(ready))
    built = folder / "built"
    if not built.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        copy_book(folder)
        result = run_build(folder)
        assert result.returncode == 0, result.stdout[-8000:]
        built.touch()
    return Site(folder / "_build" / "html")


def built_edition(site: Site, language: str) -> Site:
    """Build another language's edition into the site, if that is not done; or, with BOOK_HTML set, take it as it is."""
    edition = Site(site.folder / language.partition("_")[0])
    if "BOOK_HTML" not in os.environ and not edition.folder.exists():
        command = [sys.executable, "chapters/site/edition.py", language]
        result = run_in(site.folder.parents[1], command)
        assert result.returncode == 0, result.stdout[-8000:]
    return edition


@cache
def compressed(path: Path) -> int:
    """Bytes of a file as a web server would send it."""
    return len(gzip.compress(path.read_bytes(), 9))


def _plot(name: str, figure: str) -> Iterator[PlotData]:
    script = re.search(r'class="explore-frames">(.*?)</script>', figure, re.DOTALL)
    if script:
        data = json.loads(script[1])
        frames = [
            "".join("".join(data["parts"][a:b]) for a, b in zip(runs[::2], runs[1::2], strict=True))
            for runs in data["frames"]
        ]
        yield PlotData(name, frames, data["values"], data["says"], data["texts"])
