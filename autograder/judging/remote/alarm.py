"""The alarm that ends a test which runs too long, and the moments in which it has to wait."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_AGAIN = 0.005


class _Held(threading.local):
    depth = 0


_held = _Held()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back the alarm, so that it never rings between a command to the template and its answer.

    Else a submission that dies just then could leave the answer for the next one to read. Blocking the
    signal would not do: the kernel gives it to another thread (NumPy has some), and Python runs the handler here.
    """
    _held.depth += 1
    try:
        yield
    finally:
        _held.depth -= 1


@contextlib.contextmanager
def alarm(seconds: float, error: BaseException) -> Iterator[None]:
    """Raise `error` in the code inside after so many seconds, where this thread may (the main one)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        if _held.depth:
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        else:
            raise error

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
