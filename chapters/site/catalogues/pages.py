"""The messages of the pages, as Sphinx's gettext builder finds them; nothing is executed."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from babel.messages import Catalog, pofile
from jupyter_book.sphinx import build_sphinx

SETTINGS = {
    "nb_execution_mode": "off",
    "gettext_compact": False,  # a catalogue a page
    "gettext_location": False,
    "gettext_uuid": False,
    "latex_individualpages": False,
}


def page_templates(root: Path) -> dict[str, Catalog]:
    """For each page of the course in `root`, by its name as in `chapters/sigmoid`, its messages in their order."""
    with TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"BOOK_LANGUAGE": "en"}):
        out = Path(folder, "gettext")
        failed = build_sphinx(
            root,
            out,
            noconfig=True,
            path_config=root / "_config.yml",
            confoverrides=SETTINGS | {"external_toc_path": str(root / "_toc.yml")},
            builder="gettext",
            really_quiet=True,
        )
        if failed:
            raise RuntimeError(f"Sphinx could not read the pages: {failed}")
        return {
            path.relative_to(out).with_suffix("").as_posix(): _read(path)
            for path in sorted(out.rglob("*.pot"))
        }


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return pofile.read_po(file)
