"""Bounds of time and memory around whatever touches a value that a student returned.

    with within(2.0, 64 << 20):
        text = describe(result)      # TimeUp after two seconds, MemoryError beyond 64 MB

Alarms ring in the main thread only; elsewhere the bound of memory is left.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import signal
import threading
import time
from contextlib import ContextDecorator, suppress
from types import FrameType
from typing import ClassVar

with suppress(ImportError):  # Windows has none; nothing is judged there
    import resource

_AGAIN = 0.005
_EVERY = 1.0  # whoever catches the alarm hears it again
_PAGE = mmap.PAGESIZE
_MUCH = 32 << 20
_LIBRARY = ctypes.CDLL(None)


class TimeUp(BaseException):
    """What had to be done took too long. Not an `Exception`: nothing that expects one is content with it."""


class _Here(threading.local):
    held = 0
    listening = False


_here = _Here()
_errors: list[BaseException] = []


class undisturbed(ContextDecorator):
    """Hold back the alarm, so that it never rings between a command to the template and its answer.

    Else a submission that dies just then could leave the answer for the next one to read. Blocking the
    signal would not do: the kernel gives it to another thread (NumPy has some), and Python runs the handler here.
    """

    def __enter__(self) -> None:
        _here.held += 1

    def __exit__(self, *error: object) -> None:
        _here.held -= 1


def _ring(number: int, frame: FrameType | None) -> None:
    if _here.held or (frame is not None and frame.f_code.co_filename == __file__):
        signal.setitimer(signal.ITIMER_REAL, _AGAIN, _EVERY)
    elif _errors:
        raise _errors[-1]


class listening:
    """Let alarms ring in the code inside, where this thread may (the main one); once around many of them."""

    def __enter__(self) -> None:
        self._first = not _here.listening and threading.current_thread() is threading.main_thread()
        if self._first:
            self._before = signal.signal(signal.SIGALRM, _ring)
            _here.listening = True

    def __exit__(self, *error: object) -> None:
        if self._first:
            _here.listening = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            _errors.clear()
            signal.signal(signal.SIGALRM, self._before)


class alarm:
    """Raise `error` in the code inside after so many seconds, and each second from then on.

    An alarm around it keeps its own time. Nothing happens outside `listening`.
    """

    def __init__(self, seconds: float, error: BaseException) -> None:
        self._seconds, self._error = seconds, error

    def __enter__(self) -> None:
        self._set = _here.listening
        if self._set:
            self._began, self._depth = time.monotonic(), len(_errors)
            self._left = signal.getitimer(signal.ITIMER_REAL)[0]
            sooner = 0 < self._left < self._seconds
            _errors.append(_errors[-1] if sooner else self._error)
            signal.setitimer(signal.ITIMER_REAL, max(self._left if sooner else self._seconds, _AGAIN), _EVERY)

    def __exit__(self, *error: object) -> None:
        if self._set:
            left = max(_AGAIN, self._left - time.monotonic() + self._began) if self._left else 0.0
            signal.setitimer(signal.ITIMER_REAL, left, _EVERY if left else 0.0)
            del _errors[self._depth :]


class memory:
    """Let this process grow by at most `size` bytes: what is inside fails with MemoryError, the judge goes on.

    Much that is left over afterwards is given back, so that the next bound begins where this one did. The bound is the
    process's: the last of several threads to leave takes it away.
    """

    _lock = threading.Lock()
    _depth = 0
    _outside: ClassVar[tuple[int, int]]

    def __init__(self, size: int) -> None:
        self._size = size

    def __enter__(self) -> None:
        with memory._lock:
            self._before = resource.getrlimit(resource.RLIMIT_AS)
            if not memory._depth:
                memory._outside = self._before
            memory._depth += 1
        taken, self._resident = _taken()
        hard = self._before[1]
        most = [limit for limit in self._before if limit != resource.RLIM_INFINITY]
        in_hand = min(_free(), self._size // 4)  # it may lie in pieces that are too small for what comes
        resource.setrlimit(resource.RLIMIT_AS, (min([taken - in_hand + self._size, *most]), hard))

    def __exit__(self, *error: object) -> None:
        with memory._lock:
            memory._depth -= 1
            resource.setrlimit(resource.RLIMIT_AS, self._before if memory._depth else memory._outside)
        if _taken()[1] > self._resident + _MUCH:
            gc.collect()
            trim()


def _taken() -> tuple[int, int]:
    """Bytes of address space and of memory that this process has."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        size, resident, *_ = map(int, os.read(descriptor, 200).split())
    finally:
        os.close(descriptor)
    return size * _PAGE, resident * _PAGE


class _Allocator(ctypes.Structure):
    """What the C library says of its memory (`struct mallinfo2`)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in ("arena", *"abcdefg", "free", "top"))


def _free() -> int:
    """What the C library has in hand: freed before, and given out again before the process grows."""
    try:
        ask = _LIBRARY.mallinfo2
    except AttributeError:  # another C library
        return 0
    ask.restype = _Allocator
    return int(ask().free)


def trim() -> None:
    """Give memory that is free back to the system."""
    with suppress(AttributeError):
        _LIBRARY.malloc_trim(0)


def is_bounded() -> bool:
    """Whether a bound of memory is on: to ask is much cheaper than to set another."""
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def allow(size: int) -> None:
    """Let this process grow by so many bytes more, as long as the `memory` around this code lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        most = soft + size
        resource.setrlimit(
            resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )


class within:
    """`TimeUp` rings in the code inside after so many seconds, and memory beyond `size` bytes is refused.

    The one way to do anything with a value that a student returned, outside a test.
    """

    def __init__(self, seconds: float, size: int) -> None:
        late = TimeUp(f"it took longer than {seconds:g} s")
        self._parts = (listening(), memory(size), alarm(seconds, late))

    def __enter__(self) -> None:
        for part in self._parts:
            part.__enter__()

    def __exit__(self, *error: object) -> None:
        for part in reversed(self._parts):
            part.__exit__()
