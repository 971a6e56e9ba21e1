"""`autograder by-hand`, `extend` and `appeal`: what a person decides, for all answers to a question or one student."""

from __future__ import annotations

import argparse
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from autograder import console
from autograder.commands.common import argument, assignments, command, share_in_groups

if TYPE_CHECKING:
    from autograder.classroom.course import Course


@command(
    "by-hand",
    "Grade written answers by question, in a browser on this machine: all students' answers on one page, with a "
    "rubric, earlier comments and keys. It writes nbgrader's gradebook, as the formgrader does. Ctrl-C ends it.",
    ("autograder by-hand 02-sigmoid", "autograder by-hand 02-sigmoid --anonymous"),
    assignments("all that are released by default"),
    argument("--anonymous", action="store_true", help="hide names, and order the answers by chance"),
    argument("--port", type=int, default=0, metavar="N", help="serve it there (default: any free port)"),
    argument(
        "--bind",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="listen there, in a container on 0.0.0.0 (default: this machine alone); whoever has the secret in the "
        "address may read and write",
    ),
)
def _run_by_hand(course: Course, arguments: argparse.Namespace) -> None:
    import secrets

    from autograder.classroom.by_hand import server
    from autograder.classroom.collect import roster
    from autograder.classroom.gradebook import records, require_writable
    from autograder.classroom.report.classes import Names

    require_writable(course)
    names = arguments.assignments or [n for n in records.assignments(course) if n in course.assignments()]
    people = server.Aliases(Names(roster.everybody(course), arguments.anonymous), secrets.token_bytes())
    desk = server.Desk(course, names, people)
    with server.serving(desk, arguments.port, arguments.bind) as serving:
        console.say(f"http://127.0.0.1:{serving.server_port}{desk.path}  (Ctrl-C ends it)")
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve_forever()
    for name in names:
        share_in_groups(course, name)


@command(
    "extend",
    "Give one student more time than the others have for an assignment, before or after the hand-in. What was "
    "given before is replaced; no time at all takes it away.",
    ("autograder extend 02-sigmoid ada --days 3", "autograder extend 02-sigmoid ada"),
    argument("assignment", metavar="ASSIGNMENT"),
    argument("student", metavar="STUDENT"),
    argument("--days", type=float, default=0.0, metavar="N", help="so many days"),
    argument("--hours", type=float, default=0.0, metavar="N", help="so many hours, more than the days"),
)
def _run_extend(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.gradebook import history, require_writable

    require_writable(course)
    extra = timedelta(days=arguments.days, hours=arguments.hours)
    history.grant(course, arguments.assignment, arguments.student, extra)
    print(
        f"{arguments.student}: {f'{extra} more' if extra else 'no more time than others'}. Then grade again."
    )


@command(
    "appeal",
    "Give one student other points for one item, and say why: the student reads it below the answer. The points "
    "stay when the hand-in is graded again.",
    ("autograder appeal 02-sigmoid ada sigmoid-values 2 --why 'A rounding error of ours.'",),
    argument("assignment", metavar="ASSIGNMENT"),
    argument("student", metavar="STUDENT"),
    argument("item", metavar="ITEM", help="the name of the graded cell"),
    argument("points", type=float, metavar="POINTS"),
    argument("--why", required=True, metavar="TEXT", help="a sentence for the student"),
)
def _run_appeal(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.by_hand import marks
    from autograder.classroom.gradebook import require_writable

    require_writable(course)
    before, after = marks.decide(
        course, arguments.assignment, arguments.student, arguments.item, arguments.points, arguments.why
    )
    print(
        f"{arguments.student}, {arguments.item}: {before:g} -> {after:g} points. Then write the feedback again."
    )
