"""`autograder report`: what the instructor looks at after grading."""

from __future__ import annotations

import argparse

from autograder.commands.common import Commands, add_command, close, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `report` on the command line."""
    command = add_command(
        commands,
        "report",
        "Write a page for each assignment and one for the course, in class/report/: scores, rubric items, "
        "mistakes, hand-ins, what needs a person.",
        ("autograder report", "autograder report 02-sigmoid", "autograder report 02-sigmoid --anonymous"),
    )
    command.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="*", help="only these (default: all that were handed in)"
    )
    command.add_argument(
        "--anonymous",
        action="store_true",
        help="leave names out, to show the pages to others; they go to class/report-without-names/",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    for name in arguments.assignment:
        course.require_assignment(name)
    from autograder import console
    from autograder.classroom.report import writing

    report = writing.prepare(course, arguments.assignment, anonymous=arguments.anonymous)
    results, complete = console.follow(writing.read(report), report.total, "reading")
    if complete:
        for path in writing.write(report):
            print(course.relative(path))
    return close(results, complete, report.total)
