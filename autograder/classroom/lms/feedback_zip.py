"""Feedback pages in a zip that Canvas or Moodle takes back: each file's name leads to its student.

- Canvas, "How do I upload all student submissions for an assignment?", Canvas Instructor Guide,
  https://community.canvaslms.com/t5/Instructor-Guide/tkb-p/Instructor, and
  `AbstractAssignment#infer_comment_context_from_filename` in https://github.com/instructure/canvas-lms: the user's and
  the upload's numbers are read from the name, and the upload must be one of the present submission. The file becomes
  an attachment of a comment, which Canvas lists under the name of the student's own upload.
- Moodle, "Upload multiple feedback files in a zip" in "Using Assignment",
  https://docs.moodle.org/en/Using_Assignment, and `mod/assign/feedback/file/importziplib.php` in
  https://github.com/moodle/moodle: a name of the form `<name>_<participant>_assignsubmission_file_<file>`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from autograder.classroom.collect import ledger
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.lms.exporting import Export, listed
from autograder.classroom.lms.packing import packed

Platform = Literal["canvas", "moodle"]


def place(course: Course, assignment: str, platform: Platform) -> Path:
    """Return where the zip is put: beside the folder of feedback pages."""
    return course.feedback("", "").parent / f"feedback-{assignment}-{platform}.zip"


def write(course: Course, assignment: str, platform: Platform, students: list[str]) -> Export:
    """Pack the pages of those students whose newest hand-in came from the platform.

    Raises CourseError if there are none, or the zip cannot be written.
    """
    collected = ledger.latest(course, assignment)
    prefixes = {
        student: hand_in.prefix
        for student, hand_in in collected.items()
        if hand_in.source == platform and hand_in.prefix and student in students
    }
    if not prefixes:
        raise CourseError(
            f"no submission of {assignment} was collected from {platform.title()}, so none can be sent back there."
        )
    number = 0
    with packed(place(course, assignment, platform)) as archive:
        for student, prefix in sorted(prefixes.items()):
            for page in sorted(course.feedback(student, assignment).glob("*.html")):
                archive.put(f"{prefix}{page.name}", page.read_bytes())
                number += 1
    others = set(students) - prefixes.keys()
    return Export(
        number, [f"left out, not collected from {platform.title()}: {listed(others)}"] if others else []
    )
