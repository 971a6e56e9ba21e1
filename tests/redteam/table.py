"""Writes what became of every attack, on stock nbgrader and on the judge, as a Markdown table.

    python -m tests.redteam.table tests/redteam/results.md [--stock]

Nothing in it is written by hand: both graders are run. What stock nbgrader did to attacks that the table has already is
taken from there, since stock nbgrader stays as it is; with `--stock` it is run on all of them (half an hour).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tests.redteam import judged, stock
from tests.redteam.catalogue import Attack, attacks
from tests.redteam.verdict import Seen, describe, hits

HEAD = """# The red team's results

Written by `python -m tests.redteam.table tests/redteam/results.md`, which runs it.

Every attack is a submission that is wrong throughout, or right but for one question. *Points* are those
it got, of 99 where no other assignment is named, *reached* what it set out for. After each attack an honest submission
is graded by the same process. Attacks on the judge alone were not tried on stock nbgrader.
"""
NOT_TRIED = ("not tried", "")

Stock = Mapping[str, tuple[str, str]]
"""By attack: the aims that it reached on stock nbgrader, in words, and its points."""


def main(path: Path, anew: bool) -> None:
    """Run both graders and write the table."""
    everything = attacks()
    known = {} if anew or not path.exists() else rows_of(path.read_text(encoding="utf-8"))
    untried = [attack for attack in everything if attack.id not in known and attack.stock != "n/a"]
    of_stock = known | on_stock(untried)
    path.write_text(table(everything, of_stock, on_judge(everything)), encoding="utf-8")


def rows_of(text: str) -> dict[str, tuple[str, str]]:
    """Return what a table says of stock nbgrader."""
    rows = re.findall(r"^\| `([^`]+)` \| .*? \| ([^|]*) \| ([^|]*) \| [^|]* \| [^|]* \|$", text, re.MULTILINE)
    return {name: (reached, points) for name, reached, points in rows if (reached, points) != NOT_TRIED}


def on_stock(untried: Iterable[Attack]) -> dict[str, tuple[str, str]]:
    """Return what attacks did to stock nbgrader, group by group."""
    found: dict[str, tuple[str, str]] = {}
    for group in stock.groups(list(untried)):
        seen = stock.run(group)
        found |= {attack.id: _in_words(attack, seen[attack.id]) for attack in group}
        print(f"stock nbgrader: {len(found)} attacks", file=sys.stderr)
    return found


def on_judge(everything: Iterable[Attack]) -> dict[str, Seen]:
    """Return what was seen of the judge; what is no file is handed in by way of nbgrader and the plug-in."""
    everything = list(everything)
    found = judged.run([attack for attack in everything if not attack.place])
    return found | stock.run([attack for attack in everything if attack.place], judge=True)


def table(everything: Iterable[Attack], on_stock: Stock, on_judge: Mapping[str, Seen]) -> str:
    """Return the whole page."""
    rows = list(everything)
    lines = [HEAD, *_summary(rows, on_stock, on_judge)]
    for kind, members in groupby(
        sorted(rows, key=lambda attack: attack.kind), key=lambda attack: attack.kind
    ):
        lines += [
            f"\n## {kind.capitalize()}\n",
            "| attack | what it does | stock nbgrader | points | judge | points |",
        ]
        lines.append("|---|---|---|---:|---|---:|")
        lines += [_row(attack, on_stock.get(attack.id, NOT_TRIED), on_judge[attack.id]) for attack in members]
    return "\n".join(lines) + "\n"


def _summary(rows: list[Attack], on_stock: Stock, on_judge: Mapping[str, Seen]) -> Iterator[str]:
    kinds = {attack.kind for attack in rows}
    yield f"{len(rows)} attacks in {len(kinds)} classes.\n"
    tried = [on_stock[attack.id][0] for attack in rows if attack.id in on_stock]
    through = sum(bool(hits(attack, on_judge[attack.id])) for attack in rows)
    yield f"- Stock nbgrader: {sum(reached != 'withstood' for reached in tried)} of {len(tried)} reached an aim."
    yield f"- The judge: {through} of {len(rows)} reached an aim."


def _row(attack: Attack, of_stock: tuple[str, str], seen: Seen) -> str:
    does = attack.does.replace("|", "\\|") + (f" ({attack.assignment})" if attack.elsewhere else "")
    return f"| {' | '.join([f'`{attack.id}`', does, *of_stock, *_in_words(attack, seen)])} |"


def _in_words(attack: Attack, seen: Seen) -> tuple[str, str]:
    return ", ".join(hits(attack, seen)) or "withstood", describe(seen)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--stock" in sys.argv[2:])
