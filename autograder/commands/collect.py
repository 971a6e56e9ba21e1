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
        "Take in a download of submissions from Canvas, Moodle, Blackboard, Brightspace, Sakai, ILIAS or Gradescope, "
        "or a zip or folder of notebooks. Every hand-in is kept in class/collected/; the newest of each goes to "
        "class/submitted/. Nothing is overwritten: collecting the same archive again changes nothing. What is not "
        "clearly one student's is not taken, and named.",
        (
            "autograder collect submissions.zip 02-sigmoid",
            "autograder collect submissions.zip 02-sigmoid --roster class-list.csv",
            "autograder collect submissions.zip 02-sigmoid --groups canvas-groups.csv",
            "autograder collect from-e-mail/ 02-sigmoid",
        ),
    )
    command.add_argument("archive", type=Path, metavar="ARCHIVE", help="a zip archive or a folder")
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--roster", type=Path, metavar="FILE", help="the class list (CSV): nobody else is taken in"
    )
    command.add_argument(
        "--groups",
        type=Path,
        metavar="FILE",
        help="who is in which group (CSV): a group's work goes to all of it",
    )
    command.add_argument(
        "--yes",
        action="store_true",
        help="make one of students whom the class list calls otherwise, without asking",
    )
    command.add_argument(
        "--source",
        choices=["canvas", "moodle", "blackboard", "brightspace", "sakai", "ilias", "gradescope", "files"],
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
    from autograder.classroom.collect import class_list, collecting
    from autograder.commands.roster import take_list

    zone = _zone(arguments.timezone)
    with collecting.opened(arguments.archive, zone) as entries:
        groups = class_list.read(arguments.groups) if arguments.groups else None
        listed = (
            take_list(course, arguments.roster, arguments.assignment, yes=arguments.yes)
            if arguments.roster
            else None
        )
        for note in groups.notes if groups else []:
            console.complain(note)
        batch = collecting.prepare(
            course,
            arguments.assignment,
            entries,
            source=arguments.source,
            listed=listed,
            groups=groups.people if groups else None,
            zone=zone,
        )
        results, complete = console.follow(collecting.collect(batch), batch.total, "collecting")
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
    groups = len({*batch.sorted.groups.values()})
    facts = [
        (groups, "group" if groups == 1 else "groups"),
        (len(batch.sorted.gone), f"left out who left the class ({', '.join(batch.sorted.gone)})"),
        (len(batch.late), "late"),
        (len(batch.again), "handed in again (older ones are kept in class/collected/)"),
        (batch.newcomers, "new in the gradebook"),
        (batch.sorted.left_out, "other files left out"),
    ]
    told = ", ".join(f"{number} {what}" for number, what in facts if number)
    if told and results:
        print(told)
    from autograder import console

    for line in batch.remarks:
        console.say(line)
