"""The mutants that no test sees, each with the reason: `survivors.toml`.

    [[survivor]]
    assignment = "02-sigmoid"
    function = "sigmoid"
    was = "return np.where(z >= 0, 1 / (1 + e), e / (1 + e))"      # the lines of the solution
    now = ["return np.where(z > 0, 1 / (1 + e), e / (1 + e))"]     # the lines of one or more mutants
    equivalent = true                                              # right by the assignment's own words
    why = "..."

A mutant is `equivalent` when every value that it returns, for every input that the assignment allows, is right by
the assignment's text: the same number, one within the tolerance, or another subgradient. It must not lose a point.
One that is not equivalent is accepted with its reason, and counts against the tests.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True)
class Survivor:
    """A mutant that may survive. `key` is that of `Mutant.key`."""

    key: tuple[str, str, str, str]
    equivalent: bool
    why: str

    @property
    def assignment(self) -> str:
        """Where its function is asked for."""
        return self.key[0]


@cache
def load() -> tuple[Survivor, ...]:
    """Return the list, in the file's order."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["survivor"]
    return tuple(
        Survivor((e["assignment"], e["function"], e["was"], now), e["equivalent"], e["why"])
        for e in entries
        for now in e["now"]
    )


def of(assignment: str) -> dict[tuple[str, str, str, str], Survivor]:
    """Return an assignment's survivors by their mutants' keys."""
    return {survivor.key: survivor for survivor in load() if survivor.assignment == assignment}
