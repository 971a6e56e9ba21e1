"""`autograder write`: the instructor's notebooks, from `assignments/`."""

from __future__ import annotations

import argparse

from autograder.commands.common import DONE, Commands, add_command, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `write` on the command line."""
    command = add_command(
        commands,
        "write",
        "Make solutions/ from assignments/; never overwrite a notebook that was edited by hand.",
        ("autograder write", "autograder write 02-sigmoid", "autograder write --private"),
    )
    command.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all of them by default")
    command.add_argument(
        "--private",
        action="store_true",
        help="with hidden numbers of this class's own, into class/solutions/",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    from autograder.classroom.release.write import write

    for path, changed in write(course, arguments.assignments, private=arguments.private):
        print(f"{path}: {'written' if changed else 'unchanged'}")
    return DONE
