"""What nbgrader wrote into a gradebook, cell by cell, read without nbgrader."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_SCORES = """
SELECT student.id, base_cell.name, grade.auto_score, grade_cells.max_score FROM grade
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN student ON submitted_assignment.student_id = student.id
JOIN base_cell ON grade.cell_id = base_cell.id
JOIN grade_cells ON grade_cells.id = base_cell.id
"""


def stock_scores(gradebook: Path) -> Iterator[tuple[str, str, float | None, float]]:
    """Yield student, test cell, score (None where there is none) and the cell's points."""
    with closing(sqlite3.connect(gradebook)) as book:
        yield from book.execute(_SCORES)
