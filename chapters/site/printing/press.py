"""A browser without a window as the printing press: it knows MathML, SVG and the book's style sheets."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pypdf import PdfReader

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
OPTIONS = (
    "--headless",
    "--no-sandbox",  # as root in a container there is no other way; it opens the book's own pages only
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
PATIENCE = 300  # seconds


class CannotPrint(Exception):
    """There is no browser to print with, or it failed; the message says what to do."""


def print_file(page: Path, target: Path) -> None:
    """Print an HTML file to a PDF file; raise CannotPrint if that cannot be done."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        raise CannotPrint("printing needs Chromium or Chrome: install one, so that `chromium` is found")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *OPTIONS, f"--user-data-dir={profile}", f"--print-to-pdf={target.resolve()}"]
        done = subprocess.run(
            [*command, page.resolve().as_uri()], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    if not target.is_file():
        raise CannotPrint(f"{browser} printed nothing:\n{done.stderr[-2000:]}")


def sheet_numbers(printed: Path) -> dict[str, int]:
    """Return for each anchor that a link of a printed document leads to the number of its sheet, from 1."""
    reader = PdfReader(printed)
    places = reader.named_destinations.items()
    return {name.lstrip("/"): reader.get_destination_page_number(place) + 1 for name, place in places}
