"""The one reader of messages, which expects hostile bytes; `arrays` and `wire` add further types.

A malformed message raises `WireError` and nothing else. What it stands for is bounded, references and ranges counted
with all that they mean.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from autograder.judging.budget import MessageBudget, WireError, length
from autograder.judging.kinds import field_tuple
from autograder.judging.limits import MAX_BYTES, MAX_INT_BYTES, MAX_ITEMS, MAX_KEYS
from autograder.judging.writer import Handle

_ALIKE = 64  # keys of one hash in a large dict
_LONGEST_KINDS = 4000
_U16, _U32, _F64, _C128 = struct.Struct("<H"), struct.Struct("<I"), struct.Struct("<d"), struct.Struct("<dd")


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
        self.data, self.at, self.resolve, self.grow = data, 0, resolve, grow
        self.apart = list(reversed(apart))
        self.budget = MessageBudget(items, MAX_BYTES)
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
        self.budget.items(1, depth)
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
        self.unfinished.add(number)
        items = [self.value(depth + 1) for _ in range(self.count())]
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
        self.budget.refer(number, value)
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
        self.budget.items(length(value))
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
