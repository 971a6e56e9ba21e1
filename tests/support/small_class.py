"""A few of the demo class, graded by the judge: for tests that look at what comes after grading."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from tests.demo_class.students import ASSIGNMENT, hand_in, students
from tests.support import courses

# All right; nothing written; wrong numbers; a test deleted; cut off. One enrolled student hands in nothing.
MEMBERS = ("ada-reference", "bea-blank", "quinn-half", "gil-deleted-cell", "dina-broken")
ABSENT = "otto-absent"
WRITTEN = ("explain-vanishing", "explain-logits")


def build(to: Path) -> Path:
    """Make the course with these students' hand-ins, released and graded."""
    course = courses.copy_course(to)
    for folder in ("solutions", "exercises"):
        for other in (course / folder).iterdir():
            if other.name != ASSIGNMENT:
                shutil.rmtree(other)
    for student in students():
        if student.id in MEMBERS:
            folder = course / "class" / "submitted" / student.id / ASSIGNMENT
            folder.mkdir(parents=True)
            for name, text in hand_in(student).items():
                (folder / name).write_text(text, encoding="utf-8")
    for command, status in (("release", 0), ("grade", 1)):
        done = courses.autograder(course, command, ASSIGNMENT)
        assert done.returncode == status, done.stderr
    _enrol(course)
    return course


def _enrol(course: Path) -> None:
    with gradebook.opened(load_course(course)) as book:
        for student in (*MEMBERS, ABSENT):
            first, last = student.split("-", 1)
            book.update_or_create_student(student, first_name=first.title(), last_name=last.title())
