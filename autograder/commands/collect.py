"""`autograder collect`: what students handed in elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.commands.common import Commands, add_command, close, open_course

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from autograder.classroom.collect.collecting import Collection
    from autograder.classroom.results import Result


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `collect` on the command line."""
    command = add_command(
        commands,
        "collect",
        "Take in a download of submissions from Canvas or Moodle, or a zip or folder of notebooks. Every hand-in is "
        "kept in class/collected/; the newest of each student goes to class/submitted/. Nothing is overwritten: "
        "collecting the same archive again changes nothing.",
        (
            "autograder collect submissions.zip 02-sigmoid",
            "autograder collect submissions.zip 02-sigmoid --roster class-list.csv",
            "autograder collect from-e-mail/ 02-sigmoid",
        ),
    )
    command.add_argument("archive", type=Path, metavar="ARCHIVE", help="a zip archive or a folder")
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--roster", type=Path, metavar="FILE", help="the class list (CSV): nobody else is taken in"
    )
    command.add_argument(
        "--source",
        choices=["canvas", "moodle", "files"],
        help="where it is from (default: seen from the names)",
    )
    command.add_argument(
        "--timezone",
        metavar="NAME",
        help="of the times in a zip, as in Europe/Berlin (default: this machine's)",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder import console
    from autograder.classroom.collect import collecting, roster

    listed = roster.read(arguments.roster) if arguments.roster else None
    with collecting.opened(arguments.archive, _zone(arguments.timezone)) as entries:
        batch = collecting.prepare(
            course, arguments.assignment, entries, source=arguments.source, listed=listed
        )
        results, complete = console.follow(collecting.collect(batch, listed), batch.total, "collecting")
    console.show_counts(results, "collected")
    _show(batch, results)
    return close(results, complete, batch.total)


def _zone(name: str | None) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from autograder.classroom.errors import CourseError

    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CourseError(f"there is no time zone {name!r}: they are called like Europe/Berlin.") from None


def _show(batch: Collection, results: list[Result]) -> None:
    """Say what a person would want to know at once: who is late, who handed in again, who is new."""
    facts = [
        (len(batch.late), "late"),
        (len(batch.again), "handed in again (older ones are kept in class/collected/)"),
        (batch.newcomers, "new in the gradebook"),
        (batch.sorted.left_out, "other files left out"),
    ]
    told = ", ".join(f"{number} {what}" for number, what in facts if number)
    if told and results:
        print(told)
