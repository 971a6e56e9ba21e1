"""`autograder feedback`, `report` and `export`: what students, instructors and platforms get."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import console
from autograder.classroom.errors import CourseError, in_a_line
from autograder.commands.common import argument, assignments, close, command, share_in_groups

if TYPE_CHECKING:
    from autograder.classroom.course import Course
    from autograder.classroom.export.marks import Export, Marks


@command(
    "feedback",
    "Write a page for each graded submission, in class/feedback/.",
    (
        "autograder feedback 02-sigmoid",
        "autograder feedback 02-sigmoid --zip canvas",
        "autograder feedback 02-sigmoid --language zh",
    ),
    argument("assignment", metavar="ASSIGNMENT"),
    argument(
        "--zip", choices=["canvas", "moodle"], help="also pack the pages as the platform takes them back"
    ),
    argument(
        "--language", choices=["en", "zh"], default="en", help="the language of the pages (default: en)"
    ),
)
def _run_feedback(course: Course, arguments: argparse.Namespace) -> int:
    from autograder.classroom.pages import feedback as pages

    share_in_groups(course, arguments.assignment)
    students = pages.graded_students(course, arguments.assignment)
    written = pages.write_pages(course, arguments.assignment, students, arguments.language)
    results, complete = console.follow(written, len(students), "writing")
    console.show_counts(results, "written")
    if arguments.zip and complete:
        _pack(course, arguments, students)
    return close(results, complete, len(students))


def _pack(course: Course, arguments: argparse.Namespace, students: list[str]) -> None:
    from autograder.classroom.pages import feedback

    path, pages, others = feedback.write_zip(course, arguments.assignment, arguments.zip, students)
    print(f"{course.relative(path)}: {pages} pages")
    if others:
        print(f"  left out, not collected from {arguments.zip.title()}: {in_a_line(others)}")


@command(
    "report",
    "Write a page for each assignment and one for the course, in class/report/: scores, rubric items, "
    "mistakes, hand-ins, what needs a person.",
    ("autograder report", "autograder report 02-sigmoid", "autograder report 02-sigmoid --anonymous"),
    assignments("only these (default: all that were handed in)"),
    argument(
        "--anonymous",
        action="store_true",
        help="leave names out, to show the pages to others; they go to class/report-without-names/",
    ),
)
def _run_report(course: Course, arguments: argparse.Namespace) -> int:
    from autograder.classroom.report import writing

    report = writing.prepare(course, arguments.assignments, anonymous=arguments.anonymous)
    results, complete = console.follow(writing.read(report), report.total, "reading")
    if complete:
        for path in writing.write(report):
            print(course.relative(path))
    return close(results, complete, report.total)


_FORMATS = {
    "csv": "a row for each student and assignment, as nbgrader has it (default)",
    "course": "a row for each student, a column for each assignment (CSV)",
    "items": "a row for each student, a column for each item of one assignment (CSV)",
    "canvas": "what Canvas's gradebook imports (CSV)",
    "moodle": "what Moodle's gradebook imports (CSV)",
    "moodle-worksheet": "Moodle's grading worksheet of one assignment (CSV)",
    "gradescope": "a results.json for each submission of one assignment (zip)",
}


@command(
    "export",
    "Write everybody's points to a file for a spreadsheet or a learning platform.",
    (
        "autograder export grades.csv",
        "autograder export items.csv --format items --assignment 02-sigmoid",
        "autograder export canvas.csv --format canvas --template from-canvas.csv",
        "formats:",
        *(f"  {name:17} {text}" for name, text in _FORMATS.items()),
    ),
    argument("file", type=Path, metavar="FILE"),
    argument("--format", choices=list(_FORMATS), default="csv", help="see below"),
    argument(
        "--assignment",
        dest="assignments",
        action="append",
        default=[],
        metavar="NAME",
        help="only this one (repeatable)",
    ),
    argument(
        "--partial",
        action="store_true",
        help="write the points so far where a person has still to grade something",
    ),
    argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="the file that Canvas or Moodle exported, to be filled in",
    ),
    argument(
        "--excel",
        nargs="?",
        const="comma",
        choices=["comma", "semicolon"],
        help="so that Excel on Windows opens csv, course and items with all letters right; `semicolon` where "
        "decimals have a comma",
    ),
    argument("--column", default="", metavar="TEXT", help="what Canvas calls the assignment"),
)
def _run_export(course: Course, arguments: argparse.Namespace) -> None:
    _require_sense(arguments)
    from autograder.classroom.export import marks

    for name in arguments.assignments or course.assignments():
        share_in_groups(course, name)
    known = marks.read(course, arguments.assignments, partial=arguments.partial)
    done = _write_file(course, known, arguments)
    print(f"{arguments.file}: {done.rows} rows")
    for note in done.notes:
        print(f"  {note}")


def _require_sense(arguments: argparse.Namespace) -> None:
    if arguments.template and arguments.format not in ("canvas", "moodle-worksheet"):
        raise CourseError("--template is for the formats canvas and moodle-worksheet.")
    if arguments.excel and arguments.format not in ("csv", "course", "items"):
        raise CourseError("--excel is for the formats csv, course and items: platforms want their own.")
    if arguments.column and not (arguments.template and arguments.format == "canvas"):
        raise CourseError("--column says which column of Canvas's --template to fill in.")


def _write_file(course: Course, known: Marks, arguments: argparse.Namespace) -> Export:
    from autograder.classroom.columns import EXCEL, Dialect
    from autograder.classroom.export import filling, marks
    from autograder.classroom.release import gradescope

    path, template = arguments.file, arguments.template
    if arguments.format == "gradescope":
        return gradescope.write_results(course, known, path)
    if template and arguments.format == "canvas":
        return filling.fill_canvas(known, template, path, arguments.column)
    if template:
        return filling.fill_worksheet(known, template, path)
    return marks.write(arguments.format, known, path, EXCEL.get(arguments.excel, Dialect()))
