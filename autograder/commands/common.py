"""What every command needs: its place on the command line, its course, its exit status."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import console
from autograder.classroom.errors import CourseError

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.errors import Result

DONE, PARTLY, NOT_DONE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130

Commands = argparse._SubParsersAction  # the type has no public name
Argument = Callable[[argparse.ArgumentParser], object]
EVERY: dict[str, Callable[[Commands[argparse.ArgumentParser]], None]] = {}
"""What puts each command on the command line, by its name."""


def argument(*names: str, **options: Any) -> Argument:
    """Return an argument of a command's, as `ArgumentParser.add_argument` takes it."""
    return lambda command: command.add_argument(*names, **options)


def assignments(text: str = "all of them by default") -> Argument:
    """Return the names of assignments as arguments, none of them needed."""
    return argument("assignments", nargs="*", metavar="ASSIGNMENT", help=text)


def trust(text: str = "grade even where this machine") -> Argument:
    """Return the word that lets a command run student code without confinement."""
    more = "cannot confine student code; every result records it"
    return argument("--trust-submissions", action="store_true", help=f"{text} {more}")


JSON = argument("--json", action="store_true", help="print JSON instead of a table")
_EVERYBODYS = (
    argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the course (default: the one you are in)",
    ),
    argument(
        "--db",
        metavar="URL",
        help="the gradebook (default: as configured), such as postgresql://user@host/name",
    ),
    argument("--verbose", action="store_true", help="show nbgrader's messages as well"),
)


def command(
    name: str, text: str, examples: Iterable[str], *arguments: Argument, needs_course: bool = True
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Make a command of a function, with its arguments, `--course`, `--db`, `--verbose` and examples.

    It is called with the course, if it needs one, and the arguments given; returns its exit status (None: all is done).
    """
    shown = "\n".join(["examples:", *(f"  {example}" for example in examples)])

    def made(run: Callable[..., int | None]) -> Callable[..., int | None]:
        def add(commands: Commands[argparse.ArgumentParser]) -> None:
            parser = commands.add_parser(
                name,
                help=text,
                description=text,
                epilog=shown,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
            for one in (*_EVERYBODYS, *arguments):
                one(parser)
            parser.set_defaults(
                run=lambda given: run(open_course(given), given) if needs_course else run(given)
            )

        EVERY[name] = add
        return run

    return made


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
    console.show_failures(results)
    if not complete:
        console.complain(f"interrupted after {len(results)} of {total}: the same command goes on from there.")
        return INTERRUPTED
    return PARTLY if any(result.state == "failed" for result in results) else DONE


def share_in_groups(course: Course, assignment: str) -> None:
    """Give what a person gave one member of a group to all of it, and name what is not clear."""
    from autograder.classroom.by_hand import marks

    for note in marks.share(course, assignment):
        console.complain(note)
