"""Namespaces: an own user, an own file system with hardly anything in it, no network, no other process in sight."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from autograder.judging.sandbox import linux

STUDENT = 1000  # the user id inside
NOBODY = 65534  # the user and group id outside, when an administrator grades
_STAGE = "/tmp"  # where the new root is put together; every Linux has it

KINDS: dict[str, int] = {
    "mount": linux.NEWNS,
    "pid": linux.NEWPID,
    "network": linux.NEWNET,
    "ipc": linux.NEWIPC | linux.NEWUTS | linux.NEWCGROUP,
}


def enter_user() -> None:
    """Enter a new user namespace, in which this process is an ordinary user with every right over the
    namespace only. OSError when the machine does not allow it; then nothing has changed.

    An administrator is mapped to `nobody` where they may set users, by a helper that stays outside, as the kernel
    asks; anybody else can only be mapped to themselves.
    """
    child = os.fork()  # finds out: from a namespace in which one is nobody there is no way back
    if child == 0:
        _exit_with(_enter_user)
    if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise OSError(code, os.strerror(code))
    _enter_user()


def _enter_user() -> None:
    own = {"uid_map": os.geteuid(), "gid_map": os.getegid()}
    if own["uid_map"] == 0:
        _enter_as_administrator()
    else:
        linux.unshare(linux.NEWUSER)
    for name, number in own.items():
        if not Path(f"/proc/self/{name}").read_text():
            _write("self", "setgroups", "deny")
            _write("self", name, f"{STUDENT} {number} 1")


def _enter_as_administrator() -> None:
    """Enter the namespace while a helper waits outside, that then maps this process to nobody if it may."""
    read_end, write_end = os.pipe()
    me, helper = os.getpid(), os.fork()
    if helper == 0:
        os.close(write_end)
        _exit_with(lambda: _map_to_nobody(me, read_end))
    os.close(read_end)
    try:
        linux.unshare(linux.NEWUSER)
        os.write(write_end, b".")
    finally:
        os.close(write_end)
        os.waitpid(helper, 0)


def _map_to_nobody(process: int, go: int) -> None:
    if os.read(go, 1):
        _write(process, "setgroups", "deny")
        _write(process, "gid_map", f"{STUDENT} {NOBODY} 1")
        _write(process, "uid_map", f"{STUDENT} {NOBODY} 1")


def _write(process: int | str, name: str, text: str) -> None:
    Path(f"/proc/{process}/{name}").write_text(text)


def _exit_with(step: Callable[[], None]) -> NoReturn:
    """End this process, a child, with the number of the error that the step meets, or 0."""
    code = 255
    try:
        step()
        code = 0
    except OSError as error:
        code = error.errno or 255
    finally:
        os._exit(code)


def enter(kind: str) -> None:
    """Enter a new namespace of a kind in `KINDS`; the new PID namespace holds the next child."""
    linux.unshare(KINDS[kind])
    if kind == "mount":
        linux.make_mounts_private()


def build_root(home: str, readable: Mapping[str, int]) -> None:
    """Make a new root in memory with nothing in it but /dev/null, an empty folder `home`, and the `readable` folders:
    copies of mounts by their paths, which are read-only.
    """
    linux.mount_tmpfs(_STAGE, f"size=1m,mode=755,uid={os.getuid()},gid={os.getgid()}")
    os.umask(0o022)
    os.makedirs(f"{_STAGE}/dev")
    os.close(os.open(f"{_STAGE}/dev/null", os.O_CREAT | os.O_WRONLY))
    linux.bind("/dev/null", f"{_STAGE}/dev/null")
    os.makedirs(_STAGE + home)
    for folder, tree in readable.items():
        os.makedirs(_STAGE + folder, exist_ok=True)
        linux.attach_tree(tree, _STAGE + folder)
    linux.pivot_into(_STAGE)
    linux.remount_read_only("/")


def private_home(home: str, size: int, user: int) -> None:
    """Give this process alone an empty folder that `user` may fill with `size` bytes in 1000 files."""
    linux.unshare(linux.NEWNS)
    linux.mount_tmpfs(home, f"size={size},nr_inodes=1000,mode=700,uid={user},gid={user}")


class Nursery:
    """Makes a new PID namespace for each child, again and again."""

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self) -> int:
        """Fork; the child is process 1 of its own namespace, and all in it ends when the child does."""
        linux.unshare(linux.NEWPID)
        child = -1
        try:
            child = os.fork()
        finally:
            if child:
                linux.setns(self._own, linux.NEWPID)
        return child
