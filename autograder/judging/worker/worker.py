"""The loop of a worker: confined, it runs the student's cells and answers calls by name.

The same process holds the student's code, so a reply proves nothing: to the judge it is a value that the
student returned, whatever way it came. No test, expected value or score is ever sent here.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging.wire.channel import Channel
from autograder.judging.wire.decoding import Decoder
from autograder.judging.wire.encoding import Encoder, Handle, WireError
from autograder.judging.worker.notebook import Notebook, failure, seed

_PUBLIC: dict[str, Any] = {"numpy": np, "math": math, "builtins": builtins}
_MAX_LENT = 5000
_LONGEST_REQUEST = 1 << 31


class Worker:
    """Answers the judge's requests, one at a time, over the socket `descriptor`."""

    def __init__(self, descriptor: int, text_limit: int, message_limit: int) -> None:
        self._channel, self._limit = Channel(descriptor, _LONGEST_REQUEST), message_limit
        self.notebook = Notebook(text_limit)
        self._lent: list[object] = []
        self._number = 0

    def serve(self) -> None:
        """Answer until the judge closes the socket."""
        self.notebook.start()
        answer: dict[str, Callable[..., None]] = {
            "run": self._run,
            "fetch": self._fetch,
            "attribute": self._attribute,
        }
        while True:
            kind, self._number, rest, table = self._next()
            if kind in ("call", "fresh"):
                self._call(table, kind == "fresh", *rest)
            else:
                answer[kind](*rest)

    def _next(self) -> tuple[str, int, Sequence[Any], list[object]]:
        """Wait for a request."""
        decoder = Decoder(self._channel.receive(), self._resolve, grow=True)
        kind, number, *rest = decoder.decode()
        return kind, number, rest, decoder.table

    def _reply(self, kind: str, *rest: object, table: list[object] | None = None) -> None:
        encoder = Encoder(self._lend, table or (), limit=self._limit)
        self._channel.send(encoder.encode((kind, self._number, *rest)))

    def _run(self, name: str, source: str) -> None:
        seed()
        failed = self.notebook.run(name, source)
        out, err, displays, _ = self.notebook.taken()
        self._reply("ran", failed, out, err, displays, *self.notebook.defined())

    def _call(
        self,
        table: list[object],
        fresh: bool,
        target: Any,
        args: Any,
        kwargs: Any = (),
        errors: Any = (),
    ) -> None:
        before = [_snapshot(item) for item in table]
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
        self._answer(table, before, failed, result)

    def _answer(self, table: list[object], before: list[object], failed: Any, result: object) -> None:
        out, err, _, raised = self.notebook.taken()
        try:
            changes = tuple((n, _content(item)) for n, item in enumerate(table) if _differs(item, before[n]))
            if failed or changes or raised or out or err:
                self._reply("result", failed, result, changes, raised, out, err, table=table)
            else:
                self._reply("result", result, table=table)
        except WireError as error:
            refusal = failure(TypeError(f"the returned value cannot be used: {error}"))
            self._reply("result", failed or refusal, None, (), raised, out, err)

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
        self._answer([], [], failed, result)

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
            kind, self._number, rest, table = self._next()
            if kind not in ("call", "fresh"):
                break
            self._call(table, kind == "fresh", *rest)  # the judge's function calls one of the student's
        self._number = number
        if kind == "returned":
            return rest[0]
        error: Any = getattr(builtins, rest[0], RuntimeError)(rest[1])
        error._judge_token = rest[2]
        raise error


class _Callback:
    """A function of the judge's that was passed as an argument."""

    def __init__(self, worker: Worker, key: str, name: str) -> None:
        self.key, self.__name__, self._worker = key, name, worker

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._worker.ask(self.key, args, kwargs)


def _snapshot(item: object) -> object:
    """Return what tells later whether a mutable argument was changed."""
    if isinstance(item, np.ndarray):
        return item.shape, item.dtype, item.tobytes() if item.dtype.kind != "U" else item.copy()
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    if isinstance(item, list):
        return list(item)
    if isinstance(item, set):
        return sorted(map(id, item))
    return _state(item)


def _state(item: object) -> object:
    bits = item.bit_generator if isinstance(item, np.random.Generator) else item._bit_generator  # type: ignore[attr-defined]
    return repr(bits.state)


def _differs(item: object, before: Any) -> bool:
    now: Any = _snapshot(item)
    if isinstance(item, np.ndarray) and item.dtype.kind == "U":
        return bool(now[:2] != before[:2] or (now[2] != before[2]).any())
    if isinstance(item, (list, dict)):
        return len(now) != len(before) or any(new is not old for new, old in zip(now, before, strict=True))
    return bool(now != before)


def _content(item: Any) -> Any:
    """Return a changed argument's new content as a message part that is not a reference to itself."""
    if isinstance(item, np.ndarray):
        return item.copy()
    if isinstance(item, dict):
        return ("dict", *item.items())
    if isinstance(item, (list, set)):
        return (type(item).__name__, *item)
    bits = item.bit_generator if isinstance(item, np.random.Generator) else item._bit_generator
    fresh = type(bits)(0)
    fresh.state = bits.state
    return type(item)(fresh)
