"""Confinement in layers: each is used where the machine has it, and recorded.

Two steps. `Sandbox.enter` confines the warm template once (namespaces, a root file system with nothing in it).
`Sandbox.confine` confines each worker on top of that (own PID namespace and folder, an ordinary user without
capabilities, resource limits, Landlock, seccomp). Neither process ever held a test.

Without the mount layer a worker has no file at all: Landlock does not keep it from asking which files of the machine
there are, so the filter refuses every call that takes a name.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn

from autograder.judging.sandbox import LAYERS, linux, namespaces, seccomp

HOME = "/home/student"
ACCOUNT = "account"  # what the rehearsal calls the change of user, which is no layer
_THREADS = 32
_OPEN_FILES = 64
_SIGNALS = 64


@dataclass
class Budget:
    """What one worker may use: bytes of memory beyond the template's, seconds of CPU, bytes of files."""

    memory: int
    cpu: int
    files: int


@dataclass
class Sandbox:
    """The layers of one template process: `off` switched off by name (for tests), `on`, and why the rest are not.

    `readable` are folders of installed packages; without the mount layer there are none.
    """

    off: frozenset[str] = frozenset()
    readable: Sequence[str] = ()
    on: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def enter(self) -> None:
        """Confine this process, the template; it goes on as a child of the process that called.

        OSError when no worker can be confined with what is left.
        """
        self._base = _address_space()
        linux.keep_libraries_at_hand()
        administrator = os.geteuid() == 0
        self._try("user", namespaces.enter_user)
        for kind in namespaces.KINDS:
            self._try(kind, partial(namespaces.enter, kind))
        if "pid" in self.on:
            _go_on_as_child()
            self._nursery = namespaces.Nursery()
        # Copied with the rights of the old user: the new one may not reach them.
        trees = {path: linux.clone_tree(path) for path in self.readable} if "mount" in self.on else {}
        if "user" in self.on:
            _become(namespaces.STUDENT)
        if "mount" in self.on:
            self._try("mount", partial(namespaces.build_root, HOME, trees))
        self._user = namespaces.NOBODY if administrator and "user" not in self.on else os.getuid()
        for layer in ("landlock", "seccomp", "limits"):
            self._try(layer, lambda: None)
        linux.drop_bounding_set()
        if linux.MACHINE in linux.MACHINES:  # made here for all workers
            seccomp.program(linux.MACHINE, 1, True, True)
        self._rehearse()
        linux.undumpable()
        # The kernel forgets the wish when the user changes; the judge's end, the socket tells.
        linux.die_with_parent("pid" in self.on)

    def _rehearse(self) -> None:
        """Confine a child that does nothing, and end it; a layer that fails there is not one that this machine has."""
        for _ in range(len(LAYERS) + 2):
            failed, reason = self._rehearsed()
            if not failed:
                return
            if failed == ACCOUNT and self._user != os.getuid():
                self._user = os.getuid()
            elif failed in self.on:
                self.missing[failed] = reason
                self.on.remove(failed)
            else:
                break
        raise OSError(f"no process can be confined: {failed}: {reason}")

    def _rehearsed(self) -> tuple[str, str]:
        """Return what kept a child from being confined or ended, and why; twice nothing if all went well."""
        read_end, write_end = os.pipe()
        try:
            child = self.fork()
        except OSError as error:
            return "pid", str(error)
        if child == 0:
            _report(self, write_end)
        os.close(write_end)
        with os.fdopen(read_end) as report:
            layer, _, reason = report.read().partition(":")
        try:
            self.kill(child)
        except PermissionError as error:  # the child ends by itself
            layer, reason = layer or ACCOUNT, reason or str(error)
        os.waitpid(child, 0)
        return layer, reason

    def fork(self) -> int:
        """Fork as `os.fork` does; with the PID layer the child is alone in a namespace of its own."""
        return self._nursery.fork() if "pid" in self.on else os.fork()

    def kill(self, child: int) -> None:
        """Kill a worker and whatever it started; PermissionError where that is not allowed."""
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        if "pid" not in self.on:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)

    def confine(self, budget: Budget) -> None:
        """Confine this process, a worker just forked, for good. OSError when a layer fails.

        Standard input, output and error lead nowhere from then on.
        """
        os.chdir("/")
        if "pid" not in self.on:
            os.setpgid(0, 0)
        self._trying = "mount"
        usable = self._files(budget) if "mount" in self.on else []
        readable = [_handle(path) for path in self.readable] if "mount" in self.on else []
        self._discard_standard_streams()
        self._trying = ACCOUNT
        if self._user != os.getuid():
            _become(self._user)
        if "user" in self.on:  # the kernel counts threads and timers by user and namespace
            self._trying = "user"
            linux.unshare(linux.NEWUSER)
        linux.die_with_parent()
        linux.drop_capabilities()
        linux.no_new_privileges()
        linux.undumpable()
        if "limits" in self.on:
            self._trying = "limits"
            self._limit(budget)
        if "landlock" in self.on:
            self._trying = "landlock"
            linux.restrict_files(usable, readable)
        for descriptor in (*usable, *readable):
            os.close(descriptor)
        if "seccomp" in self.on:
            self._trying = "seccomp"
            seccomp.install(files="mount" in self.on, threads={"user", "pid"} <= set(self.on))

    def _files(self, budget: Budget) -> list[int]:
        """Make the private folder; return the open files and folders that may be used."""
        namespaces.private_home(HOME, budget.files, self._user)
        os.chdir(HOME)
        return [_handle(path) for path in ("/dev/null", ".")]

    def _discard_standard_streams(self) -> None:
        """Opened by every worker for itself: the flags of an open file are seen by all who share it."""
        null = os.open("/dev/null", os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.close(null)

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
            resource.RLIMIT_SIGPENDING: _SIGNALS,
        }
        for kind, bound in bounds.items():
            hard = resource.getrlimit(kind)[1]
            most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
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


def _report(sandbox: Sandbox, write_end: int) -> NoReturn:
    """Be confined, say what failed, if anything, and wait to be killed, if not for ever."""
    try:
        sandbox.confine(Budget(1 << 30, 10, 1 << 20))
        os.close(write_end)
        time.sleep(1)
    except Exception as error:
        os.write(write_end, f"{sandbox._trying}:{error}".encode()[:500])
    finally:
        os._exit(0)


def _handle(path: str) -> int:
    return os.open(path, os.O_PATH | os.O_CLOEXEC)


def _become(user: int) -> None:
    with suppress(PermissionError):  # refused in a user namespace, where the groups are the outside's
        os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _go_on_as_child() -> None:
    """Let a child go on, process 1 of the new PID namespace; the caller waits for it and ends as it did."""
    child = os.fork()
    if child:
        linux.die_with_parent(False)  # the child hears of the end by its socket
        os.closerange(3, 1024)
        status = os.waitpid(child, 0)[1]
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    linux.die_with_parent()


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
