"""Calls sent ahead: the worker makes a test's next calls while the judge still looks at the first.

Judge and worker take turns, and each turn costs more than a usual call. What a test calls with which
arguments hardly ever depends on the answers, so it is known beforehand (`Script`). When a test makes the call
that was foreseen, those foreseen after it go along. Each answer is used only for a call that was really made,
with the very same bytes for arguments; otherwise it is forgotten, and the call is made as ever.

A call made ahead of a test that then fails has been made too often. So nothing is sent ahead to code that may
remember its calls (see `judge.plain`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_MOST_CALLS, _MOST_BYTES = 200, 32 << 10
_MOST_STASHED = 16 << 20

Foreseen = tuple[bytes | None, ...]
"""The calls of one test cell in order, each less its kind and number; None where one cannot be foreseen."""

Script = Mapping[str, Foreseen]
"""The calls of each test cell, by its id."""


@dataclass(frozen=True)
class _Place:
    """Where a test's calls are among those of the tests around it."""

    first: int
    count: int


@dataclass
class Plan:
    """What one submission's tests will call, in the order of its notebook, and how far they have come."""

    calls: list[tuple[bool, bytes | None]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    places: dict[str, _Place] = field(default_factory=dict)
    _next: int = -1
    _end: int = -1

    @classmethod
    def of(cls, script: Script, blocks: Sequence[Sequence[str]]) -> Plan:
        """The plan for tests in `blocks`: between two blocks a cell runs in the worker, which nothing passes."""
        plan = cls()
        for tests in blocks:
            for test in tests:
                foreseen = script.get(test, ())
                plan.places[test] = _Place(len(plan.calls), len(foreseen))
                plan.calls += [(number == 0, body) for number, body in enumerate(foreseen)]
            plan.ends += [len(plan.calls)] * (len(plan.calls) - len(plan.ends))
        return plan

    def start(self, test: str) -> None:
        """Begin with a test."""
        place = self.places.get(test, _Place(0, 0))
        self._next, self._end = place.first, place.first + place.count

    def made(self, fresh: bool, body: bytes) -> int | None:
        """Note a call; return its place in the plan, None when it is not the one foreseen."""
        place = self._next
        if place >= self._end or self.calls[place] != (fresh, body):
            self._end = -1  # this test goes its own way
            return None
        self._next += 1
        return place

    def strayed(self) -> None:
        """Note a call that cannot be foreseen."""
        if self._next < self._end and self.calls[self._next][1] is None:
            self._next += 1
        else:
            self._end = -1

    def after(self, place: int) -> range:
        """The places of the same test's calls after that one."""
        return range(place + 1, max(self._end, place + 1))

    def upcoming(self) -> list[int]:
        """The places of the calls that can be sent before the test that was started makes its first."""
        return self._between(self._next, self.ends[self._next]) if self._next < self._end else []

    def following(self, place: int) -> list[int]:
        """The places of the calls to send along with that one."""
        return self._between(place + 1, self.ends[place])

    def _between(self, first: int, end: int) -> list[int]:
        found: list[int] = []
        size = 0
        for number in range(first, end):
            body = self.calls[number][1]
            size += len(body or b"")
            if body is None or size > _MOST_BYTES or len(found) == _MOST_CALLS:
                break
            found.append(number)
        return found


class Due:
    """The replies that one worker still owes for calls sent ahead, and those that came before their time."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._places: dict[int, int] = {}
        self._early: dict[int, bytes] = {}
        self._room = _MOST_STASHED

    def __bool__(self) -> bool:
        return bool(self._places)

    def sent(self, place: int, number: int) -> None:
        """Note that the call at a place of the plan went ahead under a number."""
        self._numbers[place], self._places[number] = number, place

    def take(self, place: int) -> int | None:
        """Return the number under which the call at that place went ahead, once."""
        return self._numbers.pop(place, None)

    def early(self, number: int) -> bytes | None:
        """Return the reply of that number if it has come."""
        return self._early.pop(number, None)

    def came(self, number: int, reply: bytes) -> bool:
        """Keep a reply for later, or forget it when nobody will ask; False when none of the kind is due."""
        place = self._places.pop(number, None)
        if place is None:
            return False
        if place in self._numbers:
            self._room -= len(reply)
            self._early[number] = reply
        return self._room >= 0

    def passed(self, number: int) -> None:
        """Forget what was due before that number: replies come in order, so it will not come."""
        while self._places and (older := next(iter(self._places))) <= number:
            place = self._places.pop(older)
            if self._numbers.get(place) == older:
                del self._numbers[place]

    def skipped(self, places: range) -> None:
        """Forget these calls: the worker leaves out the rest of a test after a call that failed."""
        for place in places:
            number = self._numbers.pop(place, None)
            if number is not None:
                self._places.pop(number, None)
                self._early.pop(number, None)
