"""An appeal that was granted: other points for one item of one student, and why, where the student reads it."""

from __future__ import annotations

from typing import Any

from autograder.classroom.by_hand.marks import require_possible
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import graded, opened
from autograder.classroom.gradebook.graded import Answer


def decide(
    course: Course, assignment: str, student: str, item: str, points: float, why: str
) -> tuple[float, float]:
    """Give a student other points for an item, and say why below the answer; return the points before and after.

    A person's points stay when the hand-in is graded again. Raises CourseError, with nothing changed, where there is no
    such item or it has not so many points.
    """
    notebook, answer = _place(course, assignment, student, item)
    with opened(course) as book:
        grade = book.find_grade(item, notebook, assignment, student)
        require_possible(points, float(grade.max_score))
        before = float(grade.score)
        grade.manual_score, grade.needs_manual_grade = points, False
        comment = book.find_comment(answer, notebook, assignment, student)
        comment.manual_comment = _added(comment, f"{item}: {points:g} points. {why}")
        book.db.commit()
    return before, points


def _added(comment: Any, line: str) -> str:
    return "\n".join(filter(None, (comment.manual_comment, line)))


def _place(course: Course, assignment: str, student: str, item: str) -> tuple[str, str]:
    """The notebook that has the item, and the answer that it belongs to or stands after."""
    known = []
    for path in sorted(course.autograded(student, assignment).glob("*.ipynb")):
        answer = ""
        cells = graded.read_one(path).cells
        answers = {cell.name for cell in cells if isinstance(cell, Answer)}
        for cell in cells:
            if isinstance(cell, Answer):
                answer = cell.name
            elif cell.name == item and answer:
                return path.stem, cell.function if cell.function in answers else answer
            else:
                known.append(cell.name)
    if not known:
        raise CourseError(f"no hand-in of {student!r} for {assignment} is graded: nothing was changed.")
    raise CourseError(f"{assignment} has no item {item!r}. It has: {', '.join(known)}.")
