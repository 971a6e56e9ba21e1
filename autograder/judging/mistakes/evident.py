"""Causes that need no catalogue: what most of a function's wrong calls show in the same way by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from autograder.judging.mistakes.observing import CORE, Named, Seen
from autograder.judging.mistakes.words import exception_words

_RAISED = (
    "truth value of an",
    "can be converted to Python scalars",
    "only length-1 arrays",
    "only 0-dimensional arrays",
    "has no attribute",
    "is not defined",
    "maximum recursion depth",
)
_IN_PLACE = "It changes the array that it is given: work on a copy, or make a new array."


def evident_causes(seen: Sequence[Seen], left: Iterable[int]) -> list[Named]:
    """The one cause that at least half of the ordinary calls among those left show, and where they show it."""
    shown = {place: _cause(seen[place]) for place in left}
    ordinary = [place for place in shown if seen[place].probe.family in CORE]
    counts = Counter(shown[place] for place in ordinary or shown)
    cause, count = counts.most_common(1)[0] if counts else ("", 0)
    if not cause or 2 * count < counts.total():
        return []
    return [Named(cause, frozenset(place for place, said in shown.items() if said == cause))]


def _cause(one: Seen) -> str:
    """What one wrong call shows beyond doubt, in a sentence; empty if it leaves a doubt."""
    assert one.difference
    error, found = one.call.error, one.difference
    if error and any(part in error.message for part in _RAISED):
        words = exception_words(error)
        said = error.message.partition(". Did you mean")[0]
        return f"It raises {error.name}: {said}. {words}".strip() if error.name == "NameError" else words
    if found.kind == "changed":
        return _IN_PLACE
    if found.kind == "shape" and "transposed" in found.words:
        return "The result is transposed."
    if found.kind in ("dtype", "parts", "nothing"):
        return f"{found.words[:1].upper()}{found.words[1:]}{'' if found.words.endswith('?') else '.'}"
    return ""
