"""The red team where this runs: in a container that is thrown away, without an enclosure of its own.

Usage: python -m tests.redteam.container; needs a folder /mnt to write to. Ends with 1 if an attack reaches an aim.
"""

from __future__ import annotations

import sys

from tests.redteam import judge_run, judged
from tests.redteam.catalogue import attacks
from tests.redteam.enclosure import EXCHANGE
from tests.redteam.verdict import describe, hits


def main() -> int:
    """Grade all attacks that need no place of their own, and say which reached an aim."""
    tried = [attack for attack in attacks() if not attack.place]
    EXCHANGE.mkdir(parents=True)
    judged.write_plan(EXCHANGE, tried, [[]])
    judge_run.main(EXCHANGE)
    (seen,) = judged.seen_in(EXCHANGE, 1)
    reached = [attack for attack in tried if hits(attack, seen[attack.id])]
    for attack in reached:
        one = seen[attack.id]
        print(f"{attack.id}: {', '.join(hits(attack, one))}; {describe(one)} points; {one.detail[-300:]}")
    layers = sorted({one.layers for one in seen.values() if one.layers})
    print(
        f"{len(tried)} attacks, {len(reached)} reached an aim; layers: {' or '.join(map(' '.join, layers))}"
    )
    return bool(reached)


if __name__ == "__main__":
    sys.exit(main())
