"""What stands in the judge for what stays in the worker, and how far a test may reach into it.

**What a strict test sees.** Values travel by value (`wire`). Everything else stays with the student's code, and the
test has a stand-in, whose Python type is one of the judge's own: it is no number, no text and no array, whatever the
student's class says. Through it a test reaches

- of any object: to call it, its attributes (but none that an array has, and no special methods), `str`, `repr` and
  whether it counts as true;
- of an iterator, generator or coroutine: the next item, or the result; each is asked for when it is wanted; of what
  has `__enter__` and `__exit__`: `with`;
- of an instance of a class that *the instructor's own answers define as well*: what that class has in special methods,
  in two steps (see `kinds`). `len`, indexing, iteration, `with` and their like give nothing of the test away but
  places. Comparing and computing would hand the other operand, which may be the expected value, to the student's code:
  they reach it only if the test itself *made* one of the operands by calling the class, or got it from a function or
  method that by the instructor's text always makes an instance. All others end in a TypeError; where a class has no
  `__eq__` of its own, `==` is identity.

So where the instructor's answer returns a plain value, nothing that a student returns instead is ever asked whether
it is equal to what the test expects. Whatever comes back from a stand-in is again a value or a stand-in: data, which
proves nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np

from autograder.judging.kinds import COMPARES, Handle
from autograder.judging.outcome import KNOWN, CallFailed

REFUSED = frozenset(dir(np.ndarray))
_TOLD = """
dict doc name qualname module annotations defaults kwdefaults wrapped closure self func members dataclass_fields
abstractmethods slots
"""
TOLD = frozenset(f"__{name}__" for name in _TOLD.split())
"""The special attributes that are values: a test may ask for them."""
ATTRIBUTES = "_RemoteObject__attributes"
"""Where a class of stand-ins keeps which attributes its instances have by the instructor's text."""


class Remote(Protocol):
    """The worker in which an object lives, as `connection` implements it."""

    def call_object(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call an object that stays there, or a method: the object and its name."""

    def ask(self, kind: str, *rest: Any) -> Any:
        """Do one thing with an object: "attribute", "set", "delete", "text", "truth", "following", "await", "copy" or
        "derive".
        """


class RemoteObject:
    """An object that stays in the worker; it can be passed back, and asked for its own attributes."""

    __slots__ = ("__handle", "__made", "__remote", "__weakref__")
    __array_ufunc__ = None

    def __getattr__(self, name: str) -> Any:
        if not may_be_asked(name, is_refused(self, name)):
            raise AttributeError(f"{handle_of(self).label!r} object has no attribute {name!r}")
        return remote_of(self).ask("attribute", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        remote_of(self).ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        remote_of(self).ask("delete", self, name)

    def __str__(self) -> str:
        return _said(self, "str")

    def __repr__(self) -> str:
        return _said(self, "repr")

    def __bool__(self) -> bool:
        return remote_of(self).ask("truth", self) is True

    def __eq__(self, other: object) -> bool:
        if COMPARES in handle_of(self).kinds and other is not self:
            raise not_compared(self)
        return NotImplemented

    __hash__ = object.__hash__

    def __copy__(self) -> Any:
        return _alike(self, False)

    def __deepcopy__(self, memo: Any) -> Any:
        return _alike(self, True)


def told(name: str) -> Any:
    """An attribute that the student's object has, and not the class of stand-ins."""
    return property(lambda self: remote_of(self).ask("attribute", self, name))


class RemoteCallable(RemoteObject):
    """One that can be called."""

    __slots__ = ()
    __doc__ = told("__doc__")
    __annotations__ = told("__annotations__")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        return remote_of(self).call_object(self, args, kwargs)


class RemoteContext(RemoteObject):
    """One for a `with` statement."""

    __slots__ = ()

    def __enter__(self) -> Any:
        return remote_of(self).call_object((self, "__enter__"), (), {})

    def __exit__(self, *error: Any) -> Any:
        return remote_of(self).call_object((self, "__exit__"), told_error(error), {})


def told_error(error: tuple[Any, ...]) -> tuple[Any, ...]:
    """What `__exit__` is told of an error: its type, if that is Python's own, and its text."""
    if len(error) != 3 or error[0] is None:
        return error
    name = error[0].__name__ if error[0].__name__ in KNOWN else "Exception"
    return name, str(error[1]), None


class RemoteIterator(RemoteObject):
    """One that gives its items one by one."""

    __slots__ = ()

    def __iter__(self) -> RemoteIterator:
        return self

    def __next__(self) -> Any:
        more, value = next_of(self)
        if not more:
            raise StopIteration
        return value


def not_compared(value: RemoteObject) -> TypeError:
    """What a comparison ends in that only the student's code could make, and may not."""
    return TypeError(
        f"a {handle_of(value).label} would be compared by the student's code, which gets no expected value"
    )


def is_refused(value: RemoteObject, name: str) -> bool:
    """Whether only an array may have that name: but for an instance that the test knows, of a class that has it."""
    if name not in REFUSED or name.startswith("__"):
        return False
    return not (is_made(value) and name in getattr(type(value), ATTRIBUTES, ()))


def may_be_asked(name: str, is_refused: bool) -> bool:
    """Whether an attribute is the student's to give: what is no array cannot claim to have a shape."""
    return name in TOLD or not (is_refused or (name.startswith("__") and name.endswith("__")))


def placed(kind: type[RemoteObject], remote: Remote, handle: Handle) -> Any:
    """A stand-in of that kind."""
    value = object.__new__(kind)
    for name, part in (("remote", remote), ("handle", handle), ("made", False)):
        object.__setattr__(value, f"_RemoteObject__{name}", part)
    return value


def handle_of(value: RemoteObject) -> Handle:
    """Under which the worker knows an object."""
    handle: Handle = object.__getattribute__(value, "_RemoteObject__handle")
    return handle


def remote_of(value: RemoteObject) -> Remote:
    """Where it lives."""
    remote: Remote = object.__getattribute__(value, "_RemoteObject__remote")
    return remote


def is_made(value: object) -> bool:
    """Whether the test knows that this is an instance of the class it asked for."""
    return isinstance(value, RemoteObject) and bool(object.__getattribute__(value, "_RemoteObject__made"))


def mark_made(value: RemoteObject) -> None:
    """Note that the test knows."""
    object.__setattr__(value, "_RemoteObject__made", True)


def next_of(value: RemoteObject, sent: Any = None) -> tuple[bool, Any]:
    """Whether an iterator has another item, and the item; of a generator that has ended, what it returned."""
    step = remote_of(value).ask("following", value, sent)
    if type(step) is not tuple or len(step) != 2 or type(step[0]) is not bool:
        raise TypeError("not an iterator")
    return step


def _alike(value: RemoteObject, deep: bool) -> Any:
    made = remote_of(value).ask("copy", value, deep)
    if is_made(value) and isinstance(made, type(value)):
        mark_made(made)
    return made


def _said(value: RemoteObject, how: str) -> str:
    """What an object says of itself; where it can no longer be asked, what it is."""
    try:
        text = remote_of(value).ask("text", value, how)
    except CallFailed:
        text = None
    return text if type(text) is str else f"<{handle_of(value).label} object of the submission>"


_generators: WeakKeyDictionary[Generator[Any, Any, Any], RemoteObject] = WeakKeyDictionary()


def generated(source: RemoteObject) -> Generator[Any, Any, Any]:
    """A generator of Python's own that gives what one in the worker gives."""

    def items() -> Generator[Any, Any, Any]:
        more, value = next_of(source)
        while more:
            sent = yield value
            more, value = next_of(source, sent)
        return value

    made = items()
    _generators[made] = source
    return made


def behind(value: object) -> RemoteObject | None:
    """The stand-in behind a generator that `generated` made."""
    return _generators.get(value) if isinstance(value, Generator) else None


async def awaited(source: RemoteObject) -> Any:
    """A coroutine of Python's own: the worker runs the one there to its end."""
    return remote_of(source).ask("await", source)
