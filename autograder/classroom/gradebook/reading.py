"""What the gradebook holds: scores, and whether they have changed."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.classroom.course import Course
from autograder.classroom.files import combine
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


def grades_digest(course: Course, assignment: str, student: str) -> str:
    """Return a digest of a submission's grades and comments; it changes when a person grades by hand."""
    with opened(course) as gradebook:
        notebooks = gradebook.find_submission(assignment, student).notebooks
        grades = [
            f"{grade.name} {grade.auto_score} {grade.manual_score} {grade.extra_credit}"
            for notebook in notebooks
            for grade in notebook.grades
        ]
        comments = [f"{text.name} {text.comment}" for notebook in notebooks for text in notebook.comments]
    return combine(*sorted(grades), *sorted(comments))
