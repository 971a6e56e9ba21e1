"""Runs attacks against `nbgrader autograde`, in enclosures: as it comes, or with the judge."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.redteam import stock_run
from tests.redteam.catalogue import Attack
from tests.redteam.enclosure import EXCHANGE, Ended, module_command, run_enclosed
from tests.redteam.verdict import Seen

SECONDS_EACH = 12.0
SECONDS_TO_START = 20.0


@cache
def _course() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="redteam-course-")
    stock_run.prepare(Path(folder.name) / "course")
    return folder


def run(attacks: Sequence[Attack], judge: bool = False) -> dict[str, Seen]:
    """Grade these attacks, and an honest neighbour after them, in one `nbgrader autograde`.

    Stock nbgrader does the grading, or the judge as this course's `nbgrader_config.py` plugs it in.
    """
    seconds = SECONDS_TO_START + SECONDS_EACH * (len(attacks) + 1)
    with tempfile.TemporaryDirectory(prefix="redteam-") as folder:
        exchange = Path(folder)
        shutil.copytree(Path(_course().name) / "course", exchange / "course")
        plan = {
            "attacks": [attack.id for attack in attacks],
            "seconds": seconds,
            "judge": judge,
            "feedback": any("browser" in attack.goal for attack in attacks),
        }
        (exchange / "plan.json").write_text(json.dumps(plan))
        ended = run_enclosed(
            module_command("tests.redteam.stock_run", str(EXCHANGE)), exchange, 2 * seconds + 20
        )
        found = exchange / "seen.json"
        report = json.loads(found.read_text()) if found.exists() else None
    return {attack.id: _seen(attack, report, ended) for attack in attacks}


def groups(attacks: Sequence[Attack]) -> list[list[Attack]]:
    """Return the attacks in groups that can share a class: the peaceful ones together, the rest alone."""
    pages = [attack for attack in attacks if "browser" in attack.goal and not attack.alone]
    peaceful = [attack for attack in attacks if not attack.alone and attack not in pages]
    return [group for group in (peaceful, pages) if group] + [[one] for one in attacks if one.alone]


def _seen(attack: Attack, report: dict[str, Any] | None, ended: Ended) -> Seen:
    if report is None:
        return Seen({}, finished=False, detail=ended.output[-2000:])
    return Seen(
        scores=_points(report["scores"].get(attack.id, {})),
        printed=report["printed"][attack.id],
        page=report["pages"][attack.id],
        written=tuple(report["written"]) if attack.alone else (),
        visits=report["visits"] if attack.kind == "reach out" else 0,
        neighbour=_points(report["scores"].get(stock_run.NEIGHBOUR, {})),
        finished=report["code"] is not None and bool(report["printed"][stock_run.NEIGHBOUR]),
        seconds=report["seconds"],
        detail=report["log"],
    )


def _points(scores: dict[str, float | None]) -> dict[str, float]:
    return {item: points or 0.0 for item, points in scores.items()}
