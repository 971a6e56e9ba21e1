"""`autograder bundle`: what to give students, or Gradescope."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.commands.common import DONE, Commands, add_command, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `bundle` on the command line."""
    command = add_command(
        commands,
        "bundle",
        "Pack what students get, the exercises and the built book, into a zip; refuse if a solution or hidden test "
        "would leak. With --gradescope: pack an autograder that grades an assignment there.",
        (
            "autograder bundle for-students.zip",
            "autograder bundle 02-sigmoid-autograder.zip --gradescope 02-sigmoid",
        ),
    )
    command.add_argument("file", type=Path, metavar="FILE.zip")
    command.add_argument("--without-book", action="store_true", help="the exercises alone")
    command.add_argument("--gradescope", metavar="ASSIGNMENT", help="an autograder for Gradescope instead")
    command.add_argument(
        "--trust-submissions",
        action="store_true",
        help="with --gradescope: grade even where a container cannot confine student code; results record it",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    if arguments.gradescope:
        from autograder.classroom.release import gradescope as pack

        known = pack.write(course, arguments.gradescope, arguments.file, trusted=arguments.trust_submissions)
        points = sum(cell.points for cell in known.graded if not cell.manual)
        by_hand = sum(cell.points for cell in known.graded if cell.manual)
        print(
            f"{arguments.file}: {points:g} points by the autograder, {by_hand:g} by hand. For the instructor only."
        )
        return DONE
    from autograder.classroom.release import bundle

    number = bundle.write(course, arguments.file, book=not arguments.without_book)
    size = arguments.file.stat().st_size
    print(f"{arguments.file}: {number} files, {size / 1e6:.1f} MB. No solution or hidden test is in it.")
    return DONE
