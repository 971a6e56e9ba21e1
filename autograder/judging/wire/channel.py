"""Length-prefixed messages over a socket between judge and worker."""

from __future__ import annotations

import os
import select
import struct
import time

from autograder.judging.wire.encoding import WireError

_LENGTH = struct.Struct("<I")
_PIECE = 1 << 20


class Closed(EOFError):
    """The other end is gone."""


class Late(TimeoutError):
    """The other end did not answer in time."""


def send(descriptor: int, message: bytes, deadline: float | None = None) -> None:
    """Write one message; `Closed` or `Late` (monotonic `deadline`) when the other end does not take it."""
    data = memoryview(_LENGTH.pack(len(message)) + message)
    while data:
        try:
            data = data[os.write(descriptor, data[:_PIECE]) :]
        except BlockingIOError:
            _wait(descriptor, select.POLLOUT, deadline)
        except OSError as error:
            raise Closed(str(error)) from None


def receive(descriptor: int, limit: int, deadline: float | None = None) -> bytes:
    """Read one message; `Closed`, `Late`, or WireError when it says that it is longer than `limit` bytes."""
    head = _read(descriptor, 4 + 4096, deadline, 4)
    (length,) = _LENGTH.unpack(head[:4])
    if length > limit:
        raise WireError(f"a message of {length} bytes is longer than {limit}")
    body = head[4:]
    if len(body) < length:
        body += _read(descriptor, length - len(body), deadline, length - len(body))
    if len(body) > length:
        raise WireError("something follows the end of the message")
    return body


def has_unread(descriptor: int) -> bool:
    """Say whether the other end wrote something that nobody asked for, or is gone."""
    return bool(_poll(descriptor, select.POLLIN, 0))


def _read(descriptor: int, most: int, deadline: float | None, least: int) -> bytes:
    parts: list[bytes] = []
    got = 0
    while got < least:
        _wait(descriptor, select.POLLIN, deadline)
        try:
            part = os.read(descriptor, min(most - got, _PIECE))
        except BlockingIOError:
            continue
        except OSError as error:
            raise Closed(str(error)) from None
        if not part:
            raise Closed("the other end is gone")
        parts.append(part)
        got += len(part)
    return b"".join(parts)


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    if deadline is not None and not _poll(descriptor, event, max(0.0, deadline - time.monotonic())):
        raise Late("no answer in time")


def _poll(descriptor: int, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(seconds * 1000))
