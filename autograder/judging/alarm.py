"""The alarm that ends a test which runs too long, and the moments in which it has to wait."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType

_AGAIN = 0.005


class _Here(threading.local):
    held = 0
    listening = False


_here = _Here()
_errors: list[BaseException] = []


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back the alarm, so that it never rings between a command to the template and its answer.

    Else a submission that dies just then could leave the answer for the next one to read. Blocking the
    signal would not do: the kernel gives it to another thread (NumPy has some), and Python runs the handler here.
    """
    _here.held += 1
    try:
        yield
    finally:
        _here.held -= 1


def _ring(number: int, frame: FrameType | None) -> None:
    if _here.held:
        signal.setitimer(signal.ITIMER_REAL, _AGAIN)
    elif _errors:
        raise _errors[-1]


@contextlib.contextmanager
def listening() -> Iterator[None]:
    """Let alarms ring in the code inside, where this thread may (the main one); once around many of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before, was_listening = signal.signal(signal.SIGALRM, _ring), _here.listening
    _here.listening = True
    try:
        yield
    finally:
        _here.listening = was_listening
        signal.signal(signal.SIGALRM, before)


class alarm:
    """Raise `error` in the code inside after so many seconds. Nothing happens outside `listening`."""

    def __init__(self, seconds: float, error: BaseException) -> None:
        self._seconds, self._error = seconds, error

    def __enter__(self) -> None:
        if _here.listening:
            _errors.append(self._error)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if _here.listening:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _errors.pop()
