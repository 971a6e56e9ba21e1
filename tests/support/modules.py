"""Running a module in a process of its own, without what takes long to import and is never used."""

from __future__ import annotations

import sys

_RUN = (
    "import runpy, sys; "
    "sys.modules['rfc3987_syntax'] = None; "  # a grammar of web addresses: longer than all other imports together
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module as `python -m` does; `autograder` stands for the command of that name."""
    name = "autograder.cli" if module == "autograder" else module
    return [sys.executable, "-c", _RUN, name, *arguments]
