"""Landlock: which files this process may still open, whatever its user may do (Linux 5.13 and later)."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from functools import cache

from autograder.judging.sandbox.linux import no_new_privileges, syscall

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_FILE_RIGHTS = _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many bits of file rights each version knows
_MAKE_DEVICES = 1 << 6 | 1 << 11 | 1 << 9 | 1 << 10 | 1 << 12  # devices, sockets, pipes, symbolic links
_PATH_BENEATH, _VERSION = 1, 1


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


@cache
def version() -> int:
    """Return the kernel's Landlock version; OSError when it has none."""
    return syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))


def _ruleset(known: int) -> tuple[int, int]:
    """Return a rule set that refuses every file right, TCP and signals outwards, and the mask of file
    rights.
    """
    files = (1 << _RIGHTS_BY_VERSION.get(known, 16)) - 1
    network, scope = (3 if known >= 4 else 0), (3 if known >= 6 else 0)
    attributes = (ctypes.c_uint64 * 3)(files, network, scope)
    size = 8 if known < 4 else 16 if known < 6 else 24
    return syscall("landlock_create_ruleset", attributes, ctypes.c_size_t(size), ctypes.c_uint(0)), files


def _allow(rules: int, where: int, every: int) -> None:
    rights = every & ~_EXECUTE & ~_MAKE_DEVICES
    if not stat.S_ISDIR(os.fstat(where).st_mode):
        rights &= _FILE_RIGHTS
    rule = _Rule(rights, where)
    kind, flags = ctypes.c_int(_PATH_BENEATH), ctypes.c_uint(0)
    syscall("landlock_add_rule", ctypes.c_int(rules), kind, ctypes.byref(rule), flags)


def restrict(usable: Iterable[int], readable: Iterable[int] = ()) -> None:
    """Leave this process, for good, only what lies beneath the given open directories or files.

    Those may be read, and the usable ones filled with plain files and folders. Nothing may be executed. OSError when
    the kernel has no Landlock.
    """
    rules, every = _ruleset(version())
    for where in usable:
        _allow(rules, where, every)
    for where in readable:
        _allow(rules, where, _READ_FILE | _READ_FOLDER)
    no_new_privileges()
    syscall("landlock_restrict_self", ctypes.c_int(rules), ctypes.c_uint(0))
    os.close(rules)
