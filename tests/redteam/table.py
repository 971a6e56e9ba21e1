"""Writes what became of every attack, on stock nbgrader and on the judge, as a Markdown table.

    python -m tests.redteam.table tests/redteam/results.md

Nothing in it is written by hand: both graders are run (about half an hour, nearly all of it stock nbgrader's).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tests.redteam import judged, stock
from tests.redteam.catalogue import Attack, attacks
from tests.redteam.verdict import Seen, describe, hits

HEAD = """# The red team's results

Written by `python -m tests.redteam.table tests/redteam/results.md`, which runs all of it.

Every attack is a submission that is wrong throughout, or right but for one question. *Points* are those
it got of 99, *reached* what it set out for. After each attack an honest submission is graded by the same
process.
"""


def main(path: Path) -> None:
    """Run both graders over all attacks and write the table."""
    everything = attacks()
    path.write_text(table(everything, on_stock(everything), on_judge(everything)), encoding="utf-8")


def on_stock(everything: Iterable[Attack]) -> dict[str, Seen]:
    """Return what was seen of stock nbgrader, group by group."""
    found: dict[str, Seen] = {}
    for group in stock.groups(list(everything)):
        found |= stock.run(group)
        print(f"stock nbgrader: {len(found)} attacks", file=sys.stderr)
    return found


def on_judge(everything: Iterable[Attack]) -> dict[str, Seen]:
    """Return what was seen of the judge; what is no file is handed in by way of nbgrader and the plug-in."""
    everything = list(everything)
    found = judged.run([attack for attack in everything if not attack.place])
    return found | stock.run([attack for attack in everything if attack.place], judge=True)


def table(everything: Iterable[Attack], on_stock: Mapping[str, Seen], on_judge: Mapping[str, Seen]) -> str:
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
        lines += [_row(attack, on_stock[attack.id], on_judge[attack.id]) for attack in members]
    return "\n".join(lines) + "\n"


def _summary(rows: list[Attack], on_stock: Mapping[str, Seen], on_judge: Mapping[str, Seen]) -> Iterator[str]:
    kinds = {attack.kind for attack in rows}
    yield f"{len(rows)} attacks in {len(kinds)} classes.\n"
    for name, seen in (("Stock nbgrader", on_stock), ("The judge", on_judge)):
        through = sum(bool(hits(attack, seen[attack.id])) for attack in rows)
        yield f"- {name}: {through} of {len(rows)} reached an aim."


def _row(attack: Attack, stock_seen: Seen, judge_seen: Seen) -> str:
    cells = [f"`{attack.id}`", attack.does.replace("|", "\\|")]
    for seen in (stock_seen, judge_seen):
        cells += [", ".join(hits(attack, seen)) or "withstood", describe(seen)]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
