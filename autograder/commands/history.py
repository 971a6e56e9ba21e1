"""`autograder history`: every grade that a student has had."""

from __future__ import annotations

import argparse

from autograder.commands.common import DONE, Commands, add_command, add_json, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `history` on the command line."""
    command = add_command(
        commands,
        "history",
        "List every grading of a student's submissions: when, of what, by which tests, engine and confinement.",
        ("autograder history ada", "autograder history ada 02-sigmoid"),
    )
    command.add_argument("student", metavar="STUDENT")
    command.add_argument(
        "assignment", nargs="?", default="", metavar="ASSIGNMENT", help="all of them by default"
    )
    add_json(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    if arguments.assignment:
        course.require_assignment(arguments.assignment)
    from autograder import console
    from autograder.classroom.gradebook import history

    steps = history.gradings(course, arguments.student, arguments.assignment)
    console.print_json(steps) if arguments.json else console.show_history(steps)
    return DONE
