"""The `autograder` command; `EXIT` has what its exit status means.

What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import traceback
from pathlib import Path

from autograder.classroom.errors import CourseError
from autograder.commands import by_hand, grading, handing_back, people, preparing, setting_up
from autograder.commands.common import DONE, EVERY, FAULT, INTERRUPTED, NOT_DONE
from autograder.judging.sandbox import CannotConfine

MODULES = preparing, people, grading, by_hand, handing_back, setting_up  # they fill EVERY
# In the order of an instructor's week.
WEEK = "new write check release bundle collect roster grade history watch by-hand extend appeal feedback report export"
OTHERS = "adopt drop doctor completion"

EXIT = """\
exit status:
  0    done
  1    done but for some submissions, each named on standard error
  2    not done: one line on standard error says why, and nothing was changed
  70   a fault in the program itself, with a traceback
  130  interrupted: the same command goes on from there
"""


def main(argv: list[str] | None = None) -> int:
    """Run the command with the given arguments (those of the process by default); return its exit status."""
    gc.set_threshold(50_000)  # a command ends before most of what it makes could be garbage
    _spare_a_grammar()
    _find_commands()
    arguments = parser().parse_args(argv)
    try:
        return arguments.run(arguments) or DONE
    except (CourseError, CannotConfine) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _refuse(f"{error.strerror or error}{where}")
    except Exception:  # Python would end with 1, which means something else here
        traceback.print_exc()
        print(f"autograder: this is a fault of autograder {_version()}: please report it.", file=sys.stderr)
        return FAULT


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"autograder {_version()}")
        parser.exit()


def _version() -> str:
    from importlib.metadata import version

    return version("from-lines-to-softmax")


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


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    whole = argparse.ArgumentParser(
        prog="autograder",
        description="Release, grade and give back the exercises of this course.",
        epilog=f"{EXIT}\n`autograder COMMAND --help` shows examples. All `nbgrader` commands work on the same class.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in f"{WEEK} {OTHERS}".split():
        EVERY[name](commands)
    return whole


if __name__ == "__main__":
    sys.exit(main())
