"""`autograder check`: what can be judged from outside, what cannot, and which tests are wrong."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from autograder.commands.common import DONE, PARTLY, Commands, add_command, open_course

if TYPE_CHECKING:
    from autograder.classroom.checking import Findings
    from autograder.classroom.course import Course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `check` on the command line."""
    command = add_command(
        commands,
        "check",
        "Grade your own answers and a blank submission: which tests are strict, shared, or wrong.",
        ("autograder check", "autograder check ps1 --write"),
    )
    command.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all of them by default")
    command.add_argument(
        "--write", action="store_true", help="have each test judged as found, in autograder.toml"
    )
    command.add_argument("--json", action="store_true", help="print what was found as JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where a test is wrong or not judged as it should be."""
    course = open_course(arguments)
    names = arguments.assignments or course.assignments()
    from autograder.classroom.checking import check_assignments

    found = list(check_assignments(course, names))
    if arguments.json:
        print(json.dumps([_as_json(findings) for findings in found], indent=1, ensure_ascii=False))
    if arguments.write:
        for name in names:
            _write(course, name, found)
    if not arguments.json:
        _show(found, arguments.write)
    wrong = any(test.fault for findings in found for test in findings.tests)
    undecided = not arguments.write and any(findings.unlike for findings in found)
    return PARTLY if wrong or undecided else DONE


def _write(course: Course, name: str, found: list[Findings]) -> None:
    from autograder.classroom import ways

    ways.write(course, name, {f.notebook: f.reasons for f in found if f.assignment == name})


def _as_json(findings: Findings) -> dict[str, object]:
    tests = [asdict(test) | {"fault": test.fault} for test in findings.tests]
    return {"assignment": findings.assignment, "notebook": findings.notebook, "tests": tests}


def _show(found: list[Findings], written: bool) -> None:
    from autograder import console

    for findings in found:
        shared = [test for test in findings.tests if test.way == "shared"]
        wrong = [test for test in findings.tests if test.fault]
        strict = len(findings.tests) - len(shared)
        console.say(
            f"{findings.assignment}/{findings.notebook}: {strict} strict, {len(shared)} shared, {len(wrong)} wrong"
        )
        for test in shared:
            advice = f"; to make it strict, {test.advice}" if test.advice else ""
            console.say(f"  shared  {test.id}: {test.reason}{advice}")
        for test in wrong:
            gets = test.blank_points if test.points >= test.max_points else test.points
            console.say(f"  wrong   {test.id}: it {test.fault} ({gets:g} of {test.max_points:g} points)")
        for test in [] if written else findings.unlike:
            console.say(f"  unlike  {test.id}: autograder.toml has it judged otherwise")
    if any(test.way == "shared" for findings in found for test in findings.tests):
        console.say(
            "A shared test runs together with the student's code: confined, but its score could be forged."
        )
    if not written and any(findings.unlike for findings in found):
        console.say("Nothing was changed: `autograder check --write` has each test judged as found here.")
