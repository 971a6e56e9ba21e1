"""`autograder extend` and `appeal`: what a person decides for one student."""

from __future__ import annotations

import argparse
from datetime import timedelta

from autograder.commands.common import DONE, Commands, add_command, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put them on the command line."""
    _add_extend(commands)
    _add_appeal(commands)


def _add_extend(commands: Commands[argparse.ArgumentParser]) -> None:
    command = add_command(
        commands,
        "extend",
        "Give one student more time than the others have for an assignment, before or after the hand-in. What was "
        "given before is replaced; no time at all takes it away.",
        ("autograder extend 02-sigmoid ada --days 3", "autograder extend 02-sigmoid ada"),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument("student", metavar="STUDENT")
    command.add_argument("--days", type=float, default=0.0, metavar="N", help="so many days")
    command.add_argument(
        "--hours", type=float, default=0.0, metavar="N", help="so many hours, more than the days"
    )
    command.set_defaults(run=_run_extend)


def _run_extend(arguments: argparse.Namespace) -> int:
    course = open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder.classroom.gradebook import extensions, require_writable

    require_writable(course)
    extra = timedelta(days=arguments.days, hours=arguments.hours)
    extensions.grant(course, arguments.assignment, arguments.student, extra)
    print(
        f"{arguments.student}: {f'{extra} more' if extra else 'no more time than others'}. Then grade again."
    )
    return DONE


def _add_appeal(commands: Commands[argparse.ArgumentParser]) -> None:
    command = add_command(
        commands,
        "appeal",
        "Give one student other points for one item, and say why: the student reads it below the answer. The points "
        "stay when the hand-in is graded again.",
        ("autograder appeal 02-sigmoid ada sigmoid-values 2 --why 'A rounding error of ours.'",),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument("student", metavar="STUDENT")
    command.add_argument("item", metavar="ITEM", help="the name of the graded cell")
    command.add_argument("points", type=float, metavar="POINTS")
    command.add_argument("--why", required=True, metavar="TEXT", help="a sentence for the student")
    command.set_defaults(run=_run_appeal)


def _run_appeal(arguments: argparse.Namespace) -> int:
    course = open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder.classroom.by_hand import appeal
    from autograder.classroom.gradebook import require_writable

    require_writable(course)
    before, after = appeal.decide(
        course, arguments.assignment, arguments.student, arguments.item, arguments.points, arguments.why
    )
    print(
        f"{arguments.student}, {arguments.item}: {before:g} -> {after:g} points. Then write the feedback again."
    )
    return DONE
