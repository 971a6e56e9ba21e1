"""`autograder by-hand`: written answers, all students' answers to one question on one page."""

from __future__ import annotations

import argparse
import contextlib

from autograder.commands.common import (
    DONE,
    Commands,
    add_assignments,
    add_command,
    open_course,
    share_in_groups,
)


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `by-hand` on the command line."""
    command = add_command(
        commands,
        "by-hand",
        "Grade written answers by question, in a browser on this machine: all students' answers on one page, with a "
        "rubric, earlier comments and keys. It writes nbgrader's gradebook, as the formgrader does. Ctrl-C ends it.",
        ("autograder by-hand 02-sigmoid", "autograder by-hand 02-sigmoid --anonymous"),
    )
    add_assignments(command, "all that are released by default")
    command.add_argument(
        "--anonymous", action="store_true", help="hide names, and order the answers by chance"
    )
    command.add_argument(
        "--port", type=int, default=0, metavar="N", help="serve it there (default: any free port)"
    )
    command.add_argument(
        "--bind",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="listen there, in a container on 0.0.0.0 (default: this machine alone); whoever has the secret in the "
        "address may read and write",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    import secrets

    from autograder import console
    from autograder.classroom.by_hand import pages, server
    from autograder.classroom.gradebook import records, require_writable
    from autograder.classroom.report.classes import Names

    require_writable(course)
    names = arguments.assignments or [n for n in records.assignments(course) if n in course.assignments()]
    people = pages.Aliases(Names(records.roster(course), arguments.anonymous), secrets.token_bytes())
    desk = server.Desk(course, names, people)
    with server.serving(desk, arguments.port, arguments.bind) as serving:
        console.say(f"http://127.0.0.1:{serving.server_port}{desk.path}  (Ctrl-C ends it)")
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve_forever()
    for name in names:
        share_in_groups(course, name)
    return DONE
