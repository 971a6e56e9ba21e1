"""The loop of a worker: confined, it runs the student's cells and answers calls by name.

The same process holds the student's code, so a reply proves nothing: to the judge it is a value that the
student returned, whatever way it came. No test, expected value or score is ever sent here.
"""

from __future__ import annotations

import builtins
import copy
import functools
import importlib
import os
import random
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from autograder.judging.channel import Channel
from autograder.judging.wire import CODE, Decoder, Encoder, Fresh, WireError
from autograder.judging.worker import forbidding
from autograder.judging.worker.lent import Lent, Stay, stays
from autograder.judging.worker.notebook import Notebook, failure, seed

_LONGEST_REQUEST = 1 << 31
_PIECE = 1 << 20


class Worker:
    """Answers the judge's requests, one at a time, over the socket `descriptor`."""

    def __init__(self, descriptor: int, kind: type[Notebook], text_limit: int, message_limit: int) -> None:
        self._channel, self._limit = Channel(descriptor, _LONGEST_REQUEST), message_limit
        self.notebook = kind(text_limit)
        self._lent = Lent(self.notebook.names, self.ask)
        self._number = 0
        self._answers: dict[str, Callable[..., None]] = {
            "run": self._run,
            "test": self._test,
            "fetch": self._fetch,
            "files": _write,
            "guard": lambda *names: forbidding.guard(names),
            "forbid": lambda *names: forbidding.forbid(names),
            "assign": self._assign,
            "states": _set_states,
            "patch": _patch,
            **{kind: functools.partial(self._value, do) for kind, do in _ASKED.items()},
            "derive": functools.partial(self._value, self._lent.derive),
        }

    def serve(self) -> None:
        """Say that this process is confined and which code it runs; answer until the judge closes the socket."""
        self._channel.send(Encoder().encode(("confined", CODE)))
        self.notebook.start()
        while True:
            self._do(*self._next())

    def _do(self, kind: str, number: int, rest: Sequence[Any], arguments: Arguments) -> None:
        """Do what is asked."""
        self._number = number
        if kind in ("call", "fresh"):
            self._call(arguments, kind == "fresh", *rest)
        elif kind == "calls":
            self._answer(None, self._called(*rest), arguments)
        else:
            self._answers[kind](*rest)

    def _next(self) -> tuple[str, int, Sequence[Any], Arguments]:
        """Wait for a request."""
        body, apart = self._channel.receive()
        decoder = Decoder(body, self._lent.resolve, grow=True, apart=apart)
        decoder.record_of = self._lent.record_of
        kind, number, *rest = decoder.decode()
        return kind, number, rest, Arguments(decoder)

    def _reply(
        self, kind: str, *rest: object, arguments: Arguments | None = None, grow: bool = False
    ) -> None:
        table, spread = (arguments.table, arguments.spread) if arguments else ((), ())
        encoder = Encoder(self._lent.lend, table, grow, self._limit, beside=True, spread=spread)
        message = encoder.encode((kind, self._number, *rest))
        self._channel.send(message, encoder.apart)

    def _run(self, *cells: tuple[str, str]) -> None:
        failed = None
        for name, source in cells:
            seed()
            failed = self.notebook.run(name, source)
        out, err, displays, _ = self.notebook.taken()
        self._reply("ran", failed, out, err, displays, *self.notebook.defined())

    def _test(self, name: str, source: str) -> None:
        """Run a test that is shared with the student's code: what it says cannot be relied on."""
        seed()
        failed = self.notebook.run(name, source)
        self.notebook.taken()
        self._reply("tested", failed, self.notebook.value)

    def _call(
        self, arguments: Arguments, fresh: bool, target: Any, args: Any, kwargs: Any = (), errors: Any = ()
    ) -> None:
        failed, result = None, None
        try:
            if fresh:
                seed()
            function = self._target(target)
            with np.errstate(**dict(errors)) if errors else nullcontext():
                result = _made(function, args, kwargs)
        except BaseException as error:
            failed = failure(error)
        self._answer(failed, result, arguments)

    def _called(self, name: str, *given: tuple[Any, Any]) -> tuple[tuple[Any, Any], ...]:
        """How each of several public calls fails, and what it returns."""
        found: list[tuple[Any, Any]] = []
        for args, kwargs in given:
            seed()
            try:
                found.append((None, _made(self._lent.named(name), args, kwargs)))
            except BaseException as error:
                found.append((failure(error), None))
        return tuple(found)

    def _answer(
        self, failed: Any, result: object, arguments: Arguments | None = None, grow: bool = False
    ) -> None:
        out, err, _, raised = self.notebook.taken()
        try:
            changes = arguments.changes() if arguments else ()
            if failed or changes or raised or out or err:
                self._reply(
                    "outcome", failed, result, changes, raised, out, err, arguments=arguments, grow=grow
                )
            else:
                self._reply("result", result, arguments=arguments, grow=grow)
        except (WireError, MemoryError) as error:
            refusal = failure(TypeError(f"the returned value cannot be used: {error or 'it is too large'}"))
            self._reply("outcome", failed or refusal, None, (), raised, out, err)

    def _fetch(self, *names: str) -> None:
        self._value(lambda: tuple(self._lent.named(name) for name in names), grow=True)

    def _value(self, get: Callable[..., object], *rest: Any, grow: bool = False) -> None:
        failed, result = None, None
        try:
            result = get(*rest)
        except BaseException as error:
            failed = failure(error)
        self._answer(failed, result, grow=grow)

    def _assign(self, name: str, value: object) -> None:
        self.notebook.names[name] = value

    def _target(self, target: Any) -> Any:
        """What is called: an object, a name, or a method of an object."""
        if type(target) is str:
            return self._lent.named(target)
        if type(target) is tuple:
            return _method(*target)
        return target

    def ask(self, key: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the judge's and return its result; its exception arrives by type alone."""
        number = self._number
        self._reply("callback", key, args, tuple(kwargs.items()))
        while True:
            kind, answered, rest, arguments = self._next()
            if kind in ("returned", "raised"):
                break
            self._do(
                kind, answered, rest, arguments
            )  # the judge's function asks for something of the student's
        self._number = number
        if kind == "returned":
            return rest[0]
        error: Any = getattr(builtins, rest[0], RuntimeError)(rest[1])
        error._judge_token = rest[2]
        raise error


def _made(function: Any, args: Any, kwargs: Any) -> Any:
    """What a call returns; an instance that the student's own class makes stays here."""
    result = function(*args, **dict(kwargs))
    return Stay(result) if isinstance(function, type) and stays(result) else result


def _attribute(target: object, name: str) -> object:
    value = getattr(target, name)
    if name in ("__dict__", "__members__"):
        value = {key: Stay(item) if stays(item) else item for key, item in value.items()}
    return Stay(value) if isinstance(target, type) and stays(value) else value


def _following(target: Any, sent: object) -> tuple[bool, object]:
    try:
        return True, next(target) if sent is None else target.send(sent)
    except StopIteration as end:
        return False, end.value


_ASKED: dict[str, Callable[..., object]] = {
    "attribute": _attribute,
    "set": setattr,
    "delete": delattr,
    "text": lambda target, how: str(target) if how == "str" else repr(target),
    "truth": bool,
    "following": _following,
    "await": lambda coroutine: importlib.import_module("asyncio").run(coroutine),
    "copy": lambda target, deep: Stay(copy.deepcopy(target) if deep else copy.copy(target)),
}
"""What may be asked of an object (see `objects.Remote`)."""


def _write(*files: tuple[str, bytes]) -> None:
    """Fill the working folder."""
    for path, content in files:
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)


def _set_states(own: Any, legacy: Any) -> None:
    """Let the random generators go on from where a test set them."""
    random.setstate(own)
    np.random.set_state(legacy.get_state())  # noqa: NPY002 - the generator that students' code uses


_originals: dict[tuple[str, str], Any] = {}


def _patch(module: str, name: str, function: Any) -> None:
    """Put a function of a test's in the place of one of Python's; None takes it away again."""
    holder = sys.modules[module]
    original = _originals.setdefault((module, name), getattr(holder, name))
    setattr(holder, name, original if function is None else function)


def _method(target: Any, name: str) -> Any:
    """A method of an object; a special one as Python finds it, in its class."""
    special = name.startswith("__") and name.endswith("__")
    if not special or isinstance(target, type):
        return getattr(target, name)
    found = getattr(type(target), name)
    return functools.partial(_left, found, target) if name == "__exit__" else functools.partial(found, target)


def _left(leave: Callable[..., Any], target: Any, name: Any, text: str, trace: None) -> Any:
    """Leave a `with` block, by an error of that name if there is one."""
    if name is None:
        return leave(target, None, None, None)
    error = getattr(builtins, name)(text)
    return leave(target, type(error), error, None)


class Arguments:
    """The mutable arguments of one call, and what tells later whether student code changed them."""

    def __init__(self, decoder: Decoder) -> None:
        self.table, self.spread, self._pristine = decoder.table, decoder.spread, decoder.pristine
        self._before = [self._snapshot(number) for number in range(len(self.table))]

    def changes(self) -> tuple[tuple[int, Any], ...]:
        """What is no longer as it was, each with its number."""
        return tuple((n, Fresh(item)) for n, item in enumerate(self.table) if self._differs(n))

    def _snapshot(self, number: int) -> Any:
        item: Any = self.table[number]
        if isinstance(item, np.ndarray):
            return (
                item.shape,
                item.dtype,
                self._pristine[number] if number in self._pristine else _bytes(item),
            )
        if isinstance(item, dict):
            return [*item.keys(), *item.values()]
        if isinstance(item, (list, deque)):
            return list(item)
        return sorted(map(id, item)) if isinstance(item, set) else repr(_bits(item).state)

    def _differs(self, number: int) -> bool:
        item: Any = self.table[number]
        before = self._before[number]
        if number in self._pristine:
            return item.shape != before[0] or item.dtype != before[1] or _array_differs(item, before[2])
        now = self._snapshot(number)
        if isinstance(item, (list, dict, deque)):
            return len(now) != len(before) or any(
                new is not old for new, old in zip(now, before, strict=True)
            )
        return bool(now != before)


def _bytes(array: Any) -> bytes:
    raw: bytes = array.tobytes("A")
    return raw


def _array_differs(array: Any, before: Any) -> bool:
    """Compare a large array with its bytes piece by piece: there is no room for another copy."""
    flat = (array if array.flags.c_contiguous else array.T).reshape(-1).view(np.uint8)
    pieces = range(0, before.size, _PIECE)
    return any(not np.array_equal(flat[at : at + _PIECE], before[at : at + _PIECE]) for at in pieces)


def _bits(generator: Any) -> Any:
    own = isinstance(generator, np.random.Generator)
    return generator.bit_generator if own else generator._bit_generator
