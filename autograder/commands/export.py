"""`autograder export`: grades for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.commands.common import DONE, Commands, add_command, open_course, share_in_groups

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.export.marks import Export, Marks

_FORMATS = {
    "csv": "a row for each student and assignment, as nbgrader has it (default)",
    "course": "a row for each student, a column for each assignment (CSV)",
    "items": "a row for each student, a column for each item of one assignment (CSV)",
    "canvas": "what Canvas's gradebook imports (CSV)",
    "moodle": "what Moodle's gradebook imports (CSV)",
    "moodle-worksheet": "Moodle's grading worksheet of one assignment (CSV)",
    "gradescope": "a results.json for each submission of one assignment (zip)",
}


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `export` on the command line."""
    command = add_command(
        commands,
        "export",
        "Write everybody's points to a file for a spreadsheet or a learning platform.",
        (
            "autograder export grades.csv",
            "autograder export items.csv --format items --assignment 02-sigmoid",
            "autograder export canvas.csv --format canvas --template from-canvas.csv",
            "formats:",
            *(f"  {name:17} {text}" for name, text in _FORMATS.items()),
        ),
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--format", choices=list(_FORMATS), default="csv", help="see below")
    command.add_argument(
        "--assignment", action="append", default=[], metavar="NAME", help="only this one (repeatable)"
    )
    command.add_argument(
        "--partial",
        action="store_true",
        help="write the points so far where a person has still to grade something",
    )
    command.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="the file that Canvas or Moodle exported, to be filled in",
    )
    command.add_argument(
        "--excel",
        nargs="?",
        const="comma",
        choices=["comma", "semicolon"],
        help="so that Excel on Windows opens csv, course and items with all letters right; `semicolon` where "
        "decimals have a comma",
    )
    command.add_argument("--column", default="", metavar="TEXT", help="what Canvas calls the assignment")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    for name in arguments.assignment:
        course.require_assignment(name)
    _require_sense(arguments)
    from autograder.classroom.export import marks

    for name in arguments.assignment or course.assignments():
        share_in_groups(course, name)
    done = _write(course, marks.read(course, arguments.assignment), arguments)
    print(f"{arguments.file}: {done.rows} rows")
    for note in done.notes:
        print(f"  {note}")
    return DONE


def _require_sense(arguments: argparse.Namespace) -> None:
    from autograder.classroom.errors import CourseError

    if arguments.template and arguments.format not in ("canvas", "moodle-worksheet"):
        raise CourseError("--template is for the formats canvas and moodle-worksheet.")
    if arguments.excel and arguments.format not in ("csv", "course", "items"):
        raise CourseError("--excel is for the formats csv, course and items: platforms want their own.")
    if arguments.column and not (arguments.template and arguments.format == "canvas"):
        raise CourseError("--column says which column of Canvas's --template to fill in.")


def _write(course: Course, known: Marks, arguments: argparse.Namespace) -> Export:
    from autograder.classroom.export import canvas, gradescope, moodle, spreadsheet
    from autograder.classroom.export.marks import Export
    from autograder.classroom.tables import EXCEL, Dialect

    dialect = EXCEL.get(arguments.excel, Dialect())
    path, partial, template = arguments.file, arguments.partial, arguments.template
    if arguments.format == "canvas":
        if template:
            return canvas.fill(known, template, path, partial, arguments.column)
        return canvas.write(known, path, partial)
    if arguments.format == "moodle":
        return moodle.write_import(known, path, partial)
    if arguments.format == "moodle-worksheet":
        return (
            moodle.fill(known, template, path, partial)
            if template
            else moodle.write_worksheet(known, path, partial)
        )
    if arguments.format == "gradescope":
        return gradescope.write(course, known, path)
    if arguments.format == "course":
        return Export(spreadsheet.write_course(known, path, partial, dialect))
    write = spreadsheet.write_items if arguments.format == "items" else spreadsheet.write_long
    return Export(write(known, path, dialect))
