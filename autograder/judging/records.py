"""Named tuples of other processes: a tuple with names for its places, and nothing else that could run."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar

import numpy as np

_MOST = 64
_TAKEN = frozenset(dir(np.ndarray))  # what is no array cannot claim to have a shape


class Record(tuple[Any, ...]):
    """A tuple whose places have names, as `collections.namedtuple` makes them."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _field_defaults: ClassVar[dict[str, Any]] = {}

    def __new__(cls, *args: Any, **kwargs: Any) -> Record:
        """Fill each place once."""
        given = {
            name: value for name, value in cls._field_defaults.items() if name in cls._fields[len(args) :]
        } | kwargs
        named = [given.pop(name) for name in cls._fields[len(args) :] if name in given]
        if given or len(args) + len(named) != len(cls._fields):
            raise TypeError(f"{cls.__name__} takes {len(cls._fields)} arguments: {', '.join(cls._fields)}")
        return tuple.__new__(cls, (*args, *named))

    @classmethod
    def _make(cls, values: Any) -> Record:
        return cls(*values)

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **changed: Any) -> Record:
        return type(self)(**(self._asdict() | changed))

    def __repr__(self) -> str:
        named = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(named)})"


def is_record(kind: type) -> bool:
    """Whether a class is one of named tuples that can be told in another process."""
    fields = getattr(kind, "_fields", None)
    return _is_told(kind.__name__, fields)


def record_class(name: Any, fields: Any) -> type[Record]:
    """The class of that name and those fields, the same one each time; TypeError when they are not fit for one."""
    if not _is_told(name, fields):
        raise TypeError("not a named tuple")
    return _class_of(name, fields)


@lru_cache(maxsize=500)
def _class_of(name: str, fields: tuple[str, ...]) -> type[Record]:
    return new_record_class(name, fields, ())


def new_record_class(name: Any, fields: Any, defaults: tuple[Any, ...]) -> type[Record]:
    """A class of its own; `defaults` are those of the last fields."""
    if not _is_told(name, fields) or len(defaults) > len(fields):
        raise TypeError("not a named tuple")
    places: dict[str, Any] = {field: property(itemgetter(n)) for n, field in enumerate(fields)}
    given = dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True))
    own = {"__slots__": (), "_fields": fields, "__match_args__": fields, "_field_defaults": given}
    return type(name, (Record,), {**places, **own, "__module__": "__main__"})


def _is_told(name: Any, fields: Any) -> bool:
    if type(name) is not str or type(fields) is not tuple or not 0 < len(fields) <= _MOST:
        return False
    return (
        len(set(fields)) == len(fields) and all(map(_is_name, (name, *fields))) and not _TAKEN & set(fields)
    )


def _is_name(text: Any) -> bool:
    return type(text) is str and text.isascii() and text.isidentifier() and text[0] != "_" and len(text) < 100
