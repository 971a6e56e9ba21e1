"""Every line that students must not see, found in the instructor's notebooks by its marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
UNIQUE = 20  # characters without spaces: a shorter line may stand anywhere
LETTERS = 6  # a row of numbers, too

# Single lines of a solution that the book shows on purpose: chapters teach them, or draw their plots with them.
TAUGHT = {
    "w, b = np.zeros(X.shape[1]), 0.0",
    "e = np.exp(-2 * np.abs(z))",
    "W1, b1, W2, b2 = params",
    "return Z1, A, (A @ W2 + b2)[:, 0]",
    "return params, losses",
    "lowest, highest = X.min(axis=0), X.max(axis=0)",
    "e = np.exp(-np.abs(z))",
    "return (f(z + h) - f(z - h)) / (2 * h)",
    "return np.clip(z / 6 + 0.5, 0, 1)",
    "return np.diag(p) - np.outer(p, p)",
    "return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))",
}

_BEGIN, _END = (
    re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)"),
    re.compile(r"END (SOLUTION|HIDDEN|MARK)"),
)


def squeezed(text: str) -> str:
    """A text without its spaces."""
    return "".join(text.split())


def hidden_lines(solutions: Path = ROOT / "solutions") -> dict[str, str]:
    """The hidden lines that are unique enough and stand nowhere in what is released, by their text without spaces."""
    notebooks = [nbformat.read(path, as_version=4) for path in sorted(solutions.glob("*/*.ipynb"))]
    lines = [line for notebook in notebooks for cell in notebook.cells for line in _lines(cell)]
    public = "".join(squeezed(line) for line, hidden in lines if not hidden)
    found = {squeezed(line): line.strip() for line, hidden in lines if hidden}
    return {
        short: line
        for short, line in found.items()
        if len(short) >= UNIQUE
        and sum(map(str.isalpha, short)) >= LETTERS
        and short not in public
        and line not in TAUGHT
        and not line.startswith("import ")
    }


def _lines(cell: nbformat.NotebookNode) -> Iterator[tuple[str, bool]]:
    """Each line of a cell, and whether it is hidden: a written answer without marks is hidden as a whole."""
    lines = cell.source.splitlines()
    marks = cell.metadata.get("nbgrader", {})
    inside = bool(marks.get("solution")) and not any(map(_BEGIN.search, lines))
    for line in lines:
        if _BEGIN.search(line):
            inside = True
        elif _END.search(line):
            inside = False
        else:
            yield line, inside
