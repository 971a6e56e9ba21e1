"""Code as it stands in a test cell: numbers as short as they are exact, and lines of at most 100 characters."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

WIDTH = 100
_PAIRS = {"(": ")", "[": "]"}


def literal(value: Any) -> str:
    """Return a value as Python code: an array as a call of np.array, a text in double quotes."""
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, np.ndarray):
        return f"np.array({literal(value.tolist())})" if value.size else f"np.empty({value.shape})"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(literal(item) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, float) and value == 0:
        return "0.0"  # never -0.0
    return repr(value.item() if isinstance(value, np.generic) else value)


class Code(str):
    """Python code, which stands for itself."""


class Formula(Code):
    """A function as a test types it, and the same for a reference to call."""

    def __new__(cls, code: str, exact: Any) -> Formula:
        """Return the code, which knows what it computes."""
        made = super().__new__(cls, code)
        made.exact = exact
        return made

    exact: Any


def lines(code: str) -> str:
    """Return code, one statement a line, with lines that are too long broken at their brackets."""
    return "\n".join(_broken(line, len(line) - len(line.lstrip())) for line in code.strip("\n").split("\n"))


def _broken(line: str, indent: int, room: int = WIDTH) -> str:
    """Break a line inside its last outermost brackets, each part on a line of its own, numbers in rows."""
    if len(line) <= room or line.lstrip().startswith("#"):
        return line
    if line.lstrip().startswith("assert "):
        condition, comma, message = line.rpartition(', "')
        return f'{condition}, (\n{" " * (indent + 4)}"{message}\n{" " * indent})' if comma else line
    found = _last_brackets(line)
    if found is None:
        return line
    start, stop = found
    parts = _split(line[start + 1 : stop])
    while len(parts) == 1 and parts[0][0] in _PAIRS and _last_brackets(parts[0]) == (0, len(parts[0]) - 1):
        start, stop = line.index(parts[0], start + 1), line.index(parts[0], start + 1) + len(parts[0]) - 1
        parts = _split(line[start + 1 : stop])
    inside = " " * (indent + 4)
    pieces = [_broken(inside + part, indent + 4, WIDTH - 1).lstrip() for part in parts]
    if line[start] == "[":
        body = _rows(pieces, inside)
    else:
        body = "".join(f"{inside}{piece}{'' if _is_generator(pieces) else ','}\n" for piece in pieces)
    return f"{line[: start + 1]}\n{body}{' ' * indent}{line[stop:]}"


def _is_generator(pieces: list[str]) -> bool:
    """Tell whether brackets hold a generator expression and nothing else: a comma after it would be no Python."""
    return len(pieces) == 1 and re.search(r" for .* in ", pieces[0]) is not None


def _rows(pieces: list[str], inside: str) -> str:
    """Fill lines with the entries of a list; what is broken already stands alone."""
    done, row = "", inside
    for piece in pieces:
        if len(row) + len(piece) + 1 > WIDTH or "\n" in piece or "\n" in row:
            done, row = done + (row.rstrip() + "\n" if row.strip() else ""), inside
        row += piece + ", "
    return done + row.rstrip() + "\n"


def _last_brackets(line: str) -> tuple[int, int] | None:
    depth, start, found = 0, 0, None
    for place, character in _outside_strings(line):
        if character in _PAIRS:
            start = place if depth == 0 else start
            depth += 1
        elif character in _PAIRS.values():
            depth -= 1
            subscript = (
                line[start] == "[" and start and (line[start - 1].isalnum() or line[start - 1] in ")]_")
            )
            if depth == 0 and place > start + 1 and not subscript:
                found = (start, place)
    return found


def _split(text: str) -> list[str]:
    """Split at the commas that are in no brackets and no text."""
    parts, depth, last = [], 0, 0
    for place, character in _outside_strings(text):
        depth += (character in _PAIRS) - (character in _PAIRS.values())
        if character == "," and depth == 0 and (":" in text[last:place] or "lambda" not in text[last:place]):
            parts.append(text[last:place].strip())
            last = place + 1
    return [part for part in [*parts, text[last:].strip()] if part]


def _outside_strings(text: str) -> list[tuple[int, str]]:
    quoted = [(m.start(), m.end()) for m in re.finditer(r'"(?:\\.|[^"\\])*"', text)]
    return [(i, c) for i, c in enumerate(text) if not any(a <= i < b for a, b in quoted)]
