"""Reads the messages that `wire.Encoder` writes, from a process that may be hostile."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from autograder.judging.wire.encoding import (
    _ARRAY,
    _C128,
    _F64,
    _FORTRAN,
    _U16,
    _U32,
    _WRITEABLE,
    DTYPES,
    GENERATORS,
    MAX_DEPTH,
    MAX_INT_BYTES,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_SIZE,
    Handle,
    WireError,
)
from autograder.judging.wire.random_state import thawed

MAX_DIM = 1 << 40


class Decoder:
    """Reads one message. `table` and `grow` mirror the encoder's; `resolve` turns a handle into an object.

    References count with the size of what they refer to, so that a short message cannot stand for a huge
    value.
    """

    def __init__(
        self,
        data: bytes,
        resolve: Callable[[Handle], object] | None = None,
        table: Sequence[object] = (),
        grow: bool = False,
        items: int = MAX_ITEMS,
    ) -> None:
        self.table = list(table)
        self._data, self._at, self._resolve, self._grow = data, 0, resolve, grow
        self._items, self._room = items, MAX_SIZE
        self._unfinished: set[int] = set()

    def decode(self) -> Any:
        """Return the value; WireError when the message is malformed, too deep, too large or has a tail."""
        try:
            value = self._value(0)
        except (
            struct.error,
            IndexError,
            TypeError,
            ValueError,
            OverflowError,
            UnicodeError,
            MemoryError,
        ) as error:
            raise (
                error if isinstance(error, WireError) else WireError(f"malformed message: {error}")
            ) from None
        if self._at != len(self._data):
            raise WireError("malformed message: something follows its end")
        return value

    def _take(self, size: int) -> bytes:
        start = self._at
        self._at = start + size
        if size < 0 or self._at > len(self._data):
            raise WireError("malformed message: cut short")
        return self._data[start : self._at]

    def _count(self, least: int = 1) -> int:
        """Read a count of parts of at least `least` bytes each, which must fit into what is left."""
        count: int = _U32.unpack_from(self._data, self._at)[0]
        self._at += 4
        if count * least > len(self._data) - self._at:
            raise WireError("malformed message: a count too large")
        return count

    def _value(self, depth: int) -> Any:
        self._spend_items(1, depth)
        at = self._at
        self._at = at + 1
        return _READERS.get(self._data[at : at + 1], _unknown)(self, depth)

    def _spend_items(self, count: int, depth: int) -> None:
        self._items -= count
        if self._items < 0 or depth > MAX_DEPTH:
            raise WireError("malformed message: too deep or too many parts")

    def _number(self, value: object) -> int:
        """Give a mutable object its number."""
        if self._grow:
            self.table.append(value)
            return len(self.table) - 1
        return -1

    def _int(self, depth: int) -> int:
        (size,) = _U16.unpack(self._take(2))
        if size > MAX_INT_BYTES:
            raise WireError("malformed message: the integer is too large")
        return int.from_bytes(self._take(size), "little", signed=True)

    def _text(self, depth: int = 0) -> str:
        size = self._count()
        self._at += size
        return self._data[self._at - size : self._at].decode("utf-8", "surrogatepass")

    def _items_of(self, depth: int, number: int = -1) -> list[Any]:
        self._unfinished.add(number)
        count = self._count()
        self._spend_items(count, depth + 1)
        items: list[Any] = []
        for _ in range(count):
            at = self._at
            self._at = at + 1
            read = _READERS.get(self._data[at : at + 1], _unknown)
            items.append(read(self, depth + 1))
        self._unfinished.discard(number)
        return items

    def _list(self, depth: int) -> list[Any]:
        value: list[Any] = []
        value.extend(self._items_of(depth, self._number(value)))
        return value

    def _set(self, depth: int) -> set[Any]:
        value: set[Any] = set()
        value.update(self._hashables(self._items_of(depth, self._number(value))))
        return value

    def _frozenset(self, depth: int) -> frozenset[Any]:
        return frozenset(self._hashables(self._items_of(depth)))

    def _hashables(self, items: list[Any]) -> list[Any]:
        if len(items) > MAX_KEYS:
            raise WireError("the value has too many keys")
        return items

    def _dict(self, depth: int) -> dict[Any, Any]:
        value: dict[Any, Any] = {}
        number = self._number(value)
        self._unfinished.add(number)
        count = self._count(2)
        if count > MAX_KEYS:
            raise WireError("the value has too many keys")
        for _ in range(count):
            key = self._value(depth + 1)
            value[key] = self._value(depth + 1)
        self._unfinished.discard(number)
        return value

    def _shape(self) -> tuple[int, int, tuple[int, ...]]:
        code, flags, ndim = _ARRAY.unpack(self._take(3))
        if ndim > 32:
            raise WireError("malformed message: too many dimensions")
        shape = struct.unpack(f"<{ndim}Q", self._take(8 * ndim))
        if math.prod(n for n in shape if n) > MAX_DIM:
            raise WireError("malformed message: the array is too large")
        return code, flags, shape

    def _array(self, depth: int) -> Any:
        code, flags, shape = self._shape()
        dtype = DTYPES[code]
        raw = self._take(math.prod(shape) * dtype.itemsize)
        value = np.frombuffer(_checked(raw, dtype), dtype).reshape(
            shape, order="F" if flags & _FORTRAN else "C"
        )
        value = value.copy("K")
        value.flags.writeable = bool(flags & _WRITEABLE)
        self._number(value)
        return value

    def _text_array(self, depth: int) -> Any:
        _, _, shape = self._shape()
        count = math.prod(shape)
        if count > self._items:
            raise WireError("malformed message: a count too large")
        number = self._number(None)
        items = [self._value(depth + 1) for _ in range(count)]
        if not all(type(item) is str for item in items):
            raise WireError("malformed message: an array of text holds something else")
        width = max(map(len, items), default=1) or 1
        self._spend(4 * width * count)
        value = np.array(items, dtype=f"<U{width}").reshape(shape)
        if number >= 0:
            self.table[number] = value
        return value

    def _scalar(self, depth: int) -> Any:
        dtype = DTYPES[self._take(1)[0]]
        return np.frombuffer(_checked(self._take(dtype.itemsize), dtype), dtype)[0]

    def _reference(self, depth: int) -> Any:
        (number,) = _U32.unpack(self._take(4))
        if number >= len(self.table) or number in self._unfinished:
            raise WireError("malformed message: a reference to nothing")
        value = self.table[number]
        self._spend(value.nbytes if isinstance(value, np.ndarray) else _weight(value))
        return value

    def _spend(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise WireError("the value is too large")

    def _handle(self, depth: int) -> Any:
        called = self._take(1)[0]
        side, key, label = self._text(), self._text(), self._text()
        if called > 1 or len(key) > 200 or self._resolve is None:
            raise WireError("malformed message: a handle that means nothing")
        return self._resolve(Handle(side, key, label[:200], bool(called)))

    def _range(self, depth: int) -> range:
        bounds = self._value(depth + 1)
        if type(bounds) is not tuple or len(bounds) != 3 or any(type(n) is not int for n in bounds):
            raise WireError("malformed message: not a range")
        return range(*bounds)

    def _generator(self, depth: int) -> Any:
        value = np.random.Generator(self._bits(depth))
        self._number(value)
        return value

    def _random_state(self, depth: int) -> Any:
        value = np.random.RandomState(self._bits(depth))
        self._number(value)
        return value

    def _bits(self, depth: int) -> Any:
        name = self._text()
        if name not in GENERATORS:
            raise WireError("malformed message: unknown generator")
        bits = getattr(np.random, name)(0)
        bits.state = thawed(self._value(depth + 1), bits.state)
        return bits


def _unknown(decoder: Decoder, depth: int) -> NoReturn:
    raise WireError("malformed message: an unknown tag")


def _checked(raw: bytes, dtype: np.dtype[Any]) -> bytes:
    """Refuse booleans that are neither 0 nor 1: such a value is both true and equal to its own negation."""
    if dtype.kind == "b" and raw.translate(None, b"\0\1"):
        raise WireError("malformed message: a boolean that is neither true nor false")
    return raw


def _weight(value: object, depth: int = 0) -> int:
    """Return about how many bytes an object and what it holds take."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if depth > MAX_DEPTH:
        return MAX_SIZE
    if isinstance(value, dict):
        return 64 + sum(_weight(item, depth + 1) for item in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return 64 + sum(_weight(item, depth + 1) for item in value)
    return 64


_READERS: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"N": lambda d, depth: None,
    b"T": lambda d, depth: True,
    b"F": lambda d, depth: False,
    b"i": Decoder._int,
    b"d": lambda d, depth: _F64.unpack(d._take(8))[0],
    b"c": lambda d, depth: complex(*_C128.unpack(d._take(16))),
    b"s": Decoder._text,
    b"b": lambda d, depth: d._take(d._count()),
    b"t": lambda d, depth: tuple(d._items_of(depth)),
    b"l": Decoder._list,
    b"e": Decoder._set,
    b"z": Decoder._frozenset,
    b"m": Decoder._dict,
    b"x": Decoder._range,
    b"r": Decoder._reference,
    b"h": Decoder._handle,
    b"a": Decoder._array,
    b"u": Decoder._text_array,
    b"g": Decoder._scalar,
    b"G": Decoder._generator,
    b"S": Decoder._random_state,
}
