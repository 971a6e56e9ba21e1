"""Submissions that are more alike than the rest of the class: places to look, no proof of anything.

The comparison is copydetect's (winnowed fingerprints of code whose names are left out; Schleimer, Wilkerson and
Aiken 2003, https://doi.org/10.1145/872757.872770). What was handed out, and what many write the same way, is
not counted: in a course of short functions most right answers are alike. Only pairs that share something rare
are compared, so the time grows with the class, not with the number of pairs.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

HOW_TO_GET = "pip install 'from-lines-to-softmax[similarity]'"

GRAM = 25  # characters of code without names that must be the same to count: copydetect's own default
COMMON_SHARE = 0.1  # what more than this part of the class writes is common,
COMMON_LEAST, COMMON_MOST = 3, 10  # but never what so few, and always what more than so many write
LEAST_OWN = 150  # characters of code that is one's own, below which likeness says nothing
LEAST_LIKENESS = 0.6
MOST_PAIRS = 30


@dataclass(frozen=True)
class Pair:
    """Two submissions, and the part of what is not common in each that the other has too, from 0 to 1."""

    one: str
    other: str
    likeness: tuple[float, float]
    shared: int

    @property
    def larger(self) -> float:
        """The larger of the two parts."""
        return max(self.likeness)


def available() -> bool:
    """Whether copydetect is installed."""
    from importlib.util import find_spec

    return find_spec("copydetect") is not None


def pairs(sources: Mapping[str, str], given: str) -> list[Pair]:
    """Return the most similar pairs, most alike first.

    `sources` is the code that each student wrote, `given` the code that was handed out to all.
    """
    own = {student: _fingerprint(source) for student, source in sources.items()}
    owners = Counter(value for one in own.values() for value in one.hashes)
    limit = min(COMMON_MOST, max(COMMON_LEAST, int(COMMON_SHARE * len(own))))
    common = {value for value, count in owners.items() if count > limit} | _fingerprint(given).hashes
    for one in own.values():
        _leave_out(one, common)
    rare = {student: one for student, one in own.items() if one.token_coverage >= LEAST_OWN}
    found = [_compare(rare, one, other) for one, other in _candidates(rare)]
    alike = [pair for pair in found if pair.larger >= LEAST_LIKENESS]
    return sorted(alike, key=lambda pair: (-pair.larger, -pair.shared, pair.one, pair.other))[:MOST_PAIRS]


def _fingerprint(source: str) -> Any:
    from copydetect import CodeFingerprint

    # A window of 1 keeps every fingerprint: with a wider one, which are kept changes from run to run.
    return CodeFingerprint("answer.py", GRAM, 1, language="python", fp=io.StringIO(source))


def _leave_out(one: Any, common: set[int]) -> None:
    """Take what is common out of a fingerprint. (copydetect's own way leaves what occurs twice in a file.)"""
    from copydetect.utils import get_token_coverage

    one.hashes -= common
    one.hash_idx = {value: places for value, places in one.hash_idx.items() if value not in common}
    one.token_coverage = get_token_coverage(one.hash_idx, GRAM, len(one.filtered_code))


def _candidates(own: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs that share a tenth of the larger one's rare fingerprints, or more."""
    holders: dict[int, list[str]] = {}
    for student, one in own.items():
        for value in one.hashes:
            holders.setdefault(value, []).append(student)
    shared = Counter(pair for students in holders.values() for pair in combinations(sorted(students), 2))
    least = {student: len(one.hashes) / 10 for student, one in own.items()}
    return sorted(pair for pair, count in shared.items() if count >= max(least[pair[0]], least[pair[1]]))


def _compare(own: Mapping[str, Any], one: str, other: str) -> Pair:
    from copydetect import compare_files

    shared, (first, second), _ = compare_files(own[one], own[other])
    return Pair(one, other, (min(1.0, float(first)), min(1.0, float(second))), int(shared))
