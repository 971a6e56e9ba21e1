"""How further types of the standard library and of NumPy travel; part of `wire`.

Each is told in plain parts and made again from them: `TYPED` is the whole table. A type that is not in it stays where
it is, behind a handle. NumPy's masked arrays are left out on purpose and arrive as plain arrays: its test functions
take a masked entry for equal to anything.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.judging import arrays
from autograder.judging.budget import WireError
from autograder.judging.reader import READERS, Decoder
from autograder.judging.writer import WRITERS, Encoder

_LARGEST_EXPONENT = 4000  # of a Decimal: a whole number of many more digits takes for ever to work with
_UNITS = frozenset(("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"))
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
    "record": Typed(np.void, lambda v: _column_parts(np.asarray(v)), lambda *p: _columns(*p)[()]),
}
ARRAYS: dict[str, Typed] = {
    "M": Typed(np.ndarray, _time_parts, _times),
    "m": Typed(np.ndarray, _time_parts, _times),
    "V": Typed(np.ndarray, _column_parts, _columns),
    "O": Typed(np.ndarray, lambda v: (v.shape, tuple(v.ravel().tolist())), _objects),
    "S": Typed(np.ndarray, lambda v: (v.itemsize, v.shape, v.tobytes()), _raw),
}
"""Arrays of other kinds than numbers and text, by the letter of their dtype."""


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
    if number >= 0:
        decoder.table[number] = value
    return value


for _name, _typed in TYPED.items():
    WRITERS[_typed.kind] = _writer(_name, _typed)
for _name, _typed in ARRAYS.items():
    arrays.OTHERS[_name] = _writer(_name, _typed)
READERS[ord("o")] = _read
