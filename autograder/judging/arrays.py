"""How arrays of numbers and NumPy's own scalars travel; part of `wire`."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging.codec import READERS, WRITERS, Decoder, Encoder
from autograder.judging.limits import ARRAY_ITEMS, WireError

APART = 1 << 16  # an array of so many bytes goes beside the message, uncopied
_MAX_DIM = 1 << 40
_WRITEABLE, _FORTRAN, _SPREAD = 1, 2, 4
_CODES = "? i1 <i2 <i4 <i8 u1 <u2 <u4 <u8 <f2 <f4 <f8 <c8 <c16 g G"
_DTYPES: tuple[np.dtype[Any], ...] = tuple(map(np.dtype, _CODES.split()))
_CODE_OF = {(d.kind, d.itemsize): code for code, d in reversed(list(enumerate(_DTYPES)))}
_F64 = struct.Struct("<d")
_HEADS = tuple(struct.Struct(f"<BBB{ndim}Q") for ndim in range(33))
_VIEWS = tuple(struct.Struct(f"<IBBq{ndim}Q{ndim}q") for ndim in range(33))
_NUMBERS = "biufc"


def _write_array(encoder: Encoder, value: Any, depth: int) -> None:
    plain = value if type(value) is np.ndarray else np.ndarray.view(value, np.ndarray)
    seen = 0 if value is encoder.afresh else len(encoder.table)
    if not encoder.known(value) and not (value.base is not None and _write_view(encoder, plain, seen)):
        _write_content(encoder, plain, depth)


def _write_content(encoder: Encoder, plain: Any, depth: int) -> None:
    """Write an array that is none of a numbered one."""
    other = OTHERS.get(plain.dtype.kind)
    if other is not None:
        return other(encoder, plain, depth)
    code, dtype = _known_dtype(plain)
    encoder.take_bytes(plain.nbytes)
    encoder.take_items(ARRAY_ITEMS)
    flags = plain.flags
    spread = not flags.forc
    fortran = not spread and not flags.c_contiguous
    apart = encoder.beside and plain.nbytes >= APART
    bits = _WRITEABLE * flags.writeable | _FORTRAN * fortran | _SPREAD * spread
    encoder.put(b"A" if apart else b"a")
    encoder.put(_HEADS[plain.ndim].pack(code, bits, plain.ndim, *plain.shape))
    data = plain if plain.dtype is dtype else plain.astype(dtype, copy=False)
    if apart:
        flat: Any = (data.T if fortran else np.ascontiguousarray(data)).reshape(-1)
        encoder.apart.append(memoryview(flat.view(np.uint8)))
    else:
        encoder.put(data.tobytes("F" if fortran else "C"))
    return None


def _write_view(encoder: Encoder, plain: Any, seen: int) -> bool:
    """Write the array as a view of a numbered one, if it is one whose bytes lie there in a row."""
    for number, whole in enumerate(encoder.table[:seen]):
        if (
            not isinstance(whole, np.ndarray)
            or number in encoder.spread
            or not (
                whole.flags.forc
                and plain.size
                and whole.dtype == plain.dtype
                and plain.dtype.kind in _NUMBERS
            )
            or not np.may_share_memory(plain, whole)
        ):
            continue
        offset, odd = divmod(_address(plain) - _address(whole), plain.itemsize)
        strides = [step // plain.itemsize for step in plain.strides]
        if odd or any(step % plain.itemsize for step in plain.strides):
            continue
        if _is_inside(offset, plain.shape, strides, whole.size):
            encoder.refer(number, whole)
            head = (number, plain.flags.writeable, plain.ndim, offset)
            encoder.put(b"v" + _VIEWS[plain.ndim].pack(*head, *plain.shape, *strides))
            return True
    return False


def _write_scalar(encoder: Encoder, value: Any, depth: int) -> None:
    code, dtype = _known_dtype(value)
    encoder.put(b"g" + bytes([code]) + np.asarray(value, dtype).tobytes())


def _write_float64(encoder: Encoder, value: Any, depth: int) -> None:
    encoder.put(b"g\x0b" + _F64.pack(value))


def _read_shape(decoder: Decoder) -> tuple[int, int, tuple[int, ...]]:
    ndim = decoder.data[decoder.at + 2]
    code, flags, _, *shape = decoder.unpack(_HEADS[ndim])
    if flags > 7 or any(n > _MAX_DIM for n in shape):
        raise WireError("malformed message: not the shape of an array")
    return code, flags, tuple(shape)


def _read_array(decoder: Decoder, depth: int) -> Any:
    """Read an array whose bytes are in the message; it gets a copy of its own."""
    code, flags, shape = _read_shape(decoder)
    dtype, start = _DTYPES[code], decoder.at
    decoder.at = start + math.prod(shape) * dtype.itemsize
    if decoder.at > len(decoder.data):
        raise WireError("malformed message: cut short")
    order: Any = "F" if flags & _FORTRAN else "C"
    return _read_made(decoder, np.ndarray(shape, dtype, decoder.data, start, order=order).copy("K"), flags)


def _read_array_apart(decoder: Decoder, depth: int) -> Any:
    """Read an array whose bytes came beside the message."""
    code, flags, shape = _read_shape(decoder)
    raw = decoder.apart.pop()
    if raw.nbytes != math.prod(shape) * _DTYPES[code].itemsize:
        raise WireError("malformed message: not the bytes of that array")
    value = raw.view(_DTYPES[code]).reshape(shape, order="F" if flags & _FORTRAN else "C")
    if decoder.grow:
        decoder.pristine[len(decoder.table)] = raw
        value = value.copy("K")
    return _read_made(decoder, value, flags)


def _read_made(decoder: Decoder, value: Any, flags: int) -> Any:
    """Refuse booleans that are neither 0 nor 1: such a value is both true and equal to its own negation."""
    if value.dtype.kind == "b" and value.size and value.view(np.uint8).max() > 1:
        raise WireError("malformed message: a boolean that is neither true nor false")
    decoder.take_items(ARRAY_ITEMS)
    decoder.take_bytes(value.nbytes)
    if not flags & _WRITEABLE:
        value.flags.writeable = False
    number = decoder.number(value)
    if flags & _SPREAD:
        decoder.spread.add(number)
    return value


def _read_view(decoder: Decoder, depth: int) -> Any:
    ndim = decoder.data[decoder.at + 5]
    number, writeable, _, offset, *rest = decoder.unpack(_VIEWS[ndim])
    whole = decoder.numbered(number)
    shape, strides = rest[:ndim], rest[ndim:]
    if not isinstance(whole, np.ndarray) or not whole.flags.forc or whole.dtype.hasobject:
        raise WireError("malformed message: a view of what is no array")
    if not all(0 < n < _MAX_DIM for n in shape) or not _is_inside(offset, shape, strides, whole.size):
        raise WireError("malformed message: a view that leaves its array")
    decoder.take_bytes(math.prod(shape) * whole.itemsize)
    decoder.take_items(ARRAY_ITEMS)
    flat = (whole if whole.flags.c_contiguous else whole.T).reshape(-1)
    size = whole.itemsize
    value: Any = np.ndarray(shape, whole.dtype, flat, offset * size, [step * size for step in strides])
    if not writeable:
        value.flags.writeable = False
    decoder.number(value)
    return value


def _read_scalar(decoder: Decoder, depth: int) -> Any:
    dtype = _DTYPES[decoder.take(1)[0]]
    raw = decoder.take(dtype.itemsize)
    if dtype.kind == "b" and raw > b"\1":
        raise WireError("malformed message: a boolean that is neither true nor false")
    return np.frombuffer(raw, dtype)[0]


def _known_dtype(value: Any) -> tuple[int, np.dtype[Any]]:
    code = _CODE_OF.get((value.dtype.kind, value.dtype.itemsize))
    if code is None or value.ndim > 32:
        raise WireError(f"an array of dtype {value.dtype.kind!r} cannot be sent")
    return code, _DTYPES[code]


def _address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def _is_inside(offset: int, shape: Sequence[int], strides: Sequence[int], size: int) -> bool:
    """Say whether a view, counted in entries, stays inside an array of `size` entries."""
    ends = [(count - 1) * step for count, step in zip(shape, strides, strict=True)]
    return 0 <= offset + sum(min(0, end) for end in ends) <= offset + sum(max(0, end) for end in ends) < size


OTHERS: dict[str, Callable[[Encoder, Any, int], None]] = {}
"""What writes arrays of other kinds than numbers, by the letter of their dtype."""
WRITERS[np.ndarray] = _write_array
WRITERS[np.float64] = _write_float64
for _type in (*(dtype.type for dtype in _DTYPES), np.longlong, np.ulonglong):
    WRITERS.setdefault(_type, _write_scalar)
_READ = {"a": _read_array, "A": _read_array_apart, "v": _read_view, "g": _read_scalar}
READERS.update({ord(tag): read for tag, read in _READ.items()})
