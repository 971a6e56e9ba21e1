"""The one writer of messages and the one reader, which expects hostile bytes: plain values, containers, references and
handles; `arrays` and `wire` add further types.

A malformed message raises `WireError` and nothing else. What a message stands for is bounded, references and ranges
counted with all that they mean.

Mutable objects are numbered in the order in which they are written (an array, list, dict, set or generator, outer
before inner). A message may refer back to such a number; that is how an argument that is returned, viewed, or changed
in place keeps its identity.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any, NoReturn

import numpy as np

from autograder.judging.kinds import Handle, field_tuple, is_field_tuple
from autograder.judging.limits import (
    MAX_BYTES,
    MAX_INT_BYTES,
    MAX_ITEMS,
    MAX_KEYS,
    MessageBudget,
    WireError,
    length,
)

_U16, _U32, _F64, _C128 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d"), struct.Struct("<dd")
_NONE, _TRUE, _FALSE = b"N", b"T", b"F"


class Fresh:
    """An object that has a number, to be written with its content all the same: what a call changed in place."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Encoder(MessageBudget):
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
        super().__init__(MAX_ITEMS, limit)
        self.table = list(table)
        self.numbers = {id(item): n for n, item in enumerate(self.table)}
        self.apart: list[memoryview] = []
        self.lend, self.grow, self.limit, self.beside, self.spread = lend, grow, limit, beside, spread
        self.parts: list[bytes] = []
        self.put = self.parts.append
        self.open: set[int] = set()
        self.afresh: object = None

    def encode(self, value: object) -> bytes:
        """Return the message for `value`; WireError when it is too large, too deep or refers to itself."""
        self.value(value, 0)
        message = b"".join(self.parts)
        if len(message) > self.limit:
            raise WireError("the value is too large")
        return message

    def value(self, value: Any, depth: int) -> None:
        """Write any value."""
        self.take_items(1, depth)
        WRITERS.get(type(value), Encoder.unusual)(self, value, depth)

    def unusual(self, value: Any, depth: int) -> None:
        """Send a subclass as the type below it, and everything else as a handle."""
        if issubclass(type(value), tuple) and is_field_tuple(type(value)):
            self.put(b"n")
            return self.value((type(value).__name__, type(value)._fields, tuple(value)), depth + 1)
        for base in BASES:
            if issubclass(type(value), base):
                return WRITERS[base](self, value, depth)
        if self.lend is None:
            raise WireError(f"a {type(value).__name__} cannot be sent")
        handle = self.lend(value)
        self.put(b"h" + bytes([handle.called]))
        for text in (handle.side, handle.key, handle.label, ",".join(handle.kinds)):
            self.text(text)
        return None

    def text(self, value: str) -> None:
        """Write a text without a tag."""
        raw = str.encode(value, "utf-8", "surrogatepass")
        self.take_bytes(len(raw))
        self.put(_U32.pack(len(raw)) + raw)

    def _string(self, value: str, depth: int) -> None:
        self.put(b"s")
        self.text(value)

    def _bytes(self, value: bytes, depth: int) -> None:
        self.take_bytes(len(value))
        self.put(b"b" + _U32.pack(len(value)) + value)

    def _range(self, value: range, depth: int) -> None:
        self.take_items(length(value))
        self.put(b"x")
        self.value((value.start, value.stop, value.step), depth + 1)

    def _int(self, value: int, depth: int) -> None:
        size = int.bit_length(value) // 8 + 1
        if size > MAX_INT_BYTES:
            raise WireError("the integer is too large")
        self.put(b"i" + _U16.pack(size) + int.to_bytes(value, size, "little", signed=True))

    def known(self, value: object) -> bool:
        """Write a reference if the object has a number; else give it one (when the table grows)."""
        if value is self.afresh:
            self.afresh = None
            return False
        number = self.numbers.get(id(value))
        if number is not None:
            if self.grow and id(value) in self.open:
                raise WireError("the value contains itself")
            self.refer(number, value)
            self.put(b"r" + _U32.pack(number))
            return True
        if self.grow:
            self.numbers[id(value)] = len(self.table)
            self.table.append(value)
        return False

    def _fresh(self, fresh: Fresh, depth: int) -> None:
        self.afresh = fresh.value
        self.value(fresh.value, depth)

    def _sequence(self, tag: bytes, kind: Any, value: Any, depth: int) -> None:
        is_numbered = kind is list or kind is set
        if is_numbered:
            if self.known(value):
                return
            self.open.add(id(value))
        count = kind.__len__(value)
        self.put(tag + _U32.pack(count))
        depth += 1
        self.take_items(count, depth)
        for item in kind.__iter__(value):
            WRITERS.get(type(item), Encoder.unusual)(self, item, depth)
        if is_numbered:
            self.open.discard(id(value))

    def _dict(self, value: dict[Any, Any], depth: int) -> None:
        if self.known(value):
            return
        self.put(b"m" + _U32.pack(dict.__len__(value)))
        self.open.add(id(value))
        for key, item in dict.items(value):
            self.value(key, depth + 1)
            self.value(item, depth + 1)
        self.open.discard(id(value))


WRITERS: dict[type, Callable[[Encoder, Any, int], None]] = {
    type(None): lambda e, v, d: e.put(_NONE),
    bool: lambda e, v, d: e.put(_TRUE if v else _FALSE),
    int: Encoder._int,
    float: lambda e, v, d: e.put(b"d" + _F64.pack(v)),
    complex: lambda e, v, d: e.put(b"c" + _C128.pack(v.real, v.imag)),
    str: Encoder._string,
    bytes: Encoder._bytes,
    tuple: lambda e, v, d: e._sequence(b"t", tuple, v, d),
    list: lambda e, v, d: e._sequence(b"l", list, v, d),
    set: lambda e, v, d: e._sequence(b"e", set, v, d),
    frozenset: lambda e, v, d: e._sequence(b"z", frozenset, v, d),
    dict: Encoder._dict,
    range: Encoder._range,
    Fresh: Encoder._fresh,
}
BASES = (np.ndarray, int, str, float, complex, bytes, tuple, list, set, frozenset, dict)


_ALIKE = 64  # keys of one hash in a large dict
_LONGEST_KINDS = 4000


class Decoder(MessageBudget):
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
        super().__init__(items, MAX_BYTES)
        self.table = list(table)
        self.pristine: dict[int, Any] = {}
        self.spread: set[int] = set()
        self.data, self.at, self.resolve, self.grow = data, 0, resolve, grow
        self.apart = list(reversed(apart))
        self.unfinished: set[int] = set()
        self.record_of: Callable[[Any, Any], Any] = field_tuple

    def decode(self) -> Any:
        """Return the value; WireError when the message is malformed, too deep, too large or has a tail."""
        try:
            value = self.value(0)
        except WireError:
            raise
        except (
            *(struct.error, IndexError, TypeError, ValueError, ArithmeticError, UnicodeError, MemoryError),
        ) as error:
            raise WireError(f"malformed message: {error}") from None
        if self.at != len(self.data) or self.apart:
            raise WireError("malformed message: something follows its end")
        return value

    def take(self, size: int) -> bytes:
        """Read so many bytes."""
        start = self.at
        self.at = start + size
        if size < 0 or self.at > len(self.data):
            raise WireError("malformed message: cut short")
        return self.data[start : self.at]

    def unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        """Read what has that form."""
        found = form.unpack_from(self.data, self.at)
        self.at += form.size
        return found

    def count(self) -> int:
        """Read a count of parts, which must fit into what is left."""
        count: int = _U32.unpack_from(self.data, self.at)[0]
        self.at += 4
        if count > len(self.data) - self.at:
            raise WireError("malformed message: a count too large")
        return count

    def value(self, depth: int) -> Any:
        """Read any value."""
        self.take_items(1, depth)
        at = self.at
        self.at = at + 1
        return READERS.get(self.data[at], _unknown)(self, depth)

    def number(self, value: object) -> int:
        """Give a mutable object its number."""
        if self.grow:
            self.table.append(value)
            return len(self.table) - 1
        return -1

    def _int(self, depth: int) -> int:
        (size,) = self.unpack(_U16)
        if size > MAX_INT_BYTES:
            raise WireError("malformed message: the integer is too large")
        return int.from_bytes(self.take(size), "little", signed=True)

    def text(self, depth: int = 0) -> str:
        """Read a text without a tag."""
        return self.take(self.count()).decode("utf-8", "surrogatepass")

    def items_of(self, depth: int, number: int = -1) -> list[Any]:
        """Read a count of values and that many."""
        count = self.count()
        depth += 1
        self.take_items(count, depth)
        if number >= 0:
            self.unfinished.add(number)
        items, data, reader = [], self.data, READERS.get
        for _ in range(count):
            at = self.at
            self.at = at + 1
            items.append(reader(data[at], _unknown)(self, depth))
        self.unfinished.discard(number)
        return items

    def _list(self, depth: int) -> list[Any]:
        value: list[Any] = []
        value.extend(self.items_of(depth, self.number(value)))
        return value

    def _set(self, depth: int) -> set[Any]:
        value: set[Any] = set()
        value.update(_of_few_hashes(self.items_of(depth, self.number(value))))
        return value

    def _dict(self, depth: int) -> dict[Any, Any]:
        value: dict[Any, Any] = {}
        number = self.number(value)
        self.unfinished.add(number)
        pairs = [(self.value(depth + 1), self.value(depth + 1)) for _ in range(self.count())]
        _of_few_hashes([key for key, _ in pairs])
        value.update(pairs)
        self.unfinished.discard(number)
        return value

    def _reference(self, depth: int) -> Any:
        (number,) = self.unpack(_U32)
        value = self.numbered(number)
        self.refer(number, value)
        return value

    def numbered(self, number: int) -> Any:
        """Return the object that has this number."""
        if number >= len(self.table) or number in self.unfinished:
            raise WireError("malformed message: a reference to nothing")
        return self.table[number]

    def _handle(self, depth: int) -> Any:
        called = self.take(1)[0]
        side, key, label, kinds = self.text(), self.text(), self.text(), self.text()
        if called > 1 or len(key) > 200 or len(kinds) > _LONGEST_KINDS or self.resolve is None:
            raise WireError("malformed message: a handle that means nothing")
        return self.resolve(
            Handle(side, key, label[:200], bool(called), tuple(kinds.split(",")) if kinds else ())
        )

    def _record(self, depth: int) -> Any:
        """Read a named tuple: of the reader's own class of that name and those fields."""
        parts = self.value(depth + 1)
        if type(parts) is not tuple or len(parts) != 3:
            raise WireError("malformed message: not a named tuple")
        name, fields, values = parts
        return self.record_of(name, fields)._make(values)

    def _range(self, depth: int) -> range:
        bounds = self.value(depth + 1)
        if type(bounds) is not tuple or len(bounds) != 3 or any(type(n) is not int for n in bounds):
            raise WireError("malformed message: not a range")
        value = range(*bounds)
        self.take_items(length(value))
        return value


def _unknown(decoder: Decoder, depth: int) -> NoReturn:
    raise WireError("malformed message: an unknown tag")


def _of_few_hashes(keys: list[Any]) -> list[Any]:
    """Refuse many keys of one hash: whoever chooses them could make a dict of them take hours."""
    if len(keys) > MAX_KEYS and max(Counter(map(hash, keys)).values()) > _ALIKE:
        raise WireError("the value has too many keys of one hash")
    return keys


READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord(tag): read
    for tag, read in {
        "N": lambda d, depth: None,
        "T": lambda d, depth: True,
        "F": lambda d, depth: False,
        "i": Decoder._int,
        "d": lambda d, depth: d.unpack(_F64)[0],
        "c": lambda d, depth: complex(*d.unpack(_C128)),
        "s": Decoder.text,
        "b": lambda d, depth: d.take(d.count()),
        "t": lambda d, depth: tuple(d.items_of(depth)),
        "l": Decoder._list,
        "e": Decoder._set,
        "z": lambda d, depth: frozenset(_of_few_hashes(d.items_of(depth))),
        "m": Decoder._dict,
        "x": Decoder._range,
        "r": Decoder._reference,
        "h": Decoder._handle,
        "n": Decoder._record,
    }.items()
}
