"""What nbgrader's `GetGrades` puts into a graded notebook, from records that were read once for the whole class."""

from __future__ import annotations

from typing import Any

from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook.records import Mark, Notebook

Json = dict[str, Any]


def fill(notebook: Json, record: Notebook, max_points: dict[str, float]) -> None:
    """Put scores, points and comments into the metadata of a notebook's cells.

    `max_points` are the points that can be had, by cell. Raises CourseError if the notebook has graded cells
    that the gradebook does not know.
    """
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        name = meta.get("grade_id", "")
        if meta.get("solution") or meta.get("task"):
            meta["comment"] = record.comments.get(name)
        if meta.get("grade") or meta.get("task"):
            if name not in record.marks or name not in max_points:
                raise CourseError(f"the gradebook has no {name}: grade the submission again.")
            _put(meta, record.marks[name], max_points[name])


def _put(meta: Json, mark: Mark, max_points: float) -> None:
    meta["score"] = mark.points
    meta["points"] = max_points
    meta["awaits_a_person"] = not mark.given


def summary(record: Notebook, max_points: dict[str, float]) -> dict[str, float]:
    """What the head of the page says: the score after the penalty, the points to be had, the penalty."""
    points = sum(mark.points for mark in record.marks.values())
    return {
        "score": points - record.penalty,
        "max_score": sum(max_points.values()),
        "late_penalty": record.penalty,
    }
