"""What stands in the judge for what stays in the worker, and the other way round.

A test sees the student's functions as functions that call into the worker (`student_function`), and their other
objects as `RemoteObject`s; a `Lender` turns both, and the judge's own functions, into handles and back.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import math
from collections.abc import Callable
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from autograder.judging.cell_code import Definition
from autograder.judging.limits import MAX_KEYS
from autograder.judging.wire import Handle, WireError

_REFUSED = frozenset(dir(np.ndarray))
_PUBLIC: tuple[tuple[str, Any], ...] = (("numpy", np), ("math", math), ("builtins", builtins))
_STUDENT_NAME = "_name_in_submission"


class Remote(Protocol):
    """The worker in which an object lives, as `connection` implements it."""

    def call_object(self, target: RemoteObject, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call an object that stays there."""

    def ask(self, kind: str, *rest: Any) -> Any:
        """Return a value by name ("fetch") or an attribute of an object ("attribute")."""


class RemoteObject:
    """An object that stays in the worker; it can be called, passed back, and asked for its own attributes.

    An array's attributes (`shape`, `dtype`, ...) are refused: what is no array cannot claim to have them.
    """

    def __init__(self, remote: Remote, handle: Handle) -> None:
        self._remote, self._handle = remote, handle

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        if not self._handle.called:
            raise TypeError(f"{self._handle.label!r} object is not callable")
        return self._remote.call_object(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in _REFUSED:
            raise AttributeError(f"{self._handle.label!r} object has no attribute {name!r}")
        return self._remote.ask("attribute", self, name)

    def __repr__(self) -> str:
        return f"<{self._handle.label} object of the submission>"


class Lender:
    """Turns objects into handles and back, for one worker."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._functions: list[Callable[..., Any]] = []

    def lend(self, value: object) -> Handle:
        """Return the handle for an argument that does not travel; WireError when the worker could not use
        it.
        """
        if isinstance(value, RemoteObject):
            if value._remote is not self._remote:
                raise WireError("the object was lost when its process ended")
            return value._handle
        name = getattr(value, _STUDENT_NAME, None)
        if type(name) is str:
            return Handle("n", name)
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
            return RemoteObject(self._remote, handle)
        if handle.side == "j":
            try:
                return self.function(handle.key)
            except TypeError as error:
                raise WireError(str(error)) from None
        raise WireError("a handle that means nothing")


def student_function(
    name: str, call: Callable[..., Any], place: Definition | None, source: str
) -> Callable[..., Any]:
    """Return a function that calls the student's of that name, by `call(name, args, kwargs)`.

    Its code claims to stand at `place` in the student's cell, whose text is `source`, so that
    `inspect.getsource` gives the student's text, and `inspect.signature` gives their parameters.
    """

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        return call(name, args, kwargs)

    filename, line = f"<{name}>", 1
    if place:
        filename, line = f"<submission {place.cell}>", place.line
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    code = stand_in.__code__.replace(co_filename=filename, co_firstlineno=line, co_name=name)
    function = FunctionType(code, {"__name__": "student"}, name, None, stand_in.__closure__)
    function.__module__ = "student"
    setattr(function, _STUDENT_NAME, name)
    if place is not None and place.signature is not None:
        signature = _signature(place.signature)
        if signature is not None:
            function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def _signature(arguments: ast.arguments) -> inspect.Signature | None:
    """Return the parameters as `inspect` has them; a default that is not a plain constant shows as `...`."""
    kinds = inspect.Parameter
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + [
        _default(item) for item in arguments.defaults
    ]
    parameters = []
    for number, (item, default) in enumerate(zip(positional, defaults, strict=True)):
        kind = kinds.POSITIONAL_ONLY if number < len(arguments.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD
        parameters.append(kinds(item.arg, kind, default=default[0] if default else kinds.empty))
    if arguments.vararg:
        parameters.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    for item, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        value = _default(node)[0] if node is not None else kinds.empty
        parameters.append(kinds(item.arg, kinds.KEYWORD_ONLY, default=value))
    if arguments.kwarg:
        parameters.append(kinds(arguments.kwarg.arg, kinds.VAR_KEYWORD))
    try:
        return inspect.Signature(parameters)
    except ValueError:
        return None


def _default(node: ast.expr) -> tuple[Any]:
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return (...,)


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


def kept(value: Any) -> Any:
    """Return a copy that later changes do not reach; functions stay as they are."""
    if isinstance(value, list):
        return [kept(item) for item in value]
    if isinstance(value, tuple):
        return tuple(kept(item) for item in value)
    if isinstance(value, dict):
        return {key: kept(item) for key, item in value.items()}
    return value.copy() if isinstance(value, np.ndarray) else value
