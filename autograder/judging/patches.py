"""What a test changes in Python itself, for the student's code to meet: seeds, and patched functions.

The worker has a Python of its own. Before each call it is told the state of the random generators, if the test set one,
and is lent what a test put in place of `input`, `print` or a function of `random` or `time`.
"""

from __future__ import annotations

import builtins
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

_SEEDING = frozenset(("seed", "setstate", "set_state"))
_PATCHING = frozenset(("patch", "mock", "monkeypatch", "setattr", "input", "print", "stdin", "sleep"))
_MODULES: dict[str, tuple[ModuleType, tuple[str, ...]]] = {
    "builtins": (builtins, ("input", "print")),
    "random": (random, tuple(name for name in random.__all__ if name[0].islower() and name not in _SEEDING)),
    "time": (time, ("sleep", "time", "perf_counter")),
}
_ORIGINALS = {
    (module, name): getattr(holder, name) for module, (holder, names) in _MODULES.items() for name in names
}
_STDIN = sys.stdin
_FIRST_STATES = random.Random(0).getstate(), np.random.RandomState(0).get_state()


class Patches:
    """What one test after another changes."""

    def __init__(self) -> None:
        self._seeds = self._patches = self._set = False
        self._states: tuple[Any, Any] = _FIRST_STATES
        self._lent: dict[tuple[str, str], Any] = {}

    def look_for(self, used: frozenset[str]) -> None:
        """A test begins that uses these names."""
        self._seeds, self._patches = bool(used & _SEEDING), bool(used & _PATCHING)
        self._states = _FIRST_STATES

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notice each time that a test sets a generator, even to where it was."""
        places = [
            (holder, name) for holder in (random, np.random) for name in _SEEDING if hasattr(holder, name)
        ]
        originals = [getattr(holder, name) for holder, name in places] if self._seeds else []
        for (holder, name), original in zip(places, originals, strict=False):
            setattr(holder, name, self._noticed(original))
        try:
            yield
        finally:
            for (holder, name), original in zip(places, originals, strict=False):
                setattr(holder, name, original)

    def _noticed(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def set_anew(*args: Any, **kwargs: Any) -> Any:
            self._set = True
            return original(*args, **kwargs)

        return set_anew

    @property
    def wanted(self) -> bool:
        """Whether there may be anything to tell."""
        return self._seeds or self._patches or bool(self._lent)

    def orders(self) -> Iterator[tuple[Any, ...]]:
        """What to tell the worker now."""
        if self._seeds:
            yield from self._seeded()
        if self._patches or self._lent:
            yield from self._patched()

    def _seeded(self) -> Iterator[tuple[Any, ...]]:
        states = random.getstate(), np.random.get_state()  # noqa: NPY002 - the generator that students' code uses
        if self._set or not _same(states, self._states):
            self._set, self._states = False, states
            yield "states", states[0], np.random.mtrand._rand

    def _patched(self) -> Iterator[tuple[Any, ...]]:
        for key, original in _ORIGINALS.items():
            now = getattr(_MODULES[key[0]][0], key[1])
            if key == ("builtins", "input") and now is original and sys.stdin is not _STDIN:
                now = _read_line
            if now is not self._lent.get(key, original):
                self._lent[key] = now
                yield ("patch", *key, None if now is original else now)
        self._lent = {key: now for key, now in self._lent.items() if now is not _ORIGINALS[key]}


def _read_line(prompt: object = "") -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.rstrip("\n")


def _same(states: tuple[Any, Any], before: tuple[Any, Any]) -> bool:
    (own, (kind, keys, *rest)), (own_before, (kind_before, keys_before, *rest_before)) = states, before
    return (
        own == own_before
        and (kind, rest) == (kind_before, rest_before)
        and bool(np.array_equal(keys, keys_before))
    )
