"""The messages that grading consists of, fast: calls with plain arguments, and replies of one plain value.

The format is that of `encoding` and `decoding`, which define it. Whatever is not of the usual shape is left
to them: the functions here then return None.
"""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np

from autograder.judging.wire.decoding import Decoder
from autograder.judging.wire.encoding import DTYPES, Encoder, WireError

_F64 = struct.Struct("<d")
_U32 = struct.Struct("<I")
_NUMBER = struct.Struct("<q")
_DIMS = tuple(struct.Struct(f"<{ndim}Q") for ndim in range(5))
_KINDS = ("call", "fresh", "ahead")
_DTYPES = {code: dtype for code, dtype in enumerate(DTYPES) if dtype.char in "dfli"}
_CODES = {dtype.char: (code, dtype) for code, dtype in _DTYPES.items()}
_INTEGERS = {n: b"i\1\0" + n.to_bytes(1, "little", signed=True) for n in range(-127, 128)}
_MOST_HEADS = 2000
_MOST_ITEMS = 100
_MOST_DIM = 1000
_WRITEABLE = 1


def _head(kind: str, parts: int) -> bytes:
    """The beginning of a message, up to its number."""
    raw = kind.encode()
    return b"t" + _U32.pack(parts) + b"s" + _U32.pack(len(raw)) + raw + b"i\x08\0"


_CALLS = {(kind, parts): _head(kind, parts) for kind in _KINDS for parts in (4, 6)}
_KIND_OF = {_CALLS[kind, 4]: kind for kind in _KINDS}
_RESULT = _head("result", 3)
_heads: dict[tuple[int, ...], bytes] = {}


Body = tuple[bytes, list[object]]
"""A request less its kind and number, its number of parts in front, and its table of mutable arguments."""


def call(kind: str, number: int, body: bytes) -> bytes:
    """The request of that number: `kind` is "call", "fresh" (the first of a test), or "ahead" (skipped when
    one before it failed).
    """
    return _CALLS[kind, body[0]] + _NUMBER.pack(number) + body[1:]


def call_body(name: str, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None) -> Body | None:
    """The call of a student's function by name; None when an argument does not travel."""
    usual = None if kwargs else _usual_body(name, args)
    if usual is not None:
        return usual
    encoder = Encoder(grow=True)
    try:
        message = encoder.encode((name, args, tuple((kwargs or {}).items()), ()))
    except WireError:
        return None
    return b"\x06" + message[5:], encoder.table


def _usual_body(name: str, args: tuple[Any, ...]) -> Body | None:
    raw = name.encode()
    parts = [b"\x04s", _U32.pack(len(raw)), raw, b"t", _U32.pack(len(args))]
    table: list[object] = []
    for item in args:
        part = _encoded(item)
        if part is None:
            return None
        if type(item) is np.ndarray:
            if any(item is other for other in table):
                return None
            table.append(item)
        parts += part
    return b"".join(parts), table


def args_of(body: bytes) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call, anew: as they were when `call_body` wrote them."""
    parts = Decoder(b"t" + _U32.pack(body[0] - 2) + body[1:], grow=True).decode()
    return parts[1], dict(parts[2]) if len(parts) > 2 else {}


def result(number: int, value: Any) -> bytes | None:
    """The reply to a call that did nothing but return this value, or a tuple of such values."""
    if type(value) is not tuple:
        part = _encoded(value)
        return None if part is None else b"".join((_RESULT, _NUMBER.pack(number), *part))
    parts = [_RESULT, _NUMBER.pack(number), b"t", _U32.pack(len(value))]
    for item in value:
        part = _encoded(item)
        if part is None:
            return None
        parts += part
    return b"".join(parts)


def _encoded(item: Any) -> tuple[bytes, ...] | None:
    kind = type(item)
    if kind is np.ndarray:
        return _encoded_array(item)
    if kind is np.float64:
        return b"g\x0b", _F64.pack(item)
    if kind is float:
        return b"d", _F64.pack(item)
    if kind is bool:
        return (b"T" if item else b"F",)
    if kind is int and -128 < item < 128:
        return (_INTEGERS[item],)
    return (b"N",) if item is None else None


def _encoded_array(array: Any) -> tuple[bytes, ...] | None:
    code, dtype = _CODES.get(array.dtype.char, (0, None))
    flags = array.flags
    if array.dtype is not dtype or not flags.c_contiguous or array.ndim > 4 or array.size > 1 << 16:
        return None
    key = (code, flags.writeable, *array.shape)
    head = _heads.get(key)
    if head is None:
        if len(_heads) > _MOST_HEADS:
            _heads.clear()
        head = b"a" + bytes((code, flags.writeable, array.ndim)) + _DIMS[array.ndim].pack(*array.shape)
        _heads[key] = head
    return head, array.tobytes()


def read_call(data: bytes) -> tuple[str, int, str, tuple[Any, ...], list[object]] | None:
    """What `call` wrote: kind, number, name, arguments and their table."""
    at = data.find(b"i\x08\0", 10, 20) + 3
    kind = _KIND_OF.get(data[:at])
    if kind is None:
        return None
    (number,) = _NUMBER.unpack_from(data, at)
    end = at + 13 + _U32.unpack_from(data, at + 9)[0]
    if data[at + 8] != 115 or data[end] != 116:
        return None
    name = data[at + 13 : end].decode()
    found = _decoded_tuple(data, end)
    if found is None or found[1] != len(data):
        return None
    args = found[0]
    return kind, number, name, args, [value for value in args if type(value) is np.ndarray]


def read_result(data: bytes, number: int) -> tuple[Any] | None:
    """What `result` wrote for the request of that number, in a tuple of one; None for any other bytes."""
    at = len(_RESULT)
    if data[:at] != _RESULT or len(data) < at + 9 or _NUMBER.unpack_from(data, at)[0] != number:
        return None
    found = _decoded_tuple(data, at + 8) if data[at + 8] == 116 else _decoded(data, at + 8)
    return (found[0],) if found is not None and found[1] == len(data) else None


def _decoded_tuple(data: bytes, at: int) -> tuple[tuple[Any, ...], int] | None:
    if len(data) < at + 5:
        return None
    (count,) = _U32.unpack_from(data, at + 1)
    at += 5
    items = []
    for _ in range(count if count <= _MOST_ITEMS else 0):
        found = _decoded(data, at)
        if found is None:
            return None
        items.append(found[0])
        at = found[1]
    return (tuple(items), at) if len(items) == count else None


def number_of(data: bytes) -> int:
    """The number of a reply or request of any form; -1 when it has none."""
    try:
        at = 10 + _U32.unpack_from(data, 6)[0]
        size = int.from_bytes(data[at + 1 : at + 3], "little")
        known = data[0:1] == b"t" and data[5:6] == b"s" and data[at : at + 1] == b"i" and size <= 8
        return int.from_bytes(data[at + 3 : at + 3 + size], "little", signed=True) if known else -1
    except struct.error:
        return -1


def _decoded(data: bytes, at: int) -> tuple[Any, int] | None:
    """The value that begins there and where it ends; None when it is not a usual one or cut short."""
    tag = data[at : at + 1]
    if tag == b"a":
        return _decoded_array(data, at)
    if tag == b"g":
        if data[at + 1 : at + 2] != b"\x0b" or len(data) < at + 10:
            return None
        return np.float64(_F64.unpack_from(data, at + 2)[0]), at + 10
    if tag == b"d":
        return (_F64.unpack_from(data, at + 1)[0], at + 9) if len(data) >= at + 9 else None
    if tag == b"i":
        if data[at + 1 : at + 3] != b"\1\0" or len(data) < at + 4:
            return None
        return int.from_bytes(data[at + 3 : at + 4], "little", signed=True), at + 4
    if tag == b"N":
        return None, at + 1
    return (tag == b"T", at + 1) if tag in (b"T", b"F") and tag else None


def _decoded_array(data: bytes, at: int) -> tuple[Any, int] | None:
    if len(data) < at + 4:
        return None
    dtype, flags, ndim = _DTYPES.get(data[at + 1]), data[at + 2], data[at + 3]
    start = at + 4 + 8 * ndim
    if dtype is None or flags > _WRITEABLE or ndim > 4 or len(data) < start:
        return None
    shape = _DIMS[ndim].unpack_from(data, at + 4)
    count = math.prod(shape)
    end = start + count * dtype.itemsize
    if end > len(data) or (count == 0 and max(shape) > _MOST_DIM):
        return None
    value = np.frombuffer(data, dtype, count, start) if count else np.empty(0, dtype)
    value = value.copy() if ndim == 1 else value.reshape(shape).copy()
    if not flags:
        value.flags.writeable = False
    return value, end
