"""Find solution and hidden-test lines in what students would get."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHORTEST = (
    12  # characters, spaces not counted: a shorter line ("return z") says nothing about where it is from
)

_REGIONS = r"(?:SOLUTION|HIDDEN\s+TEST|MARK\s+SCHEME)"
_BEGIN = re.compile(rf"BEGIN\s+{_REGIONS}", re.IGNORECASE)
_END = re.compile(rf"END\s+{_REGIONS}", re.IGNORECASE)
_MARKER = re.compile(rf"(?:BEGIN|END)\s+{_REGIONS}", re.IGNORECASE)


@dataclass(frozen=True)
class Leak:
    """A line in a released file that students must not see."""

    file: str
    line: str


def find_leaks(source: Path, released: Path) -> list[Leak]:
    """Return the leaks in the folder `released`, made from the notebooks in the folder `source`.

    A line leaks when it contains a line of a solution, hidden test or marking scheme (spaces do not count),
    or one of the markers around them: a mistyped marker is how a whole region stays in.
    """
    secrets = {line for path in source.glob("*.ipynb") for line in _secret_lines(path)}
    return [
        Leak(str(path.relative_to(released)), line.strip())
        for path in sorted(released.rglob("*"))
        if path.is_file()
        for line in _lines(path)
        if _MARKER.search(line) or any(secret in _squeeze(line) for secret in secrets)
    ]


def _secret_lines(notebook: Path) -> Iterator[str]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        lines = "".join(cell["source"]).splitlines()
        for line in _inside_regions(lines) if any(map(_BEGIN.search, lines)) else _bare_solution(cell, lines):
            if len(_squeeze(line)) >= SHORTEST and not line.lstrip().startswith(("import ", "from ")):
                yield _squeeze(line)


def _inside_regions(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if _BEGIN.search(line) or _END.search(line):
            inside = bool(_BEGIN.search(line))
        elif inside:
            yield line


def _bare_solution(cell: dict[str, object], lines: list[str]) -> list[str]:
    """Return the lines of a solution cell without a marked region: nbgrader replaces the whole of it."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
    return lines if nbgrader.get("solution") else []


def _lines(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".ipynb":
        yield from text.splitlines()
        return
    for string in _strings(json.loads(text)):
        yield from string.splitlines()


def _strings(value: object) -> Iterator[str]:
    """Yield every text in a notebook, wherever it is: sources, outputs, attachments and metadata."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _squeeze(line: str) -> str:
    return "".join(line.split())
