"""Confinement in layers: each is used where the machine has it, and recorded.

Two steps. `Sandbox.enter` confines the warm template once (namespaces, a root file system with nothing in
it but Python and NumPy). `Sandbox.confine` confines each worker on top of that (own PID namespace and
folder, an ordinary user without capabilities, resource limits, Landlock, seccomp). Neither process ever
held a test.

Enough to grade with is either every namespace, or Landlock and seccomp together: each half alone keeps
student code from files, network, and other processes. Without the mount layer there is no writable place at
all.
"""

from __future__ import annotations

import os
import resource
import sys
import sysconfig
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

import numpy as np

from autograder.judging.sandbox import landlock, linux, namespaces, seccomp

LAYERS: dict[str, str] = {
    "user": "an own user with no rights outside (user namespace)",
    "mount": "an own file system: Python and NumPy, read-only, and one small private folder",
    "pid": "no other process in sight, and none left behind (PID namespace)",
    "network": "no network, not even localhost",
    "ipc": "no shared memory, message queues or host name of the machine's",
    "landlock": "files outside Python and NumPy cannot be opened, whatever the user may do",
    "seccomp": "only the system calls that computing needs; no new process",
    "limits": "memory, CPU time, threads, open files and file size are bounded",
}
NAMESPACES = ("user", "mount", "pid", "network", "ipc")
HOME = "/home/student"
_BOUNDED = (
    resource.RLIMIT_AS,
    resource.RLIMIT_CPU,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NPROC,
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_CORE,
    resource.RLIMIT_MEMLOCK,
    resource.RLIMIT_MSGQUEUE,
)
_THREADS = 32
_OPEN_FILES = 64


def is_enough(on: Collection[str]) -> bool:
    """Say whether these layers suffice to run code that nobody has read."""
    return "limits" in on and (set(NAMESPACES) <= set(on) or {"landlock", "seccomp"} <= set(on))


def readable_paths() -> list[str]:
    """Return the folders that student code may read: the standard library and NumPy."""
    base = {"installed_base": sys.base_prefix, "installed_platbase": sys.base_exec_prefix}
    base |= {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}  # not the virtual environment's
    library, compiled = (
        Path(sysconfig.get_path(name, vars=base)).resolve() for name in ("stdlib", "platstdlib")
    )
    package = Path(np.__file__).resolve().parent
    folders = [library, compiled, package, package.parent / "numpy.libs"]
    kept: list[Path] = []
    for folder in folders:
        if folder.is_dir() and not any(folder.is_relative_to(other) for other in kept):
            kept.append(folder)
    return [str(folder) for folder in kept]


@dataclass
class Budget:
    """What one worker may use: bytes of memory beyond the template's, seconds of CPU, bytes of files."""

    memory: int
    cpu: int
    files: int


@dataclass
class Sandbox:
    """The layers of one template process: `off` switched off by name (for tests), `on`, and why the rest
    are not.
    """

    off: frozenset[str] = frozenset()
    on: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def enter(self) -> None:
        """Confine this process, the template; it goes on as a child of the process that called."""
        self._readable = [os.open(path, os.O_PATH | os.O_CLOEXEC) for path in readable_paths()]
        self._null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self._base = _address_space()
        self._student = 0
        administrator = os.geteuid() == 0
        self._try("user", namespaces.enter_user)
        for kind in namespaces.KINDS:
            self._try(kind, partial(namespaces.enter, kind))
        if "pid" in self.on:
            _go_on_as_child()
            self._nursery = namespaces.Nursery()
        if "mount" in self.on:
            self._try("mount", partial(namespaces.build_root, readable_paths(), HOME, self._settle))
        else:
            self._settle()
        if administrator and "user" not in self.on and ("mount" in self.on or _anyone_may_read()):
            self._student = namespaces.NOBODY
        for layer in ("landlock", "seccomp", "limits"):
            self._try(layer, lambda: None)
        linux.drop_bounding_set()
        self._prepare()
        self._rehearse()
        linux.undumpable()
        if "pid" in self.on:
            linux.die_with_parent()  # again: the kernel forgets the wish when the user id changes

    def _settle(self) -> None:
        if "user" in self.on:
            _become(namespaces.STUDENT)

    def _prepare(self) -> None:
        """Find out here what every worker would have to find out for itself."""
        self._hard = {kind: resource.getrlimit(kind)[1] for kind in _BOUNDED}
        if linux.SUPPORTED:
            seccomp.program(linux.MACHINE, 1)
        with suppress(OSError):
            landlock.version()

    def _rehearse(self) -> None:
        """Confine a child that does nothing; a layer that fails there is not one that this machine has."""
        while True:
            read_end, write_end = os.pipe()
            child = self.fork()
            if child == 0:
                _report_failure(self, write_end)
            os.close(write_end)
            with os.fdopen(read_end) as report:
                layer, _, reason = report.read().partition(":")
            os.waitpid(child, 0)
            if not layer:
                return
            self.missing[layer] = reason
            self.on = [name for name in self.on if name != layer]

    def fork(self) -> int:
        """Fork as `os.fork` does; with the PID layer the child is alone in a namespace of its own."""
        return self._nursery.fork() if "pid" in self.on else os.fork()

    def confine(self, budget: Budget) -> None:
        """Confine this process, a worker just forked, for good. OSError when a layer fails."""
        os.chdir("/")
        if "pid" not in self.on:
            os.setpgid(0, 0)
        writable = [self._null]
        if "mount" in self.on:
            self._trying = "mount"
            namespaces.private_home(HOME, budget.files, self._student or os.getuid())
            os.chdir(HOME)
            writable.append(os.open(".", os.O_PATH | os.O_CLOEXEC))
        self._trying = "user"
        if self._student:
            _become(self._student)
        linux.die_with_parent()
        linux.drop_capabilities()
        linux.no_new_privileges()
        linux.undumpable()
        if "limits" in self.on:
            self._trying = "limits"
            self._limit(budget)
        if "landlock" in self.on:
            self._trying = "landlock"
            landlock.restrict(self._readable, writable)
        if "seccomp" in self.on:
            self._trying = "seccomp"
            seccomp.install()

    def _limit(self, budget: Budget) -> None:
        bounds = {
            resource.RLIMIT_AS: self._base + budget.memory,
            resource.RLIMIT_CPU: budget.cpu,
            resource.RLIMIT_FSIZE: budget.files,
            resource.RLIMIT_NPROC: _THREADS,
            resource.RLIMIT_NOFILE: _OPEN_FILES,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_MEMLOCK: 0,
            resource.RLIMIT_MSGQUEUE: 0,
        }
        for kind, hard in self._hard.items():
            most = bounds[kind] if hard == resource.RLIM_INFINITY else min(bounds[kind], hard)
            resource.setrlimit(kind, (most, most))

    def _try(self, layer: str, step: Callable[[], None]) -> None:
        if layer in self.off:
            self.missing[layer] = "switched off"
            return
        try:
            step()
        except OSError as error:
            self.missing[layer] = str(error.strerror or error)
            self.on = [name for name in self.on if name != layer]
        else:
            self.on = [*(name for name in self.on if name != layer), layer]


def _report_failure(sandbox: Sandbox, write_end: int) -> NoReturn:
    try:
        sandbox.confine(Budget(1 << 30, 10, 1 << 20))
    except BaseException as error:
        os.write(write_end, f"{sandbox._trying}:{error}".encode()[:500])
    os._exit(0)


def _become(user: int) -> None:
    with suppress(PermissionError):  # refused in a user namespace, where the groups are the outside's
        os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _go_on_as_child() -> None:
    """Let a child go on, process 1 of the new PID namespace; the caller waits for it and ends as it did."""
    child = os.fork()
    if child:
        os.closerange(3, 1024)
        status = os.waitpid(child, 0)[1]
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.die_with_parent()


def _anyone_may_read() -> bool:
    """Say whether every user may reach the folders that student code reads."""
    folders = {folder for path in readable_paths() for folder in (Path(path), *Path(path).parents)}
    return all(folder.stat().st_mode & 0o001 for folder in folders)


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
