"""Length-prefixed messages over a socket between judge and worker."""

from __future__ import annotations

import os
import select
import struct
import time

from autograder.judging.wire.encoding import WireError

_LENGTH = struct.Struct("<I")
_PIECE = 1 << 20
_USUAL = 1 << 16


class Closed(EOFError):
    """The other end is gone."""


class Late(TimeoutError):
    """The other end did not answer in time."""


class Channel:
    """One end of a socket. Messages of up to `limit` bytes are read; deadlines are of the monotonic clock.

    What came together with a message is kept for the next. `Closed` and `Late` when the other end does not play
    its part.
    """

    def __init__(self, descriptor: int, limit: int) -> None:
        self._descriptor, self._limit = descriptor, limit
        self._unread = b""
        self._readable = select.poll()
        self._readable.register(descriptor, select.POLLIN)

    def send(self, message: bytes, deadline: float | None = None) -> None:
        """Write one message."""
        data = memoryview(_LENGTH.pack(len(message)) + message)
        while data:
            try:
                data = data[os.write(self._descriptor, data[:_PIECE]) :]
            except BlockingIOError:
                _wait_to_write(self._descriptor, deadline)
            except OSError as error:
                raise Closed(str(error)) from None

    def receive(self, deadline: float | None = None) -> bytes:
        """Read one message; WireError when it says that it is longer than the limit."""
        while len(self._unread) < 4:
            self._unread += self._read(_USUAL, deadline)
        end = 4 + int(_LENGTH.unpack_from(self._unread)[0])
        if end - 4 > self._limit:
            raise WireError(f"a message of {end - 4} bytes is longer than {self._limit}")
        if len(self._unread) < end:
            self._complete(end, deadline)
        message, self._unread = self._unread[4:end], self._unread[end:]
        return message

    def _complete(self, end: int, deadline: float | None) -> None:
        parts, got = [self._unread], len(self._unread)
        while got < end:
            parts.append(self._read(max(end - got, _USUAL), deadline))
            got += len(parts[-1])
        self._unread = b"".join(parts)

    @property
    def has_more(self) -> bool:
        """Whether something came together with the last message."""
        return bool(self._unread)

    def has_unread(self) -> bool:
        """Say whether the other end wrote something that nobody asked for, or is gone."""
        return bool(self._unread) or bool(self._readable.poll(0))

    def _read(self, most: int, deadline: float | None) -> bytes:
        while True:
            if deadline is not None and not self._readable.poll(1000 * max(0.0, deadline - time.monotonic())):
                raise Late("no answer in time")
            try:
                part = os.read(self._descriptor, min(most, _PIECE))
            except BlockingIOError:
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("the other end is gone")
            return part


def _wait_to_write(descriptor: int, deadline: float | None) -> None:
    if deadline is None:
        select.select([], [descriptor], [])
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    if not poll.poll(1000 * max(0.0, deadline - time.monotonic())):
        raise Late("no answer in time")
