"""What confines student code on this machine, layer by layer, and what is missing."""

from dataclasses import dataclass

from autograder.judging.forkserver import layers
from autograder.judging.sandbox import is_enough


@dataclass(frozen=True)
class Finding:
    """For each layer why it is missing (None: it is on), and whether what is on suffices."""

    layers: dict[str, str | None]
    enough: bool

    def lines(self) -> list[str]:
        """The report, a line for each layer and one for the verdict."""
        width = max(map(len, self.layers))
        report = [f"{layer:<{width}}  {_state(reason)}" for layer, reason in self.layers.items()]
        return [*report, *self._verdict()]

    def _verdict(self) -> list[str]:
        missing = sum(reason is not None for reason in self.layers.values())
        if not self.enough:
            return ["Student code cannot be confined: grading refuses, unless you trust the submissions."]
        if missing:
            return [f"Student code is confined, though {missing} of {len(self.layers)} layers are missing."]
        return ["Student code is confined in every layer."]


def _state(reason: str | None) -> str:
    return "on" if reason is None else f"missing: {reason}"


def examine() -> Finding:
    """Starts a confined process and asks which layers are on."""
    found = layers()
    return Finding(found, is_enough([layer for layer, reason in found.items() if reason is None]))
