"""What a notebook that was handed in has of its student: nothing, if its answers are as they were released."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.judging.reading import HandedCell, Unreadable, read_notebook

if TYPE_CHECKING:
    from autograder.classroom.course import Course

Cells = frozenset[tuple[str, str]]


def released_answers(course: Course, assignment: str, notebook: str) -> Cells:
    """Return the cells of a notebook as students got it; nothing if that is not there any more."""
    return _read(course.released(assignment) / f"{notebook}.ipynb")


@lru_cache(8)
def _read(path: Path) -> Cells:
    try:
        return _cells(read_notebook(path.read_bytes()).cells)
    except (OSError, Unreadable):
        return frozenset()


def is_untouched(data: bytes, released: Cells) -> bool:
    """Tell whether a notebook has no cell that the released one does not have; outputs do not count."""
    try:
        cells = _cells(read_notebook(data).cells)
    except Unreadable:
        return False
    return bool(released) and cells <= released


def _cells(cells: tuple[HandedCell, ...]) -> Cells:
    return frozenset((cell.cell_type, text) for cell in cells if (text := cell.source.strip()))
