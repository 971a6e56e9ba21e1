"""Feedback pages in a zip that Canvas or Moodle takes back: each file's name leads to its student.

- Canvas reads names as `AbstractAssignment#infer_comment_context_from_filename` in `app/models/abstract_assignment.rb`
  does, https://github.com/instructure/canvas-lms: the first two parts that are numbers are the user and the upload, and
  the upload must be one of the present submission. The file becomes an attachment of a comment, and Canvas lists it
  under the name of the student's own upload. The names are those of "How do I download all student submissions for an
  assignment?", Canvas Instructor Guide,
  https://community.instructure.com/en/kb/articles/660693-how-do-i-download-all-student-submissions-for-an-assignment
- Moodle, "Feedback files" in "Assignment settings", https://docs.moodle.org/en/Assignment_settings, reads names as
  `mod/assign/feedback/file/importziplib.php` does, https://github.com/moodle/moodle: they are of the form
  `<name>_<participant>_assignsubmission_file_<file>`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from autograder.classroom.collect import ledger
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.export.marks import Export, listed
from autograder.classroom.files import packed

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
    # the work of a group has one prefix: one member's page goes back for all
    with packed(place(course, assignment, platform)) as archive:
        for prefix, student in sorted(
            {prefix: s for s, prefix in sorted(prefixes.items(), reverse=True)}.items()
        ):
            for page in sorted(course.feedback(student, assignment).glob("*.html")):
                archive.put(f"{prefix}{page.name}", page.read_bytes())
                number += 1
    others = set(students) - prefixes.keys()
    return Export(
        number, [f"left out, not collected from {platform.title()}: {listed(others)}"] if others else []
    )
