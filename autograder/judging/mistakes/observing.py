"""What a student's function does on public probes: where it is wrong, how, and like which known mistake."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.mistakes import differences
from autograder.judging.mistakes.differences import Difference, alike, alike_drawn, compare
from autograder.judging.mistakes.probes import Family, Member, Probe, difference
from autograder.judging.mistakes.words import exception_words, is_huge
from autograder.judging.outcome import RemoteCall
from autograder.judging.session import Session

_MOST_FACTS = 3
_LONGEST_MESSAGE = 200
_COUNT = re.compile(r" in \d+ of \d+ places")
CORE: frozenset[Family] = frozenset(("call", "near", "zero", "table", "block", "drawn"))
_RAISED = (
    "truth value of an",
    "can be converted to Python scalars",
    "only length-1 arrays",
    "only 0-dimensional arrays",
    "has no attribute",
    "is not defined",
    "maximum recursion depth",
)
_WRONG = "the numbers are wrong"
_IN_PLACE = "It changes the array that it is given: work on a copy, or make a new array."
_WHERE: Mapping[Family, str] = {
    "zero": "At exactly 0",
    "integers": "For an array of integers",
    "one": "For one number (an array without dimensions)",
    "empty": "For an empty array",
    "table": "For a table (two dimensions)",
    "block": "For an array of three dimensions",
    "far": "Far from zero",
    "rows": "For rows that are far from each other",
}


@dataclass(frozen=True, eq=False)
class Seen:
    """One probe, what the student's function did on it, and how that is wrong (None: it is right).

    `excused` is what differs from the reference and is right all the same, as any slope at a kink.
    """

    probe: Probe
    call: RemoteCall
    difference: Difference | None
    excused: bool = False

    @property
    def raised(self) -> bool:
        """Whether it ended in an exception."""
        return self.call.error is not None


def observe(session: Session, function: str, probes: Sequence[Probe]) -> list[Seen]:
    """Calls the function on the probes; nothing more once a call has run into a limit, or returned too much."""
    given = [probe.given() for probe in probes]
    found = []
    for probe, (args, _), call in zip(probes, given, session.calls(function, given), strict=False):
        if call.error and call.error.origin == "limit":
            break
        found.append(Seen(probe, call, _difference(probe, call, args)))
        if is_huge(call.result):
            break
    return found


def _difference(probe: Probe, call: RemoteCall, given: tuple[Any, ...]) -> Difference | None:
    if call.error:
        right = call.error.name == probe.raises
        return None if right else Difference("raised", "it raises an exception")
    if probe.raises:
        return Difference("type", f"it does not raise {probe.raises}, as it should")
    found = difference(call.result, probe)
    if found and found.kind == "numbers" and isinstance(probe.right, str):
        return None  # other results may be right, too
    if found is None and any(not _is_same(a, b) for a, b in zip(probe.args, given, strict=True)):
        return Difference("changed", "it changes the array that it is given")
    return found


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        return len(before) == len(after) and all(map(_is_same, before, after))
    return not isinstance(before, np.ndarray) or np.array_equal(before, after)


@dataclass(frozen=True)
class Named:
    """A known mistake that the function behaves like, and the places of the probes that it explains.

    `beyond` counts where the mistake would be wrong, too, and the function is right.
    """

    cause: str
    explains: frozenset[int]
    beyond: int = 0


def name_causes(seen: Sequence[Seen], members: Sequence[Member]) -> list[Named]:
    """The known mistakes that explain what was seen; none where two that differ would explain it."""
    unexplained = frozenset(i for i, one in enumerate(seen) if one.difference)
    core = frozenset(i for i, one in enumerate(seen) if one.probe.family in CORE and not one.probe.raises)
    fitting = [named for member in members if (named := _fit(seen, member, core))]
    found: list[Named] = []
    while unexplained:
        most = max((len(named.explains & unexplained) for named in fitting), default=0)
        best = [named for named in fitting if most and len(named.explains & unexplained) == most]
        least = min((named.beyond for named in best), default=0)
        best = [named for named in best if named.beyond == least]
        if len({named.cause for named in best}) != 1:
            break
        found.append(Named(best[0].cause, best[0].explains & unexplained))
        unexplained -= best[0].explains
    return found


def _fit(seen: Sequence[Seen], member: Member, core: frozenset[int]) -> Named | None:
    """What a known mistake explains: it must be wrong where the function is, and in the same way.

    Where it changes ordinary results, the function has to agree with it in all ordinary results; what else is
    wrong with the function (integers, far from zero) may be another mistake.
    """
    wrong = frozenset(i for i in member.wrong if i < len(seen))
    must = {i for i in (core if wrong & core else wrong) if not seen[i].excused}
    if not all(_behaves_alike(seen[i], member.calls[i]) for i in sorted(must)):
        return None
    explains = frozenset(
        i for i in wrong if seen[i].difference and (i in must or _behaves_alike(seen[i], member.calls[i]))
    )
    if not wrong & core and any(seen[i].difference for i in core):
        explains = frozenset(i for i in explains if seen[i].probe.raises or _is_telling(seen[i].call))
    beyond = sum(not seen[i].difference for i in wrong)
    return Named(member.cause, explains, beyond) if explains else None


def _is_telling(call: RemoteCall) -> bool:
    """Whether a result is one that few mistakes lead to: many of them end in NaN or infinity."""
    try:
        return call.error is not None or bool(np.isfinite(np.asarray(call.result, dtype=float)).all())
    except (TypeError, ValueError, OverflowError):
        return False


def _behaves_alike(seen: Seen, other: RemoteCall) -> bool:
    one = seen.call
    if one.error or other.error:
        texts = [(call.error.name, call.error.message) if call.error else None for call in (one, other)]
        return texts[0] == texts[1]
    return (alike_drawn if seen.probe.draws else alike)(one.result, other.result)


def evident_causes(seen: Sequence[Seen], left: Iterable[int]) -> list[Named]:
    """The one cause that needs no catalogue: what at least half of the ordinary calls among those left show by
    themselves, and where they show it.
    """
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


def facts(
    function: str, seen: Sequence[Seen], others: Mapping[str, Sequence[Probe]], left: Iterable[int]
) -> tuple[str, ...]:
    """What was observed at the places left: sentences that say where it is wrong, and how, and no more."""
    wrong = [seen[i] for i in sorted(left)]
    found: dict[str, None] = {}
    ordinary = [one for one in wrong if one.probe.family in CORE]
    for fact in _core_facts(function, seen, ordinary, others):
        found.setdefault(fact)
    plain = {one.difference.kind for one in ordinary if one.difference}
    for one in wrong:
        if one not in ordinary and one.difference and one.difference.kind not in plain:
            found.setdefault(f"{_WHERE.get(one.probe.family, 'Here')} {_happens(one)}")
    return tuple(found)[:_MOST_FACTS]


def _core_facts(
    function: str, seen: Sequence[Seen], wrong: Sequence[Seen], others: Mapping[str, Sequence[Probe]]
) -> Iterable[str]:
    near = [one for one in seen if one.probe.family == "near"]
    if wrong and near and all(one in wrong and one.difference and _has_numbers(one) for one in near):
        yield _like_another(function, near, others) or _where_and_how(near)
        return
    if near and any(one in wrong and _has_numbers(one) for one in near):
        yield _where_and_how(near)
    yield from _parts_facts(wrong)
    wrong = [one for one in wrong if not _is_whole(one)]
    total = sum(one.probe.family in CORE for one in seen)
    texts = dict.fromkeys(_happens(one) for one in wrong if one not in near or not _has_numbers(one))
    for text in texts:
        count = sum(_happens(one) == text for one in wrong)
        families = {one.probe.family for one in wrong if _happens(one) == text}
        only = next(iter(families)) if len(families) == 1 else "call"
        if count == total:
            yield f"{text[:1].upper()}{text[1:]}"
        else:
            yield f"{_WHERE.get(only, 'In some calls')} {text}"


def _parts_facts(wrong: Sequence[Seen]) -> list[str]:
    """Which of several results are wrong, each with what is wrong with it, and which are right; by their names."""
    named = [one for one in wrong if _is_whole(one)]
    if not named:
        return []
    found: dict[str, dict[str, None]] = {name: {} for name in named[0].probe.names}
    for one in named:
        for name, got, right in zip(one.probe.names, one.call.result, one.probe.right, strict=True):
            if part := compare(got, right, one.probe.rows):
                found[name].setdefault(_COUNT.sub("", part.words))
    said: dict[str, list[str]] = {}
    for name, words in found.items():
        text = next(iter(words)) if len(words) == 1 else "wrong" if words else "right"
        said.setdefault(_IS_WRONG.get(text, text), []).append(f"`{name}`")
    right = said.pop("right", [])
    facts = [_part(names, text) for text, names in said.items()]
    return [*facts, *([_part(right, "right")] if right else [])]


_IS_WRONG = {_WRONG: "wrong", "the number is wrong": "wrong"}


def _part(names: Sequence[str], text: str) -> str:
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if text in ("right", "wrong"):
        return f"{listed} {'are' if len(names) > 1 else 'is'} {text}."
    return f"{listed}: {text}{'' if text.endswith('?') else '.'}"


def _is_whole(one: Seen) -> bool:
    """Whether a call has returned as many results as it should."""
    got, names = one.call.result, one.probe.names
    return (
        bool(names) and one.call.error is None and isinstance(got, (tuple, list)) and len(got) == len(names)
    )


def _happens(one: Seen) -> str:
    """What is wrong with one call, as the rest of a sentence."""
    assert one.difference
    error = one.call.error
    if error is None:
        words = _COUNT.sub("", one.difference.words)
        return f"{words}{'' if words.endswith('?') else '.'}"
    words = exception_words(error)
    message = error.message[:_LONGEST_MESSAGE].strip().split("\n")[0]
    message = message.partition(". Use ")[0] if words else message
    said = f": {message}" if message and error.name != "NotImplementedError" else ""
    return f"it raises {error.name}{said}{'' if said.endswith(('.', '?', '!')) else '.'} {words}".strip()


def _has_numbers(one: Seen) -> bool:
    return one.difference is not None and one.difference.kind in ("numbers", "nan")


def _like_another(function: str, near: Sequence[Seen], others: Mapping[str, Sequence[Probe]]) -> str:
    """Names the function, or the argument, that the numbers would be right for."""
    pairs = [(a, b) for a in near for b in near if np.array_equal(a.probe.args[0], -b.probe.args[0])]
    if pairs and all(alike(a.call.result, b.probe.right) for a, b in pairs):
        return "What it returns for z is the right answer for -z."
    for name, probes in others.items():
        answers = [
            next((p.right for p in probes if p.family == "near" and _same_first(p, one.probe)), None)
            for one in near
        ]
        if name != function and all(
            answer is not None and alike(one.call.result, answer)
            for one, answer in zip(near, answers, strict=True)
        ):
            return f"What it returns is `{name}`, not `{function}`."
    return ""


def _same_first(one: Probe, other: Probe) -> bool:
    return np.array_equal(one.args[0], other.args[0])


def _where_and_how(near: Sequence[Seen]) -> str:
    """Where, among ordinary numbers, it is wrong, and how: exactly what the entries show."""
    usable = [one for one in near if np.shape(one.call.result) == np.shape(one.probe.right)]
    z = np.concatenate([np.ravel(one.probe.args[0]) for one in usable])
    got = np.concatenate([np.asarray(one.call.result, dtype=float).ravel() for one in usable])
    right = np.concatenate([np.ravel(one.probe.right) for one in usable]).astype(float)
    order = np.argsort(z)
    z, got, right = z[order], got[order], right[order]
    wrong = differences.wrong_places(got, right)
    found = compare(got[wrong], right[wrong])
    words = found.words.removesuffix(" everywhere") if found else _WRONG
    region = _region(z, wrong) if near[0].probe.by_entry else _share(wrong)
    return f"{region}." if words == _WRONG else f"{region}: {words}{'' if words.endswith('?') else '.'}"


def _region(z: Any, wrong: Any) -> str:
    if wrong.all():
        return "It is wrong everywhere"
    if np.array_equal(wrong, z < 0):
        return "It is wrong for negative z only"
    if np.array_equal(wrong, z > 0):
        return "It is wrong for positive z only"
    places = np.flatnonzero(wrong)
    if len(places) == places[-1] - places[0] + 1:
        low, high = z[places[0]], z[places[-1]]
        if places[0] == 0:
            return f"It is wrong from z = {high:g} downwards"
        if places[-1] == len(z) - 1:
            return f"It is wrong from z = {low:g} upwards"
        return (
            f"It is wrong at z = {low:g}"
            if low == high
            else f"It is wrong between z = {low:g} and z = {high:g}"
        )
    if (
        not wrong[np.abs(z) < np.abs(z[wrong]).min()].any()
        and wrong[np.abs(z) >= np.abs(z[wrong]).min()].all()
    ):
        return f"It is wrong from |z| = {np.abs(z[wrong]).min():g} on"
    return _share(wrong)


def _share(wrong: Any) -> str:
    return (
        "It is wrong everywhere"
        if wrong.all()
        else f"It is wrong in {int(wrong.sum())} of {wrong.size} places"
    )
