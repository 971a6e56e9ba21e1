"""`autograder watch`: points and feedback for what arrives, at once."""

from __future__ import annotations

import argparse
import signal
from datetime import datetime

from autograder.commands.common import DONE, Commands, add_assignments, add_command, add_trust, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `watch` on the command line."""
    command = add_command(
        commands,
        "watch",
        run,
        "Grade what arrives in class/submitted/, or in nbgrader's exchange if course or machine name one, and write "
        "its feedback, within seconds. Ctrl-C ends it; started again, it grades what has come meanwhile.",
        ("autograder watch", "autograder watch 02-sigmoid --per-day 5"),
    )
    add_assignments(command, "all that are released by default")
    command.add_argument(
        "--per-day",
        type=int,
        default=0,
        metavar="N",
        help="grade at most N hand-ins of a student for an assignment in a day (UTC), for each tells something about "
        "hidden tests; the others wait until the next day (default: no limit)",
    )
    command.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="processes (default: one for each core)"
    )
    add_trust(command)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    from autograder import console
    from autograder.classroom.grade import crews
    from autograder.classroom.grade.watching import Watch
    from autograder.classroom.gradebook import records

    course.config.JudgeSubmission.trust_submissions = arguments.trust_submissions
    names = arguments.assignments or [n for n in records.assignments(course) if n in course.assignments()]
    with crews.hired(arguments.jobs or crews.cores()) as crew:
        watch = Watch(course, names, crew, arguments.per_day)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: watch.stop.set())
        console.say(f"watching {', '.join(names)} (Ctrl-C ends it)")
        for told in watch.run():
            line = f"{datetime.now():%H:%M:%S} {told.student} {told.assignment} {told.points}".rstrip()
            console.complain(f"{line}: {told.reason}") if told.reason else console.say(line)
    return DONE
