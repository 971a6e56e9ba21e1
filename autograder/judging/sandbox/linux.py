"""The few Linux calls that Python does not offer, by number; x86_64 and aarch64."""

from __future__ import annotations

import ctypes
import os
import platform

MACHINE = platform.machine()
_X86 = MACHINE == "x86_64"
SUPPORTED = MACHINE in ("x86_64", "aarch64")

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000

# The numbers from 424 on are the same on every machine.
_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
_PIVOT_ROOT, _CAPSET = (155, 126) if _X86 else (41, 91)

_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE, _CLONE_TREE, _CLOEXEC = -100, 0x1000, 0x8000, 1, 0o2000000
_RDONLY, _NOSUID, _NODEV = 1, 2, 4
_MS_REC, _MS_PRIVATE, _MS_BIND, _MS_REMOUNT = 1 << 14, 1 << 18, 1 << 12, 1 << 5
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_NO_NEW_PRIVS, _PR_SET_DUMPABLE = 1, 24, 38, 4
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_MNT_DETACH = 2

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *args: object) -> int:
    """Make a system call by number; OSError when it fails."""
    return _checked(_libc.syscall(ctypes.c_long(number), *args), f"system call {number}")


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


def die_with_parent() -> None:
    """Ask to be killed when the parent ends."""
    prctl(_PR_SET_PDEATHSIG, 9)


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
    syscall(_CAPSET, header, (ctypes.c_uint32 * 6)())


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


def clone_tree(path: str, read_only: bool = True) -> int:
    """Return a descriptor of a detached copy of the mounts at `path`, by default made read-only."""
    flags = ctypes.c_uint(_CLONE_TREE | _CLOEXEC | _AT_RECURSIVE)
    tree = syscall(_OPEN_TREE, ctypes.c_int(_AT_FDCWD), ctypes.c_char_p(os.fsencode(path)), flags)
    if read_only:
        change = (ctypes.c_uint64 * 4)(_RDONLY | _NOSUID | _NODEV, 0, 0, 0)
        where = ctypes.c_uint(_AT_EMPTY_PATH | _AT_RECURSIVE)
        syscall(_MOUNT_SETATTR, ctypes.c_int(tree), ctypes.c_char_p(b""), where, change, ctypes.c_size_t(32))
    return tree


def attach_tree(tree: int, path: str) -> None:
    """Mount a detached copy at `path` and close its descriptor."""
    target = ctypes.c_char_p(os.fsencode(path))
    empty, here = ctypes.c_char_p(b""), ctypes.c_int(_AT_FDCWD)
    syscall(
        _MOVE_MOUNT, ctypes.c_int(tree), empty, here, target, ctypes.c_uint(4)
    )  # 4: the source is a descriptor
    os.close(tree)


def pivot_into(path: str) -> None:
    """Make `path` (a mount) the root of the file system and let go of everything outside it."""
    os.chdir(path)
    syscall(_PIVOT_ROOT, ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    _checked(_libc.umount2(b".", _MNT_DETACH), "umount the old root")
    os.chdir("/")
