"""The parameters of a plot: lists of values, each with a label a reader sees."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translation import QUANTITY, translate

MOST_FRAMES = 60


class Parameter:
    """A labelled list of values with a first one to show; use `Slider` or `Choice`."""

    control = ""

    def __init__(self, label: str, values: Sequence[Any], start: Any = None) -> None:
        self._label = label
        self.values = [_plain(value) for value in values]
        start = self.values[0] if start is None and self.values else _plain(start)
        if not label.strip():
            raise ValueError("a control needs a label that says what it changes")
        if len(self.values) < 2 or len(set(self.values)) < len(self.values):
            raise ValueError(f"{label}: give at least two values, all different")
        if start not in self.values:
            raise ValueError(f"{label}: start={start!r} is not one of its values {self.values}")
        self.start = self.values.index(start)

    @property
    def label(self) -> str:
        """What the control is called."""
        return translate(self._label, QUANTITY)

    def text(self, index: int) -> str:
        """The value at `index` as a reader sees and hears it."""
        return translate(str(self.values[index]))

    def __len__(self) -> int:
        return len(self.values)


class Slider(Parameter):
    """Numbers in order, shown as a slider; `form` is a format such as "{:.1f}" or "{:g} cm".

    One that stands for time, steps or a size that grows gets a play button by `play=True`.
    """

    control = "range"

    def __init__(
        self,
        label: str,
        values: Sequence[float],
        start: float | None = None,
        form: str = "{:g}",
        play: bool = False,
    ) -> None:
        self.form, self.play = form, play
        super().__init__(label, values, start)

    def text(self, index: int) -> str:
        """The number at `index` by the slider's format, with a true minus sign."""
        return translate(self.form).format(self.values[index]).replace("-", "\N{MINUS SIGN}")


class Choice(Parameter):
    """A few named alternatives, shown as a drop-down list."""

    control = "select"


@dataclass(frozen=True)
class Trace:
    """Lets the page draw lines step by step: every line of `steps` + 1 points, each point `each` steps later.

    A path or a curve of training so needs no frame for each of its steps.
    """

    label: str
    steps: int
    each: int = 1


@dataclass(frozen=True)
class Grid:
    """Every combination of the parameters' values; the last parameter varies fastest."""

    parameters: Mapping[str, Parameter]

    def __post_init__(self) -> None:
        if len(self) > MOST_FRAMES:
            raise ValueError(
                f"{len(self)} frames: a page has room for {MOST_FRAMES} a plot, so give fewer values"
            )

    def __len__(self) -> int:
        return math.prod(len(parameter) for parameter in self.parameters.values())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The keyword arguments of each frame, in frame order."""
        for values in itertools.product(*(parameter.values for parameter in self.parameters.values())):
            yield dict(zip(self.parameters, values, strict=True))

    @property
    def start(self) -> int:
        """The frame that is shown first."""
        index = 0
        for parameter in self.parameters.values():
            index = index * len(parameter) + parameter.start
        return index

    def start_values(self) -> dict[str, Any]:
        """The keyword arguments of the frame that is shown first."""
        return {name: parameter.values[parameter.start] for name, parameter in self.parameters.items()}


def _plain(value: Any) -> Any:
    """NumPy scalars as Python's own, so that they can be written as JSON."""
    return value.item() if hasattr(value, "item") else value
