"""The few Linux calls that Python does not offer, by name: their numbers on x86_64 and on aarch64.

A test compares the numbers with the kernel's own headers.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from platform import machine

MACHINE = machine()
MACHINES = ("x86_64", "aarch64")

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000

_RDONLY, _NOSUID, _NODEV = 1, 2, 4
_MS_REC, _MS_PRIVATE, _MS_BIND, _MS_REMOUNT = 1 << 14, 1 << 18, 1 << 12, 1 << 5
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 1, 24, 38, 4
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_MNT_DETACH = 2
_OPEN_TREE_CLONE, _AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = 1, -100, 0x1000, 0x8000
_MADV_POPULATE_READ = 22
# Landlock: the rights to files
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_FILE_RIGHTS = _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many bits of file rights each version knows
_MAKE_DEVICES = 1 << 6 | 1 << 11 | 1 << 9 | 1 << 10 | 1 << 12  # devices, sockets, pipes, symbolic links
_PATH_BENEATH, _VERSION = 1, 1

_CONFINING = """
pivot_root 155 41, capset 126 91, open_tree 428 428, move_mount 429 429, mount_setattr 442 442,
landlock_create_ruleset 444 444, landlock_add_rule 445 445, landlock_restrict_self 446 446
"""

_libc = ctypes.CDLL(None, use_errno=True)


def numbers_in(table: str) -> dict[str, dict[str, int]]:
    """Return the numbers of system calls by machine and name; `-` in a row: the machine has no such call."""
    rows = [row.split() for row in table.split(",")]
    return {
        machine: {name: int(numbers[column]) for name, *numbers in rows if numbers[column] != "-"}
        for column, machine in enumerate(MACHINES)
    }


CONFINING = numbers_in(_CONFINING)
"""What is called here to confine a process."""


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(name: str, *args: object) -> int:
    """Make a system call; OSError when it fails, or is not known on this machine."""
    if MACHINE not in MACHINES:
        raise OSError(f"system calls of {MACHINE} are not known")
    return _checked(_libc.syscall(ctypes.c_long(CONFINING[MACHINE][name]), *args), name)


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags` for new ones (a new PID namespace holds the next child)."""
    _checked(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace behind an open `/proc/*/ns/*` file."""
    _checked(_libc.setns(descriptor, kind), "setns")


def prctl(option: int, *args: int) -> int:
    """Change an attribute of this process; OSError when the kernel refuses."""
    return _checked(_libc.prctl(option, *(ctypes.c_ulong(arg) for arg in args)), f"prctl {option}")


def no_new_privileges() -> None:
    """Give up for good whatever a set-uid program could give."""
    prctl(_PR_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent(wish: bool = True) -> None:
    """Ask to be killed when the parent ends (more exactly: its thread that started this process), or not to be."""
    prctl(_PR_SET_PDEATHSIG, 9 if wish else 0)


def undumpable() -> None:
    """Keep other processes of the same user from tracing this one or reading its memory."""
    prctl(_PR_SET_DUMPABLE, 0)


def drop_bounding_set() -> None:
    """Keep what this process and its children execute from ever having a capability, where that is allowed."""
    for number in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0) < 0:
            break


def drop_capabilities() -> None:
    """Empty every capability set of this process."""
    _libc.prctl(_PR_CAP_AMBIENT, ctypes.c_ulong(_PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    syscall("capset", header, (ctypes.c_uint32 * 6)())


def make_mounts_private() -> None:
    """Keep mounts made from here on from spreading to the rest of the system."""
    _checked(_libc.mount(None, b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None), "mount /")


def mount_tmpfs(path: str, options: str) -> None:
    """Mount an empty file system in memory at `path`."""
    flags = ctypes.c_ulong(_NOSUID | _NODEV)
    _checked(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", flags, options.encode()), f"mount {path}")


def remount_read_only(path: str) -> None:
    """Make a mount of this process's own read-only."""
    flags = ctypes.c_ulong(_MS_REMOUNT | _MS_BIND | _RDONLY | _NOSUID | _NODEV)
    _checked(_libc.mount(None, path.encode(), None, flags, None), f"remount {path}")


def bind(source: str, path: str) -> None:
    """Show `source` at `path` as well."""
    flags = ctypes.c_ulong(_MS_BIND)
    _checked(_libc.mount(source.encode(), path.encode(), None, flags, None), f"bind {path}")


def clone_tree(path: str) -> int:
    """Return a descriptor of a detached, read-only copy of the mounts at `path`."""
    flags = ctypes.c_uint(_OPEN_TREE_CLONE | os.O_CLOEXEC | _AT_RECURSIVE)
    tree = syscall("open_tree", ctypes.c_int(_AT_FDCWD), ctypes.c_char_p(os.fsencode(path)), flags)
    change = (ctypes.c_uint64 * 4)(_RDONLY | _NOSUID | _NODEV, 0, 0, 0)
    where = ctypes.c_uint(_AT_EMPTY_PATH | _AT_RECURSIVE)
    syscall("mount_setattr", ctypes.c_int(tree), ctypes.c_char_p(b""), where, change, ctypes.c_size_t(32))
    return tree


def attach_tree(tree: int, path: str) -> None:
    """Mount a detached copy at `path` and close its descriptor."""
    target, empty = ctypes.c_char_p(os.fsencode(path)), ctypes.c_char_p(b"")
    from_descriptor, here = ctypes.c_uint(4), ctypes.c_int(_AT_FDCWD)
    syscall("move_mount", ctypes.c_int(tree), empty, here, target, from_descriptor)
    os.close(tree)


def pivot_into(path: str) -> None:
    """Make `path` (a mount) the root of the file system and let go of everything outside it."""
    os.chdir(path)
    syscall("pivot_root", ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    _checked(_libc.umount2(b".", _MNT_DETACH), "umount the old root")
    os.chdir("/")


def keep_libraries_at_hand() -> None:
    """Read every page of the libraries mapped here, so that no later process is the first to want one.

    What is mapped in this process is not dropped from memory while there is any to spare.
    """
    with open("/proc/self/maps") as file:
        mapped = [line.split()[0].split("-") for line in file if "/" in line]
    for first, end in mapped:
        start = int(first, 16)
        size = ctypes.c_size_t(int(end, 16) - start)
        with suppress(OSError):  # kernels before 5.14, and pages that may not be read
            _checked(_libc.madvise(ctypes.c_void_p(start), size, _MADV_POPULATE_READ), "madvise")


class _Rule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # as of any packed one; from Python 3.14 on this has to be said
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _ruleset() -> tuple[int, int]:
    """Return a rule set that refuses every file right, TCP and signals outwards, and the mask of file rights."""
    known = syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
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


def restrict_files(usable: Iterable[int], readable: Iterable[int] = ()) -> None:
    """Leave this process, for good, only what lies beneath the given open directories or files (Landlock).

    Those may be read, and the usable ones filled with plain files and folders. Nothing may be executed. OSError when
    the kernel has none (it came with Linux 5.13).
    """
    rules, every = _ruleset()
    for where in usable:
        _allow(rules, where, every)
    for where in readable:
        _allow(rules, where, _READ_FILE | _READ_FOLDER)
    no_new_privileges()
    syscall("landlock_restrict_self", ctypes.c_int(rules), ctypes.c_uint(0))
    os.close(rules)
