"""The cited works in words: author and year in the text, the whole entry in the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pybtex.database import BibliographyData, Entry, parse_file
from pybtex.plugin import find_plugin
from translation import translate


@dataclass(frozen=True)
class Works:
    """A bibliography."""

    data: BibliographyData

    @classmethod
    def read(cls, path: Path) -> Works:
        """Read a BibTeX file."""
        return cls(parse_file(str(path), "bibtex"))

    def short(self, key: str) -> str:
        """Author and year, where it has one, as in 'Rosenblatt, 1958'. Raises KeyError for unknown works."""
        entry = self.data.entries[key]
        return ", ".join(filter(None, [_authors(entry), entry.fields.get("year")]))

    def listed(self, keys: Iterable[str]) -> str:
        """A Markdown list of the works."""
        style = find_plugin("pybtex.style.formatting", "plain")()
        backend = find_plugin("pybtex.backends", "markdown")()
        entries = style.format_entries([self.data.entries[key] for key in keys])
        return "\n".join(f"- {' '.join(entry.text.render(backend).split())}" for entry in entries)


def _authors(entry: Entry) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(person.prelast_names + person.last_names).strip("{}") for person in people]
    if len(names) > 2 or names[1:] == ["others"]:
        return translate("{author} et al.", author=names[0])
    return translate("{one} and {other}", one=names[0], other=names[1]) if names[1:] else "".join(names)
