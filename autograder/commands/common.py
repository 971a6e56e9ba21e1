"""What every command needs: its place on the command line, its course, its exit status."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.errors import CourseError

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.errors import Result

DONE, PARTLY, NOT_DONE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130

Commands = argparse._SubParsersAction  # the type has no public name


def add_command(
    commands: Commands[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
    examples: Iterable[str],
) -> argparse.ArgumentParser:
    """Add a command and what it runs, with `--course`, `--db`, `--verbose` and examples; return its parser."""
    command = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog="\n".join(["examples:", *(f"  {example}" for example in examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the course (default: the one you are in)",
    )
    command.add_argument(
        "--db",
        metavar="URL",
        help="the gradebook (default: as configured), such as postgresql://user@host/name",
    )
    command.add_argument("--verbose", action="store_true", help="show nbgrader's messages as well")
    command.set_defaults(run=run)
    return command


def add_assignments(command: argparse.ArgumentParser, text: str = "all of them by default") -> None:
    """Give a command the names of assignments, none of them needed."""
    command.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help=text)


def add_trust(command: argparse.ArgumentParser, text: str = "grade even where this machine") -> None:
    """Give a command that runs student code the word that lets it do so without confinement."""
    more = "cannot confine student code; every result records it"
    command.add_argument("--trust-submissions", action="store_true", help=f"{text} {more}")


def add_json(command: argparse.ArgumentParser) -> None:
    """Give a command that prints a table `--json`, for other programs."""
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")


def open_course(arguments: argparse.Namespace) -> Course:
    """Load the course that the arguments name, and start its log.

    Raises CourseError if there is none, or an assignment that they name is not in it.
    """
    from autograder.classroom import converters
    from autograder.classroom.course import load_course

    course = load_course(arguments.course)
    if arguments.db:
        course.config.CourseDirectory.db_url = arguments.db
    try:
        converters.start_log(course.log_folder, arguments.verbose)
    except OSError as error:
        where = course.relative(course.log_folder.parent)
        raise CourseError(
            f"{where}/ cannot be written ({error.strerror}): grades, feedback and the log go there."
        ) from error
    for name in [getattr(arguments, "assignment", ""), *getattr(arguments, "assignments", ())]:
        if name:
            course.require_assignment(name)
    return course


def close(results: list[Result], complete: bool, total: int) -> int:
    """Name what failed and how to go on; return the exit status of a batch of `total` submissions."""
    from autograder import console

    console.show_failures(results)
    if not complete:
        console.complain(f"interrupted after {len(results)} of {total}: the same command goes on from there.")
        return INTERRUPTED
    return PARTLY if any(result.state == "failed" for result in results) else DONE


def share_in_groups(course: Course, assignment: str) -> None:
    """Give what a person gave one member of a group to all of it, and name what is not clear."""
    from autograder import console
    from autograder.classroom.by_hand import marks

    for note in marks.share(course, assignment):
        console.complain(note)
