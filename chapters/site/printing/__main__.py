"""Print the built site: `python chapters/site/printing [FILE.pdf] [--language zh_CN]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from book_language import EDITIONS, edition
from translation import speaking

from printing.press import CannotPrint, print_file, sheet_numbers
from printing.volume import Incomplete, bind


def main() -> None:
    """Bind the pages in _build/html, print them, again with the numbers of the sheets, and say where the file is."""
    options = _parser().parse_args()
    with speaking(options.language):
        _print(options.root / "_build" / "html" / edition().folder, options)


def _print(site: Path, options: argparse.Namespace) -> None:
    file = options.file or Path(
        "_build", f"from-lines-to-softmax{edition().folder and '.' + edition().tag}.pdf"
    )
    if not (site / "index.html").is_file():
        sys.exit(
            f"there is no built site in {site.relative_to(options.root)}: run `jupyter-book build .` first"
        )
    bound = site / "print.html"
    try:
        bound.write_text(bind(options.root, site), "utf-8")
        print_file(bound, file)
        bound.write_text(bind(options.root, site, sheet_numbers(file)), "utf-8")
        print_file(bound, file)
    except (CannotPrint, Incomplete) as problem:
        sys.exit(str(problem))
    finally:
        bound.unlink(missing_ok=True)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python chapters/site/printing", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="default: from-lines-to-softmax.pdf in _build")
    parser.add_argument("--language", default="en", choices=[one.language for one in EDITIONS])
    parser.add_argument("--root", type=Path, default=Path(), help="the course's folder (default: this one)")
    return parser


main()
