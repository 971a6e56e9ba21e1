"""`autograder grade` and `history`: points for what is new or changed, and all that were given before."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from autograder.commands.common import (
    DONE,
    Commands,
    add_command,
    add_json,
    add_trust,
    close,
    open_course,
    share_in_groups,
)

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.errors import Result
    from autograder.classroom.grade.crews import Crew
    from autograder.classroom.grade.run import Run


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put them on the command line."""
    _add_grade(commands)
    _add_history(commands)


def _add_grade(commands: Commands[argparse.ArgumentParser]) -> None:
    command = add_command(
        commands,
        "grade",
        _run_grade,
        "Grade the submissions that are new or changed. Interrupted, the same command goes on where it was.",
        (
            "autograder grade 02-sigmoid",
            "autograder grade 02-sigmoid --student ada --student ben",
            "autograder grade 02-sigmoid --force --dry-run",
            "autograder grade 02-sigmoid --scheduler tcp://10.0.0.5:8786",
        ),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one (repeatable)"
    )
    command.add_argument("--force", action="store_true", help="grade the unchanged ones again, too")
    command.add_argument(
        "--dry-run", action="store_true", help="list whose scores would change; write nothing"
    )
    where = command.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one for each core)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="grade on the Dask cluster of this scheduler")
    add_trust(command)
    add_json(command)


def _run_grade(arguments: argparse.Namespace) -> int:
    course = open_course(arguments)
    from autograder.classroom.grade import crews

    course.config.JudgeSubmission.trust_submissions = arguments.trust_submissions
    with crews.hired(arguments.jobs or crews.cores(), arguments.scheduler) as crew:
        return _grade(course, crew, arguments)


def _grade(course: Course, crew: Crew, arguments: argparse.Namespace) -> int:
    from autograder import console
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
    from autograder import console
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


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it takes one process at least")
    return number


def _add_history(commands: Commands[argparse.ArgumentParser]) -> None:
    command = add_command(
        commands,
        "history",
        _run_history,
        "List every grading of a student's submissions: when, of what, by which tests, engine and confinement.",
        ("autograder history ada", "autograder history ada 02-sigmoid"),
    )
    command.add_argument("student", metavar="STUDENT")
    command.add_argument(
        "assignment", nargs="?", default="", metavar="ASSIGNMENT", help="all of them by default"
    )
    add_json(command)


def _run_history(arguments: argparse.Namespace) -> int:
    course = open_course(arguments)
    from autograder import console
    from autograder.classroom.gradebook import history

    steps = history.gradings(course, arguments.student, arguments.assignment)
    console.print_json(steps) if arguments.json else console.show_history(steps)
    return DONE
