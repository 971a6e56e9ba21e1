"""Answers of the table that share a notebook: to different functions, as far as none gets in another's way."""

from __future__ import annotations

import re
from functools import cache

from tests.support import answers
from tests.support.answers import Answer

Pack = dict[str, Answer]

_WORD = re.compile(r"\w+")
_DEFINED = re.compile(r"^(?:def +(\w+)|(\w+) *=)", re.MULTILINE)
_ALONE = re.compile(
    r"\bseterr|filterwarnings|simplefilter|exit\b|\bglobals\(|from \w+ import \*|^import (?!numpy|math)"
)


@cache
def packs(assignment: str) -> list[Pack]:
    """The answers of an assignment, as many to a notebook as fit."""
    made: list[Pack] = []
    for answer in answers.load(assignment):
        place = next((pack for pack in made if _fits(answer, pack)), None)
        if place is None:
            place = {}
            made.append(place)
        place[answer.function] = answer
    return made


def _fits(answer: Answer, pack: Pack) -> bool:
    if answer.function in pack or any(_is_alone(one.code) for one in (answer, *pack.values())):
        return False
    others = pack.values()
    return all(_is_apart(answer, one) and _is_apart(one, answer) for one in others) and not any(
        _may_match(answer, one) or _may_match(one, answer) for one in others
    )


def _may_match(answer: Answer, other: Answer) -> bool:
    """Whether one is the derivative that the other's is compared with, both wrong: they may be so in the same way."""
    return other.function.startswith(f"{answer.function}_grad") and bool(answer.loses and other.loses)


def _is_apart(answer: Answer, other: Answer) -> bool:
    """Whether an answer neither costs the other's tests, nor is wrong and used by it, nor takes a name of its."""
    lost = answer.loses | answer.stock_loses
    words = _words(other.code)
    names = _names(answer.code) - {answer.function}
    costs = any(item.startswith(f"{other.function}-") for item in lost)
    return not (costs or (lost and answer.function in words) or names & words)


@cache
def _words(code: str) -> frozenset[str]:
    return frozenset(_WORD.findall(code))


@cache
def _names(code: str) -> frozenset[str]:
    return frozenset(a or b for a, b in _DEFINED.findall(code))


@cache
def _is_alone(code: str) -> bool:
    """Whether an answer may disturb others in its kernel."""
    return bool(_ALONE.search(code))
