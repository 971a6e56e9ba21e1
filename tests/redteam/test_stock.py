"""The attacks are real ones: stock nbgrader falls to those that are said to work there.

A part of each kind; `python -m tests.redteam.table` tries all.
"""

from __future__ import annotations

import pytest

from tests.redteam import stock
from tests.redteam.catalogue import attacks
from tests.redteam.verdict import Seen, describe, hits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("red team on stock nbgrader")]

EACH = 3  # of a kind


def _of(kind):
    """Return the attacks of a kind that can share a class."""
    return [attack for attack in PEACEFUL if attack.kind == kind]


CLAIMED = [attack for attack in attacks() if attack.stock == "works"]
PEACEFUL = [attack for attack in CLAIMED if not attack.alone and "browser" not in attack.goal]
TOGETHER = [attack for kind in {a.kind: 0 for a in PEACEFUL} for attack in _of(kind)[:EACH]]
ALONE = [  # each takes an nbgrader process of its own: one or two of a kind
    attack
    for attack in CLAIMED
    if attack.id
    in {
        *("forge-gradebook", "edit-duplicate-ids", "neighbour-gradebook", "neighbour-ipython-startup"),
        *("neighbour-submission", "hold-daemon", "crash-kill-parent", "crash-exit"),
    }
]
PAGES = [attack for attack in CLAIMED if "browser" in attack.goal]


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    """What was seen of stock nbgrader; the peaceful ones share a class."""
    found: dict[str, Seen] = {}
    for group in stock.groups([*TOGETHER, *PAGES, *ALONE]):
        found |= stock.run(group)
    return found


def test_at_least_forty_attacks_are_claimed_to_work():
    assert len([*TOGETHER, *PAGES, *ALONE]) >= 40


@pytest.mark.parametrize("attack", [*TOGETHER, *PAGES, *ALONE], ids=str)
def test_attack_works_on_stock_nbgrader(attack, seen):
    assert hits(attack, seen[attack.id]), f"{describe(seen[attack.id])} points; {seen[attack.id].detail}"
