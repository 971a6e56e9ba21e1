"""What was seen of one attack, and which of its aims it reached."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.redteam import course
from tests.redteam.catalogue import Attack

BREACH = "BREACH"  # what hostile code prints when it finds a hidden line; spelled in two parts in its source
SEEN = "SEEN WHERE NO TEST MAY BE"  # what hostile code says where it is shown what only a hidden test has
MOST_MEMORY = 500  # MB beyond what the judge holds
_ACTIVE = re.compile(
    r"<script[^>]*>[^<]*redteam|<[^>]+\son\w+\s*=[^>]*redteam|(href|src)\s*=\s*[\"']?\s*(javascript:|data:text/html)"
    r"|<iframe|<foreignObject|src\s*=\s*[\"']?https://redteam\.invalid",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Seen:
    """What one attack did to one grader.

    `scores` are its points by test cell (empty: nothing was graded), `printed` what its code wrote,
    `page` what a student then sees, `neighbour` the points of the honest submission graded after it,
    `finished` whether the grader came to its end in time without an error, `memory` how many MB it took for that.
    """

    scores: dict[str, float]
    printed: str = ""
    page: str = ""
    written: tuple[str, ...] = ()
    visits: int = 0
    neighbour: dict[str, float] = field(default_factory=dict)
    finished: bool = True
    seconds: float = 0.0
    memory: int = 0
    detail: str = ""
    layers: tuple[str, ...] = ()


def hits(attack: Attack, seen: Seen) -> tuple[str, ...]:
    """Return the aims that the attack reached, in words; empty where the grader withstood it."""
    found = {
        "forged points": any(_forged(attack, seen)),
        "saw hidden tests": _saw_tests(seen),
        "hidden tests shown": course.LINE in seen.page or course.EXPECTED in seen.page,
        "hidden inputs shown": course.INPUT in seen.page or SEEN in seen.page,
        "memory taken": seen.memory > MOST_MEMORY,
        "reached out": course.SECRET in seen.printed + seen.page
        or course.ANSWER in seen.printed
        or seen.visits > 0,
        "wrote outside": bool(seen.written),
        "neighbour harmed": _harmed(seen.neighbour),
        "batch stopped": not seen.finished,
        "right work lost": attack.base == "right" and not attack.elsewhere and bool(lost(attack, seen)),
        "script in the page": bool(_ACTIVE.search(seen.page)),
    }
    return tuple(aim for aim, reached in found.items() if reached)


def _saw_tests(seen: Seen) -> bool:
    return any(canary in seen.printed for canary in (course.LINE, course.EXPECTED, BREACH))


def _forged(attack: Attack, seen: Seen) -> list[str]:
    if attack.elsewhere:
        return [item for item in attack.unearned if seen.scores.get(item)]
    if attack.base == "right":
        return []
    return [item for item, points in seen.scores.items() if points and course.is_value_item(item)]


def lost(attack: Attack, seen: Seen) -> list[str]:
    """Return the right items that an attack on one question cost elsewhere (an unlucky one: anywhere)."""
    unlucky = attack.kind.startswith("unlucky")
    own = () if unlucky else (f"{attack.question}-",)
    return [
        item for item in course.test_ids() if not item.startswith(own or ("?",)) and not seen.scores.get(item)
    ]


def _harmed(neighbour: dict[str, float]) -> bool:
    return not all(neighbour.get(item) for item in course.test_ids())


def describe(seen: Any) -> str:
    """Return the points in one word, for a table."""
    return f"{sum(seen.scores.values()):g}" if seen.scores else "none"
