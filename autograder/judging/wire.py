"""Typed messages between judge and worker: what travels, and how.

    tag    what travels                                    tag    what travels
    N T F  None, True, False                               a A    an array; A: its bytes go beside the message
    i d c  an integer, a float, a complex number           g      a scalar of NumPy's
    s b    text, bytes                                     o      a type of the table `TYPED`, by its name
    t l    a tuple, a list                                 n      a named tuple, by its name and fields
    e z m  a set, a frozenset, a dict                      h      a handle: the object stays where it is
    x      a range                                         r v    an object met before, a view of such an array

Other subclasses are sent as the plain type below them, so what arrives can never lie about itself. Nothing here runs
what it reads: no pickle, no `eval`, no lookup of a name. `codec` writes and reads it.

The types of the table are told in plain parts and made again from them. NumPy's masked arrays are left out on purpose
and arrive as plain arrays: its test functions take a masked entry for equal to anything.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from autograder.judging import arrays
from autograder.judging.arrays import APART
from autograder.judging.codec import READERS, WRITERS, Decoder, Encoder, Fresh
from autograder.judging.kinds import Handle
from autograder.judging.limits import ARRAY_ITEMS, MAX_BYTES, WireError, size_of

__all__ = ["APART", "CODE", "Decoder", "Encoder", "Fresh", "Handle", "WireError", "size_of"]

CODE = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))
).hexdigest()
"""Which code this is: judge and worker must have the same."""

_LARGEST_EXPONENT = 4000  # of a Decimal: a whole number of many more digits takes for ever to work with
_UNITS = frozenset(("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"))
_GENERATORS = ("PCG64", "MT19937", "PCG64DXSM", "Philox", "SFC64")
_NUMBER = re.compile(r"[-+0-9.E]{1,4400}|-?(Infinity|NaN)", re.ASCII)


@dataclass(frozen=True)
class Typed:
    """One type: how a value is told in parts, and made of them. `changes` says that it can be changed in place."""

    kind: type
    parts: Callable[[Any], tuple[Any, ...]]
    made: Callable[..., Any]
    changes: bool = False


def _decimal(text: Any) -> Decimal:
    if type(text) is not str or not _NUMBER.fullmatch(text):
        raise TypeError("not a decimal number")
    value = Decimal(text)
    if value.is_finite() and value and abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("the decimal number is too large")
    return value


def _fraction(above: Any, below: Any) -> Fraction:
    if type(above) is not int or type(below) is not int:
        raise TypeError("not a fraction")
    return Fraction(above, below)


def _zone(value: Any) -> Any:
    """A time zone as its distance in seconds; those that are more than that do not travel."""
    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        raise WireError("a time with a time zone of that kind cannot be sent")
    return None if value.tzinfo is None else value.utcoffset().total_seconds()


def _in_zone(seconds: Any) -> timezone | None:
    return None if seconds is None else timezone(timedelta(seconds=seconds))


def _clock(value: Any) -> tuple[Any, ...]:
    return value.hour, value.minute, value.second, value.microsecond


def _time(zone: Any, *parts: Any) -> time:
    return time(*parts).replace(tzinfo=_in_zone(zone))


def _datetime(zone: Any, *parts: Any) -> datetime:
    return datetime(*parts).replace(tzinfo=_in_zone(zone))


def _plain_dict(value: Any) -> dict[Any, Any]:
    if type(value) is not dict:
        raise TypeError("not a dict")
    return value


def _deque(items: Any, longest: Any) -> deque[Any]:
    if type(items) is not tuple:
        raise TypeError("not the items of a deque")
    return deque(items, longest)


def _ordered(pairs: Any) -> OrderedDict[Any, Any]:
    return OrderedDict(_plain_dict(pairs))


def _default(factory: Any, pairs: Any) -> defaultdict[Any, Any]:
    return defaultdict(factory, _plain_dict(pairs))


def _values(items: Any) -> Any:
    return dict(enumerate(items if type(items) is tuple else ())).values()


def _unit(kind: Any, unit: Any, count: Any) -> np.dtype[Any]:
    if kind not in ("M", "m") or unit not in _UNITS or type(count) is not int or not 0 < count < 1 << 31:
        raise TypeError("not a unit of time")
    return np.dtype(f"{kind}8" if unit == "generic" else f"{kind}8[{count}{unit}]")


def _times(kind: Any, unit: Any, count: Any, numbers: Any) -> Any:
    if type(numbers) is not np.ndarray or numbers.dtype != np.int64:
        raise TypeError("not the numbers of times")
    return numbers.view(_unit(kind, unit, count))


def _moment(kind: Any, unit: Any, count: Any, number: Any) -> Any:
    return _times(kind, unit, count, np.array(number, np.int64))[()]


def _columns(names: Any, shape: Any, *columns: Any) -> Any:
    """A structured array from its columns."""
    if not _are(names, str) or not _are(columns, np.ndarray) or len(names) != len(columns) or not names:
        raise TypeError("not the columns of an array")
    alike = all(column.shape[: len(shape)] == shape for column in columns)
    if not alike or (0 not in shape and not all(column.size for column in columns)):
        raise TypeError("not the columns of one array")
    fields = [(n, c.dtype, c.shape[len(shape) :]) for n, c in zip(names, columns, strict=True)]
    made = np.empty(shape, np.dtype(fields))
    for name, column in zip(names, columns, strict=True):
        made[name] = column
    return made


def _are(values: Any, kind: type) -> bool:
    return type(values) is tuple and all(type(value) is kind for value in values)


def _objects(shape: Any, items: Any) -> Any:
    made = np.empty(len(items), object)
    for number, item in enumerate(items):
        made[number] = item
    return made.reshape(shape)


def _texts(shape: Any, items: Any) -> Any:
    if not _are(items, str):
        raise TypeError("not an array of text")
    width = max(map(len, items), default=1) or 1
    if 4 * width * len(items) > MAX_BYTES:
        raise WireError("the value is too large")
    return np.array(items, f"<U{width}").reshape(shape)


def _raw(width: Any, shape: Any, content: Any) -> Any:
    return np.frombuffer(content, f"S{int(width)}").reshape(shape).copy()


def _time_parts(value: Any) -> tuple[Any, ...]:
    unit, count = np.datetime_data(value.dtype)
    return value.dtype.kind, unit, count, np.asarray(value).view(np.int64)


def _moment_parts(value: Any) -> tuple[Any, ...]:
    *unit, number = _time_parts(value)
    return *unit, int(number)


def _column_parts(value: Any) -> tuple[Any, ...]:
    names = value.dtype.names
    if not names:
        raise WireError(f"an array of dtype {value.dtype.kind!r} cannot be sent")
    return names, value.shape, *(np.array(value[name]) for name in names)


def _generator_parts(bits: Any) -> tuple[Any, ...]:
    """The name and the state of a generator's bits, in parts that take no number in the table."""
    return type(bits).__name__, _frozen(bits.state)


def _frozen(state: Any) -> Any:
    if isinstance(state, dict):
        return tuple((key, _frozen(item)) for key, item in state.items())
    return state.tobytes() if isinstance(state, np.ndarray) else state


def _bits(name: Any, state: Any) -> Any:
    """Generator bits in a state: names and types as in one of theirs, and no place outside the generator's buffer, for
    NumPy would read there, whatever lies there.
    """
    if name not in _GENERATORS:
        raise WireError("malformed message: unknown generator")
    bits = getattr(np.random, name)(0)
    typed: dict[str, Any] = _thawed(state, bits.state)
    place, size = typed.get("buffer_pos", 0), 4
    if name == "MT19937":
        place, size = typed["state"]["pos"], 624
    bits.state = typed if 0 <= place <= size else _wrong_state()
    return bits


def _thawed(state: Any, like: Any) -> Any:
    if isinstance(like, dict):
        if type(state) is not tuple or len(state) != len(like):
            _wrong_state()
        pairs = [item for item in state if type(item) is tuple and len(item) == 2]
        if [key for key, _ in pairs] != list(like):
            _wrong_state()
        return {key: _thawed(item, like[key]) for key, item in pairs}
    if isinstance(like, np.ndarray):
        if type(state) is not bytes or len(state) != like.nbytes:
            _wrong_state()
        return np.frombuffer(state, like.dtype).copy()
    return state if type(state) is type(like) else _wrong_state()


def _wrong_state() -> NoReturn:
    raise WireError("malformed message: not the state of a generator")


TYPED: dict[str, Typed] = {
    "Decimal": Typed(Decimal, lambda v: (str(v),), _decimal),
    "Fraction": Typed(Fraction, lambda v: (v.numerator, v.denominator), _fraction),
    "timedelta": Typed(timedelta, lambda v: (v.days, v.seconds, v.microseconds), timedelta),
    "date": Typed(date, lambda v: (v.year, v.month, v.day), date),
    "time": Typed(time, lambda v: (_zone(v), *_clock(v)), _time),
    "datetime": Typed(
        datetime,
        lambda v: (_zone(v), v.year, v.month, v.day, *_clock(v)),
        _datetime,
    ),
    "slice": Typed(slice, lambda v: (v.start, v.stop, v.step), slice),
    "Ellipsis": Typed(type(...), lambda v: (), lambda: ...),
    "NotImplemented": Typed(type(NotImplemented), lambda v: (), lambda: NotImplemented),
    "deque": Typed(deque, lambda v: (tuple(v), v.maxlen), _deque, True),
    "Counter": Typed(Counter, lambda v: (dict(v),), lambda d: Counter(_plain_dict(d)), True),
    "OrderedDict": Typed(OrderedDict, lambda v: (dict(v),), _ordered, True),
    "defaultdict": Typed(defaultdict, lambda v: (v.default_factory, dict(v)), _default, True),
    "dict_keys": Typed(type({}.keys()), lambda v: (dict.fromkeys(v),), lambda d: _plain_dict(d).keys()),
    "dict_values": Typed(type({}.values()), lambda v: (tuple(v),), _values),
    "dict_items": Typed(type({}.items()), lambda v: (dict(v),), lambda d: _plain_dict(d).items()),
    "datetime64": Typed(np.datetime64, _moment_parts, _moment),
    "timedelta64": Typed(np.timedelta64, _moment_parts, _moment),
    "Generator": Typed(
        *(np.random.Generator, lambda v: _generator_parts(v.bit_generator)),
        lambda *bits: np.random.Generator(_bits(*bits)),
        True,
    ),
    "RandomState": Typed(
        *(np.random.RandomState, lambda v: _generator_parts(v._bit_generator)),
        lambda *bits: np.random.RandomState(_bits(*bits)),
        True,
    ),
    "record": Typed(np.void, lambda v: _column_parts(np.asarray(v)), lambda *p: _columns(*p)[()]),
}
ARRAYS: dict[str, Typed] = {
    "M": Typed(np.ndarray, _time_parts, _times),
    "m": Typed(np.ndarray, _time_parts, _times),
    "V": Typed(np.ndarray, _column_parts, _columns),
    "O": Typed(np.ndarray, lambda v: (v.shape, tuple(v.ravel().tolist())), _objects),
    "U": Typed(np.ndarray, lambda v: (v.shape, tuple(v.ravel().tolist())), _texts),
    "S": Typed(np.ndarray, lambda v: (v.itemsize, v.shape, v.tobytes()), _raw),
}
"""Arrays of other kinds than numbers, by the letter of their dtype."""


def _writer(name: str, typed: Typed) -> Callable[[Encoder, Any, int], None]:
    def write(encoder: Encoder, value: Any, depth: int) -> None:
        if typed.changes and encoder.known(value):
            return
        encoder.put(b"o")
        encoder.text(name)
        encoder.value(typed.parts(value), depth + 1)

    return write


def _read(decoder: Decoder, depth: int) -> Any:
    name = decoder.text()
    typed = TYPED.get(name) or ARRAYS.get(name)
    if typed is None:
        raise WireError("malformed message: an unknown type")
    is_numbered = typed.changes or name in ARRAYS
    number = decoder.number(None) if is_numbered else -1
    decoder.unfinished.add(number)
    parts = decoder.value(depth + 1)
    decoder.unfinished.discard(number)
    if type(parts) is not tuple:
        raise WireError("malformed message: not the parts of a value")
    value = typed.made(*parts)
    if name in ARRAYS:
        decoder.take_bytes(value.nbytes)
        decoder.take_items(ARRAY_ITEMS)
    if number >= 0:
        decoder.table[number] = value
    return value


for _name, _typed in TYPED.items():
    WRITERS[_typed.kind] = _writer(_name, _typed)
for _name, _typed in ARRAYS.items():
    arrays.OTHERS[_name] = _writer(_name, _typed)
READERS[ord("o")] = _read
