"""What confines student code on this machine, layer by layer, what is missing, and whether it finds its modules."""

from dataclasses import dataclass

from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell
from autograder.judging.sandbox import LAYERS, is_enough
from autograder.judging.session import Session

MODULES = """
numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing numpy.typing
collections dataclasses decimal fractions itertools json math random statistics
"""
"""Modules that are asked for when they are used, and must be found then."""

_ATTEMPT = """
import importlib

def missing(names):
    found = []
    for name in names.split():
        try:
            importlib.import_module(name)
        except Exception:
            found.append(name)
    return " ".join(found)
"""


@dataclass(frozen=True)
class Examination:
    """For each layer why it is missing (None: it is on), whether what is on suffices, and the modules that a
    confined process does not find.
    """

    layers: dict[str, str | None]
    enough: bool
    lost: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The report, a line for each layer and one for the verdict."""
        width = max(map(len, self.layers))
        report = [f"{layer:<{width}}  {_state(reason)}" for layer, reason in self.layers.items()]
        return [*report, *self._verdict()]

    def _verdict(self) -> list[str]:
        if self.lost:
            return [f"Student code does not find {', '.join(self.lost)}: install Python and NumPy again."]
        missing = sum(reason is not None for reason in self.layers.values())
        if not self.enough:
            return ["Student code cannot be confined: grading refuses, unless you trust the submissions."]
        if missing:
            return [f"Student code is confined, though {missing} of {len(self.layers)} layers are missing."]
        return ["Student code is confined in every layer."]


def _state(reason: str | None) -> str:
    return "on" if reason is None else f"missing: {reason}"


def examine() -> Examination:
    """Start a confined process, ask which layers are on, and import modules in it.

    CannotConfine where none can be started at all.
    """
    with Warm(trusted=True) as warm:
        found = {layer: warm.missing.get(layer) for layer in LAYERS}
        with Session(warm, Limits(call=120.0)) as session:  # a slow machine finds its modules, too
            session.load([Cell("student", "doctor", _ATTEMPT)])
            answer = session.call("missing", MODULES)
    lost = MODULES if answer.error else str(answer.result)
    return Examination(
        found, is_enough([layer for layer, reason in found.items() if reason is None]), tuple(lost.split())
    )
