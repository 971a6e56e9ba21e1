"""The table of terms: what each English term is called in Chinese, and who calls it so."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from translation import LOCALE


@dataclass(frozen=True)
class Term:
    """An English term, the ways to say it in Chinese (the first is the usual one), and the source of it."""

    english: str
    chinese: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Terms:
    """All terms; what stays as it is in English has itself for its Chinese."""

    table: tuple[Term, ...]

    @classmethod
    def read(cls, path: Path = LOCALE / "terms.csv") -> Terms:
        """Read the table: the columns english, chinese (ways to say it, between bars), source."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                Term(row["english"], tuple(row["chinese"].split("|")), row["source"])
                for row in csv.DictReader(file)
            ]
        return cls(tuple(sorted(rows, key=lambda term: -len(term.english))))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of the terms that stay as they are, in lower case."""
        kept = [term.english for term in self.table if term.english in term.chinese]
        return frozenset(word.lower() for name in kept for word in re.findall(r"[A-Za-z]{3,}", name))

    def faults(self, source: str, text: str) -> Iterator[str]:
        """Terms of the source that the translation calls by another name; the longest term that fits counts."""
        for term in self.table:
            pattern = re.compile(rf"(?<![\w-]){re.escape(term.english)}(?:s|es)?(?![\w-])", re.IGNORECASE)
            if pattern.search(source):
                source = pattern.sub(" ", source)
                if not any(way.lower() in text.lower() for way in term.chinese):
                    yield f"“{term.english}” is {' or '.join(term.chinese)}"
