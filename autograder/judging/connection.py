"""One worker seen from the judge: requests, replies and what may go wrong in between."""

from __future__ import annotations

import secrets
import signal
import time
import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn, Protocol

import numpy as np

from autograder.judging import channel
from autograder.judging.bounds import undisturbed
from autograder.judging.classes import ClassDescription, Classes
from autograder.judging.forkserver import ForkServer
from autograder.judging.lending import Lender, apply_change
from autograder.judging.limits import MAX_DISPLAYS, MAX_ITEMS, MAX_NAMES, MAX_TEXT, Limits
from autograder.judging.model import Model
from autograder.judging.outcome import CallFailed, Failure, category, rebuild
from autograder.judging.sandbox import CannotConfine
from autograder.judging.wire import CODE, Decoder, Encoder, WireError

_START_WITHIN = 30.0
_FEW_ITEMS = 20_000
_USUAL_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
_OTHER_CODE = "the confined process runs other code than the grader: its files changed meanwhile; start again"

# What a reply has to look like: a type is that very type, a tuple its parts, a list a tuple of such parts.
_TEXTS = [str]
_FAILURE = (_TEXTS, str, tuple, str, int, [(str, object)])
_CLASS = (str, _TEXTS, _TEXTS, _TEXTS, tuple, str)
_RAN = (str, str, _TEXTS, str, [_CLASS])
_OUTCOME = ([(int, object)], [(_TEXTS, str)], str, str)

_MOST_CLASSES = 200

CallArguments = tuple[tuple[Any, ...], dict[str, Any]]
"""What a function is called with, by place and by name."""


class Ran(NamedTuple):
    """What became of a cell; made here from a worker's reply, read by the session.

    `names` are the names that are defined since, each with its kind: "function" (and all else that can be called),
    "class", "module" or "value"; `classes` are the student's own.
    """

    failure: Failure | None
    stdout: str
    stderr: str
    displays: tuple[str, ...]
    names: dict[str, str]
    classes: dict[str, ClassDescription]


class Equipment(NamedTuple):
    """What a worker gets before its first cell; made by the session.

    `guarded` are the functions that tests may forbid, `files` the instructor's and the student's, by their paths in
    the working folder.
    """

    guarded: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


class Meeting(Protocol):
    """What student code meets of a test, and a test of student code, around a call; `namespace` implements it."""

    classes: Classes

    def before_call(self) -> tuple[tuple[Any, ...], ...]:
        """Orders to the worker."""

    def after_call(self) -> None:
        """Look at what a call changed."""

    def printed(self, out: str, err: str) -> None:
        """Pass on what student code printed."""


class Connection:
    """A worker and the socket to it. After a `CallFailed` it is of no more use."""

    def __init__(
        self,
        server: ForkServer,
        limits: Limits,
        given: Equipment = Equipment(),  # noqa: B008 - it cannot change
        meeting: Meeting | None = None,
    ) -> None:
        self._server, self._limits = server, limits
        self._worker, self._socket = server.fork(limits)
        self._channel = channel.Channel(self._socket.fileno(), limits.message)
        self._number = 0
        self._meeting = meeting
        self._classes = meeting.classes if meeting else Classes(Model(), None)
        self._lender = Lender(self, self._classes)
        self._raised: list[BaseException] = []
        self._forbidden: tuple[str, ...] = ()
        self.alive = True
        self.fresh = True
        """Whether the next call is the first of its test cell: the random generators then start anew."""
        self.out: list[str] = []
        self.err: list[str] = []
        self._greet()
        if given.guarded:
            self._order("guard", *given.guarded)
        if given.files:
            self._order("files", *given.files)

    @undisturbed()
    def close(self) -> None:
        """End the worker."""
        if self.alive:
            self.alive = False
            self._socket.close()
            self._server.drop(self._worker)

    def spoke_unasked(self) -> bool:
        """Say whether the worker wrote something that it was not asked for, or is gone."""
        return self._channel.has_unread()

    def run(self, cells: Sequence[tuple[str, str]], seconds: float) -> Ran:
        """Run cells, given by name and source, in that time together; return what became of the last, and what all of
        them showed. CallFailed when the worker is lost.
        """
        number, until = self._next(), time.monotonic() + seconds
        self._send(Encoder(), ("run", number, *cells), until)
        reply = self._receive((), until, seconds, _FEW_ITEMS)
        failure, *rest = self._content(reply, "ran", number, (object, *_RAN))
        out, err, displays, names, classes = rest
        most = self._limits.text + 100
        shown = tuple(text[:most] for text in displays[:MAX_DISPLAYS])
        told = {name: ClassDescription(*what) for name, *what in classes[:_MOST_CLASSES]}
        return Ran(self._failure(failure), out[:most], err[:most], shown, _names(names), told)

    def test(self, name: str, source: str, seconds: float) -> tuple[Failure | None, str]:
        """Run a test together with the student's code; return how it failed and the text of its last value."""
        number, until = self._next(), time.monotonic() + seconds
        self._send(Encoder(), ("test", number, name, source), until)
        reply = self._receive((), until, seconds, _FEW_ITEMS)
        failure, value = self._content(reply, "tested", number, (object, str))
        return self._failure(failure), value[: self._limits.text]

    def forbid(self, names: tuple[str, ...]) -> None:
        """Let these functions, and no others, raise when student code calls them."""
        if names != self._forbidden:
            self._forbidden = names
            self._order("forbid", *names)

    def call(
        self,
        target: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        seconds: float,
    ) -> Any:
        """Call a student's function by name or handle; what a local call would do to its arguments happens
        here.
        """
        self._check_alive()
        kind = "fresh" if self.fresh else "call"
        self.fresh = False
        if self._meeting is None:
            return self._request(_call(kind, target, args, kwargs), seconds)
        for order in self._meeting.before_call():
            self._order(*order)
            kind = "call" if order[0] == "states" else kind
        try:
            return self._request(_call(kind, target, args, kwargs), seconds)
        finally:
            if self.alive:
                self._meeting.after_call()

    def call_all(
        self, name: str, given: Sequence[CallArguments], seconds: float
    ) -> list[tuple[Failure | None, Any]]:
        """Make public calls, each as the first of its test; return how each failed and its result. TypeError when they
        cannot be made together: of what they pass, or was lent before, the student's code could call nothing back.
        """
        self._check_alive()
        if self._lender.has_lent:
            raise TypeError("the submission may call functions of the test")
        encoder = Encoder(grow=True, limit=self._limits.message, beside=True)
        calls = tuple((args, tuple(kwargs.items())) for args, kwargs in given)
        found = self._answer(*self._ask(encoder, ("calls", name, *calls), seconds), seconds)
        if not _fits(found, [(object, object)]) or len(found) != len(given):
            self._lost("BadReply", "the submission's process sent something that is no reply")
        return [(self._failure(failed), result) for failed, result in found]

    def ask(self, kind: str, *rest: Any) -> Any:
        """Return the values of names ("fetch"), or what is asked of an object (see `objects`)."""
        return self._request((kind, *rest), self._limits.call)

    def call_object(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call an object that stays in the worker, or a method: the object and its name."""
        return self.call(target, args, kwargs, self._limits.call)

    def _greet(self) -> None:
        """Wait until the worker is confined; no student code has run by then."""
        try:
            body, _ = self._channel.receive(time.monotonic() + _START_WITHIN)
            problem = "" if Decoder(body).decode() == ("confined", CODE) else _OTHER_CODE
        except (channel.Closed, channel.Late, WireError) as error:
            problem = f"a worker could not be confined: {error}"
        if problem:
            self.close()
            raise CannotConfine(problem)

    def _next(self) -> int:
        """A number that a request is answered by, which nobody can know before it is made."""
        self._number = secrets.randbits(48)
        return self._number

    def _order(self, kind: str, *rest: object) -> None:
        """Say something that needs no answer."""
        encoder = Encoder(self._lender.lend, limit=self._limits.message, beside=True)
        self._send(encoder, (kind, self._next(), *rest), time.monotonic() + self._limits.call)

    def _check_alive(self) -> None:
        if not self.alive:
            raise CallFailed("ProcessEnded", "the submission's process has ended")

    def _request(self, request: tuple[Any, ...], seconds: float) -> Any:
        self._check_alive()
        encoder = Encoder(self._lender.lend, grow=True, limit=self._limits.message, beside=True)
        return self._answer(*self._ask(encoder, request, seconds), seconds, request[0] == "fetch")

    def _ask(
        self, encoder: Encoder, request: tuple[Any, ...], seconds: float
    ) -> tuple[int, list[Any], float]:
        """Send a request; return its number, the objects in it that its answer may refer to, and when that is due."""
        number, until = self._next(), time.monotonic() + seconds
        self._send(encoder, (request[0], number, *request[1:]), until)
        return number, encoder.table, until

    def _answer(self, number: int, table: list[Any], until: float, seconds: float, grow: bool = False) -> Any:
        """Wait for the answer. With `grow`, one object under two names is one object here."""
        while True:
            reply = self._receive(() if grow else table, until, seconds, grow=grow)
            if not _is_callback(reply, number):
                break
            self._call_back(number, until, *reply[2:])
        if _is_reply(reply, "result", number, 3):
            return reply[2]
        return self._finish(self._content(reply, "outcome", number, (object, object, *_OUTCOME)), table)

    def _finish(self, reply: tuple[Any, ...], table: list[Any]) -> Any:
        failed, result, changes, raised, out, err = reply
        failure = self._failure(failed)
        self.out.append(out[: self._limits.text + 100])
        self.err.append(err[: self._limits.text + 100])
        if self._meeting is not None and (out or err):
            self._meeting.printed(self.out[-1], self.err[-1])
        for number, content in changes:
            if 0 <= number < len(table):
                apply_change(table[number], content)
        for kinds, text in raised:
            warnings.warn(text, category(kinds), stacklevel=4)
        if failure is None:
            return result
        if 0 < failure.token <= len(self._raised):
            raise self._raised[
                failure.token - 1
            ]  # it began in a function of the judge's that student code called
        raise rebuild(failure, self._classes.known)

    def _failure(self, value: Any) -> Failure | None:
        """An exception from a reply, with texts no longer than a person would read."""
        if value is None:
            return None
        if not _fits(value, _FAILURE) or not value[0]:
            self._lost("BadReply", "the submission's process sent something that is no reply")
        names, message, args, trace, token, attributes = value
        shown = tuple(name[:200] for name in names[:20])
        return Failure(shown, message[:MAX_TEXT], args, trace[:MAX_TEXT], token, attributes)

    def _call_back(self, number: int, until: float, key: str, args: Any, kwargs: Any) -> None:
        """Call a function of the judge's for the student's code and send back what comes of it."""
        encoder = Encoder(self._lender.lend, limit=self._limits.message, beside=True)
        try:
            answer = ("returned", number, self._lender.called(key, args, kwargs))
            message = encoder.encode(answer)
        except Exception as error:
            self._raised.append(error)
            # The text may speak of the test; what Python says about wrong arguments may not.
            text = str(error) if type(error) is TypeError else ""
            name, token = type(error).__name__, len(self._raised)
            encoder = Encoder()
            message = encoder.encode(("raised", number, name, text, token))
        except BaseException:
            self.close()
            raise
        self._write(message, encoder.apart, until)

    def _send(self, encoder: Encoder, request: tuple[Any, ...], until: float) -> None:
        try:
            message = encoder.encode(request)
        except WireError as error:
            raise TypeError(f"this argument cannot be passed to the submission: {error}") from None
        self._write(message, encoder.apart, until)

    def _write(self, message: bytes, apart: Sequence[memoryview], until: float) -> None:
        try:
            self._channel.send(message, apart, until)
        except channel.Late:
            self._lost("TimeLimit", "the submission's process takes no more input")
        except channel.Closed:
            self._lost_process()
        except BaseException:
            self.close()
            raise

    def _receive(
        self,
        table: Sequence[object],
        until: float,
        seconds: float,
        items: int = MAX_ITEMS,
        grow: bool = False,
    ) -> Any:
        try:
            body, apart = self._channel.receive(until)
            if self._channel.has_more:
                raise WireError("something follows the end of the message")
            decoder = Decoder(body, self._lender.resolve, table, grow=grow, items=items, apart=apart)
            decoder.record_of = self._classes.record_of
            return decoder.decode()
        except channel.Late:
            self._lost("TimeLimit", f"it ran longer than {seconds:g} s")
        except channel.Closed:
            self._lost_process()
        except MemoryError:
            self._lost("BadReply", "the submission's process sent more than fits into memory")
        except WireError as error:
            self._lost("BadReply", f"the submission's process sent something that cannot be read: {error}")
        except BaseException:
            self.close()
            raise

    def _content(self, reply: Any, kind: str, number: int, shape: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the content of a reply; anything but the reply to this very request ends the worker."""
        if not (_is_reply(reply, kind, number, 2 + len(shape)) and _fits(reply[2:], shape)):
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
            code = self._server.end(self._worker)
        raise CallFailed("ProcessEnded", f"the code ended its own process ({_how(code)})")


def _call(kind: str, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The request for a call; with how NumPy is to treat errors, where a test has changed that."""
    errors = np.geterr()
    unusual = () if errors == _USUAL_ERRORS else tuple(errors.items())
    rest = (tuple(kwargs.items()), unusual) if kwargs or unusual else ()
    return (kind, target, args, *rest)


def _is_reply(reply: Any, kind: str, number: int, parts: int) -> bool:
    """Check the types before the values: an array compared with a text is neither true nor false."""
    if type(reply) is not tuple or len(reply) != parts:
        return False
    return type(reply[0]) is str and reply[0] == kind and type(reply[1]) is int and reply[1] == number


def _is_callback(reply: Any, number: int) -> bool:
    return _is_reply(reply, "callback", number, 5) and _fits(reply[2:], (str, tuple, [(str, object)]))


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, type):
        return shape is object or type(value) is shape
    if type(value) is not tuple:
        return False
    if isinstance(shape, list):
        return all(_fits(item, shape[0]) for item in value)
    return len(value) == len(shape) and all(map(_fits, value, shape))


def _names(text: str) -> dict[str, str]:
    """Names and their kinds, as the worker lists them: "value x", a line each."""
    lines = (line.partition(" ") for line in text.split("\n", MAX_NAMES)[:MAX_NAMES])
    return {name: kind for kind, _, name in lines if name}


def _how(code: int) -> str:
    """How a process ended, from its exit code or the negative number of a signal."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
