"""The files that JupyterLite offers: every exercise as students get it, and every chapter as a live notebook."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import yaml
from catalogues.exercises import exercise_in
from catalogues.files import LANGUAGES
from translation import compiled_catalogue, speaking

from .live import live_notebook, live_pages
from .plain import Book, exercise_file, live_file

BESIDE = {".py", ".json", ".ttf", ".csv"}


def write_contents(root: Path, folder: Path) -> None:
    """Write `exercises/` and `chapters/` below `folder` from the course in `root`, in all languages."""
    chapters = root / "chapters"
    for path in [*exercises(root), *modules(chapters)]:
        to = folder / path.relative_to(root)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    _write_live(root, folder / "chapters")
    for language in LANGUAGES:
        with speaking(language):
            _write_live(root, folder / "chapters")
            _write_exercises(root, folder)
        words = folder / "chapters" / "locale" / language / "LC_MESSAGES" / "interface.mo"
        words.parent.mkdir(parents=True, exist_ok=True)
        words.write_bytes(compiled_catalogue(language))


def exercises(root: Path) -> list[Path]:
    """The students' notebooks: each folder of `exercises/` holds one of its own name."""
    return sorted(path for path in (root / "exercises").glob("*/*.ipynb") if path.stem == path.parent.name)


def modules(chapters: Path) -> list[Path]:
    """The files that the chapters' code is made of: modules, stored data, fonts."""
    hidden = {"site", "__pycache__"}
    files = (path for path in sorted(chapters.rglob("*")) if path.suffix in BESIDE)
    return [path for path in files if not hidden & set(path.relative_to(chapters).parts)]


def _write_live(root: Path, folder: Path) -> None:
    pages = live_pages(root / "chapters")
    book = Book.read(root / "chapters", _macros(root))
    for page in pages:
        notebook = live_notebook(page, book, [page.stem for page in pages])
        nbformat.write(notebook, folder / live_file(page.stem))


def _write_exercises(root: Path, folder: Path) -> None:
    for notebook in exercises(root):
        to = folder / exercise_file(notebook.stem)
        to.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(exercise_in(notebook, root), to)


def _macros(root: Path) -> dict[str, str]:
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    return config["sphinx"]["config"].get("book_math_macros", {})
