"""Handles for what does not travel, made and looked up; and what a call did to its arguments.

A `Lender` turns stand-ins, and the judge's own functions, into handles and back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from autograder.judging.classes import Classes, RemoteClass, origin, told_names
from autograder.judging.kinds import PUBLIC, TYPES
from autograder.judging.objects import (
    Remote,
    RemoteCallable,
    RemoteContext,
    RemoteIterator,
    RemoteObject,
    awaited,
    behind,
    generated,
    handle_of,
    placed,
    remote_of,
)
from autograder.judging.wire import Handle, WireError


class Lender:
    """Turns objects into handles and back, for one worker."""

    def __init__(self, remote: Remote, classes: Classes) -> None:
        self._remote, self._classes = remote, classes
        self._functions: list[Any] = []
        self._derived: dict[RemoteClass, Handle] = {}
        self._derived_by_key: dict[str, RemoteClass] = {}
        self._known: WeakValueDictionary[str, RemoteObject] = WeakValueDictionary()

    @property
    def has_lent(self) -> bool:
        """Whether the worker may call functions of the judge's."""
        return bool(self._functions)

    def lend(self, value: object) -> Handle:
        """Return the handle for an argument that does not travel; WireError when the worker could not use it."""
        if isinstance(type(value), type) and issubclass(type(value), RemoteObject):
            return self._own(value)  # type: ignore[arg-type]
        source = behind(value)
        if source is not None:
            return self._own(source)
        if isinstance(value, type) and value in self._classes.known.values():
            return Handle("n", value.__name__)
        if isinstance(value, RemoteClass):
            return self._derive(value)
        return self._public(value) or self._function(value)

    def _own(self, value: RemoteObject) -> Handle:
        handle = handle_of(value)
        if handle.side == "w" and remote_of(value) is not self._remote:
            raise WireError("the object was lost when its process ended")
        return handle

    def _public(self, value: object) -> Handle | None:
        if isinstance(value, np.dtype):
            value = value.type
        for module, holder in PUBLIC.items():
            public = getattr(value, "__name__", None)
            if type(public) is str and getattr(holder, public, None) is value:
                return Handle("p", f"{module}:{public}")
        return None

    def _function(self, value: object) -> Handle:
        kinds = () if callable(value) or not isinstance(value, Iterator) else ("(iterator)",)
        if not callable(value) and not kinds:
            raise WireError(f"a {type(value).__name__} cannot be sent")
        number = next((n for n, known in enumerate(self._functions) if known is value), len(self._functions))
        if number == len(self._functions):
            self._functions.append(value)
        return Handle("j", str(number), getattr(value, "__name__", "function")[:200], not kinds, kinds)

    def _derive(self, kind: RemoteClass) -> Handle:
        """Have the worker derive a class as the test did; the test's methods are lent to it."""
        if kind not in self._derived:
            bases = tuple(base for base in kind.__bases__ if isinstance(base, RemoteClass) and origin(base))
            names = tuple(told_names(kind).items())
            made = self._remote.ask("derive", kind.__name__, bases, names)
            if not isinstance(made, RemoteObject):
                raise WireError("a class of a test could not be derived")
            self._derived[kind] = handle_of(made)
            self._derived_by_key[f"#{handle_of(made).key}"] = kind
        return self._derived[kind]

    def called(self, key: str, args: tuple[Any, ...], kwargs: Any) -> Any:
        """Call the lent function of that number, or take the next item of an iterator; TypeError when there is none."""
        lent = self.function(key)
        if callable(lent):
            return lent(*args, **dict(kwargs))
        for item in lent:
            return True, item
        return False, None

    def function(self, key: str) -> Any:
        """Return what was lent under that number; TypeError when there is nothing."""
        if not key.isascii() or not key.isdigit() or len(key) > 9 or int(key) >= len(self._functions):
            raise TypeError("no such function")
        return self._functions[int(key)]

    def resolve(self, handle: Handle) -> object:
        """Return what a handle from the worker means; WireError when it means nothing."""
        if handle.side == "w":
            return self._stand_in(handle)
        if handle.side == "p" and handle.key in TYPES:
            return TYPES[handle.key]
        if handle.side == "j":
            try:
                return self.function(handle.key)
            except TypeError as error:
                raise WireError(str(error)) from None
        raise WireError("a handle that means nothing")

    def _stand_in(self, handle: Handle) -> object:
        is_class = handle.kinds[:1] == ("(class)",)
        kind = self._kind(handle.kinds[1:2] if is_class else handle.kinds)
        if is_class and kind is not None:
            return kind
        known = self._known.get(handle.key)
        if known is None:
            if is_class or kind is None or not issubclass(kind, RemoteObject):
                kind = RemoteCallable if handle.called else RemoteObject
                kind = RemoteIterator if "(iterator)" in handle.kinds else kind
                kind = RemoteContext if "(context)" in handle.kinds else kind
            known = self._known[handle.key] = placed(kind, self._remote, handle)
        if "(generator)" in handle.kinds:
            return generated(known)
        return awaited(known) if "(coroutine)" in handle.kinds else known

    def _kind(self, kinds: tuple[str, ...]) -> type | None:
        """The nearest stand-in among the classes that an object is said to have."""
        found = (self._derived_by_key.get(kind) or self._classes.known.get(kind) for kind in kinds)
        return next((kind for kind in found if kind is not None), None)


def apply_change(target: Any, content: Any) -> None:
    """Do to an argument what the student's code did to its copy; content that does not fit is ignored."""
    if isinstance(target, np.ndarray):
        _change_array(target, content)
    elif type(target) is not type(content):
        return
    elif isinstance(target, np.random.Generator):
        _change_bits(target.bit_generator, content.bit_generator)
    elif isinstance(target, np.random.RandomState):
        _change_bits(target._bit_generator, content._bit_generator)
    elif isinstance(target, list):
        target[:] = content
    elif isinstance(target, (set, deque)):
        target.clear()
        (target.update if isinstance(target, set) else target.extend)(content)
    elif isinstance(target, dict):
        target.clear()
        for key, item in content.items():  # a Counter's own `update` would count
            target[key] = item


def _change_array(target: Any, content: Any) -> None:
    if type(content) is not np.ndarray or content.dtype != target.dtype or not target.flags.writeable:
        return
    if content.shape != target.shape and content.size == target.size:
        content = content.reshape(target.shape)
    if content.shape == target.shape:
        target[...] = content


def _change_bits(target: Any, content: Any) -> None:
    if type(target) is type(content):
        target.state = content.state


def kept(value: Any) -> Any:
    """Return a copy that later changes do not reach; functions stay as they are."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return [kept(item) for item in value] if isinstance(value, list) else tuple(map(kept, value))
    return {key: kept(item) for key, item in value.items()} if isinstance(value, dict) else value
