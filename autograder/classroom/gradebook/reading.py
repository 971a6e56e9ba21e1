"""What the gradebook holds for each submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.gradebook.opening import opened


@dataclass(frozen=True)
class Score:
    """What the gradebook holds for one submission. `by_hand`: a person has still to grade something in it."""

    points: float
    max_points: float
    by_hand: bool


def scores(course: Course, assignment: str) -> dict[str, Score]:
    """Return the score of every submission of an assignment that has been graded, by student."""
    with opened(course) as gradebook:
        return {
            student: Score(points, max_points, bool(by_hand))
            for student, points, max_points, by_hand in gradebook.db.execute(_sums(assignment))
            if course.autograded(student, assignment).is_dir()
        }


def _sums(assignment: str) -> Any:
    """One pass over an assignment's grades: nbgrader's own list sums those of the whole course four times."""
    from nbgrader import api
    from sqlalchemy import Integer, cast, func, select

    most = select(api.Assignment.max_score).where(api.Assignment.name == assignment).scalar_subquery()
    return (
        select(
            api.SubmittedAssignment.student_id,
            func.sum(api.Grade.score),
            most,
            func.max(cast(api.Grade.needs_manual_grade, Integer)),
        )
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .where(api.Assignment.name == assignment)
        .group_by(api.SubmittedAssignment.student_id)
    )
