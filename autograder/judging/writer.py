"""The one writer of messages: plain values, containers, references, handles; `arrays` and `wire` add further types.

Mutable objects are numbered in the order in which they are written (an array, list, dict, set or generator,
outer before inner). A message may refer back to such a number; that is how an argument that is returned, viewed,
or changed in place keeps its identity.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.budget import MessageBudget, WireError, length
from autograder.judging.kinds import is_field_tuple
from autograder.judging.limits import MAX_BYTES, MAX_INT_BYTES, MAX_ITEMS

_U16, _U32, _F64, _C128 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d"), struct.Struct("<dd")
_NONE, _TRUE, _FALSE = b"N", b"T", b"F"


@dataclass(frozen=True)
class Handle:
    """A name for an object that does not travel; made by the side that has it, read by the other.

    `side` says who can look it up: "w" an object in the worker (`key` is its number), "n" a name that the
    student defined, "j" a function of the judge's, "p" a public function or type of NumPy, math or builtins
    ("numpy:exp"). `label` is the object's type, for messages; `called` whether it can be called. `kinds` says what
    else it is: the classes of the student's that it is an instance of, nearest first, "(iterator)", "(coroutine)".
    """

    side: str
    key: str
    label: str = ""
    called: bool = False
    kinds: tuple[str, ...] = ()


class Fresh:
    """An object that has a number, to be written with its content all the same: what a call changed in place."""

    def __init__(self, value: Any) -> None:
        self.value = value


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
        self.numbers = {id(item): n for n, item in enumerate(self.table)}
        self.apart: list[memoryview] = []
        self.lend, self.grow, self.limit, self.beside, self.spread = lend, grow, limit, beside, spread
        self.parts: list[bytes] = []
        self.put = self.parts.append
        self.budget = MessageBudget(MAX_ITEMS, limit)
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
        self.budget.items(1, depth)
        write = WRITERS.get(type(value))
        if write is not None:
            write(self, value, depth)
        else:
            self.unusual(value, depth)

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
        self.budget.bytes(len(raw))
        self.put(_U32.pack(len(raw)) + raw)

    def _string(self, value: str, depth: int) -> None:
        self.put(b"s")
        self.text(value)

    def _bytes(self, value: bytes, depth: int) -> None:
        self.budget.bytes(len(value))
        self.put(b"b" + _U32.pack(len(value)) + value)

    def _range(self, value: range, depth: int) -> None:
        self.budget.items(length(value))
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
            self.budget.refer(number, value)
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
        if (kind is list or kind is set) and self.known(value):
            return
        self.put(tag + _U32.pack(kind.__len__(value)))
        self.open.add(id(value))
        for item in kind.__iter__(value):
            self.value(item, depth + 1)
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
