"""Confining a process in layers: what they are, and which of them suffice. Works on every system."""

from __future__ import annotations

from collections.abc import Collection

LAYERS: dict[str, str] = {
    "user": "an own user with no rights outside (user namespace)",
    "mount": "an own file system with nothing in it but one small private folder, in memory",
    "pid": "no other process in sight, and none left behind (PID namespace)",
    "network": "no network, not even localhost",
    "ipc": "no shared memory, message queues or host name of the machine's",
    "landlock": "files of the machine cannot be opened, whatever the user may do",
    "seccomp": "only the system calls that computing needs; no new process, nothing that two workers share",
    "limits": "memory, CPU time, threads, open files and file size are bounded",
}
NAMESPACES = ("user", "mount", "pid", "network", "ipc")


class CannotConfine(RuntimeError):
    """The machine lacks the layers that student code needs around it; the text is one line for the instructor."""


def is_enough(on: Collection[str]) -> bool:
    """Say whether these layers suffice to run code that nobody has read.

    Only the filter of system calls keeps two submissions from talking through the kernel; files, network and
    other processes are out of reach by it together with Landlock, or with every namespace.
    """
    return {"limits", "seccomp"} <= set(on) and ("landlock" in on or set(NAMESPACES) <= set(on))
