"""What is true of each elementwise activation function, in a form that tables print and tests check."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

INF = math.inf


@dataclass(frozen=True)
class Source:
    """Where a function was introduced or made popular; `key` is the work's entry in references.bib."""

    authors: str
    year: int
    key: str


@dataclass(frozen=True)
class Kink:
    """A place without a derivative, and the slopes on its two sides: any number between is a subgradient."""

    place: float
    left: float
    right: float


@dataclass(frozen=True)
class Facts:
    """Properties of a function with its default parameters.

    `lowest` and `highest` bound its values (the infimum and the supremum); `left` and `right` are its limits
    far out. `derivatives` counts the continuous ones: -1 for a jump, 0 for a kink, infinity for smooth.
    `zero_centred` means f(-z) = -f(z), so that inputs spread evenly about 0 give outputs with mean 0.
    """

    lowest: float
    highest: float
    left: float
    right: float
    monotone: bool
    zero_centred: bool
    derivatives: float
    convex: bool
    cost: str
    kinks: tuple[Kink, ...] = ()
    jumps: tuple[float, ...] = ()

    @property
    def smooth(self) -> bool:
        """Whether derivatives of every order exist."""
        return self.derivatives == INF


@dataclass(frozen=True)
class Activation:
    """A function with its derivative, its formula and derivative as LaTeX, and what is known about it."""

    name: str
    title: str
    function: Callable[..., Any]
    derivative: Callable[..., Any]
    formula: str
    derivative_formula: str
    facts: Facts
    source: Source
