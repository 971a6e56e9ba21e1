"""The student's objects that the judge knows by handles, what is said of them, and the judge's functions that
student code may call.
"""

from __future__ import annotations

import builtins
import enum
import itertools
import sys
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from autograder.judging.kinds import (
    COMPARES,
    COMPARING,
    KEYS,
    PLAIN,
    PUBLIC,
    TYPES,
    UNHASHABLE,
    field_tuple,
    is_field_tuple,
)
from autograder.judging.sandbox.confinement import HOME
from autograder.judging.wire import Handle, WireError

PLAIN_TYPES = (str, int, float, bool, type(None))
_BY_VALUE = (int, float, complex, str, bytes, list, tuple, set, frozenset, dict)
_MOST_METHODS = 300
_MOST_OBJECTS = 200_000

Ask = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]


class Stay:
    """An object to be known by a handle, though it could travel by value."""

    def __init__(self, value: object) -> None:
        self.value = value


class Lent:
    """Turns objects into handles and back; `ask` calls a function of the judge's."""

    def __init__(self, names: Mapping[str, Any], ask: Ask) -> None:
        self._names, self._ask = names, ask
        self._objects: list[object] = []
        self._numbers: dict[int, int] = {}
        self._callbacks: dict[str, Callable[..., Any]] = {}
        self._keys: dict[int, str] = {}
        self._derived: dict[type, str] = {}

    def lend(self, value: object) -> Handle:
        """Return the handle under which the judge may come back to an object of the student's."""
        if isinstance(value, Stay):
            value = value.value
        if id(value) in self._keys:
            return Handle("j", self._keys[id(value)])
        if isinstance(value, type) and value in KEYS:
            return Handle("p", KEYS[value])
        number = self._number(value)
        kinds = kinds_of(value, self._names, self._derived)
        return Handle("w", str(number), type(value).__name__[:200], callable(value), kinds)

    def _number(self, value: object) -> int:
        number = self._numbers.setdefault(id(value), len(self._objects))
        if number == len(self._objects):
            if number >= _MOST_OBJECTS:
                raise WireError("too many objects")
            self._objects.append(value)
        return number

    def resolve(self, handle: Handle) -> object:
        """Return what a handle of the judge's means."""
        if handle.side == "w":
            return self._objects[int(handle.key)]
        if handle.side == "n":
            return self.named(handle.key)
        if handle.side == "j":
            return self._items(handle.key) if handle.kinds else self._callback(handle.key, handle.label)
        if handle.key in TYPES:
            return TYPES[handle.key]
        module, _, name = handle.key.partition(":")
        return getattr(PUBLIC[module], name)

    def named(self, name: str) -> Any:
        """Return the value of a name."""
        try:
            return self._names[name]
        except KeyError:
            raise NameError(f"name {name!r} is not defined") from None

    def _items(self, key: str) -> Iterator[Any]:
        """What a test's iterator gives, asked for one by one."""
        more, item = self._ask(key, (), {})
        while more:
            yield item
            more, item = self._ask(key, (), {})

    def _callback(self, key: str, name: str) -> Callable[..., Any]:
        if key not in self._callbacks:

            def call(*args: Any, **kwargs: Any) -> Any:
                return self._ask(key, args, kwargs)

            call.__name__ = call.__qualname__ = name
            call.__module__ = "__main__"
            self._callbacks[key] = call
            self._keys[id(call)] = key
        return self._callbacks[key]

    def derive(self, name: str, bases: tuple[type, ...], names: tuple[tuple[str, Any], ...]) -> type:
        """Derive a class as a test did."""
        made = type(name, bases, {"__module__": "(test)", **dict(names)})
        self._derived[made] = str(self._number(made))
        return made

    def record_of(self, name: str, fields: tuple[str, ...]) -> Any:
        """The student's class of named tuples of that name and those fields, or one like it."""
        kind = self._names.get(name)
        own = isinstance(kind, type) and issubclass(kind, tuple) and getattr(kind, "_fields", None) == fields
        return kind if own else field_tuple(name, fields)


def kind_of(value: object) -> str:
    """The kind of a value that has a name."""
    if isinstance(value, ModuleType):
        return "module"
    if isinstance(value, type):
        return "class" if is_own_class(value) else "value"
    return "function" if callable(value) and not is_own_class(type(value)) else "value"


def is_own_class(value: object) -> bool:
    """Whether this is a class that the student's cells made, or a file in the working folder."""
    if not isinstance(value, type) or value.__module__ == "__main__":
        return isinstance(value, type)
    file = getattr(sys.modules.get(value.__module__), "__file__", None)
    return type(file) is str and file.startswith(f"{HOME}/")


def describe(name: str, kind: type, names: Mapping[str, Any]) -> tuple[Any, ...]:
    """A class by its name, bases, methods, fields (of a named tuple) and text."""
    doc = kind.__doc__ if type(kind.__doc__) is str and not hasattr(kind, "__dataclass_fields__") else ""
    if issubclass(kind, tuple) and is_field_tuple(kind):
        return name, (), (), tuple(kind._fields), _defaults(kind), doc[:1000]  # type: ignore[attr-defined]
    return (
        name,
        tuple(_bases(kind, names))[:_MOST_METHODS],
        tuple(_methods(kind))[:_MOST_METHODS],
        (),
        (),
        doc[:1000],
    )


def _defaults(kind: type) -> tuple[Any, ...]:
    """The defaults of a named tuple's fields, if all are plain."""
    defaults = tuple(getattr(kind, "_field_defaults", {}).values())
    return defaults if all(type(value) in PLAIN_TYPES for value in defaults) else ()


def _bases(kind: type, names: Mapping[str, Any]) -> Iterator[str]:
    for base in kind.__bases__:
        if names.get(base.__name__) is base:
            yield base.__name__
        elif issubclass(base, BaseException) and vars(builtins).get(base.__name__) is base:
            yield f".{base.__name__}"
        else:
            yield from _bases(base, names)


def _methods(kind: type) -> Iterator[str]:
    for name in sorted(PLAIN | COMPARING):
        found = getattr(kind, name, None)
        if name == "__hash__" and found is None:
            yield UNHASHABLE
        elif found is not None and found is not getattr(object, name, None) and not _is_of_type(kind, name):
            yield name
    for name, value in vars(kind).items():
        if isinstance(value, FunctionType) and name not in PLAIN | COMPARING:
            yield name


def _is_of_type(kind: type, name: str) -> bool:
    """Whether a class has that method for itself only: a class can be called, and one of `Enum` has a length."""
    return not any(name in vars(base) for base in kind.__mro__)


def kinds_of(value: object, names: Mapping[str, Any], derived: Mapping[type, str]) -> tuple[str, ...]:
    """What an object is, for its handle: the student's classes, nearest first, or what can be done with it."""
    if isinstance(value, type):
        return "(class)", *_names(value, names, derived)
    if isinstance(value, Generator):
        return ("(generator)",)
    if isinstance(value, Coroutine):
        return ("(coroutine)",)
    if isinstance(value, Iterator):
        return *_names(type(value), names, derived), "(iterator)"
    compares = (COMPARES,) if type(value).__eq__ is not object.__eq__ else ()
    context = ("(context)",) if hasattr(type(value), "__enter__") and hasattr(type(value), "__exit__") else ()
    return *_names(type(value), names, derived), *context, *compares


def _names(kind: type, names: Mapping[str, Any], derived: Mapping[type, str]) -> Iterator[str]:
    for base in itertools.islice(type.mro(kind), 20):
        if base in derived:
            yield f"#{derived[base]}"
        elif names.get(base.__name__) is base:
            yield base.__name__


def stays(value: object) -> bool:
    """Whether an instance stays here though it could travel by value as what its class derives from."""
    kind = type(value)
    return isinstance(value, enum.Enum) or (
        is_own_class(kind)
        and isinstance(value, _BY_VALUE)
        and not (isinstance(value, tuple) and is_field_tuple(kind))
    )
