"""Keep the translations in step with the book: `python chapters/site/catalogues update`, or `check [FILE.po ...]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from catalogues.checks import faults_of_all, faults_of_file
from catalogues.files import LANGUAGES, update


def main() -> None:
    """Update all files, or check those that are named, or all against the source."""
    options = _parser().parse_args()
    if options.action == "update":
        for language in LANGUAGES:
            for path, missing in update(options.root, language):
                print(f"{path}: {missing} to translate")
        return
    faults = (
        [fault for path in options.files for fault in faults_of_file(path)]
        if options.files
        else faults_of_all(options.root)
    )
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults", file=sys.stderr)
    sys.exit(bool(faults))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python chapters/site/catalogues", description=__doc__)
    parser.add_argument("action", choices=["update", "check"])
    parser.add_argument("files", type=Path, nargs="*", help="check these alone, without reading the book")
    parser.add_argument("--root", type=Path, default=Path(), help="the course's folder (default: this one)")
    return parser


main()
