"""Runs attacks against the judge, in an enclosure, so that a hole in it costs nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from autograder.judging.limits import Limits
from tests.redteam.catalogue import Attack
from tests.redteam.enclosure import EXCHANGE, module_command, run_enclosed
from tests.redteam.verdict import Seen

QUICK = Limits(call=1.5, patience=0.25, cell=2.0, test=8.0, submission=60.0, memory=256 << 20, files=4 << 20)
"""Low budgets, so that starving the judge takes the tests a second and not a minute."""


def run(
    attacks: Sequence[Attack], without: Collection[str] = (), seconds: float = 900.0, limits: Limits = QUICK
) -> dict[str, Seen]:
    """Grade these attacks, an honest neighbour after each, `without` layers of confinement."""
    plan = {
        "attacks": [attack.id for attack in attacks],
        "without": sorted(without),
        "trusted": bool(without),
        "limits": asdict(limits),
    }
    with tempfile.TemporaryDirectory(prefix="redteam-") as folder:
        exchange = Path(folder)
        (exchange / "plan.json").write_text(json.dumps(plan))
        ended = run_enclosed(module_command("tests.redteam.judge_run", str(EXCHANGE)), exchange, seconds)
        report = exchange / "seen.jsonl"
        lines = report.read_text().splitlines() if report.exists() else []
    seen = {}
    for line in lines:
        found = json.loads(line)
        name = found.pop("attack")
        seen[name] = replace(Seen(**found), written=tuple(found["written"]), layers=tuple(found["layers"]))
    for attack in attacks:  # those that came after the judge itself ended
        seen.setdefault(attack.id, Seen({}, finished=False, detail=ended.output[-2000:]))
    return seen
