"""One worker seen from the judge: requests, replies and what may go wrong in between."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from autograder.judging.bounds import undisturbed
from autograder.judging.errors import CallFailed, category, rebuild
from autograder.judging.forkserver import Warm
from autograder.judging.objects import Lender, RemoteObject, apply_change
from autograder.judging.outcome import CannotConfine, Limits
from autograder.judging.replies import (
    Failure,
    Ran,
    as_ran,
    cut,
    how,
    is_headed,
    is_pairs,
    is_ran,
    is_result,
)
from autograder.judging.wire import channel
from autograder.judging.wire.decoding import Decoder
from autograder.judging.wire.encoding import MAX_ITEMS, Encoder, WireError

_START_WITHIN = 30.0
_FEW_ITEMS = 20_000
_USUAL_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


class Connection:
    """A worker and the socket to it. After a `CallFailed` it is of no more use."""

    def __init__(self, warm: Warm, limits: Limits) -> None:
        self._warm, self._limits = warm, limits
        self._worker, self._socket = warm.fork(limits)
        self._channel = channel.Channel(self._socket.fileno(), limits.message)
        self._number = 0
        self._lender = Lender(self)
        self._raised: list[BaseException] = []
        self.alive = True
        self.fresh = True
        """Whether the next call is the first of its test cell: the random generators then start anew."""
        self.out: list[str] = []
        self.err: list[str] = []
        self._greet()

    @undisturbed()
    def close(self) -> None:
        """End the worker."""
        if self.alive:
            self.alive = False
            self._socket.close()
            self._warm.drop(self._worker)

    def spoke_unasked(self) -> bool:
        """Say whether the worker wrote something that it was not asked for, or is gone."""
        return self._channel.has_unread()

    def run(self, name: str, source: str, seconds: float) -> Ran:
        """Run a cell; return (failure, stdout, stderr, displays, names). CallFailed when the worker is
        lost.
        """
        number, until = self._next(), time.monotonic() + seconds
        self._send(Encoder(limit=1 << 30), ("run", number, name, source), until)
        reply = self._receive((), until, seconds, _FEW_ITEMS)
        return as_ran(self._checked(reply, number, "ran", is_ran), self._limits.text + 100)

    def call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float) -> Any:
        """Call a student's function by name or handle; what a local call would do to its arguments happens
        here.
        """
        errors = np.geterr()
        unusual = () if errors == _USUAL_ERRORS else tuple(errors.items())
        fresh, self.fresh = self.fresh, False
        kind = "fresh" if fresh else "call"
        if kwargs or unusual:
            return self._request((kind, target, args, tuple(kwargs.items()), unusual), seconds)
        return self._request((kind, target, args), seconds)

    def ask(self, kind: str, *rest: Any) -> Any:
        """Return a value by name ("fetch") or an attribute of an object ("attribute")."""
        return self._request((kind, *rest), self._limits.call)

    def call_object(self, target: RemoteObject, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call an object that stays in the worker."""
        return self.call(target, args, kwargs, self._limits.call)

    def _greet(self) -> None:
        """Wait until the worker is confined; no student code has run by then."""
        try:
            self._channel.receive(time.monotonic() + _START_WITHIN)
        except (channel.Closed, channel.Late, WireError) as error:
            self.close()
            raise CannotConfine(f"a worker could not be confined: {error}") from None

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _check_alive(self) -> None:
        if not self.alive:
            raise CallFailed("ProcessEnded", "the submission's process has ended")

    def _request(self, request: tuple[Any, ...], seconds: float) -> Any:
        self._check_alive()
        number, until = self._next(), time.monotonic() + seconds
        encoder = Encoder(self._lender.lend, grow=True)
        self._send(encoder, (request[0], number, *request[1:]), until)
        return self._result(number, encoder.table, until, seconds)

    def _result(self, number: int, table: list[Any], until: float, seconds: float) -> Any:
        while True:
            reply = self._receive(table, until, seconds)
            if is_headed(reply, "callback", number) and len(reply) == 5:
                self._call_back(number, reply[2:], until)
            else:
                return self._finish(self._checked(reply, number, "result", is_result), table)

    def _finish(self, reply: tuple[Any, ...], table: list[Any]) -> Any:
        if len(reply) == 1:
            return reply[0]
        failure, result, changes, raised, out, err = reply
        self.out.append(out[: self._limits.text + 100])
        self.err.append(err[: self._limits.text + 100])
        for number, content in changes:
            if 0 <= number < len(table):
                apply_change(table[number], content)
        for names, text in raised:
            warnings.warn(text, category(names), stacklevel=4)
        if failure is not None:
            raise self._error(failure)
        return result

    def _error(self, failure: Failure) -> BaseException:
        names, message, args, trace, token = cut(failure)
        if 0 < token <= len(self._raised):
            return self._raised[token - 1]  # it began in a function of the judge's that student code called
        return rebuild(names, message, args, trace)

    def _call_back(self, number: int, reply: tuple[Any, ...], until: float) -> None:
        """Call a function of the judge's for the student's code and send back what comes of it."""
        key, args, kwargs = reply
        if type(key) is not str or type(args) is not tuple or not is_pairs(kwargs):
            self._lost("BadReply", "the submission's process sent something that is no reply")
        try:
            result = self._lender.function(key)(*args, **dict(kwargs))
            message = Encoder(self._lender.lend).encode(("returned", number, result))
        except Exception as error:
            self._raised.append(error)
            # The text may speak of the test; what Python says about wrong arguments may not.
            text = str(error) if type(error) is TypeError else ""
            name, token = type(error).__name__, len(self._raised)
            message = Encoder().encode(("raised", number, name, text, token))
        except BaseException:
            self.close()
            raise
        self._write(message, until)

    def _send(self, encoder: Encoder, request: tuple[Any, ...], until: float) -> None:
        try:
            message = encoder.encode(request)
        except WireError as error:
            raise TypeError(f"this argument cannot be passed to the submission: {error}") from None
        self._write(message, until)

    def _write(self, message: bytes, until: float) -> None:
        try:
            self._channel.send(message, until)
        except channel.Late:
            self._lost("TimeLimit", "the submission's process takes no more input")
        except channel.Closed:
            self._lost_process()
        except BaseException:
            self.close()
            raise

    def _receive(self, table: Sequence[object], until: float, seconds: float, items: int = MAX_ITEMS) -> Any:
        try:
            data = self._channel.receive(until)
            if self._channel.has_more:
                raise WireError("something follows the end of the message")
            return Decoder(data, self._lender.resolve, table, items=items).decode()
        except channel.Late:
            self._lost("TimeLimit", f"it ran longer than {seconds:g} s")
        except channel.Closed:
            self._lost_process()
        except WireError as error:
            self._lost("BadReply", f"the submission's process sent something that cannot be read: {error}")
        except BaseException:
            self.close()
            raise

    def _checked(self, reply: Any, number: int, kind: str, fits: Callable[..., bool]) -> tuple[Any, ...]:
        """Return the content of a reply; anything but the reply to this very request ends the worker."""
        if not (is_headed(reply, kind, number) and fits(*reply[2:])):
            self._lost("BadReply", "the submission's process sent something that is no reply")
        content: tuple[Any, ...] = reply[2:]
        return content

    def _lost(self, name: str, message: str) -> NoReturn:
        self.close()
        raise CallFailed(name, message)

    @undisturbed()
    def _lost_process(self) -> NoReturn:
        code = 0
        if self.alive:
            self.alive = False
            self._socket.close()
            code = self._warm.end(self._worker)
        raise CallFailed("ProcessEnded", f"the code ended its own process ({how(code)})")
