"""What judge and worker both know of types: those that travel as values, the special methods of a student's class that
a test may use, and named tuples.
"""

from __future__ import annotations

import builtins
import math
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar

import numpy as np

_BUILTIN = "int float complex bool str bytes bytearray list tuple set frozenset dict range slice object"
_NUMPY = """
ndarray bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128
generic number integer floating
"""
TYPES: dict[str, Any] = {
    **{f"builtins:{name}": getattr(builtins, name) for name in _BUILTIN.split()},
    **{f"numpy:{name}": getattr(np, name) for name in _NUMPY.split()},
    "builtins:NoneType": type(None),
}
"""The types that travel as values, by the keys of their handles: each side has its own, and calling one runs nothing of
the other's. Errors are left out: an `except` with a type that a student chose would catch what is to fail the test.
"""
KEYS: dict[Any, str] = {kind: key for key, kind in TYPES.items()}
PUBLIC: dict[str, Any] = {"numpy": np, "math": math, "builtins": builtins}
"""The modules whose functions a test may pass to the student's code by name."""

_PLAIN = """
len iter next getitem setitem delitem reversed str repr format bool int float complex index round trunc floor ceil
abs neg pos invert enter exit hash call length_hint
"""
_COMPARISON = "eq ne lt le gt ge contains"
_ARITHMETIC = "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift"
PLAIN = frozenset(f"__{name}__" for name in _PLAIN.split())
"""Special methods that take nothing of the test's but places and names."""
COMPARING = frozenset(
    f"__{name}__"
    for name in (
        *_COMPARISON.split(),
        *(way + name for name in _ARITHMETIC.split() for way in ("", "r", "i")),
    )
)
"""Those that take the other operand, which may be what the test expects."""
UNHASHABLE = "!__hash__"
"""What a worker says of a class whose instances cannot be hashed."""
COMPARES = "(compares)"
"""What a worker says of an object whose class has an `__eq__` of its own."""

_MOST = 64
_TAKEN = frozenset(dir(np.ndarray))  # what is no array cannot claim to have a shape


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


class FieldTuple(tuple[Any, ...]):
    """A named tuple of another process: a tuple with names for its places, and nothing else that could run."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _field_defaults: ClassVar[dict[str, Any]] = {}

    def __new__(cls, *args: Any, **kwargs: Any) -> FieldTuple:
        """Fill each place once."""
        given = {
            name: value for name, value in cls._field_defaults.items() if name in cls._fields[len(args) :]
        } | kwargs
        named = [given.pop(name) for name in cls._fields[len(args) :] if name in given]
        if given or len(args) + len(named) != len(cls._fields):
            raise TypeError(f"{cls.__name__} takes {len(cls._fields)} arguments: {', '.join(cls._fields)}")
        return tuple.__new__(cls, (*args, *named))

    @classmethod
    def _make(cls, values: Any) -> FieldTuple:
        return cls(*values)

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **changed: Any) -> FieldTuple:
        return type(self)(**(self._asdict() | changed))

    def __repr__(self) -> str:
        named = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(named)})"


def is_field_tuple(kind: type) -> bool:
    """Whether a class is one of named tuples that can be told in another process."""
    return _is_told(kind.__name__, getattr(kind, "_fields", None))


def field_tuple(name: Any, fields: Any) -> type[FieldTuple]:
    """The class of that name and those fields, the same one each time; TypeError when they are not fit for one."""
    if not _is_told(name, fields):
        raise TypeError("not a named tuple")
    return _class_of(name, fields)


@lru_cache(maxsize=500)
def _class_of(name: str, fields: tuple[str, ...]) -> type[FieldTuple]:
    return new_field_tuple(name, fields, ())


def new_field_tuple(name: Any, fields: Any, defaults: tuple[Any, ...]) -> type[FieldTuple]:
    """A class of its own; `defaults` are those of the last fields."""
    if not _is_told(name, fields) or len(defaults) > len(fields):
        raise TypeError("not a named tuple")
    places: dict[str, Any] = {field: property(itemgetter(n)) for n, field in enumerate(fields)}
    given = dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True))
    own = {"__slots__": (), "_fields": fields, "__match_args__": fields, "_field_defaults": given}
    return type(name, (FieldTuple,), {**places, **own, "__module__": "__main__"})


def _is_told(name: Any, fields: Any) -> bool:
    if type(name) is not str or type(fields) is not tuple or not 0 < len(fields) <= _MOST:
        return False
    return (
        len(set(fields)) == len(fields) and all(map(_is_name, (name, *fields))) and not _TAKEN & set(fields)
    )


def _is_name(text: Any) -> bool:
    return type(text) is str and text.isascii() and text.isidentifier() and text[0] != "_" and len(text) < 100
