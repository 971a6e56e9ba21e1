"""What the gradebook holds for each submission."""

from __future__ import annotations

from dataclasses import dataclass

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
            row["student"]: Score(row["score"], row["max_score"], bool(row["needs_manual_grade"]))
            for row in gradebook.submission_dicts(assignment)
            if course.autograded(row["student"], assignment).is_dir()
        }
