"""Print the built site: `python chapters/site/printing [FILE.pdf]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from printing.press import CannotPrint, print_file, sheet_numbers
from printing.volume import Incomplete, bind


def main() -> None:
    """Bind the pages in _build/html, print them, again with the numbers of the sheets, and say where the file is."""
    options = _parser().parse_args()
    site = options.root / "_build" / "html"
    if not (site / "index.html").is_file():
        sys.exit("there is no built site in _build/html: run `jupyter-book build .` first")
    bound = site / "print.html"
    try:
        bound.write_text(bind(options.root, site), "utf-8")
        print_file(bound, options.file)
        bound.write_text(bind(options.root, site, sheet_numbers(options.file)), "utf-8")
        print_file(bound, options.file)
    except (CannotPrint, Incomplete) as problem:
        sys.exit(str(problem))
    finally:
        bound.unlink(missing_ok=True)
    print(f"{options.file}: {options.file.stat().st_size / 1e6:.1f} MB")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python chapters/site/printing", description=__doc__)
    default = Path("_build", "from-lines-to-softmax.pdf")
    parser.add_argument("file", type=Path, nargs="?", default=default, help=f"default: {default}")
    parser.add_argument("--root", type=Path, default=Path(), help="the course's folder (default: this one)")
    return parser


main()
