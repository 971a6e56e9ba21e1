"""The attacks are real ones: for each aim, one that reaches it on stock nbgrader.

`python -m tests.redteam.table FILE.md --stock` tries all of them there.
"""

from __future__ import annotations

import pytest

from tests.redteam import stock
from tests.redteam.catalogue import attack
from tests.redteam.verdict import Seen, describe, hits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("red team on stock nbgrader")]

REACHED = {
    "forged points": "patch-assert-allclose",
    "saw hidden tests": "read-frames",
    "hidden tests shown": "read-history",
    "hidden inputs shown": "send-print",
    "reached out": "reach-home-folder",
    "right work lost": "unlucky-stderr",
    "script in the page": "reader-svg",
    "wrote outside": "hold-daemon",
    "neighbour harmed": "edit-duplicate-ids",
    "batch stopped": "edit-duplicate-ids",
}


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen]:
    """What was seen of stock nbgrader; the peaceful ones share a class."""
    found: dict[str, Seen] = {}
    for group in stock.groups([attack(name) for name in {*REACHED.values()}]):
        found |= stock.run(group)
    return found


@pytest.mark.parametrize(("aim", "name"), REACHED.items())
def test_attack_reaches_its_aim_on_stock_nbgrader(aim, name, seen):
    one = seen[name]
    assert aim in hits(attack(name), one), f"{describe(one)} points; {one.detail}"
