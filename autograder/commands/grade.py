"""`autograder grade`: points for what is new or changed."""

from __future__ import annotations

import argparse

from autograder.commands.common import Commands, add_command, close, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `grade` on the command line."""
    command = add_command(
        commands,
        "grade",
        "Grade the submissions that are new or changed. Interrupted, the same command goes on where it was.",
        (
            "autograder grade 02-sigmoid",
            "autograder grade 02-sigmoid --student ada --student ben",
            "autograder grade 02-sigmoid --force",
        ),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one (repeatable)"
    )
    command.add_argument("--force", action="store_true", help="grade the unchanged ones again, too")
    command.add_argument(
        "--trust-submissions",
        action="store_true",
        help="grade even where this machine cannot confine student code; every result records it",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder import console
    from autograder.classroom import grade, gradebook
    from autograder.nbgrader_plugin import start_judge

    course.config.JudgeSubmission.trust_submissions = arguments.trust_submissions
    start_judge(arguments.trust_submissions)
    batch = grade.prepare(course, arguments.assignment, arguments.student)
    results, complete = console.follow(
        grade.grade(batch, force=arguments.force), len(batch.students), "grading"
    )
    scores = gradebook.scores(course, batch.assignment)
    console.show_scores(batch.assignment, results, scores)
    console.show_counts(results, "graded", scores)
    return close(results, complete, len(batch.students))
