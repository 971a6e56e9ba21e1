"""The properties that most functions are tested for, each as an item whose name students see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assignments.library.draws import Draw
from assignments.library.model import Case, Item

CLOSE = "check_close({call}, {expected}, {message})"
LOOSE = "check_close({call}, {expected}, {message}, tolerance=1e-3)"  # where another item asks for accuracy
FLOATS = "check_floats({call}, {np.shape(expected)}, {message})"
UNCHANGED = "check_unchanged({name}, [{args}], {message})"
STABLE = "right as far out as |z| = 10000, without NaN or infinity. A warning costs nothing."

# Arguments that find what most wrong functions do: both signs first, small and large, close to 0.
AGAIN = (0.7, -2.5, -1.3)
SPREAD = (
    *(1.7, -0.4, 2.3, -3.1, 0.6, -1.9, 4.2, -0.05, 3.4, -2.6, 0.9, -5.3, 0.2, -1.1, 6.1, -7.4, 5.5, -4.7),
    *(0.01, -0.8, 0.0001, -0.0001),
)
BLOCK = np.array([1.7, -0.4, 2.3, -3.1, 0.6, -1.9, 4.2, -0.05, 3.4, -2.6, 0.9, -5.3]).reshape(2, 3, 2)
TABLE = np.array([[0.3, -1.4, 2.2], [-0.7, 1.9, -2.8]])
FRACTIONS = (0.123456789, -0.987654321)
FAR_OUT = (-10000.0, 9999.0, -710.0, 710.0, -746.0, 800.0, -355.5, 37.0, -37.0, 355.5, -89.0, 10000.0)


def values(
    points: int, shown: Sequence[Case], hidden: Sequence[Case] = (), says: str = "the right numbers."
) -> Item:
    """The numbers are right."""
    return Item("values", points, says, CLOSE, shown, hidden)


def shape(
    points: int, says: str, shown: Sequence[Case], hidden: Sequence[Case] = (), code: str = FLOATS
) -> Item:
    """The result is made of floats and has the right shape."""
    return Item("shape", points, says, code, shown, hidden)


def integers(
    points: int,
    shown: Sequence[Case],
    hidden: Sequence[Case] = (),
    says: str = "an array of integers counts as numbers.",
    code: str = LOOSE,
) -> Item:
    """Whole numbers are numbers too."""
    return Item("integers", points, says, code, shown, hidden)


def inputs_unchanged(points: int, says: str, shown: Sequence[Case], hidden: Sequence[Case] = ()) -> Item:
    """What is given stays as it was."""
    return Item("inputs-unchanged", points, says, UNCHANGED, shown, hidden)


def stable(
    points: int, shown: Sequence[Case], hidden: Sequence[Case], says: str = STABLE, code: str = CLOSE
) -> Item:
    """The numbers are right far out as well."""
    return Item("stable", points, says, code, shown, hidden)


@dataclass(frozen=True)
class Elementwise:
    """A function that treats each entry of z on its own, and the items that such functions share.

    `hint` says in a message what the function is, `unstable` what goes wrong far out. `parameters` come after z. `close` are
    further numbers, at both sides of a kink. `of` is the function whose derivative it is.
    """

    hint: str
    shown: Sequence[float]
    again: Sequence[float] = AGAIN
    parameters: Sequence[float] = ()
    close: Sequence[float] = ()
    kinks: Sequence[float] = ()
    at_kinks: Sequence[Case] = ()
    kinks_say: str = ""
    rounds: bool = False
    whole: Sequence[int] = (3, -2, 1, -1)
    whole_again: Sequence[int] = (-2, 3, 0, -1, 2)
    whole_hint: str = "an array made like z cannot hold fractions"
    single: Sequence[float] = (0.5, -1.0)
    exact_type: bool = True
    new: bool = False
    of: str = ""
    places: Sequence[float] = (-3.0, -1.2, -0.4, 0.3, 0.9, 2.5)
    places_again: Sequence[float] = (-2.65, -1.03, -0.31, 0.32, 0.86, 2.3)
    unstable: str = ""
    far: Sequence[float] = ()
    more: Mapping[str, Item] = field(default_factory=dict)

    def items(self, points: str) -> list[Item]:
        """Return the items of a list such as `values 6, shape 2`, in its order."""
        found = []
        for part in points.split(", "):
            name, _, worth = part.partition(" ")
            made = self.more.get(name) or getattr(self, "_" + name.replace("-", "_"))()
            found.append(
                Item(name, int(worth), made.says, made.code, made.shown, made.hidden, made.forbidden)
            )
        return found

    def _case(self, says: str, numbers: Any, *, drawn: bool = True) -> Case:
        z = np.array(numbers)
        return Case(
            says,
            z,
            *self.parameters,
            draw=lambda draw: (self._near(draw, z) if drawn else z, *self.parameters),
        )

    def _near(self, draw: Draw, z: np.ndarray) -> np.ndarray:
        """Draw entry by entry: what stands close to a kink stays close to it, what does not stays away."""
        return np.array([self._number(draw, entry) for entry in z.ravel().tolist()], dtype=z.dtype).reshape(
            z.shape
        )

    def _number(self, draw: Draw, entry: float) -> float:
        kinks = self.kinks or (0.0,)
        nearest = min(kinks, key=lambda kink: abs(entry - kink))
        if 0 < abs(entry - nearest) < 0.001:
            drawn = draw.number(entry - nearest)
            return round(nearest + drawn, 9) if nearest else drawn
        while True:
            drawn = draw.number(entry)
            sides = [(drawn > kink) - (drawn < kink) == (entry > kink) - (entry < kink) for kink in kinks]
            if entry in kinks or (all(sides) and min(abs(drawn - kink) for kink in kinks) > 0.004):
                return entry if entry in kinks else drawn

    def _values(self) -> Item:
        wrong = "gives wrong numbers"
        hidden = [
            self._case(f"{wrong} when it is called again: it must depend on its arguments only", self.again),
            self._case(f"{wrong} on other inputs than those shown: {self.hint}", [*SPREAD, *self.close]),
        ]
        if self.rounds:
            hidden.append(self._case("rounds its numbers: return them as they are", FRACTIONS))
        return values(0, [self._case(f"{wrong}: {self.hint}", self.shown)], hidden)

    def _type(self) -> Item:
        code = "returned = np.asarray({call})\nassert returned.dtype == np.float64, {message}"
        case = self._case("should return floats (1.0), not integers (1) or booleans (True)", [-2.0, 3.0])
        return Item("type", 0, "the answers are floats, 1.0 and not 1 or True.", code, [case])

    def _shape(self) -> Item:
        check, kind = ("check_floats", "a float64 array") if self.exact_type else ("check_shape", "an array")
        tail = "".join(f", {parameter}" for parameter in self.parameters)
        block = f"""
            block = {{z}}
            {check}({{name}}(block.copy(){tail}), (2, 3, 2), {{message}})
        """
        alone = f"""
            row = {{name}}(block.flatten(){tail})
            check_close({{name}}(block.copy(){tail}), np.reshape(row, (2, 3, 2)), {{message}})
        """
        return shape(
            0,
            f"entries are treated on their own: {kind} with the shape of z, whatever that shape is.",
            [
                self._case(f"should return {kind} with the shape of z", [-1.0, 0.5, 2.0]),
                self._case(f"should take a table and return {kind} with its shape", TABLE),
            ],
            [
                Case(
                    f"should take three dimensions and return {kind} of that shape",
                    BLOCK,
                    *self.parameters,
                    draw=self._case("", BLOCK).draw,
                    code=block,
                ),
                Case(
                    "should treat each entry on its own, wherever it stands in the array",
                    BLOCK,
                    *self.parameters,
                    code=alone,
                ),
            ],
            f"{check}({{call}}, {{np.shape(expected)}}, {{message}})",
        )

    def _scalar_or_empty(self) -> Item:
        first, second = self.single
        return Item(
            "scalar-or-empty",
            0,
            "one number (an array of no dimensions), or no number at all.",
            LOOSE,
            [self._case("should take a single number and return a single number", first)],
            [
                self._case("should take a single negative number too", second),
                self._case("should return an empty array for an empty array", np.empty(0)),
                Case(
                    "should keep the shape of an empty table",
                    np.empty((2, 0)),
                    *self.parameters,
                    code="check_close({call}, np.empty((2, 0)), {message})",
                ),
            ],
        )

    def _integers(self) -> Item:
        wrong = "is wrong for an array of integers"
        return integers(
            0,
            [self._case(f"{wrong}: {self.whole_hint}", list(self.whole))],
            [self._case(f"{wrong} in another order", list(self.whole_again))],
        )

    def _inputs_unchanged(self) -> Item:
        says = "the array that you are given stays as it was"
        new = Case(
            "returns the array that it is given: return a new one",
            np.array([-2.0, 0.0, 1.5, -0.5]),
            code="check_new({name}, [{args}], {message})",
        )
        return inputs_unchanged(
            0,
            f"{says}, and what you return is a new one." if self.new else f"{says}.",
            [
                self._case(
                    "changes the array that it is given: fill a new array instead", [-2.0, 0.0, 1.5, -0.5]
                ),
                *([new] if self.new else []),
            ],
            [
                self._case(
                    "changes the table that it is given: fill a new array instead",
                    [[0.25, -3.0], [4.0, -0.75]],
                )
            ],
        )

    def _stable(self) -> Item:
        return stable(
            0,
            [self._case(f"breaks down far from zero: {self.unstable}", [-1000.0, 1000.0])],
            [
                self._case(
                    f"breaks down further out, or on one side: {self.unstable}",
                    [*FAR_OUT[:-1], *self.far, FAR_OUT[-1]],
                )
            ],
        )

    def _kinks(self) -> Item:
        says = f"at a kink every subgradient is right, {self.kinks_say}"
        return Item(
            "kinks",
            0,
            says,
            "check_between({call}, {low}, {high}, {message})",
            self.at_kinks[:1],
            self.at_kinks[1:],
        )

    def _matches_difference(self) -> Item:
        tail = "".join(f", {parameter}" for parameter in self.parameters)
        says = (
            f"the slope of your own {self.of}, measured by a central difference.\n"
            f"# A right derivative passes as well, whatever your {self.of} does."
        )
        code = f"""
            places = {{z}}
            check_slope({{name}}(places{tail}), {{expected}}, lambda z: {self.of}(z{tail}), places, {{message}})
        """
        wrong = f"is not the slope of your {self.of}"
        return Item(
            "matches-difference",
            0,
            says,
            code,
            [self._case(wrong, self.places)],
            [self._case(f"{wrong} at other places than those shown", self.places_again)],
        )


def between(
    says: str, z: Sequence[float], low: Sequence[float], high: Sequence[float], *parameters: float
) -> Case:
    """Return a case at kinks, where any number from low to high is right."""
    from_to = f"{list(low)}, {list(high)}"
    z = np.array(z)
    return Case(
        says,
        z,
        *parameters,
        draw=lambda _: (z, *parameters),
        code=f"check_between({{call}}, {from_to}, {{message}})",
    )
