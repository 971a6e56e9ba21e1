"""What gives a solution or a hidden test away: found in an exercise, in a bundle, wherever it stands.

What is compared are whole statements, with all spaces taken out: a line of a call that fills five lines says nothing
about where it is from, and a statement is found again however it was indented.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

SHORTEST = 16  # characters: a shorter statement ("return z", "s = sigmoid(z)") may stand anywhere
_MARKER = re.compile(r"(BEGIN|END)\s+(SOLUTION|HIDDEN\s+TEST|MARK\s+SCHEME)", re.IGNORECASE)


@dataclass(frozen=True)
class Leak:
    """A text in a released file that students must not see."""

    file: str
    text: str

    @property
    def is_marker(self) -> bool:
        """Whether it is a marker around a solution or a hidden test: what it should have cut out stays in, too."""
        return bool(_MARKER.search(self.text))


def find_leaks(source: Path, released: Path, shown: Collection[str] = ()) -> list[Leak]:
    """Return the leaks in the folder `released`, made from the notebooks in the folder `source`; `shown` are none.

    A leak is a statement of a solution, hidden test or marking scheme, or one of the markers around them: a
    mistyped marker is how a whole region stays in. What a hidden test shares with a visible one is no secret.
    """
    secrets, allowed = secrets_of(source), {squeeze(text) for text in shown}
    found: dict[Leak, None] = {}  # a set that keeps its order
    for path in sorted(path for path in released.rglob("*") if path.is_file()):
        for text in texts_of(path.name, path.read_bytes()):
            for leaked in leaked_in(text, secrets):
                if squeeze(leaked) not in allowed:
                    found[Leak(str(path.relative_to(released)), leaked)] = None
    return list(found)


def secrets_of(source: Path) -> dict[str, str]:
    """Return the statements in an assignment's folder that students must not see, by their text without spaces."""
    return {squeeze(text): text for path in source.glob("*.ipynb") for text in _secrets(_cells(path))}


def leaked_in(text: str, secrets: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a text that have one of the markers, and the secrets that it gives away."""
    yield from (line.strip() for line in text.splitlines() if _MARKER.search(line))
    squeezed = squeeze(text)
    yield from (secret for short, secret in secrets.items() if short in squeezed)


def marker_in(text: str) -> str:
    """Return the first line with one of the markers around solutions and hidden tests, or nothing."""
    return next((line.strip() for line in text.splitlines() if _MARKER.search(line)), "")


def _secrets(cells: list[dict[str, Any]]) -> Iterator[str]:
    visible_tests = "".join(squeeze(_split(cell)[1]) for cell in cells if _is_test(cell))
    for cell in cells:
        shared = visible_tests if _is_test(cell) else ""
        for statement in _statements(_split(cell)[0]):
            short = squeeze(statement)
            if len(short) >= SHORTEST and short not in shared:
                yield statement


def _is_test(cell: dict[str, Any]) -> bool:
    marks = cell["metadata"].get("nbgrader", {})
    return bool(marks.get("grade")) and not marks.get("solution")


def _split(cell: dict[str, Any]) -> tuple[str, str]:
    """Return the secret and the public text of an instructor's cell."""
    lines = "".join(cell["source"]).splitlines()
    if not any(map(_MARKER.search, lines)):  # a solution cell without markers is replaced as a whole
        whole = "\n".join(lines)
        return (whole, "") if cell["metadata"].get("nbgrader", {}).get("solution") else ("", whole)
    parts: dict[bool, list[str]] = {True: [], False: []}
    inside = False
    for line in lines:
        if marker := _MARKER.search(line):
            inside = marker[1].upper() == "BEGIN"
        else:
            parts[inside].append(line)
    return "\n".join(parts[True]), "\n".join(parts[False])


def _statements(text: str) -> list[str]:
    """Return the simple statements of a piece of code, imports left out; of other text, its lines."""
    code = dedent(text)
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return code.splitlines()
    simple = (node for node in ast.walk(tree) if isinstance(node, ast.stmt) and not hasattr(node, "body"))
    return [
        ast.get_source_segment(code, node) or ""
        for node in simple
        if not isinstance(node, ast.Import | ast.ImportFrom)
    ]


def _cells(notebook: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return cells


def texts_of(name: str, data: bytes) -> Iterator[str]:
    """Yield the texts in a file: all of a notebook's, cells joined, or the whole file."""
    text = data.decode(encoding="utf-8", errors="replace")
    yield from _joined_strings(json.loads(text)) if name.endswith(".ipynb") else [text]


def _joined_strings(value: object) -> Iterator[str]:
    """Yield every text in a notebook, wherever it is: sources, outputs, attachments and metadata."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _joined_strings(item)
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list):
        for item in value:
            yield from _joined_strings(item)


def squeeze(text: str) -> str:
    """Return a text without white space, by which statements are compared."""
    return "".join(text.split())
