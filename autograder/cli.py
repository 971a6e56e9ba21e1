"""The `autograder` command.

Exit status: 0 done, 1 done except for some submissions (each named), 2 not done, 130 interrupted.
What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.errors import CourseError
from autograder.judging.outcome import CannotConfine

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.results import Result

DONE, PARTLY, NOT_DONE, INTERRUPTED = 0, 1, 2, 130


def main(argv: list[str] | None = None) -> int:
    """Run the command with the given arguments (those of the process by default); return its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (CourseError, CannotConfine) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _refuse(f"{error.strerror or error}{where}")


def _refuse(text: str) -> int:
    print(f"autograder: {text}", file=sys.stderr)
    return NOT_DONE


def _release(arguments: argparse.Namespace) -> int:
    course = _open_course(arguments)
    names = arguments.assignments or course.assignments()
    for name in names:
        course.require_assignment(name)
    from autograder.classroom.release import release

    for name in names:
        changed = release(course, name)
        print(f"{course.relative(course.released(name))}: {'written' if changed else 'unchanged'}")
    return DONE


def _grade(arguments: argparse.Namespace) -> int:
    course = _open_course(arguments)
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
    return _close(results, complete, len(batch.students))


def _feedback(arguments: argparse.Namespace) -> int:
    course = _open_course(arguments)
    course.require_assignment(arguments.assignment)
    from autograder import console
    from autograder.classroom import feedback_pages

    students = feedback_pages.graded_students(course, arguments.assignment)
    pages = feedback_pages.write_pages(course, arguments.assignment, students)
    results, complete = console.follow(pages, len(students), "writing")
    console.show_counts(results, "written")
    return _close(results, complete, len(students))


def _doctor(arguments: argparse.Namespace) -> int:
    from autograder.judging.doctor import examine

    finding = examine()
    print("\n".join(finding.lines()))
    return DONE if finding.enough else NOT_DONE


def _export(arguments: argparse.Namespace) -> int:
    course = _open_course(arguments)
    from autograder.classroom.export import export_csv

    rows = export_csv(course, arguments.file)
    print(f"{arguments.file}: {rows} rows")
    return DONE


def _close(results: list[Result], complete: bool, total: int) -> int:
    from autograder import console

    console.show_failures(results)
    if not complete:
        console.complain(f"interrupted after {len(results)} of {total}: the same command goes on from there.")
        return INTERRUPTED
    return PARTLY if any(result.state == "failed" for result in results) else DONE


def _open_course(arguments: argparse.Namespace) -> Course:
    from autograder.classroom import log
    from autograder.classroom.course import load_course

    course = load_course(arguments.course)
    log.start(course.log_folder, arguments.verbose)
    return course


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Release, grade and give back the exercises of this course.",
        epilog="`autograder COMMAND --help` shows examples. All `nbgrader` commands work on the same class.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_release(commands)
    _add_grade(commands)
    _add_feedback(commands)
    _add_export(commands)
    _add_doctor(commands)
    return parser


Commands = argparse._SubParsersAction  # the type has no public name


def _add_release(commands: Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "release",
        "Make exercises/ from solutions/; refuse if a solution or hidden test would leak.",
        ("autograder release", "autograder release 02-sigmoid"),
    )
    command.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all of them by default")
    command.set_defaults(run=_release)


def _add_grade(commands: Commands[argparse.ArgumentParser]) -> None:
    command = _add(
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
    command.set_defaults(run=_grade)


def _add_feedback(commands: Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "feedback",
        "Write a page for each graded submission, in class/feedback/.",
        ("autograder feedback 02-sigmoid",),
    )
    command.add_argument("assignment", metavar="ASSIGNMENT")
    command.set_defaults(run=_feedback)


def _add_export(commands: Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "export",
        "Write everybody's points to a file for a spreadsheet.",
        ("autograder export grades.csv",),
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--format", choices=["csv"], default="csv", help="the file's format (default: csv)")
    command.set_defaults(run=_export)


def _add_doctor(commands: Commands[argparse.ArgumentParser]) -> None:
    command = _add(
        commands,
        "doctor",
        "Say what confines student code on this machine, layer by layer, and what is missing.",
        ("autograder doctor",),
    )
    command.set_defaults(run=_doctor)


def _add(
    commands: Commands[argparse.ArgumentParser], name: str, text: str, examples: Iterable[str]
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog="\n".join(["examples:", *(f"  {example}" for example in examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the course (default: the one you are in)",
    )
    command.add_argument("--verbose", action="store_true", help="show nbgrader's messages as well")
    return command


if __name__ == "__main__":
    sys.exit(main())
