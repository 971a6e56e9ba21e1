"""What each member of the demo class got, beside what they should have got."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.classroom.gradebook.records import Total
from tests.demo_class.students import Student, students


def table(scores: Mapping[str, Total]) -> str:
    """Return a table as text: a line a student, and below it how many got what they should have got."""
    rows = [_row(student, scores.get(student.id)) for student in students()]
    right = sum(points == due for _, points, due, _ in rows)
    lines = [f"{who:18}{points:>7}{due:>7}  {text}" for who, points, due, text in rows]
    header = f"{'student':18}{'points':>7}{'right':>7}"
    return "\n".join([header, *lines, f"{right} of {len(rows)} have the points that right grading gives."])


def _row(student: Student, score: Total | None) -> tuple[str, str, str, str]:
    points = f"{score.points:g}" if score else "-"
    due = "-" if student.right is None else f"{student.right:g}"
    fault = f" ({student.reason})" if points != due and student.reason else ""
    return student.id, points, due, student.about + fault
