"""A chapter as a live notebook: plain Markdown, and the code of every plot in the cell that shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import nbformat
from catalogues.code import translated_code
from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from translation import language, message, translate

from .imports import packages
from .plain import Book, Page, source_of
from .plot_code import PlotCode

KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
FIRST_CELL = Path(__file__).with_name("first_cell.py")
GREETING = message(
    "This is a copy of the chapter with a kernel behind it. Choose **Run > Run All Cells**, then change any code and "
    "press **Shift + Enter**. Nothing can break: what you change stays in this browser, and when you delete the file, "
    "the original is back."
)


def live_pages(chapters: Path) -> list[Path]:
    """The pages that have a live notebook: all those with plots to change, the title page left out."""
    pages = (path for path in sorted(chapters.glob("*.md")) if path.stem != "index")
    return [path for path in pages if is_live(path.read_text("utf-8"))]


def is_live(text: str) -> bool:
    """Whether a page's source imports `explore` in a code cell."""
    return "\nfrom explore import " in text


def live_notebook(page: Path, book: Book, live: Iterable[str]) -> NotebookNode:
    """The notebook of one page. `live` are the names of the pages that it may link to."""
    source = read_myst_markdown_notebook(source_of(page), path=page)
    words, plots = Page(page.stem, book, frozenset(live)), PlotCode(page.parent)
    cells = []
    code = [cell.source for cell in source.cells if cell.cell_type == "code"]
    for cell in code:
        plots.read(cell)
    for cell in source.cells:
        if cell.cell_type == "markdown":
            cells.append(new_markdown_cell(words.plain(cell.source)))
        else:
            cells.append(new_code_cell(plots.opened(cell.source)))
    cells[1:1] = [
        new_markdown_cell(f"> {translate(GREETING)}"),
        _first_cell(packages([*code, "import ipywidgets"], page.parent)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = hashlib.sha256(f"{page.stem} {number}".encode()).hexdigest()[:8]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _first_cell(needed: list[str]) -> NotebookNode:
    names = ", ".join(f'"{name}"' for name in needed)
    speaks = "" if language() == "en" else f'import os\n\nos.environ["BOOK_LANGUAGE"] = "{language()}"\n'
    begin = translated_code(FIRST_CELL.read_text("utf-8").strip(), translate)
    source = f"{begin}\n\n\n{speaks}await prepare({names})"
    return new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})
