"""Messages over a socket between judge and worker: a body, and beside it the bytes of large arrays.

A message begins with two numbers of four bytes: the length of its body, and how many arrays come after it; then
their lengths, of eight bytes each. Large arrays are written from where they are and read to where they stay.
"""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.judging.wire import APART, WireError

_HEAD, _SIZE = struct.Struct("<II"), struct.Struct("<Q")
_USUAL = 1 << 16
_PIECE = 1 << 20
_TOGETHER = 64


class Closed(EOFError):
    """The other end is gone."""


class Late(TimeoutError):
    """The other end did not answer in time."""


class Channel:
    """One end of a socket. Messages of up to `limit` bytes are read; deadlines are of the monotonic clock.

    `Closed` and `Late` when the other end does not play its part.
    """

    def __init__(self, descriptor: int, limit: int) -> None:
        self._descriptor, self._limit = descriptor, limit
        self._unread = b""
        self._readable = select.poll()
        self._readable.register(descriptor, select.POLLIN)

    def send(self, body: bytes, apart: Sequence[memoryview] = (), deadline: float | None = None) -> None:
        """Write one message."""
        sizes = b"".join(_SIZE.pack(part.nbytes) for part in apart)
        waiting = [memoryview(_HEAD.pack(len(body), len(apart)) + sizes + body), *apart]
        while waiting:
            try:
                written = os.writev(self._descriptor, waiting[:_TOGETHER])
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            while waiting and written >= waiting[0].nbytes:
                written -= waiting.pop(0).nbytes
            if written:
                waiting[0] = waiting[0][written:]

    def receive(self, deadline: float | None = None) -> tuple[bytes, list[Any]]:
        """Read one message; WireError when it says that it is longer than the limit."""
        length, count = _HEAD.unpack(self._exactly(_HEAD.size, deadline))
        if length + count * APART > self._limit:
            raise WireError(f"a message is longer than {self._limit} bytes")
        sizes = [int(_SIZE.unpack(self._exactly(_SIZE.size, deadline))[0]) for _ in range(count)]
        if length + sum(sizes) > self._limit:
            raise WireError(f"a message is longer than {self._limit} bytes")
        body = self._exactly(length, deadline)
        return body, [self._array(size, deadline) for size in sizes]

    def _exactly(self, size: int, deadline: float | None) -> bytes:
        parts, got = [self._unread], len(self._unread)
        while got < size:
            parts.append(self._read(max(size - got, _USUAL), deadline))
            got += len(parts[-1])
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self._unread = data[size:]
        return data[:size]

    def _array(self, size: int, deadline: float | None) -> Any:
        """Read bytes to where they stay."""
        array: Any = np.empty(size, np.uint8)
        array[: len(self._unread)] = np.frombuffer(self._unread[:size], np.uint8)
        got, self._unread = min(size, len(self._unread)), self._unread[size:]
        rest = memoryview(array)
        while got < size:
            got += self._ready(partial(os.readv, self._descriptor, [rest[got:]]), deadline)
        return array

    @property
    def has_more(self) -> bool:
        """Whether something came together with the last message."""
        return bool(self._unread)

    def has_unread(self) -> bool:
        """Say whether the other end wrote something that nobody asked for, or is gone."""
        return bool(self._unread) or bool(self._readable.poll(0))

    def _read(self, most: int, deadline: float | None) -> bytes:
        part: bytes = self._ready(partial(os.read, self._descriptor, min(most, _PIECE)), deadline)
        return part

    def _ready(self, read: Any, deadline: float | None) -> Any:
        while True:
            if deadline is not None:
                self._wait(select.POLLIN, deadline)
            try:
                part = read()
            except BlockingIOError:
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("the other end is gone")
            return part

    def _wait(self, event: int, deadline: float | None) -> None:
        poll = self._readable
        if event != select.POLLIN:
            poll = select.poll()
            poll.register(self._descriptor, event)
        if not poll.poll(None if deadline is None else 1000 * max(0.0, deadline - time.monotonic())):
            raise Late("no answer in time")
