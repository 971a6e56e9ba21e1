"""Add JupyterLite to the built site: `python chapters/site/lite [--pyodide FOLDER]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from lite.build import Failed, build


def main() -> None:
    """Read the command line, build, and say what was done."""
    options = _parser().parse_args()
    begun = time.monotonic()
    pyodide = Path(options.pyodide) if options.pyodide else None
    try:
        done = build(options.root, options.root / "_build" / "html" / "lite", pyodide)
    except Failed as problem:
        sys.exit(str(problem))
    took = f"built in {time.monotonic() - begun:.0f} s" if done else "up to date"
    print(f"JupyterLite in _build/html/lite: {took}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python chapters/site/lite", description=main.__doc__)
    parser.add_argument(
        "--pyodide",
        metavar="FOLDER",
        default=os.environ.get("BOOK_PYODIDE"),
        help="serve Pyodide from the site: copy the distribution in this folder (default: $BOOK_PYODIDE; "
        "without it, browsers get Pyodide from its CDN)",
    )
    parser.add_argument("--root", type=Path, default=Path(), help="the course's folder (default: this one)")
    return parser


main()
