"""Typed messages between judge and worker: plain values to bytes and back.

What goes over the wire: None, booleans, integers, floats, complex numbers, text, bytes, arrays and scalars of
plain dtypes, tuples, lists, dicts, sets, ranges, random generators, and handles for everything else (an
object that stays where it is). Subclasses are sent as the plain type below them, so what arrives can never
lie about itself.

Nothing here runs what it reads: no pickle, no `eval`, no lookup of a name. A malformed message raises
`WireError` and nothing else; memory taken while reading is bounded by the message's own length and by the
limits below.

Mutable objects are numbered in the order in which they are written (an array, list, dict, set or generator,
outer before inner). A message may refer back to such a number; that is how an argument that is returned, or
changed in place, keeps its identity.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_DEPTH = 32
MAX_ITEMS = 200_000
MAX_KEYS = 4096
MAX_INT_BYTES = 1700  # just under the 4300 digits that Python is willing to print
MAX_SIZE = 16 << 20

DTYPES: tuple[np.dtype[Any], ...] = tuple(
    np.dtype(code)
    for code in (
        "?",
        "i1",
        "<i2",
        "<i4",
        "<i8",
        "u1",
        "<u2",
        "<u4",
        "<u8",
        "<f2",
        "<f4",
        "<f8",
        "<c8",
        "<c16",
        "g",
        "G",
    )
)
_CODES: dict[tuple[str, int], int] = {(d.kind, d.itemsize): i for i, d in reversed(list(enumerate(DTYPES)))}
_U16, _U32, _F64, _C128 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d"), struct.Struct("<dd")
_ARRAY, _DIM = struct.Struct("<BBB"), struct.Struct("<Q")
_WRITEABLE, _FORTRAN = 1, 2
GENERATORS = ("PCG64", "MT19937", "PCG64DXSM", "Philox", "SFC64")


class WireError(ValueError):
    """A message that cannot be read, or a value that cannot be sent; says why in one line."""


@dataclass(frozen=True)
class Handle:
    """A name for an object that does not travel.

    `side` says who can look it up: "w" an object in the worker (`key` is its number), "n" a name that the
    student defined, "j" a function of the judge's, "p" a public function of NumPy, math or builtins
    ("numpy:exp"). `label` is the object's type, for messages; `called` whether it can be called.
    """

    side: str
    key: str
    label: str = ""
    called: bool = False


Lend = Callable[[object], Handle]


class Encoder:
    """Writes one message. `table` holds the mutable objects that may be referred to by number.

    With `grow` each mutable object met is added to the table (a call's arguments); without, only those
    already there are sent as references (a call's result). `lend` gives the handle for an object that does
    not travel.
    """

    def __init__(
        self,
        lend: Lend | None = None,
        table: Sequence[object] = (),
        grow: bool = False,
        limit: int = MAX_SIZE,
    ) -> None:
        self.table = list(table)
        self._numbers = {id(item): n for n, item in enumerate(self.table)}
        self._lend, self._grow, self._limit = lend, grow, limit
        self._parts: list[bytes] = []
        self._put = self._parts.append
        self._size = self._items = 0
        self._open: set[int] = set()

    def encode(self, value: object) -> bytes:
        """Return the message for `value`; WireError when it is too large, too deep or refers to itself."""
        self._value(value, 0)
        message = b"".join(self._parts)
        if len(message) > self._limit:
            raise WireError(f"the value is larger than {self._limit} bytes")
        return message

    def _put_long(self, part: bytes) -> None:
        """Append a part of any length; short ones are bounded by their number."""
        self._size += len(part)
        if self._size > self._limit:
            raise WireError(f"the value is larger than {self._limit} bytes")
        self._parts.append(part)

    def _value(self, value: Any, depth: int) -> None:
        self._count(1, depth)
        write = _WRITERS.get(type(value))
        if write is not None:
            write(self, value, depth)
        else:
            self._unusual(value, depth)

    def _count(self, parts: int, depth: int) -> None:
        self._items += parts
        if self._items > MAX_ITEMS:
            raise WireError("the value has too many parts")
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deep")

    def _unusual(self, value: Any, depth: int) -> None:
        """Send a subclass as the type below it, and everything else as a handle."""
        for base in _BASES:
            if issubclass(type(value), base):
                return _WRITERS[base](self, value, depth)
        if self._lend is None:
            raise WireError(f"a {type(value).__name__} cannot be sent")
        handle = self._lend(value)
        self._put(b"h" + bytes([handle.called]))
        for text in (handle.side, handle.key, handle.label):
            self._text(text)
        return None

    def _text(self, value: str) -> None:
        raw = str.encode(value, "utf-8", "surrogatepass")
        self._put_long(_U32.pack(len(raw)) + raw)

    def _string(self, value: str, depth: int) -> None:
        self._put(b"s")
        self._text(value)

    def _range(self, value: range, depth: int) -> None:
        self._put(b"x")
        self._value((value.start, value.stop, value.step), depth + 1)

    def _int(self, value: int, depth: int) -> None:
        size = int.bit_length(value) // 8 + 1
        if size > MAX_INT_BYTES:
            raise WireError("the integer is too large")
        self._put(b"i" + _U16.pack(size) + int.to_bytes(value, size, "little", signed=True))

    def _known(self, value: object) -> bool:
        """Write a reference if the object has a number; else give it one (when the table grows)."""
        number = self._numbers.get(id(value))
        if number is not None:
            if id(value) in self._open:
                raise WireError("the value contains itself")
            self._put(b"r" + _U32.pack(number))
            return True
        if self._grow:
            self._numbers[id(value)] = len(self.table)
            self.table.append(value)
        return False

    def _keyed(self, tag: bytes, value: Any, depth: int) -> None:
        if len(value) > MAX_KEYS:
            raise WireError("the value has too many keys")
        self._sequence(tag, value, depth)

    def _sequence(self, tag: bytes, value: Any, depth: int) -> None:
        if tag not in (b"t", b"z") and self._known(value):
            return
        self._put(tag + _U32.pack(len(value)))
        self._count(len(value), depth + 1)
        self._open.add(id(value))
        for item in value:
            write = _WRITERS.get(type(item))
            if write is not None:
                write(self, item, depth + 1)
            else:
                self._unusual(item, depth + 1)
        self._open.discard(id(value))

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        if len(value) > MAX_KEYS:
            raise WireError("the value has too many keys")
        if self._known(value):
            return
        self._put(b"m" + _U32.pack(len(value)))
        self._open.add(id(value))
        for key, item in dict.items(value):
            self._value(key, depth + 1)
            self._value(item, depth + 1)
        self._open.discard(id(value))

    def _array(self, value: Any, depth: int) -> None:
        if self._known(value):
            return None
        plain = value if type(value) is np.ndarray else np.ndarray.view(value, np.ndarray)
        if plain.dtype.kind == "U":
            return self._text_array(plain, depth)
        code = _CODES.get((plain.dtype.kind, plain.dtype.itemsize))
        if code is None or plain.dtype.kind not in "biufc" or plain.ndim > 32:
            raise WireError(f"an array of dtype {plain.dtype.kind!r} cannot be sent")
        if plain.nbytes > self._limit:
            raise WireError(f"the array is larger than {self._limit} bytes")
        fortran = plain.flags.f_contiguous and not plain.flags.c_contiguous
        flags = _WRITEABLE * plain.flags.writeable | _FORTRAN * fortran
        self._put(b"a" + _ARRAY.pack(code, flags, plain.ndim) + b"".join(map(_DIM.pack, plain.shape)))
        data = plain if plain.dtype == DTYPES[code] else plain.astype(DTYPES[code])
        self._put_long(data.tobytes("F" if fortran else "C"))
        return None

    def _text_array(self, plain: Any, depth: int) -> None:
        self._put(b"u" + _ARRAY.pack(0, 0, plain.ndim) + b"".join(map(_DIM.pack, plain.shape)))
        for item in plain.ravel().tolist():
            self._value(item, depth + 1)

    def _scalar(self, value: Any, depth: int) -> None:
        code = _CODES.get((value.dtype.kind, value.dtype.itemsize))
        if code is None or value.dtype.kind not in "biufc":
            raise WireError(f"a scalar of dtype {value.dtype.kind!r} cannot be sent")
        self._put(b"g" + bytes([code]) + np.asarray(value, DTYPES[code]).tobytes())

    def _generator(self, value: Any, depth: int) -> None:
        if self._known(value):
            return
        bits = value.bit_generator if isinstance(value, np.random.Generator) else value._bit_generator
        self._put(b"G" if isinstance(value, np.random.Generator) else b"S")
        self._text(type(bits).__name__)
        self._value(_frozen(bits.state), depth + 1)


def _frozen(state: Any) -> Any:
    """Return a bit generator's state as tuples and numbers, which take no number in the table."""
    if isinstance(state, dict):
        return tuple((key, _frozen(item)) for key, item in state.items())
    return state.tobytes() if isinstance(state, np.ndarray) else state


_WRITERS: dict[type, Callable[[Encoder, Any, int], None]] = {
    type(None): lambda e, v, d: e._put(b"N"),
    bool: lambda e, v, d: e._put(b"T" if v else b"F"),
    int: Encoder._int,
    float: lambda e, v, d: e._put(b"d" + _F64.pack(v)),
    complex: lambda e, v, d: e._put(b"c" + _C128.pack(v.real, v.imag)),
    str: Encoder._string,
    bytes: lambda e, v, d: e._put_long(b"b" + _U32.pack(len(v)) + v),
    tuple: lambda e, v, d: e._sequence(b"t", v, d),
    list: lambda e, v, d: e._sequence(b"l", v, d),
    set: lambda e, v, d: e._keyed(b"e", v, d),
    frozenset: lambda e, v, d: e._keyed(b"z", v, d),
    dict: Encoder._dict,
    range: Encoder._range,
    np.ndarray: Encoder._array,
    np.random.Generator: Encoder._generator,
    np.random.RandomState: Encoder._generator,
}
for _type in (*(dtype.type for dtype in DTYPES), np.longlong, np.ulonglong):
    _WRITERS.setdefault(_type, Encoder._scalar)
_BASES = (np.ndarray, int, str, float, complex, bytes, tuple, list, dict)
