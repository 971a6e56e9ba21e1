"""Feedback pages as nbgrader would have them made, without a gradebook."""

import json

from autograder.classroom.pages import feedback
from autograder.judging.grading import Graded


def page_of(graded: Graded, comment: str = "", late_penalty: float = 0.0) -> str:
    """The page of a result, its scores as the judge gave them and a comment on every written answer."""
    notebook = json.loads(graded.notebook)
    scores = {score.id: score for score in graded.feedback}
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if score := scores.get(meta.get("grade_id", "")):
            meta["score"] = score.points or 0.0
            meta["awaits_a_person"] = score.points is None
            meta["comment"] = comment if meta["solution"] else ""
    return feedback.page(
        notebook,
        {
            "student": "ada",
            "assignment": "assignment",
            "score": graded.score - late_penalty,
            "max_score": sum(score.max_points for score in graded.feedback),
            "late_penalty": late_penalty,
        },
    )
