"""Stand-ins for the student's classes: classes of the judge, so that `isinstance`, `except` and `class` mean the same.

Only classes that the instructor's answers define get one; what the worker says of a class is which special methods and
methods to forward, and nothing more.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from autograder.judging.kinds import COMPARING, PLAIN, UNHASHABLE, FieldTuple, field_tuple, new_field_tuple
from autograder.judging.model import ClassText, Model
from autograder.judging.objects import (
    ATTRIBUTES,
    REFUSED,
    Remote,
    RemoteIterator,
    RemoteObject,
    is_made,
    is_refused,
    mark_made,
    may_be_asked,
    not_compared,
    remote_of,
    told_error,
)
from autograder.judging.outcome import KNOWN

_MOST_METHODS = 500
_MOST_FIELDS = 500
[_FIELD] = dataclasses.fields(dataclasses.make_dataclass("Any", ["field"]))
_OWN = "__module__ __qualname__ __doc__ __slots__ __dict__ __weakref__ __annotations__ __classcell__"


class ClassDescription(NamedTuple):
    """What the worker says of a class: its bases (names of such classes, ".ValueError" for one of Python's errors),
    methods, and for a named tuple its fields and the defaults of the last of them.
    """

    bases: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    defaults: tuple[Any, ...] = ()
    doc: str = ""


class RemoteClass(type):
    """The type of stand-ins for classes. One that a test derives from such a stand-in has one more in the worker."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], names: dict[str, Any], **options: Any
    ) -> RemoteClass:
        """Make a class whose instances keep nothing here."""
        return type.__new__(mcs, name, bases, {"__slots__": (), **names})

    def __init__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any], **options: Any) -> None:
        type.__init__(cls, name, bases, names)
        if options:
            type.__setattr__(cls, "_told_as", (options["remote"], options["text"]))
            type.__setattr__(cls, ATTRIBUTES, options["text"].attributes)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        made = _remote(cls).call_object(cls, args, kwargs)
        if type.__instancecheck__(cls, made):
            mark_made(made)
        return made

    def __getattr__(cls, name: str) -> Any:
        told = origin(cls)
        if told is None or not may_be_asked(name, name in REFUSED and name not in _text(told).attributes):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return _own_fields(name, _remote(cls).ask("attribute", told, name))

    def __setattr__(cls, name: str, value: Any) -> None:
        _remote(cls).ask("set", origin(cls), name, value)

    def __delattr__(cls, name: str) -> None:
        _remote(cls).ask("delete", origin(cls), name)

    def __iter__(cls) -> Iterator[Any]:
        yield from _members(cls).values()

    def __len__(cls) -> int:
        return len(_members(cls))

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, key: Any) -> Any:
        return _members(cls)[key]

    def __contains__(cls, item: object) -> bool:
        return isinstance(item, cls)


class Instance(RemoteObject, metaclass=RemoteClass):
    """The base of all stand-ins for instances."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Called by a derived class's own `__init__` where no class above has one."""

    def __getattr__(self, name: str) -> Any:
        return _own_fields(name, RemoteObject.__getattr__(self, name))


class Classes:
    """The stand-ins for one submission's classes, by name."""

    def __init__(self, model: Model, remote: Remote | None) -> None:
        self._model, self._remote = model, remote
        self._told: Mapping[str, ClassDescription] = {}
        self.known: dict[str, type] = {}

    def renew(self, told: Mapping[str, ClassDescription]) -> None:
        """Make stand-ins for the classes that the worker speaks of; one that is as before stays the same."""
        before, self._told = self._told, {n: t for n, t in told.items() if n in self._model.classes}
        changed = {name for name, what in self._told.items() if before.get(name) != what}
        while further := {n for n, t in self._told.items() if changed & set(t.bases)} - changed:
            changed |= further
        kept = {n: kind for n, kind in self.known.items() if n in self._told and n not in changed}
        self.known = kept
        for name in self._told:
            self._known(name, ())

    def _known(self, name: str, waiting: tuple[str, ...]) -> type:
        if name not in self.known:
            self.known[name] = self._new(name, self._told[name], (*waiting, name))
        return self.known[name]

    def _new(self, name: str, told: ClassDescription, waiting: tuple[str, ...]) -> type:
        if told.fields:
            return new_field_tuple(name, told.fields, told.defaults)
        bases = [self._base(base, waiting) for base in told.bases]
        found = tuple(dict.fromkeys(base for base in bases if base is not None))
        names: dict[str, Any] = {"__module__": "__main__", "__doc__": told.doc or None}
        try:
            if any(issubclass(base, BaseException) for base in found):
                return type(name, found, names)
            return self._stand_in(name, found or (Instance,), names, told)
        except TypeError:  # bases that do not fit together
            return self._stand_in(name, (Instance,), names, told)

    def record_of(self, name: Any, fields: Any) -> type[FieldTuple]:
        """The class of a named tuple that arrives."""
        known = self.known.get(name) if type(name) is str else None
        same = known is not None and issubclass(known, FieldTuple) and known._fields == fields
        return known if same else field_tuple(name, fields)  # type: ignore[return-value]

    def _base(self, name: str, waiting: tuple[str, ...]) -> type | None:
        if name.startswith("."):
            return KNOWN.get(name[1:])
        return self._known(name, waiting) if name in self._told and name not in waiting else None

    def _stand_in(
        self, name: str, bases: tuple[type, ...], names: dict[str, Any], told: ClassDescription
    ) -> RemoteClass:
        text = self._model.classes[name]
        owner: list[RemoteClass] = []
        methods = {
            method: _forwarded(method, owner)
            for method in told.methods[:_MOST_METHODS]
            if method in PLAIN | COMPARING or may_be_asked(method, False) or method == "__init__"
        }
        if UNHASHABLE in told.methods:
            methods["__hash__"] = None
        methods.pop(UNHASHABLE, None)
        owner.append(RemoteClass(name, bases, names | methods, remote=self._remote, text=text))
        return owner[0]


def origin(kind: type) -> RemoteClass | None:
    """The stand-in itself, or the nearest that a test derived a class from."""
    return next((base for base in type.mro(kind) if "_told_as" in vars(base)), None)  # type: ignore[return-value]


def is_derived(kind: type) -> bool:
    """Whether a test derived the class."""
    return "_told_as" not in vars(kind)


def told_names(kind: RemoteClass) -> dict[str, Any]:
    """What a test defines in a class that it derives: functions and values."""
    return {name: value for name, value in vars(kind).items() if name not in _OWN.split()}


def _remote(kind: RemoteClass) -> Remote:
    told = origin(kind)
    if told is None:
        raise TypeError("a class of no submission")
    remote: Remote = vars(told)["_told_as"][0]
    return remote


def _text(kind: RemoteClass) -> ClassText:
    text: ClassText = vars(kind)["_told_as"][1]
    return text


def _members(kind: RemoteClass) -> Any:
    """The members of an `Enum`, by name."""
    return _remote(kind).ask("attribute", kind, "__members__")


def _own_fields(name: str, value: Any) -> Any:
    """What is asked for; of a dataclass the fields as Python's own, for `asdict` and its like: their names count."""
    if name != "__dataclass_fields__" or type(value) is not dict:
        return value
    found = {}
    for field in list(value)[:_MOST_FIELDS]:
        found[field] = copy.copy(_FIELD)
        found[field].name = field
    return found


def _forwarded(name: str, owner: list[RemoteClass]) -> Any:
    """A method that calls the student's; `owner` will hold the class that it stands in."""
    if name == "__next__":
        return RemoteIterator.__next__
    if name in COMPARING:
        return lambda self, other, *rest: _compared(owner[0], self, name, (other, *rest))
    forward: Callable[..., Any] = lambda self, *args, **kwargs: _called(owner[0], self, name, args, kwargs)  # noqa: E731
    forward.__name__ = name
    return forward


def _called(
    owner: RemoteClass, self: Instance, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any] = {}
) -> Any:
    if name == "__exit__":
        args = told_error(args)
    if is_refused(self, name):
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
    remote = remote_of(self)
    if is_derived(type(self)):  # `super().area()` must not find the test's own `area`
        result = remote.call_object((owner, name), (self, *args), dict(kwargs))
    else:
        result = remote.call_object((self, name), args, dict(kwargs))
    return _known(owner, name, result) if is_made(self) else result


def _known(owner: RemoteClass, name: str, result: Any) -> Any:
    """Note an instance that the method always makes."""
    if isinstance(result, Instance) and name in _text(owner).makes:
        mark_made(result)
    return result


def _compared(owner: RemoteClass, self: Instance, name: str, operands: tuple[Any, ...]) -> Any:
    if is_made(self) or is_made(operands[0]):
        return _known(owner, name, _called(owner, self, name, operands))
    if name == "__contains__":
        return any(item is operands[0] or item == operands[0] for item in iter(self))
    if name in ("__eq__", "__ne__") and operands[0] is not self:
        raise not_compared(self)
    return NotImplemented
