"""Build the book's edition in another language into a folder of the site: `python chapters/site/edition.py zh_CN`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[0]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from book_language import edition
from jupyter_book.sphinx import build_sphinx


def build(root: Path, language: str) -> bool:
    """Build the edition of the course in `root`, with the same names of pages; returns whether it failed."""
    os.environ["BOOK_LANGUAGE"] = language
    built = root / "_build" / language
    settings = {
        "external_toc_path": str(root / "_toc.yml"),
        "language": language,
        "locale_dirs": ["chapters/locale"],
        "gettext_compact": False,
        "nitpicky": True,
        "latex_individualpages": False,
    }
    failed = build_sphinx(
        root,
        built / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides=settings,
        warningiserror=True,
        keep_going=True,
    )
    if not failed:
        shutil.copytree(built / "html", root / "_build" / "html" / edition().folder, dirs_exist_ok=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(build(Path.cwd(), sys.argv[1]))
