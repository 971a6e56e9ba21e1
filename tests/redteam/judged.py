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

QUICK = Limits(call=1.5, patience=0.25, cell=2.0, test=4.0, submission=60.0, memory=256 << 20, files=4 << 20)
"""Low budgets, so that starving the judge takes the tests a second and not a minute."""


def run(
    attacks: Sequence[Attack], without: Collection[str] = (), seconds: float = 900.0, limits: Limits = QUICK
) -> dict[str, Seen]:
    """Grade these attacks, an honest neighbour after each, `without` layers of confinement."""
    return run_each(attacks, [without], seconds, limits)[0]


def run_each(
    attacks: Sequence[Attack],
    profiles: Sequence[Collection[str]],
    seconds: float,
    limits: Limits = QUICK,
) -> list[dict[str, Seen]]:
    """Grade these attacks again and again in one enclosure, each time without other layers."""
    with tempfile.TemporaryDirectory(prefix="redteam-") as folder:
        exchange = Path(folder)
        write_plan(exchange, attacks, profiles, limits)
        ended = run_enclosed(module_command("tests.redteam.judge_run", str(EXCHANGE)), exchange, seconds)
        seen = seen_in(exchange, len(profiles))
    for attack in attacks:  # those that came after the judge itself ended
        for of_profile in seen:
            of_profile.setdefault(attack.id, Seen({}, finished=False, detail=ended.output[-2000:]))
    return seen


def write_plan(
    exchange: Path, attacks: Sequence[Attack], profiles: Sequence[Collection[str]], limits: Limits = QUICK
) -> None:
    """Write down what `judge_run` is to do."""
    plan = {
        "attacks": [attack.id for attack in attacks],
        "profiles": [sorted(without) for without in profiles],
        "limits": asdict(limits),
    }
    (exchange / "plan.json").write_text(json.dumps(plan))


def seen_in(exchange: Path, profiles: int) -> list[dict[str, Seen]]:
    """Read what `judge_run` saw, profile by profile."""
    report = exchange / "seen.jsonl"
    seen: list[dict[str, Seen]] = [{} for _ in range(profiles)]
    for line in report.read_text().splitlines() if report.exists() else []:
        found = json.loads(line)
        profile, name = found.pop("profile"), found.pop("attack")
        one = Seen(**found)
        seen[profile][name] = replace(one, written=tuple(one.written), layers=tuple(one.layers))
    return seen
