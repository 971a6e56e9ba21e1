"""The filter of system calls: what computing needs is allowed, everything else is refused.

An allowlist, so that a call invented tomorrow is refused too. Refused calls fail with EPERM (a Python
exception, not a dead process), `clone3` with ENOSYS so that the C library falls back to `clone`, whose
flags the filter can read: threads may be started, processes may not. A process may signal itself only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from functools import lru_cache

from autograder.judging.sandbox.linux import MACHINE, no_new_privileges, prctl

_LOAD, _EQUAL, _AT_LEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE_THREAD = 0x10000
_PR_SET_SECCOMP, _FILTER = 22, 2
_PR_SET_NAME = 15
_SIGNALS_OTHERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: a pipe that kills when it is written to

# Numbers of the calls that are always allowed, as ranges, by machine. In words: read and write; memory;
# signal handlers; files by path; descriptors, pipes and polling; futexes and sleeping; clocks and timers;
# who am I; exit and wait; the C library's start of a thread; changing files (a question for the file system
# and Landlock, but for rights, time stamps and `truncate` by path, which Landlock does not know: refused).
_ALLOWED = {
    "x86_64": (
        "0-15 17-28 32-40 60-61 63 72-75 77-84 87 89 95-100 102 104 107-108 110-111 115 118 120-121 124 "
        "127-128 130-131 137-138 140 143 145 158 186 201-202 204 217-219 221-226 228-233 247 257-258 "
        "262-264 267 269-271 273-274 281 283 285-287 290-293 309 316 318 324 326 332 334 436 439 449"
    ),
    "aarch64": (
        "17 19-25 32 34-35 38 43-44 46-50 56-57 59 61-68 71-73 78-80 82-83 85-87 93-96 98-103 107-111 "
        "113-115 120-121 123-124 128 132-137 139 141 148 150 153 155-156 158 160 163 165-166 168-169 "
        "172-179 214-216 222-223 226-227 232-233 260 276 278 283 285 291 293 436 439 449"
    ),
}
_SPECIAL = {
    "x86_64": {
        "clone": 56,
        "clone3": 435,
        "kill": 62,
        "tgkill": 234,
        "prctl": 157,
        "prlimit64": 302,
        "ioctl": 16,
        "fcntl": 72,
    },
    "aarch64": {
        "clone": 220,
        "clone3": 435,
        "kill": 129,
        "tgkill": 131,
        "prctl": 167,
        "prlimit64": 261,
        "ioctl": 29,
        "fcntl": 25,
    },
}


def _ranges(text: str) -> list[tuple[int, int]]:
    pairs = (part.partition("-") for part in text.split())
    return [(int(first), int(last or first)) for first, _, last in pairs]


def _statement(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)


def _refuse(number: int) -> bytes:
    return _statement(_RETURN, _ERRNO | number)


def _when_argument(index: int, test: int, value: int) -> bytes:
    """Allow when argument `index` passes the test, refuse otherwise; ends the program either way."""
    load = _statement(_LOAD, 16 + 8 * index)
    return load + _statement(test, value, 0, 1) + _statement(_RETURN, _ALLOW) + _refuse(errno.EPERM)


def _unless_argument(index: int, values: Iterable[int]) -> bytes:
    """Refuse when argument `index` is one of the values, allow otherwise; ends the program either way."""
    tests = b"".join(_statement(_EQUAL, value, 0, 1) + _refuse(errno.EPERM) for value in values)
    return _statement(_LOAD, 16 + 8 * index) + tests + _statement(_RETURN, _ALLOW)


def _rule(number: int, body: bytes) -> bytes:
    return _statement(_EQUAL, number, 0, len(body) // 8) + body


@lru_cache(maxsize=4)
def program(machine: str, pid: int) -> bytes:
    """Return the filter for a process whose id (in its own PID namespace) is `pid`.

    The template calls this once with 1, the id that every worker has in its own namespace.
    """
    special = _SPECIAL[machine]
    own = _when_argument(0, _EQUAL, pid)
    parts = [
        _statement(_LOAD, 4) + _statement(_EQUAL, _ARCH[machine], 1, 0) + _statement(_RETURN, _KILL),
        _statement(_LOAD, 0),
        _rule(special["clone"], _when_argument(0, _ANY, _CLONE_THREAD)),
        _rule(special["clone3"], _refuse(errno.ENOSYS)),
        _rule(special["kill"], own) + _rule(special["tgkill"], own),
        _rule(special["prctl"], _when_argument(0, _EQUAL, _PR_SET_NAME)),
        _rule(special["prlimit64"], _when_argument(0, _EQUAL, 0)),
        _rule(special["ioctl"], _refuse(errno.ENOTTY)),
        _rule(special["fcntl"], _unless_argument(1, _SIGNALS_OTHERS)),
    ]
    for first, last in _ranges(_ALLOWED[machine]):
        # Above the range: go on with the next; inside: allow; below: nothing further can match.
        inside = _statement(_AT_LEAST, first, 0, 1) + _statement(_RETURN, _ALLOW) + _refuse(errno.EPERM)
        parts.append(_statement(_AT_LEAST, last + 1, 3, 0) + inside)
    return b"".join([*parts, _refuse(errno.EPERM)])


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install() -> None:
    """Put the filter on this process, for good, and on every thread it starts later."""
    code = program(MACHINE, os.getpid())
    no_new_privileges()
    holder = _Program(len(code) // 8, code)
    prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(holder))
