"""`autograder new`: an assignment of your own to start from."""

from __future__ import annotations

import argparse

from autograder.commands.common import DONE, Commands, add_command, open_course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `new` on the command line."""
    command = add_command(
        commands,
        "new",
        "Make an assignment of your own that works from release to report, with one function and a written answer to "
        "put your own in the place of.",
        ("autograder new 09-own",),
    )
    command.add_argument("name", metavar="NAME", help="its name, which becomes a folder's")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    from autograder.classroom.release.new import new

    path, name = new(course, arguments.name), arguments.name
    print(f"{course.relative(path)}: written. Edit it in JupyterLab, with Create Assignment on. Then:")
    print(f"  autograder check {name}    # are the tests right, and do they spare your own answers?")
    print(f"  autograder release {name}")
    return DONE
