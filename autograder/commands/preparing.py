"""`autograder new`, `write`, `check`, `release` and `bundle`: from the source of an assignment to what students get."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import console
from autograder.commands.common import DONE, JSON, PARTLY, argument, assignments, command, trust

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.release.checking import Findings


@command(
    "new",
    "Make an assignment of your own that works from release to report, with one function and a written answer to "
    "put your own in the place of.",
    ("autograder new 09-own",),
    argument("name", metavar="NAME", help="its name, which becomes a folder's"),
)
def _run_new(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.release.write import new

    path, name = new(course, arguments.name), arguments.name
    print(f"{course.relative(path)}: written. Edit it in JupyterLab, with Create Assignment on. Then:")
    print(f"  autograder check {name}    # are the tests right, and do they spare your own answers?")
    print(f"  autograder release {name}")


@command(
    "write",
    "Make solutions/ from assignments/; never overwrite a notebook that was edited by hand.",
    ("autograder write", "autograder write 02-sigmoid", "autograder write --private"),
    argument(
        "modules", nargs="*", metavar="ASSIGNMENT", help="all of them by default; may have no notebook yet"
    ),
    argument(
        "--private",
        action="store_true",
        help="with hidden numbers of this class's own, into class/solutions/",
    ),
)
def _run_write(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.release.write import write

    for path, changed in write(course, arguments.modules, private=arguments.private):
        print(f"{path}: {'written' if changed else 'unchanged'}")


@command(
    "check",
    "Grade your own answers and a blank submission: which tests are strict, shared, or wrong.",
    ("autograder check", "autograder check ps1 --write"),
    assignments(),
    argument("--write", action="store_true", help="have each test judged as found, in autograder.toml"),
    JSON,
)
def run_check(course: Course, arguments: argparse.Namespace) -> int:
    """Run the command; the status is 1 where a test is wrong or not judged as it should be."""
    names = arguments.assignments or course.assignments()
    from autograder.classroom.release.checking import check_assignments

    found = list(check_assignments(course, names))
    if arguments.json:
        print(json.dumps([_as_json(findings) for findings in found], indent=1, ensure_ascii=False))
    if arguments.write:
        for name in names:
            _write_ways(course, name, found)
    if not arguments.json:
        _show_findings(found, arguments.write)
    wrong = any(test.fault for findings in found for test in findings.tests)
    undecided = not arguments.write and any(findings.unlike for findings in found)
    return PARTLY if wrong or undecided else DONE


def _write_ways(course: Course, name: str, found: list[Findings]) -> None:
    from autograder.classroom import ways

    ways.write(course, name, {f.notebook: f.reasons for f in found if f.assignment == name})


def _as_json(findings: Findings) -> dict[str, object]:
    tests = [asdict(test) | {"fault": test.fault} for test in findings.tests]
    return {"assignment": findings.assignment, "notebook": findings.notebook, "tests": tests}


def _show_findings(found: list[Findings], written: bool) -> None:
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


@command(
    "release",
    "Make exercises/ from solutions/; refuse if a solution or hidden test would leak.",
    (
        "autograder release",
        "autograder release 02-sigmoid",
        "autograder release ps1 --allow 'return n * n'",
    ),
    assignments(),
    argument(
        "--allow",
        action="append",
        default=[],
        metavar="LINE",
        help="a line of a solution that students may see, because the lesson shows it; autograder.toml keeps it",
    ),
    argument(
        "--allow-all", action="store_true", help="allow and list all that would be refused, markers excepted"
    ),
)
def _run_release(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom import ways
    from autograder.classroom.course import advice_on_privacy
    from autograder.classroom.release.release import allow_all, release

    for name in arguments.assignments or course.assignments():
        if arguments.allow:
            ways.show(course, name, arguments.allow)
        for line in allow_all(course, name) if arguments.allow_all else ():
            print(f"{name} shows: {line}")
        changed = release(course, name)
        print(f"{course.relative(course.released(name))}: {'written' if changed else 'unchanged'}")
    if advice := advice_on_privacy(course):
        console.complain(advice)


@command(
    "bundle",
    "Pack what students get, the exercises and the built book, into a zip; refuse if a solution or hidden test "
    "would leak. With --gradescope: pack an autograder that grades an assignment there.",
    (
        "autograder bundle for-students.zip",
        "autograder bundle 02-sigmoid-autograder.zip --gradescope 02-sigmoid",
    ),
    argument("file", type=Path, metavar="FILE.zip"),
    argument("--without-book", action="store_true", help="the exercises alone"),
    argument("--gradescope", metavar="ASSIGNMENT", help="an autograder for Gradescope instead"),
    trust("with --gradescope: grade even where a container"),
)
def _run_bundle(course: Course, arguments: argparse.Namespace) -> None:
    if arguments.gradescope:
        from autograder.classroom.release import gradescope as pack

        known = pack.write(course, arguments.gradescope, arguments.file, trusted=arguments.trust_submissions)
        points = sum(cell.points for cell in known.graded if not cell.manual)
        by_hand = sum(cell.points for cell in known.graded if cell.manual)
        print(
            f"{arguments.file}: {points:g} points by the autograder, {by_hand:g} by hand. For the instructor only."
        )
        return
    from autograder.classroom.release import bundle

    number = bundle.write(course, arguments.file, book=not arguments.without_book)
    size = arguments.file.stat().st_size
    print(f"{arguments.file}: {number} files, {size / 1e6:.1f} MB. No solution or hidden test is in it.")
