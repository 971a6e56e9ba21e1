"""Stand-ins in the judge for what stays in the worker, and handles in the worker for what stays in the
judge.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.judging.wire.encoding import MAX_KEYS, Handle, WireError

if TYPE_CHECKING:
    from autograder.judging.connection import Connection

_REFUSED = frozenset(dir(np.ndarray))
_PUBLIC: tuple[tuple[str, Any], ...] = (("numpy", np), ("math", math), ("builtins", builtins))
STUDENT_NAME = "_name_in_submission"


class RemoteObject:
    """An object that stays in the worker; it can be called, passed back, and asked for its own attributes.

    An array's attributes (`shape`, `dtype`, ...) are refused: what is no array cannot claim to have them.
    """

    def __init__(self, connection: Connection, handle: Handle) -> None:
        self._connection, self._handle = connection, handle

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        if not self._handle.called:
            raise TypeError(f"{self._handle.label!r} object is not callable")
        return self._connection.call_object(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in _REFUSED:
            raise AttributeError(f"{self._handle.label!r} object has no attribute {name!r}")
        return self._connection.ask("attribute", self, name)

    def __repr__(self) -> str:
        return f"<{self._handle.label} object of the submission>"


class Lender:
    """Turns objects into handles and back, for one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._functions: list[Callable[..., Any]] = []

    def lend(self, value: object) -> Handle:
        """Return the handle for an argument that does not travel; WireError when the worker could not use
        it.
        """
        name = getattr(value, STUDENT_NAME, None) if not isinstance(value, RemoteObject) else None
        if type(name) is str:
            return Handle("n", name)
        if isinstance(value, RemoteObject):
            if value._connection is not self._connection:
                raise WireError("the object was lost when its process ended")
            return value._handle
        if isinstance(value, np.dtype):
            value = value.type
        for module, holder in _PUBLIC:
            public = getattr(value, "__name__", None)
            if type(public) is str and getattr(holder, public, None) is value:
                return Handle("p", f"{module}:{public}")
        if not callable(value):
            raise WireError(f"a {type(value).__name__} cannot be sent")
        self._functions.append(value)
        return Handle("j", str(len(self._functions) - 1), getattr(value, "__name__", "function")[:200], True)

    def function(self, key: str) -> Callable[..., Any]:
        """Return the lent function of that number; TypeError when there is none."""
        if not key.isascii() or not key.isdigit() or len(key) > 9 or int(key) >= len(self._functions):
            raise TypeError("no such function")
        return self._functions[int(key)]

    def resolve(self, handle: Handle) -> object:
        """Return what a handle from the worker means; WireError when it means nothing."""
        if handle.side == "w":
            return RemoteObject(self._connection, handle)
        if handle.side == "j":
            try:
                return self.function(handle.key)
            except TypeError as error:
                raise WireError(str(error)) from None
        raise WireError("a handle that means nothing")


def apply_change(target: Any, content: Any) -> None:
    """Do to an argument what the student's code did to its copy; content that does not fit is ignored."""
    if isinstance(target, np.ndarray):
        _change_array(target, content)
    elif isinstance(target, np.random.Generator) and isinstance(content, np.random.Generator):
        _change_bits(target.bit_generator, content.bit_generator)
    elif isinstance(target, np.random.RandomState) and isinstance(content, np.random.RandomState):
        _change_bits(target._bit_generator, content._bit_generator)
    elif type(content) is tuple and content and content[0] == type(target).__name__:
        _change_container(target, content[1:])


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


def _change_container(target: Any, items: tuple[Any, ...]) -> None:
    if type(target) is list:
        target[:] = items
    elif len(items) <= MAX_KEYS:
        try:
            fresh = type(target)(items)
        except (TypeError, ValueError):
            return
        target.clear()
        target.update(fresh)
