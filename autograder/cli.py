"""The `autograder` command.

Exit status: 0 done, 1 done except for some submissions (each named), 2 not done, 130 interrupted.
What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from autograder.classroom.errors import CourseError
from autograder.commands import (
    adopt,
    bundle,
    check,
    collect,
    doctor,
    export,
    feedback,
    grade,
    history,
    release,
    report,
    roster,
    write,
)
from autograder.commands.common import INTERRUPTED, NOT_DONE
from autograder.judging.outcome import CannotConfine

COMMANDS = (
    write,
    check,
    release,
    bundle,
    collect,
    roster,
    grade,
    feedback,
    report,
    history,
    export,
    adopt,
    doctor,
)


def main(argv: list[str] | None = None) -> int:
    """Run the command with the given arguments (those of the process by default); return its exit status."""
    _spare_a_grammar()
    _find_commands()
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


def _spare_a_grammar() -> None:
    """Keep jsonschema, which nbgrader imports, from building a grammar of web addresses.

    It takes longer than all other imports together, and no notebook is checked for web addresses. Without the
    package jsonschema leaves that check out.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _find_commands() -> None:
    """Have nbgrader find `alembic`, which it calls by name, also where the environment is not activated."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])


def _refuse(text: str) -> int:
    print(f"autograder: {text}", file=sys.stderr)
    return NOT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description="Release, grade and give back the exercises of this course.",
        epilog="`autograder COMMAND --help` shows examples. All `nbgrader` commands work on the same class.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
