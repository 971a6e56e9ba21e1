"""The student's objects that the judge knows by handles, and the judge's functions that student code may call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.judging.kinds import KEYS, PUBLIC, TYPES, field_tuple
from autograder.judging.wire import Handle, WireError
from autograder.judging.worker.describing import kinds_of

_MOST = 200_000

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
            if number >= _MOST:
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
