"""How random generators travel: by the state of their bits; part of `wire`."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autograder.judging.arrays import write_content
from autograder.judging.budget import WireError
from autograder.judging.reader import READERS, Decoder
from autograder.judging.writer import WRITERS, Encoder, Fresh

_GENERATORS = ("PCG64", "MT19937", "PCG64DXSM", "Philox", "SFC64")


def _write_generator(encoder: Encoder, value: Any, depth: int) -> None:
    if not encoder.known(value):
        _write_fresh(encoder, Fresh(value), depth)


def _write_generator_state(encoder: Encoder, value: Any, bits: Any, depth: int) -> None:
    encoder.put(b"G" if isinstance(value, np.random.Generator) else b"S")
    encoder.text(type(bits).__name__)
    encoder.value(_frozen(bits.state), depth + 1)


def _read_generator(decoder: Decoder, depth: int) -> Any:
    value = np.random.Generator(_read_bits(decoder, depth))
    decoder.number(value)
    return value


def _read_random_state(decoder: Decoder, depth: int) -> Any:
    value = np.random.RandomState(_read_bits(decoder, depth))
    decoder.number(value)
    return value


def _read_bits(decoder: Decoder, depth: int) -> Any:
    name = decoder.text()
    if name not in _GENERATORS:
        raise WireError("malformed message: unknown generator")
    bits = getattr(np.random, name)(0)
    bits.state = _thawed(decoder.value(depth + 1), bits.state)
    return bits


def _write_fresh(encoder: Encoder, value: Fresh, depth: int) -> None:
    if isinstance(value.value, np.ndarray):
        write_content(encoder, np.ndarray.view(value.value, np.ndarray), depth)
    else:
        bits = value.value.bit_generator if isinstance(value.value, np.random.Generator) else None
        _write_generator_state(encoder, value.value, bits or value.value._bit_generator, depth)


def _frozen(state: Any) -> Any:
    """Return a bit generator's state as tuples and numbers, which take no number in the table."""
    if isinstance(state, dict):
        return tuple((key, _frozen(item)) for key, item in state.items())
    return state.tobytes() if isinstance(state, np.ndarray) else state


def _thawed(state: Any, like: dict[str, Any]) -> dict[str, Any]:
    """Return a generator's state as NumPy wants it: names and types as in the example `like`, and no place outside
    the generator's buffer, for NumPy would read there, whatever lies there.
    """
    typed: dict[str, Any] = _typed(state, like)
    place, size = typed.get("buffer_pos", 0), 4
    if typed["bit_generator"] == "MT19937":
        place, size = typed["state"]["pos"], 624
    return typed if 0 <= place <= size else _wrong_state()


def _wrong_state() -> NoReturn:
    raise WireError("malformed message: not the state of a generator")


def _typed(state: Any, like: Any) -> Any:
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
    return state if type(state) is type(like) else _wrong_state()


WRITERS[Fresh] = _write_fresh
WRITERS[np.random.Generator] = WRITERS[np.random.RandomState] = _write_generator
READERS[ord("G")] = _read_generator
READERS[ord("S")] = _read_random_state
