"""The state of a random generator as it came over the wire, checked before NumPy sees it."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autograder.judging.wire.encoding import WireError


def thawed(state: Any, like: dict[str, Any]) -> dict[str, Any]:
    """Return a state as NumPy wants it: the names and types of the example `like`, places within the buffer.

    WireError when it differs.
    """
    typed: dict[str, Any] = _typed(state, like)
    _check_positions(typed)
    return typed


def _wrong_state() -> NoReturn:
    raise WireError("malformed message: not the state of a generator")


def _typed(state: Any, like: Any) -> Any:
    """Return a generator's state as NumPy wants it, checked against the types of the example `like`."""
    if isinstance(like, dict):
        if type(state) is not tuple or len(state) != len(like):
            _wrong_state()
        pairs = [item for item in state if type(item) is tuple and len(item) == 2]
        if [key for key, _ in pairs] != list(like):
            _wrong_state()
        return {key: _typed(item, like[key]) for key, item in pairs}
    if isinstance(like, np.ndarray):
        if type(state) is not bytes or len(state) != like.nbytes:
            _wrong_state()
        return np.frombuffer(state, like.dtype).copy()
    if type(state) is not type(like):
        _wrong_state()
    return state


def _check_positions(state: dict[str, Any]) -> None:
    """Refuse a place outside the generator's buffer: NumPy would read there, whatever lies there."""
    place, size = state.get("buffer_pos", 0), 4
    if state["bit_generator"] == "MT19937":
        place, size = state["state"]["pos"], 624
    if not 0 <= place <= size:
        _wrong_state()
