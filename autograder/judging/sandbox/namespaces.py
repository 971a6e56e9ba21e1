"""Namespaces: an own user, an own file system with hardly anything in it, no network, no other process in
sight.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from autograder.judging.sandbox import linux

STUDENT = 1000  # the user id inside
NOBODY = 65534  # the user id outside, when an administrator grades
_STAGE = "/tmp"  # where the new root is put together; every Linux has it

KINDS: dict[str, int] = {
    "mount": linux.NEWNS,
    "pid": linux.NEWPID,
    "network": linux.NEWNET,
    "ipc": linux.NEWIPC | linux.NEWUTS | linux.NEWCGROUP,
}


def enter_user() -> None:
    """Enter a new user namespace, in which this process is an ordinary user with every right over the
    namespace only.

    An administrator is mapped to `nobody` (by a helper that stays outside, as the kernel asks); an ordinary
    user can only be mapped to themselves. OSError when the machine does not allow it.
    """
    outside = NOBODY if os.geteuid() == 0 else os.geteuid()
    group = NOBODY if os.geteuid() == 0 else os.getegid()
    maps = {"setgroups": "deny", "uid_map": f"{STUDENT} {outside} 1", "gid_map": f"{STUDENT} {group} 1"}
    if os.geteuid() == 0:
        _mapped_from_outside(maps)
    else:
        linux.unshare(linux.NEWUSER)
        _write_maps("self", maps)


def _write_maps(pid: str, maps: dict[str, str]) -> None:
    for name, text in maps.items():
        with open(f"/proc/{pid}/{name}", "w") as file:
            file.write(text)


def _mapped_from_outside(maps: dict[str, str]) -> None:
    read_end, write_end = os.pipe()
    me = os.getpid()
    helper = os.fork()
    if helper == 0:
        failed = 1
        try:
            os.close(write_end)
            if os.read(read_end, 1):
                _write_maps(str(me), maps)
                failed = 0
        finally:
            os._exit(failed)
    os.close(read_end)
    try:
        linux.unshare(linux.NEWUSER)
        os.write(write_end, b".")
    finally:
        os.close(write_end)
        status = os.waitpid(helper, 0)[1]
    if status:
        raise OSError(1, "the user could not be mapped")


def enter(kind: str) -> None:
    """Enter a new namespace of a kind in `KINDS`; the new PID namespace holds the next child."""
    linux.unshare(KINDS[kind])
    if kind == "mount":
        linux.make_mounts_private()


def build_root(readable: Iterable[str], home: str, become: Callable[[], None]) -> None:
    """Make a new root in memory that holds the `readable` paths (read-only), /dev/null and an empty folder
    `home`.

    `become` takes the user id that owns the new root, once the old one has been read with the rights of the
    old id.
    """
    trees = [(path, linux.clone_tree(path)) for path in readable]
    null = linux.clone_tree("/dev/null", read_only=False)
    become()
    linux.mount_tmpfs(_STAGE, f"size=1m,mode=755,uid={os.getuid()},gid={os.getgid()}")
    os.umask(0o022)
    for path, tree in trees:
        os.makedirs(_STAGE + path, exist_ok=True)
        linux.attach_tree(tree, _STAGE + path)
    os.makedirs(f"{_STAGE}/dev", exist_ok=True)
    os.close(os.open(f"{_STAGE}/dev/null", os.O_CREAT | os.O_WRONLY))
    linux.attach_tree(null, f"{_STAGE}/dev/null")
    os.makedirs(_STAGE + home, exist_ok=True)
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
