"""All that grading leaves of a class, in a form that two classes can be compared by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.classroom import gradebook
from autograder.classroom.course import load_course


def rows(course: Path, assignment: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the students of the gradebook, and each one's submission: times, grades, comments, penalties."""
    with gradebook.opened(load_course(course)) as book:
        students = [student.to_dict() for student in book.students]
        found = book.find_assignment(assignment).submissions
        submissions = {one.student.id: _submission(one) for one in found}
        assert len(submissions) == len(found), "a student has two submissions"
    return sorted(students, key=lambda student: student["id"]), submissions


def files(course: Path) -> dict[str, tuple[bytes, str]]:
    """Return the content and rights of every file below `class/autograded`, hidden ones too."""
    root = course / "class" / "autograded"
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): (path.read_bytes(), oct(path.stat().st_mode)) for path in paths}


def _submission(one: Any) -> tuple[Any, ...]:
    notebooks = {
        notebook.name: {
            "penalty": notebook.late_submission_penalty,
            "flagged": notebook.flagged,
            "grades": sorted(
                (
                    grade.name,
                    grade.auto_score,
                    grade.manual_score,
                    grade.extra_credit,
                    grade.needs_manual_grade,
                )
                for grade in notebook.grades
            ),
            "comments": sorted(
                (text.name, text.auto_comment, text.manual_comment) for text in notebook.comments
            ),
        }
        for notebook in one.notebooks
    }
    return one.timestamp, one.extension, one.score, one.late_submission_penalty, notebooks


def students(course: Path) -> dict[str, tuple[str | None, ...]]:
    """First name, last name, e-mail and the platform's id of everybody in the gradebook, by student id."""
    with gradebook.opened(load_course(course)) as book:
        return {row.id: (row.first_name, row.last_name, row.email, row.lms_user_id) for row in book.students}
