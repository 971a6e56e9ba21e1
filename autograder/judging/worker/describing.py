"""What a worker says of the student's objects: of names their kind, of classes which methods they have."""

from __future__ import annotations

import builtins
import enum
import itertools
import os
import sys
from collections.abc import Coroutine, Generator, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from autograder.judging.kinds import COMPARES, COMPARING, PLAIN, UNHASHABLE, is_field_tuple

PLAIN_TYPES = (str, int, float, bool, type(None))
_BY_VALUE = (int, float, complex, str, bytes, list, tuple, set, frozenset, dict)
_MOST = 300


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
    return type(file) is str and file.startswith(os.getcwd())


def describe(name: str, kind: type, names: Mapping[str, Any]) -> tuple[Any, ...]:
    """A class by its name, bases, methods, fields (of a named tuple) and text."""
    doc = kind.__doc__ if type(kind.__doc__) is str and not hasattr(kind, "__dataclass_fields__") else ""
    if issubclass(kind, tuple) and is_field_tuple(kind):
        return name, (), (), tuple(kind._fields), _defaults(kind), doc[:1000]  # type: ignore[attr-defined]
    return name, tuple(_bases(kind, names))[:_MOST], tuple(_methods(kind))[:_MOST], (), (), doc[:1000]


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
