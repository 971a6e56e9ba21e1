"""`autograder feedback`: a page per student."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from autograder.commands.common import Commands, add_command, close, open_course, share_in_groups

if TYPE_CHECKING:
    from autograder.classroom.course import Course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `feedback` on the command line."""
    command = add_command(
        commands,
        "feedback",
        "Write a page for each graded submission, in class/feedback/.",
        ("autograder feedback 02-sigmoid", "autograder feedback 02-sigmoid --zip canvas"),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--zip", choices=["canvas", "moodle"], help="also pack the pages as the platform takes them back"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder import console
    from autograder.classroom.pages import feedback_files as pages

    share_in_groups(course, arguments.assignment)
    students = pages.graded_students(course, arguments.assignment)
    written = pages.write_pages(course, arguments.assignment, students)
    results, complete = console.follow(written, len(students), "writing")
    console.show_counts(results, "written")
    if arguments.zip and complete:
        _pack(course, arguments, students)
    return close(results, complete, len(students))


def _pack(course: Course, arguments: argparse.Namespace, students: list[str]) -> None:
    from autograder.classroom.export import feedback_zip

    done = feedback_zip.write(course, arguments.assignment, arguments.zip, students)
    path = feedback_zip.place(course, arguments.assignment, arguments.zip)
    print(f"{course.relative(path)}: {done.rows} pages", *done.notes, sep="\n  ")
