"""Submissions that are more alike than the rest of the class: places to look, no proof of anything.

The comparison is copydetect's (winnowed fingerprints of code whose names are left out; Schleimer, Wilkerson and
Aiken 2003, https://doi.org/10.1145/872757.872770). What was handed out, and what many write the same way, is
not counted: in a course of short functions most right answers are alike. (compare50 is kept as well, but wants a
version of attrs that Jupyter's packages have left behind.) Only pairs that share something rare
are compared, so the time grows with the class, not with the number of pairs.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

HOW_TO_GET = "pip install copydetect"
GRAM = 25  # characters of code without names that must be the same to count: copydetect's own default
COMMON_SHARE = 0.1  # what more than this part of the class writes is common,
COMMON_LEAST, COMMON_MOST = 3, 10  # but never what so few, and always what more than so many write
LEAST_OWN = 100  # fingerprints that are rare, below which likeness says nothing
LEAST_ROUGHLY, LEAST_LIKENESS = (
    0.3,
    0.6,
)  # parts of what is rare that a pair must share to be compared, to be listed
MOST_COMPARED, MOST_PAIRS = 300, 30
Rough = npt.NDArray[np.int64]


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


def rough_print(source: str) -> Rough:
    """The distinct fingerprints of a program, to find out what is common; copydetect's own take 40 times the room."""
    return np.array(sorted(_fingerprint(source).hashes), dtype=np.int64)


def pairs(sources: Mapping[str, str], rough: Mapping[str, Rough], given: str) -> list[Pair]:
    """Return the most similar pairs, most alike first.

    `sources` is the code that each student wrote, `rough` its `rough_print`; `given` is the code that was handed
    out to all.
    """
    if not rough:
        return []
    values, counts = np.unique(np.concatenate(list(rough.values())), return_counts=True)
    limit = min(COMMON_MOST, max(COMMON_LEAST, int(COMMON_SHARE * len(rough))))
    common = np.union1d(values[counts > limit], rough_print(given))
    rare = {student: np.setdiff1d(one, common, assume_unique=True) for student, one in rough.items()}
    rare = {student: one for student, one in rare.items() if one.size >= LEAST_OWN}
    left_out = set(common.tolist())
    found = [_compare(sources, pair, left_out) for pair in _candidates(rare)]
    alike = [pair for pair in found if pair.larger >= LEAST_LIKENESS]
    return sorted(alike, key=lambda pair: (-pair.larger, -pair.shared, pair.one, pair.other))[:MOST_PAIRS]


def _candidates(rare: Mapping[str, Rough]) -> list[tuple[str, str]]:
    """The pairs that share most of what is rare in either, and at least a third of it."""
    holders: dict[int, list[str]] = {}
    for student, one in sorted(rare.items()):
        for value in one.tolist():
            holders.setdefault(value, []).append(student)
    shared = Counter(pair for students in holders.values() for pair in combinations(students, 2))
    parts = {pair: count / min(rare[pair[0]].size, rare[pair[1]].size) for pair, count in shared.items()}
    likely = sorted((-part, pair) for pair, part in parts.items() if part >= LEAST_ROUGHLY)
    return [pair for _, pair in likely[:MOST_COMPARED]]


def _compare(sources: Mapping[str, str], pair: tuple[str, str], left_out: set[int]) -> Pair:
    from copydetect import compare_files

    one, other = (_without(_fingerprint(sources[student]), left_out) for student in pair)
    shared, (first, second), _ = compare_files(one, other)
    return Pair(*pair, (min(1.0, float(first)), min(1.0, float(second))), int(shared))


def _fingerprint(source: str) -> Any:
    from copydetect import CodeFingerprint

    # A window of 1 keeps every fingerprint: with a wider one, which are kept changes from run to run.
    return CodeFingerprint("answer.py", GRAM, 1, language="python", fp=io.StringIO(source))


def _without(one: Any, left_out: set[int]) -> Any:
    """Take what is common out of a fingerprint. (copydetect's own way leaves what occurs twice in a file.)"""
    from copydetect.utils import get_token_coverage

    one.hashes -= left_out
    one.hash_idx = {value: places for value, places in one.hash_idx.items() if value not in left_out}
    one.token_coverage = get_token_coverage(one.hash_idx, GRAM, len(one.filtered_code))
    return one
