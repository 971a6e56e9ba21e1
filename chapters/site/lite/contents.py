"""The files that JupyterLite offers: every exercise as students get it, and every chapter as a live notebook."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import yaml

from .live import live_notebook, live_pages
from .plain import Book

BESIDE = {".py", ".json", ".ttf", ".csv"}


def write_contents(root: Path, folder: Path) -> None:
    """Write `exercises/` and `chapters/` below `folder` from the course in `root`."""
    for notebook in exercises(root):
        to = folder / notebook.relative_to(root)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, to)
    _write_chapters(root, folder / "chapters")


def exercises(root: Path) -> list[Path]:
    """The students' notebooks: each folder of `exercises/` holds one of its own name."""
    return sorted(path for path in (root / "exercises").glob("*/*.ipynb") if path.stem == path.parent.name)


def modules(chapters: Path) -> list[Path]:
    """The files that the chapters' code is made of: modules, stored data, fonts."""
    hidden = {"site", "__pycache__"}
    files = (path for path in sorted(chapters.rglob("*")) if path.suffix in BESIDE)
    return [path for path in files if not hidden & set(path.relative_to(chapters).parts)]


def _write_chapters(root: Path, folder: Path) -> None:
    chapters = root / "chapters"
    pages = live_pages(chapters)
    book = Book.read(chapters, _macros(root))
    for path in modules(chapters):
        to = folder / path.relative_to(chapters)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    for page in pages:
        notebook = live_notebook(page, book, [page.stem for page in pages])
        nbformat.write(notebook, folder / f"{page.stem}.ipynb")


def _macros(root: Path) -> dict[str, str]:
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    return config["sphinx"]["config"].get("book_math_macros", {})
