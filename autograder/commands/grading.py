"""`autograder grade`, `watch` and `history`: points for what is new or changed or arrives, and all given before."""

from __future__ import annotations

import argparse
import signal
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from autograder import console
from autograder.commands.common import JSON, argument, assignments, close, command, share_in_groups, trust

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.errors import Result
    from autograder.classroom.grade.crews import Crew
    from autograder.classroom.grade.run import Run


def _where(command: argparse.ArgumentParser) -> None:
    where = command.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one for each core)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="grade on the Dask cluster of this scheduler")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it takes one process at least")
    return number


@command(
    "grade",
    "Grade the submissions that are new or changed. Interrupted, the same command goes on where it was.",
    (
        "autograder grade 02-sigmoid",
        "autograder grade 02-sigmoid --student ada --student ben",
        "autograder grade 02-sigmoid --force --dry-run",
        "autograder grade 02-sigmoid --scheduler tcp://10.0.0.5:8786",
    ),
    argument("assignment", metavar="ASSIGNMENT"),
    argument("--student", action="append", default=[], metavar="ID", help="only this one (repeatable)"),
    argument("--force", action="store_true", help="grade the unchanged ones again, too"),
    argument("--dry-run", action="store_true", help="list whose scores would change; write nothing"),
    _where,
    trust(),
    JSON,
)
def _run_grade(course: Course, arguments: argparse.Namespace) -> int:
    from autograder.classroom.grade import crews

    course.config.JudgeSubmission.trust_submissions = arguments.trust_submissions
    with crews.hired(arguments.jobs or crews.cores(), arguments.scheduler) as crew:
        return _grade(course, crew, arguments)


def _grade(course: Course, crew: Crew, arguments: argparse.Namespace) -> int:
    from autograder.classroom.grade import run as grade
    from autograder.classroom.gradebook import records

    with grade.prepared(course, arguments.assignment, arguments.student) as work:
        if work.tests.newer_than_release and not arguments.json:
            console.say(f"solutions/{work.assignment} is newer than what was released: graded by solutions/.")
        results, complete = console.follow(
            work.grade(crew, force=arguments.force, keep=not arguments.dry_run),
            len(work.students),
            "grading",
            quiet=arguments.json,
        )
    if not arguments.dry_run:
        share_in_groups(course, work.assignment)
    if arguments.json:
        _print_json(course, work, results, arguments.dry_run)
    elif arguments.dry_run:
        console.show_changes(work.changes)
    else:
        scores = records.scores(course, work.assignment)
        console.show_scores(work.assignment, results, scores)
        console.show_counts(results, "graded", scores)
    return close(results, complete, len(work.students))


def _print_json(course: Course, work: Run, results: list[Result], dry_run: bool) -> None:
    from autograder.classroom.gradebook import records

    changes = {change.student: asdict(change) for change in work.changes}
    scores = {} if dry_run else records.scores(course, work.assignment)
    console.print_json(
        {
            "assignment": work.assignment,
            "dry_run": dry_run,
            "students": [
                {
                    **asdict(result),
                    "change": changes.get(result.student),
                    "grade": scores[result.student].as_json() if result.student in scores else None,
                }
                for result in sorted(results, key=lambda result: result.student)
            ],
        }
    )


@command(
    "history",
    "List every grading of a student's submissions: when, of what, by which tests, engine and confinement.",
    ("autograder history ada", "autograder history ada 02-sigmoid"),
    argument("student", metavar="STUDENT"),
    argument("assignment", nargs="?", default="", metavar="ASSIGNMENT", help="all of them by default"),
    JSON,
)
def _run_history(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.gradebook import history

    steps = history.gradings(course, arguments.student, arguments.assignment)
    console.print_json(steps) if arguments.json else console.show_history(steps)


@command(
    "watch",
    "Grade what arrives in class/submitted/, or in nbgrader's exchange if course or machine name one, and write "
    "its feedback, within seconds. Ctrl-C ends it; started again, it grades what has come meanwhile.",
    ("autograder watch", "autograder watch 02-sigmoid --per-day 5"),
    assignments("all that are released by default"),
    argument(
        "--per-day",
        type=int,
        default=0,
        metavar="N",
        help="grade at most N hand-ins of a student for an assignment in a day (UTC), for each tells something about "
        "hidden tests; the others wait until the next day (default: no limit)",
    ),
    argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one for each core)"),
    trust(),
)
def _run_watch(course: Course, arguments: argparse.Namespace) -> None:
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
