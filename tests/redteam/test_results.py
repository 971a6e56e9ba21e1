"""The generated table of results is about the attacks that there are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.redteam.catalogue import attacks

RESULTS = Path(__file__).with_name("results.md")


def test_generated_table_has_a_row_for_each_attack_as_it_is_now():
    rows = dict(re.findall(r"^\| `([^`]+)` \| (.*?) \| ", RESULTS.read_text("utf-8"), re.MULTILINE))
    assert rows.keys() == {attack.id for attack in attacks()}
    assert all(rows[attack.id].startswith(attack.does.replace("|", "\\|")) for attack in attacks())
