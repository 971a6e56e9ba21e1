"""What the red team's tests share: both graders are run once over the attacks."""

from __future__ import annotations

import pytest

from tests.redteam import judged, stock
from tests.redteam.catalogue import attacks, under_layers
from tests.redteam.verdict import Seen


@pytest.fixture(scope="session")
def seen_by_judge() -> dict[str, Seen]:
    """What was seen of the judge, attack by attack."""
    found = judged.run([attack for attack in attacks() if not attack.place])
    return found | stock.run([attack for attack in attacks() if attack.place], judge=True)


@pytest.fixture(scope="session")
def seen_in_container() -> dict[str, Seen]:
    """The same without user namespaces, as in most containers."""
    return judged.run(under_layers(), without=["user"])
