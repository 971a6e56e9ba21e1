"""`autograder adopt` and `autograder drop`: this grader under a course of nbgrader's, and out again."""

from __future__ import annotations

import argparse

from autograder.commands import check
from autograder.commands.common import DONE, Commands, add_command


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put both on the command line."""
    examples = ("autograder adopt", "autograder adopt --write")
    command = add_command(
        commands, "adopt", "Put this grader under the nbgrader course you are in.", examples
    )
    command.add_argument("--write", action="store_true", help="add the lines; without, they are only shown")
    command.set_defaults(run=run, assignments=[], json=False)
    dropping = add_command(
        commands, "drop", "Take this grader out of the course again.", ("autograder drop",)
    )
    dropping.set_defaults(run=run_drop)


def run(arguments: argparse.Namespace) -> int:
    """Show or add the lines; when they are added, check every assignment."""
    from autograder.classroom import adopt

    path = adopt.adopt(arguments.course, write=arguments.write)
    print(adopt.LINES)
    if not arguments.write:
        print(
            f"These lines would be added to {path}: `autograder adopt --write` does it. Nothing else changes."
        )
        return DONE
    print(f"These lines were added to {path}. Nothing else of the course has changed.\n")
    return check.run(arguments)


def run_drop(arguments: argparse.Namespace) -> int:
    """Take the lines out."""
    from autograder.classroom import adopt

    print(f"The lines are out of {adopt.drop(arguments.course)}; what is graded stays.")
    return DONE
