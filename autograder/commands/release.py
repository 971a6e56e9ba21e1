"""`autograder release`: the students' version of assignments."""

from __future__ import annotations

import argparse

from autograder.commands.common import DONE, Commands, add_command, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `release` on the command line."""
    command = add_command(
        commands,
        "release",
        "Make exercises/ from solutions/; refuse if a solution or hidden test would leak.",
        ("autograder release", "autograder release 02-sigmoid"),
    )
    command.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all of them by default")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    names = arguments.assignments or course.assignments()
    for name in names:
        course.require_assignment(name)
    from autograder.classroom.release.release import release

    for name in names:
        changed = release(course, name)
        print(f"{course.relative(course.released(name))}: {'written' if changed else 'unchanged'}")
    return DONE
