"""The loop of a worker: confined, it runs the student's cells and answers calls by name.

The same process holds the student's code, so a reply proves nothing: to the judge it is a value that the
student returned, whatever way it came. No test, expected value or score is ever sent here.
"""

from __future__ import annotations

import builtins
import math
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging.channel import Channel
from autograder.judging.wire import CODE, Decoder, Encoder, Fresh, Handle, WireError
from autograder.judging.worker import forbidding
from autograder.judging.worker.notebook import Notebook, failure, seed

_PUBLIC: dict[str, Any] = {"numpy": np, "math": math, "builtins": builtins}
_MAX_LENT = 5000
_LONGEST_REQUEST = 1 << 31
_PIECE = 1 << 20


class Worker:
    """Answers the judge's requests, one at a time, over the socket `descriptor`."""

    def __init__(self, descriptor: int, kind: type[Notebook], text_limit: int, message_limit: int) -> None:
        self._channel, self._limit = Channel(descriptor, _LONGEST_REQUEST), message_limit
        self.notebook = kind(text_limit)
        self._lent: list[object] = []
        self._number = 0

    def serve(self) -> None:
        """Say that this process is confined and which code it runs; answer until the judge closes the socket."""
        self._channel.send(Encoder().encode(("confined", CODE)))
        self.notebook.start()
        answer: dict[str, Callable[..., None]] = {
            "run": self._run,
            "test": self._test,
            "fetch": self._fetch,
            "attribute": self._attribute,
            "files": _write,
            "guard": lambda *names: forbidding.guard(names),
            "forbid": lambda *names: forbidding.forbid(names),
        }
        while True:
            kind, self._number, rest, arguments = self._next()
            if kind in ("call", "fresh"):
                self._call(arguments, kind == "fresh", *rest)
            else:
                answer[kind](*rest)

    def _next(self) -> tuple[str, int, Sequence[Any], Arguments]:
        """Wait for a request."""
        body, apart = self._channel.receive()
        decoder = Decoder(body, self._resolve, grow=True, apart=apart)
        kind, number, *rest = decoder.decode()
        return kind, number, rest, Arguments(decoder)

    def _reply(self, kind: str, *rest: object, arguments: Arguments | None = None) -> None:
        table, spread = (arguments.table, arguments.spread) if arguments else ((), ())
        encoder = Encoder(self._lend, table, limit=self._limit, beside=True, spread=spread)
        message = encoder.encode((kind, self._number, *rest))
        self._channel.send(message, encoder.apart)

    def _run(self, name: str, source: str) -> None:
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
            if errors:
                with np.errstate(**dict(errors)):
                    result = function(*args, **dict(kwargs))
            else:
                result = function(*args, **dict(kwargs))
        except BaseException as error:
            failed = failure(error)
        self._answer(failed, result, arguments)

    def _answer(self, failed: Any, result: object, arguments: Arguments | None = None) -> None:
        out, err, _, raised = self.notebook.taken()
        try:
            changes = arguments.changes() if arguments else ()
            if failed or changes or raised or out or err:
                self._reply("outcome", failed, result, changes, raised, out, err, arguments=arguments)
            else:
                self._reply("result", result, arguments=arguments)
        except (WireError, MemoryError) as error:
            refusal = failure(TypeError(f"the returned value cannot be used: {error or 'it is too large'}"))
            self._reply("outcome", failed or refusal, None, (), raised, out, err)

    def _fetch(self, name: str) -> None:
        self._value(lambda: self.notebook.names[name])

    def _attribute(self, target: object, name: str) -> None:
        self._value(lambda: getattr(target, name))

    def _value(self, get: Callable[[], object]) -> None:
        failed, result = None, None
        try:
            result = get()
        except BaseException as error:
            failed = failure(error)
        self._answer(failed, result)

    def _target(self, target: Any) -> Any:
        if type(target) is not str:
            return target
        try:
            return self.notebook.names[target]
        except KeyError:
            raise NameError(f"name {target!r} is not defined") from None

    def _lend(self, value: object) -> Handle:
        """Return the handle under which the judge may come back to an object of the student's."""
        if isinstance(value, _Callback):
            return Handle("j", value.key)
        if len(self._lent) >= _MAX_LENT:
            raise WireError("too many objects")
        self._lent.append(value)
        return Handle("w", str(len(self._lent) - 1), type(value).__name__[:200], callable(value))

    def _resolve(self, handle: Handle) -> object:
        if handle.side == "w":
            return self._lent[int(handle.key)]
        if handle.side == "n":
            return self._target(handle.key)
        if handle.side == "j":
            return _Callback(self, handle.key, handle.label)
        module, _, name = handle.key.partition(":")
        return getattr(_PUBLIC[module], name)

    def ask(self, key: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the judge's and return its result; its exception arrives by type alone."""
        number = self._number
        self._reply("callback", key, args, tuple(kwargs.items()))
        while True:
            kind, self._number, rest, arguments = self._next()
            if kind not in ("call", "fresh"):
                break
            self._call(arguments, kind == "fresh", *rest)  # the judge's function calls one of the student's
        self._number = number
        if kind == "returned":
            return rest[0]
        error: Any = getattr(builtins, rest[0], RuntimeError)(rest[1])
        error._judge_token = rest[2]
        raise error


def _write(*files: tuple[str, bytes]) -> None:
    """Fill the working folder."""
    for path, content in files:
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)


class _Callback:
    """A function of the judge's that was passed as an argument."""

    def __init__(self, worker: Worker, key: str, name: str) -> None:
        self.key, self.__name__, self._worker = key, name, worker

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._worker.ask(self.key, args, kwargs)


class Arguments:
    """The mutable arguments of one call, and what tells later whether student code changed them."""

    def __init__(self, decoder: Decoder) -> None:
        self.table, self.spread, self._pristine = decoder.table, decoder.spread, decoder.pristine
        self._before = [self._snapshot(number) for number in range(len(self.table))]

    def changes(self) -> tuple[tuple[int, Any], ...]:
        """What is no longer as it was, each with its number."""
        return tuple((n, _content(item)) for n, item in enumerate(self.table) if self._differs(n))

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
        if isinstance(item, list):
            return list(item)
        return sorted(map(id, item)) if isinstance(item, set) else repr(_bits(item).state)

    def _differs(self, number: int) -> bool:
        item: Any = self.table[number]
        before = self._before[number]
        if number in self._pristine:
            return item.shape != before[0] or item.dtype != before[1] or _array_differs(item, before[2])
        now = self._snapshot(number)
        if isinstance(item, (list, dict)):
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


def _content(item: Any) -> Any:
    """Return a changed argument's new content as a message part that is not a reference to itself."""
    if isinstance(item, dict):
        return ("dict", *item.items())
    return (type(item).__name__, *item) if isinstance(item, (list, set)) else Fresh(item)
