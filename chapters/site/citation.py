"""What CITATION.cff says of the book: pages, the print and link previews all cite it by that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from translation import translate


@dataclass(frozen=True)
class Citation:
    """The words to cite the book by; `released` is a date, year first."""

    title: str
    authors: str
    version: str
    released: str


def read_citation(root: Path) -> Citation:
    """Read the file of the course in `root`, in the language of the edition."""
    said = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    authors = translate(", ").join(translate(author["name"]) for author in said["authors"])
    return Citation(translate(said["title"]), authors, str(said["version"]), str(said["date-released"]))
