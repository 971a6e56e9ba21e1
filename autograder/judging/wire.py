"""Typed messages between judge and worker: one format, one writer, and one reader, which expects hostile bytes.

    tag    what travels                                    tag    what travels
    N T F  None, True, False                               a A    an array; A: its bytes go beside the message
    i d c  an integer, a float, a complex number           u      an array of text
    s b    text, bytes                                     g      a scalar of NumPy's
    t l    a tuple, a list                                 G S    a random Generator, a RandomState
    e z m  a set, a frozenset, a dict                      r v    an object met before, a view of such an array
    x      a range                                         h      a handle: the object stays where it is

Subclasses are sent as the plain type below them, so what arrives can never lie about itself. Nothing here runs
what it reads: no pickle, no `eval`, no lookup of a name. A malformed message raises `WireError` and nothing else.
What a message stands for is bounded, references and ranges counted with all that they mean.

Mutable objects are numbered in the order in which they are written (an array, list, dict, set or generator,
outer before inner). A message may refer back to such a number; that is how an argument that is returned, viewed,
or changed in place keeps its identity.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from autograder.judging.limits import MAX_BYTES, MAX_DEPTH, MAX_INT_BYTES, MAX_ITEMS, MAX_KEYS

CODE = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))
).hexdigest()
"""Which code this is: judge and worker must have the same."""

APART = 1 << 16  # an array of so many bytes goes beside the message, uncopied
_ARRAY_ITEMS = (
    64  # what an array counts beside numbers: handling one, in a message or in a test, takes longer
)
_MAX_DIM = 1 << 40
_WRITEABLE, _FORTRAN, _SPREAD = 1, 2, 4
_GENERATORS = ("PCG64", "MT19937", "PCG64DXSM", "Philox", "SFC64")
_CODES = "? i1 <i2 <i4 <i8 u1 <u2 <u4 <u8 <f2 <f4 <f8 <c8 <c16 g G"
_DTYPES: tuple[np.dtype[Any], ...] = tuple(map(np.dtype, _CODES.split()))
_CODE_OF = {(d.kind, d.itemsize): code for code, d in reversed(list(enumerate(_DTYPES)))}
_U16, _U32, _F64, _C128 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d"), struct.Struct("<dd")
_HEADS = tuple(struct.Struct(f"<BBB{ndim}Q") for ndim in range(33))
_VIEWS = tuple(struct.Struct(f"<IBBq{ndim}Q{ndim}q") for ndim in range(33))
_NUMBERS = "biufc"
_NONE, _TRUE, _FALSE = b"N", b"T", b"F"


class WireError(ValueError):
    """A message that cannot be read, or a value that cannot be sent; says why in one line."""


@dataclass(frozen=True)
class Handle:
    """A name for an object that does not travel; made by the side that has it, read by the other.

    `side` says who can look it up: "w" an object in the worker (`key` is its number), "n" a name that the
    student defined, "j" a function of the judge's, "p" a public function of NumPy, math or builtins
    ("numpy:exp"). `label` is the object's type, for messages; `called` whether it can be called.
    """

    side: str
    key: str
    label: str = ""
    called: bool = False


class Fresh:
    """An object that has a number, to be written with its content all the same."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Budget:
    """What one message may stand for; `refer` counts a reference with what it refers to."""

    def __init__(self, items: int, size: int) -> None:
        self._items, self._size = items, size
        self._weights: dict[int, tuple[int, int]] = {}

    def items(self, count: int, depth: int = 0) -> None:
        self._items -= count
        if self._items < 0:
            raise WireError("the value has too many parts")
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deep")

    def bytes(self, count: int) -> None:
        self._size -= count
        if self._size < 0:
            raise WireError("the value is too large")

    def refer(self, number: int, value: object) -> None:
        if number not in self._weights:
            self._weights[number] = _weight(value)
        items, size = self._weights[number]
        self.items(items)
        self.bytes(size)


def _weight(value: Any, depth: int = 0) -> tuple[int, int]:
    """Count the parts of a value, and the bytes of its arrays and texts."""
    if isinstance(value, np.ndarray):
        return _ARRAY_ITEMS, int(value.nbytes)
    if isinstance(value, (str, bytes)):
        return 1, len(value)
    if isinstance(value, range):
        return _length(value), 0
    parts: Iterable[Any] = ()
    if isinstance(value, dict):
        parts = (*value.keys(), *value.values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        parts = value
    items, size = 1, 0
    for part in parts if depth <= MAX_DEPTH else ():
        more = _weight(part, depth + 1)
        items, size = items + more[0], size + more[1]
        if items > MAX_ITEMS:
            break
    return items, size


def size_of(value: object) -> int:
    """About how many bytes a value that travels takes, each part of it counted with what a test may make of it."""
    items, size = _weight(value)
    return 64 * items + size


def _length(value: range) -> int:
    return max(0, (value.stop - value.start + value.step - (value.step > 0) + (value.step < 0)) // value.step)


class Encoder:
    """Writes one message. `table` holds the mutable objects that may be referred to by number.

    With `grow` each mutable object met is added to the table (a call's arguments); without, only those
    already there are sent as references (a call's result), and not as views those whose numbers are in
    `spread`. `lend` gives the handle for an object that does not travel. With `beside` the bytes of large
    arrays are left in `apart`, to be sent beside the message; without, they are part of it.
    """

    def __init__(
        self,
        lend: Callable[[object], Handle] | None = None,
        table: Sequence[object] = (),
        grow: bool = False,
        limit: int = MAX_BYTES,
        beside: bool = False,
        spread: Collection[int] = (),
    ) -> None:
        self.table = list(table)
        self._numbers = {id(item): n for n, item in enumerate(self.table)}
        self.apart: list[memoryview] = []
        self._lend, self._grow, self._limit, self._beside, self._spread = lend, grow, limit, beside, spread
        self._parts: list[bytes] = []
        self._put = self._parts.append
        self._budget = _Budget(MAX_ITEMS, limit)
        self._open: set[int] = set()

    def encode(self, value: object) -> bytes:
        """Return the message for `value`; WireError when it is too large, too deep or refers to itself."""
        self._value(value, 0)
        message = b"".join(self._parts)
        if len(message) > self._limit:
            raise WireError("the value is too large")
        return message

    def _value(self, value: Any, depth: int) -> None:
        self._budget.items(1, depth)
        write = _WRITERS.get(type(value))
        if write is not None:
            write(self, value, depth)
        else:
            self._unusual(value, depth)

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
        self._budget.bytes(len(raw))
        self._put(_U32.pack(len(raw)) + raw)

    def _string(self, value: str, depth: int) -> None:
        self._put(b"s")
        self._text(value)

    def _bytes(self, value: bytes, depth: int) -> None:
        self._budget.bytes(len(value))
        self._put(b"b" + _U32.pack(len(value)) + value)

    def _range(self, value: range, depth: int) -> None:
        self._budget.items(_length(value))
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
            self._budget.refer(number, value)
            self._put(b"r" + _U32.pack(number))
            return True
        if self._grow:
            self._numbers[id(value)] = len(self.table)
            self.table.append(value)
        return False

    def _sequence(self, tag: bytes, kind: Any, value: Any, depth: int) -> None:
        if (kind is list or kind is set) and self._known(value):
            return
        count = kind.__len__(value)
        if (kind is set or kind is frozenset) and count > MAX_KEYS:
            raise WireError("the value has too many keys")
        self._put(tag + _U32.pack(count))
        self._budget.items(count, depth + 1)
        self._open.add(id(value))
        for item in kind.__iter__(value):
            write = _WRITERS.get(type(item))
            if write is not None:
                write(self, item, depth + 1)
            else:
                self._unusual(item, depth + 1)
        self._open.discard(id(value))

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        if self._known(value):
            return
        if dict.__len__(value) > MAX_KEYS:
            raise WireError("the value has too many keys")
        self._put(b"m" + _U32.pack(dict.__len__(value)))
        self._open.add(id(value))
        for key, item in dict.items(value):
            self._value(key, depth + 1)
            self._value(item, depth + 1)
        self._open.discard(id(value))

    def _fresh(self, value: Fresh, depth: int) -> None:
        if isinstance(value.value, np.ndarray):
            self._content(np.ndarray.view(value.value, np.ndarray), depth)
        else:
            bits = value.value.bit_generator if isinstance(value.value, np.random.Generator) else None
            self._generator_state(value.value, bits or value.value._bit_generator, depth)

    def _array(self, value: Any, depth: int) -> None:
        plain = value if type(value) is np.ndarray else np.ndarray.view(value, np.ndarray)
        seen = len(self.table)
        if not self._known(value) and not (value.base is not None and self._view(plain, seen)):
            self._content(plain, depth)

    def _content(self, plain: Any, depth: int) -> None:
        if plain.dtype.kind == "U":
            return self._text_array(plain, depth)
        code, dtype = _known_dtype(plain)
        self._budget.bytes(plain.nbytes)
        self._budget.items(_ARRAY_ITEMS)
        flags = plain.flags
        spread = not flags.forc
        fortran = not spread and not flags.c_contiguous
        apart = self._beside and plain.nbytes >= APART
        bits = _WRITEABLE * flags.writeable | _FORTRAN * fortran | _SPREAD * spread
        self._put(b"A" if apart else b"a")
        self._put(_HEADS[plain.ndim].pack(code, bits, plain.ndim, *plain.shape))
        data = plain if plain.dtype is dtype else plain.astype(dtype, copy=False)
        if apart:
            flat: Any = (data.T if fortran else np.ascontiguousarray(data)).reshape(-1)
            self.apart.append(memoryview(flat.view(np.uint8)))
        else:
            self._put(data.tobytes("F" if fortran else "C"))
        return None

    def _view(self, plain: Any, seen: int) -> bool:
        """Write the array as a view of a numbered one, if it is one whose bytes lie there in a row."""
        for number, whole in enumerate(self.table[:seen]):
            if (
                not isinstance(whole, np.ndarray)
                or number in self._spread
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
                self._budget.refer(number, whole)
                head = (number, plain.flags.writeable, plain.ndim, offset)
                self._put(b"v" + _VIEWS[plain.ndim].pack(*head, *plain.shape, *strides))
                return True
        return False

    def _text_array(self, plain: Any, depth: int) -> None:
        self._budget.bytes(plain.nbytes)
        self._budget.items(_ARRAY_ITEMS)
        self._put(b"u" + _HEADS[plain.ndim].pack(0, 0, plain.ndim, *plain.shape))
        for item in plain.ravel().tolist():
            self._value(item, depth + 1)

    def _scalar(self, value: Any, depth: int) -> None:
        code, dtype = _known_dtype(value)
        self._put(b"g" + bytes([code]) + np.asarray(value, dtype).tobytes())

    def _float64(self, value: Any, depth: int) -> None:
        self._put(b"g\x0b" + _F64.pack(value))

    def _generator(self, value: Any, depth: int) -> None:
        if not self._known(value):
            self._fresh(Fresh(value), depth)

    def _generator_state(self, value: Any, bits: Any, depth: int) -> None:
        self._put(b"G" if isinstance(value, np.random.Generator) else b"S")
        self._text(type(bits).__name__)
        self._value(_frozen(bits.state), depth + 1)


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


def _frozen(state: Any) -> Any:
    """Return a bit generator's state as tuples and numbers, which take no number in the table."""
    if isinstance(state, dict):
        return tuple((key, _frozen(item)) for key, item in state.items())
    return state.tobytes() if isinstance(state, np.ndarray) else state


_WRITERS: dict[type, Callable[[Encoder, Any, int], None]] = {
    type(None): lambda e, v, d: e._put(_NONE),
    bool: lambda e, v, d: e._put(_TRUE if v else _FALSE),
    int: Encoder._int,
    float: lambda e, v, d: e._put(b"d" + _F64.pack(v)),
    complex: lambda e, v, d: e._put(b"c" + _C128.pack(v.real, v.imag)),
    str: Encoder._string,
    bytes: Encoder._bytes,
    tuple: lambda e, v, d: e._sequence(b"t", tuple, v, d),
    list: lambda e, v, d: e._sequence(b"l", list, v, d),
    set: lambda e, v, d: e._sequence(b"e", set, v, d),
    frozenset: lambda e, v, d: e._sequence(b"z", frozenset, v, d),
    dict: Encoder._dict,
    range: Encoder._range,
    Fresh: Encoder._fresh,
    np.ndarray: Encoder._array,
    np.float64: Encoder._float64,
    np.random.Generator: Encoder._generator,
    np.random.RandomState: Encoder._generator,
}
for _type in (*(dtype.type for dtype in _DTYPES), np.longlong, np.ulonglong):
    _WRITERS.setdefault(_type, Encoder._scalar)
_BASES = (np.ndarray, int, str, float, complex, bytes, tuple, list, set, frozenset, dict)


class Decoder:
    """Reads one message. `table` and `grow` mirror the encoder's; `resolve` turns a handle into an object;
    `apart` are the arrays' bytes that came beside it.

    With `grow` an array from there is a copy, and `pristine` has the bytes by its number, to tell later whether it
    was changed; `spread` are the numbers of arrays whose original does not lie in a row. Without `grow` nothing
    is copied.
    """

    def __init__(
        self,
        data: bytes,
        resolve: Callable[[Handle], object] | None = None,
        table: Sequence[object] = (),
        grow: bool = False,
        items: int = MAX_ITEMS,
        apart: Sequence[Any] = (),
    ) -> None:
        self.table = list(table)
        self.pristine: dict[int, Any] = {}
        self.spread: set[int] = set()
        self._data, self._at, self._resolve, self._grow = data, 0, resolve, grow
        self._apart = list(reversed(apart))
        self._budget = _Budget(items, MAX_BYTES)
        self._unfinished: set[int] = set()

    def decode(self) -> Any:
        """Return the value; WireError when the message is malformed, too deep, too large or has a tail."""
        try:
            value = self._value(0)
        except WireError:
            raise
        except (
            *(struct.error, IndexError, TypeError, ValueError, OverflowError, UnicodeError, MemoryError),
        ) as error:
            raise WireError(f"malformed message: {error}") from None
        if self._at != len(self._data) or self._apart:
            raise WireError("malformed message: something follows its end")
        return value

    def _take(self, size: int) -> bytes:
        start = self._at
        self._at = start + size
        if size < 0 or self._at > len(self._data):
            raise WireError("malformed message: cut short")
        return self._data[start : self._at]

    def _unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        found = form.unpack_from(self._data, self._at)
        self._at += form.size
        return found

    def _count(self) -> int:
        """Read a count of parts, which must fit into what is left."""
        count: int = _U32.unpack_from(self._data, self._at)[0]
        self._at += 4
        if count > len(self._data) - self._at:
            raise WireError("malformed message: a count too large")
        return count

    def _value(self, depth: int) -> Any:
        self._budget.items(1, depth)
        at = self._at
        self._at = at + 1
        return _READERS.get(self._data[at], _unknown)(self, depth)

    def _number(self, value: object) -> int:
        """Give a mutable object its number."""
        if self._grow:
            self.table.append(value)
            return len(self.table) - 1
        return -1

    def _int(self, depth: int) -> int:
        (size,) = self._unpack(_U16)
        if size > MAX_INT_BYTES:
            raise WireError("malformed message: the integer is too large")
        return int.from_bytes(self._take(size), "little", signed=True)

    def _text(self, depth: int = 0) -> str:
        return self._take(self._count()).decode("utf-8", "surrogatepass")

    def _items_of(self, depth: int, number: int = -1) -> list[Any]:
        self._unfinished.add(number)
        count = self._count()
        self._budget.items(count, depth + 1)
        items: list[Any] = []
        for _ in range(count):
            at = self._at
            self._at = at + 1
            items.append(_READERS.get(self._data[at], _unknown)(self, depth + 1))
        self._unfinished.discard(number)
        return items

    def _list(self, depth: int) -> list[Any]:
        value: list[Any] = []
        value.extend(self._items_of(depth, self._number(value)))
        return value

    def _set(self, depth: int) -> set[Any]:
        value: set[Any] = set()
        value.update(_few(self._items_of(depth, self._number(value))))
        return value

    def _dict(self, depth: int) -> dict[Any, Any]:
        value: dict[Any, Any] = {}
        number = self._number(value)
        self._unfinished.add(number)
        for _ in range(_few_keys(self._count())):
            key = self._value(depth + 1)
            value[key] = self._value(depth + 1)
        self._unfinished.discard(number)
        return value

    def _shape(self) -> tuple[int, int, tuple[int, ...]]:
        ndim = self._data[self._at + 2]
        code, flags, _, *shape = self._unpack(_HEADS[ndim])
        if flags > 7 or any(n > _MAX_DIM for n in shape):
            raise WireError("malformed message: not the shape of an array")
        return code, flags, tuple(shape)

    def _array(self, depth: int) -> Any:
        """Read an array whose bytes are in the message; it gets a copy of its own."""
        code, flags, shape = self._shape()
        dtype, count = _DTYPES[code], math.prod(shape)
        size, start = count * dtype.itemsize, self._at
        self._at = start + size
        if self._at > len(self._data):
            raise WireError("malformed message: cut short")
        raw = np.frombuffer(self._data, dtype, count, start) if count else np.empty(0, dtype)
        return self._made(_shaped(raw, shape, flags).copy("K"), flags)

    def _array_apart(self, depth: int) -> Any:
        """Read an array whose bytes came beside the message."""
        code, flags, shape = self._shape()
        raw = self._apart.pop()
        if raw.nbytes != math.prod(shape) * _DTYPES[code].itemsize:
            raise WireError("malformed message: not the bytes of that array")
        value = _shaped(raw.view(_DTYPES[code]), shape, flags)
        if self._grow:
            self.pristine[len(self.table)] = raw
            value = value.copy("K")
        return self._made(value, flags)

    def _made(self, value: Any, flags: int) -> Any:
        """Refuse booleans that are neither 0 nor 1: such a value is both true and equal to its own negation."""
        if value.dtype.kind == "b" and value.size and value.view(np.uint8).max() > 1:
            raise WireError("malformed message: a boolean that is neither true nor false")
        self._budget.items(_ARRAY_ITEMS)
        self._budget.bytes(value.nbytes)
        if not flags & _WRITEABLE:
            value.flags.writeable = False
        number = self._number(value)
        if flags & _SPREAD:
            self.spread.add(number)
        return value

    def _view(self, depth: int) -> Any:
        ndim = self._data[self._at + 5]
        number, writeable, _, offset, *rest = self._unpack(_VIEWS[ndim])
        whole = self._numbered(number)
        shape, strides = rest[:ndim], rest[ndim:]
        if not isinstance(whole, np.ndarray) or not whole.flags.forc or whole.dtype.hasobject:
            raise WireError("malformed message: a view of what is no array")
        if not all(0 < n < _MAX_DIM for n in shape) or not _is_inside(offset, shape, strides, whole.size):
            raise WireError("malformed message: a view that leaves its array")
        self._budget.bytes(math.prod(shape) * whole.itemsize)
        self._budget.items(_ARRAY_ITEMS)
        flat = (whole if whole.flags.c_contiguous else whole.T).reshape(-1)
        size = whole.itemsize
        value: Any = np.ndarray(shape, whole.dtype, flat, offset * size, [step * size for step in strides])
        if not writeable:
            value.flags.writeable = False
        self._number(value)
        return value

    def _text_array(self, depth: int) -> Any:
        _, _, shape = self._shape()
        count = math.prod(shape)
        self._budget.items(_ARRAY_ITEMS + count)
        number = self._number(None)
        items = [self._value(depth + 1) for _ in range(count)]
        if not all(type(item) is str for item in items):
            raise WireError("malformed message: an array of text holds something else")
        width = max(map(len, items), default=1) or 1
        self._budget.bytes(4 * width * count)
        value = np.array(items, dtype=f"<U{width}").reshape(shape)
        if number >= 0:
            self.table[number] = value
        return value

    def _scalar(self, depth: int) -> Any:
        dtype = _DTYPES[self._take(1)[0]]
        raw = self._take(dtype.itemsize)
        if dtype.kind == "b" and raw > b"\1":
            raise WireError("malformed message: a boolean that is neither true nor false")
        return np.frombuffer(raw, dtype)[0]

    def _reference(self, depth: int) -> Any:
        (number,) = self._unpack(_U32)
        value = self._numbered(number)
        self._budget.refer(number, value)
        return value

    def _numbered(self, number: int) -> Any:
        if number >= len(self.table) or number in self._unfinished:
            raise WireError("malformed message: a reference to nothing")
        return self.table[number]

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
        value = range(*bounds)
        self._budget.items(_length(value))
        return value

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
        if name not in _GENERATORS:
            raise WireError("malformed message: unknown generator")
        bits = getattr(np.random, name)(0)
        bits.state = _thawed(self._value(depth + 1), bits.state)
        return bits


def _shaped(flat: Any, shape: tuple[int, ...], flags: int) -> Any:
    return flat.reshape(shape, order="F" if flags & _FORTRAN else "C")


def _unknown(decoder: Decoder, depth: int) -> NoReturn:
    raise WireError("malformed message: an unknown tag")


def _few_keys(count: int) -> int:
    if count > MAX_KEYS:
        raise WireError("the value has too many keys")
    return count


def _few(items: list[Any]) -> list[Any]:
    _few_keys(len(items))
    return items


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


_READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord(tag): read
    for tag, read in {
        "N": lambda d, depth: None,
        "T": lambda d, depth: True,
        "F": lambda d, depth: False,
        "i": Decoder._int,
        "d": lambda d, depth: d._unpack(_F64)[0],
        "c": lambda d, depth: complex(*d._unpack(_C128)),
        "s": Decoder._text,
        "b": lambda d, depth: d._take(d._count()),
        "t": lambda d, depth: tuple(d._items_of(depth)),
        "l": Decoder._list,
        "e": Decoder._set,
        "z": lambda d, depth: frozenset(_few(d._items_of(depth))),
        "m": Decoder._dict,
        "x": Decoder._range,
        "r": Decoder._reference,
        "v": Decoder._view,
        "h": Decoder._handle,
        "a": Decoder._array,
        "A": Decoder._array_apart,
        "u": Decoder._text_array,
        "g": Decoder._scalar,
        "G": Decoder._generator,
        "S": Decoder._random_state,
    }.items()
}
