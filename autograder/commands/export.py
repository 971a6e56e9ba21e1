"""`autograder export`: grades for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.commands.common import DONE, Commands, add_command, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `export` on the command line."""
    command = add_command(
        commands,
        "export",
        "Write everybody's points to a file for a spreadsheet.",
        ("autograder export grades.csv",),
    )
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--format", choices=["csv"], default="csv", help="the file's format (default: csv)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    from autograder.classroom.export import export_csv

    rows = export_csv(course, arguments.file)
    print(f"{arguments.file}: {rows} rows")
    return DONE
