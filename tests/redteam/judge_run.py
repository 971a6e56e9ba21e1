"""Inside the enclosure: the judge over a list of hostile submissions, each followed by an honest one.

Usage: python -m tests.redteam.judge_run EXCHANGE; reads `plan.json`, writes `seen.jsonl` there, a line
per attack. All of one profile, the layers that are off, are graded by one warm process, so that harm done by
one would show in the next.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from autograder.classroom.pages import feedback
from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.limits import Limits
from tests.redteam import bait, catalogue, course
from tests.redteam.verdict import Seen

INFO = {"student": "redteam", "assignment": course.ASSIGNMENT, "score": 0, "max_score": 99, "late_penalty": 0}
FLOOD = 5_000_000  # bytes: more than any graded notebook or page needs


class Grader:
    """The judge with one warm process, and what hostile code may find around it."""

    def __init__(self, warm: Warm, limits: Limits, services: bait.Services) -> None:
        self.warm, self.limits, self.services = warm, limits, services
        self.assignment = assignment(course.ASSIGNMENT)

    def attack(self, name: str) -> Seen:
        """Grade one attack and then the honest neighbour, and say what was seen."""
        attack = catalogue.attack(name)
        file = catalogue.handed_in(attack)
        before = set(bait.written())
        start, visits = time.monotonic(), self.services.visits
        memory = _start_measuring_memory()
        try:
            graded = grade(assignment(attack.assignment), file, self.warm, self.limits)
            page = _page(graded)
            seconds = time.monotonic() - start
            memory = _most_memory() - memory
            neighbour = grade(self.assignment, catalogue.honest(), self.warm, self.limits)
        except Exception as error:  # whatever gets out of the judge stops a batch
            return Seen({}, finished=False, detail=f"{type(error).__name__}: {error}"[:2000])
        return Seen(
            scores=_scores(graded),
            printed=_printed(graded),
            page=page,
            written=tuple(set(bait.written()) - before),
            visits=self.services.visits - visits,
            neighbour=_scores(neighbour),
            finished=len(graded.notebook) < FLOOD and len(page) < FLOOD,
            seconds=seconds,
            memory=memory,
            detail=graded.reason or f"{len(graded.notebook)} bytes",
            layers=graded.layers,
        )


@cache
def assignment(name: str) -> Assignment:
    """Return an assignment as the judge knows it."""
    return parse_assignment(name, course.source_bytes(name))


def _start_measuring_memory() -> int:
    """Return how many MB this process holds now; from here on the most that it held is noted anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return _most_memory()


def _most_memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


def _scores(graded: Graded) -> dict[str, float]:
    return {score.id: score.points or 0.0 for score in graded.feedback}


def _page(graded: Graded) -> str:
    """Return the page that the student sees."""
    return feedback.page(json.loads(graded.notebook), INFO) if graded.notebook else graded.reason


def _printed(graded: Graded) -> str:
    """Return all that student code wrote, in its own cells and while tests called it."""
    cells = json.loads(graded.notebook)["cells"] if graded.notebook else []
    shown: list[dict[str, Any]] = [
        o for cell in cells for o in cell.get("outputs", []) if o["output_type"] != "error"
    ]
    return json.dumps(shown, ensure_ascii=False)


def main(exchange: Path) -> None:
    """Do what the plan says and write down what was seen, attack by attack."""
    plan = json.loads((exchange / "plan.json").read_text())
    services = bait.lay_out()
    with open(exchange / "seen.jsonl", "w") as report:
        for profile, without in enumerate(plan["profiles"]):
            with Warm(without=without, trusted=bool(without)) as warm:
                grader = Grader(warm, Limits(**plan["limits"]), services)
                for name in plan["attacks"]:
                    seen = asdict(grader.attack(name))
                    report.write(json.dumps({"profile": profile, "attack": name, **seen}) + "\n")
                    report.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
