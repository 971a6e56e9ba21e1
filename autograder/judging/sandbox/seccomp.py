"""The filter of system calls: what computing needs is allowed, everything else is refused.

An allowlist, so that a call invented tomorrow is refused too. Refused calls fail with EPERM (a Python exception, not
a dead process), `clone3` with ENOSYS so that the C library falls back to `clone`, whose flags the filter can read:
threads may be started, processes may not. A process may signal itself only.

Two workers share a kernel, and what one of them can change there and the other can see would carry hidden inputs from
one to the other. So nothing passes that changes or shows more than this process: no pipes and no look at the socket
(their inode numbers come from a counter of the machine's), no `statx` (it tells how many mounts the machine has made),
no locks, leases or timers that are counted by user, no futexes but private ones (the pages of libraries are shared),
no clock of another process, no free memory, no advice on pages.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from functools import lru_cache

from autograder.judging.sandbox.linux import MACHINE, no_new_privileges, numbers_in, prctl

_LOAD, _EQUAL, _ABOVE, _AT_LEAST, _ANY, _RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_PR_SET_SECCOMP, _FILTER = 22, 2

_CLONE_THREAD, _FUTEX_PRIVATE, _MAP_HUGETLB, _PR_SET_NAME = 0x10000, 128, 0x40000, 15
_SOCKET = 3  # where every worker has its end of the channel (see `template`)
_CLOCKS = 11  # the last of the machine's own; the clocks of processes are numbers far above
_LOOKS = [
    "fstat",
    "fstatfs",
    "newfstatat",
    "dup",
    "dup2",
    "dup3",
]  # the socket's numbers, and other names of it
_FLAGS = (0, 1, 2, 3, 4, 1030)  # fcntl: duplicate a descriptor, read and set its flags
_ADVICE = (4, 8, 14, 15, 16, 17)  # madvise: give memory back, huge pages or not, in a core dump or not

_COMPUTING = """
read 0 63, readv 19 65, pread64 17 67, write 1 64, writev 20 66, pwrite64 18 68, close 3 57, close_range 436 436,
lseek 8 62, dup 32 23, dup2 33 -, dup3 292 24, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72,
mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, brk 12 214, madvise 28 233,
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigsuspend 130 133,
rt_sigtimedwait 128 137, sigaltstack 131 132, restart_syscall 219 128, kill 62 129, tgkill 234 131,
nanosleep 35 101, clock_nanosleep 230 115, pause 34 -, alarm 37 -, getitimer 36 102, setitimer 38 103,
gettimeofday 96 169, time 201 -, times 100 153, clock_gettime 228 113, clock_getres 229 114, getrusage 98 165,
getpid 39 172, gettid 186 178, getppid 110 173, getpgrp 111 -, getuid 102 174, geteuid 107 175, getresuid 118 148,
getgid 104 176, getegid 108 177, getresgid 120 150, getgroups 115 158, uname 63 160,
getrlimit 97 163, prlimit64 302 261, prctl 157 167, ioctl 16 29, fcntl 72 25,
clone 56 220, clone3 435 435, futex 202 98, set_robust_list 273 99, rseq 334 293, sched_yield 24 124,
sched_getaffinity 204 123, getrandom 318 278, umask 95 166, exit 60 93, exit_group 231 94,
fstat 5 80, fstatfs 138 44, fsync 74 82, fdatasync 75 83, ftruncate 77 46
"""
_PATHS = """
open 2 -, openat 257 56, stat 4 -, lstat 6 -, newfstatat 262 79, statx 332 291, access 21 -, faccessat 269 48,
faccessat2 439 439, readlink 89 -, readlinkat 267 78, getdents 78 -, getdents64 217 61, getcwd 79 17,
chdir 80 49, fchdir 81 50, mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35,
rename 82 -, renameat 264 38, renameat2 316 276, statfs 137 43
"""

COMPUTING = numbers_in(_COMPUTING)
"""What computing, printing, sleeping, threads and signals to oneself need; some with bounds."""
PATHS = numbers_in(_PATHS)
"""What works on files by name."""


def _statement(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, value)


def _refuse(number: int = errno.EPERM) -> bytes:
    return _statement(_RETURN, _ERRNO | number)


def _when(index: int, *tests: tuple[int, int], otherwise: int = errno.EPERM) -> bytes:
    """Allow when argument `index` passes one of the tests, refuse otherwise; ends the program either way."""
    load = _statement(_LOAD, 16 + 8 * index)
    passed = b"".join(_statement(test, value, 0, 1) + _statement(_RETURN, _ALLOW) for test, value in tests)
    return load + passed + _refuse(otherwise)


def _unless(index: int, test: int, value: int, then: bytes = _statement(_RETURN, _ALLOW)) -> bytes:
    """Refuse when argument `index` passes the test, allow otherwise or go on; ends the program either way."""
    return _statement(_LOAD, 16 + 8 * index) + _statement(test, value, 0, 1) + _refuse() + then


def _bounds(pid: int, threads: bool) -> dict[str, bytes]:
    """What the filter asks of the arguments of some calls, by name."""
    clocks = _unless(0, _ABOVE, _CLOCKS)
    looks = _unless(0, _EQUAL, _SOCKET)
    return {
        "clone": _when(0, (_ANY, _CLONE_THREAD)) if threads else _refuse(),
        "clone3": _refuse(errno.ENOSYS),
        "kill": _when(0, (_EQUAL, pid)),
        "tgkill": _when(0, (_EQUAL, pid)),
        "prctl": _when(0, (_EQUAL, _PR_SET_NAME)),
        "prlimit64": _when(0, (_EQUAL, 0)),
        "sched_getaffinity": _when(0, (_EQUAL, 0)),
        "ioctl": _refuse(errno.ENOTTY),
        "fcntl": _unless(0, _EQUAL, _SOCKET, _when(1, *((_EQUAL, command) for command in _FLAGS))),
        **dict.fromkeys(_LOOKS, looks),
        "statx": _refuse(errno.ENOSYS),
        "madvise": _when(2, *((_EQUAL, advice) for advice in _ADVICE)),
        "mmap": _unless(3, _ANY, _MAP_HUGETLB),
        # The C library joins a thread by a shared futex, and asks again when it hears this.
        "futex": _when(1, (_ANY, _FUTEX_PRIVATE), otherwise=errno.EAGAIN),
        "clock_gettime": clocks,
        "clock_getres": clocks,
        "clock_nanosleep": clocks,
    }


@lru_cache(maxsize=4)
def program(machine: str, pid: int, files: bool, threads: bool) -> bytes:
    """Return the filter for a process whose id (in its own PID namespace) is `pid`.

    `files`: whether it may use names of files, because it has a file system of its own; else there are none for it.
    `threads`: whether it may start some, because they are counted and numbered for it alone.
    """
    numbers = COMPUTING[machine] | PATHS[machine]
    bounds = {name: body for name, body in _bounds(pid, threads).items() if name in numbers}
    if not files:  # what Python takes for a file that is not there
        bounds |= dict.fromkeys(PATHS[machine], _refuse(errno.ENOENT))
    parts = [
        _statement(_LOAD, 4) + _statement(_EQUAL, _ARCH[machine], 1, 0) + _statement(_RETURN, _KILL),
        _statement(_LOAD, 0),
        *(_statement(_EQUAL, numbers[name], 0, len(body) // 8) + body for name, body in bounds.items()),
    ]
    for first, last in _ranges(number for name, number in numbers.items() if name not in bounds):
        # Above the range: go on with the next; inside: allow; below: nothing further can match.
        inside = _statement(_AT_LEAST, first, 0, 1) + _statement(_RETURN, _ALLOW) + _refuse()
        parts.append(_statement(_AT_LEAST, last + 1, 3, 0) + inside)
    return b"".join([*parts, _refuse()])


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last number of every stretch without a gap, in order."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install(files: bool, threads: bool) -> None:
    """Put the filter (see `program`) on this process, for good, and on every thread it starts later."""
    code = program(MACHINE, os.getpid(), files, threads)
    no_new_privileges()
    holder = _Program(len(code) // 8, code)
    prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(holder))
