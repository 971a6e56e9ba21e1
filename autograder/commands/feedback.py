"""`autograder feedback`: a page per student."""

from __future__ import annotations

import argparse

from autograder.commands.common import Commands, add_command, close, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `feedback` on the command line."""
    command = add_command(
        commands,
        "feedback",
        "Write a page for each graded submission, in class/feedback/.",
        ("autograder feedback 02-sigmoid",),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder import console
    from autograder.classroom.feedback import pages

    students = pages.graded_students(course, arguments.assignment)
    written = pages.write_pages(course, arguments.assignment, students)
    results, complete = console.follow(written, len(students), "writing")
    console.show_counts(results, "written")
    return close(results, complete, len(students))
