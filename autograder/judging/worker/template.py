"""The warm template: a process that has imported NumPy and forks a confined worker for each submission.

It is started afresh (never forked from the judge), so neither it nor its workers ever shared memory with a
test. It runs no student code itself: it forks, kills and reaps, and ends when the judge closes the control
socket. What it has done leaves traces in its memory (numbers of processes, how they ended), which its workers
inherit; so there are two of it, and those of one never hear of the other's.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import io
import os
import socket
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograder.judging.bounds import trim
from autograder.judging.channel import Channel
from autograder.judging.sandbox import linux
from autograder.judging.sandbox.confinement import Budget, Sandbox
from autograder.judging.wire import Decoder, Encoder
from autograder.judging.worker.modules import PACKAGES, Finder, Library, Only
from autograder.judging.worker.notebook import Notebook
from autograder.judging.worker.worker import Worker

_SOCKET = 3


class Workers:
    """The workers that have ended: how, for as long as the judge may ask.

    Taking down a namespace takes the kernel a while; nobody waits for it unless the judge wants to know.
    """

    def __init__(self) -> None:
        self._ended: dict[int, int] = {}
        self._forgotten: set[int] = set()

    def wait(self, pid: int) -> int:
        """Return a worker's wait status, once it has ended."""
        return self._ended.pop(pid) if pid in self._ended else os.waitpid(pid, 0)[1]

    def forget(self, pid: int) -> None:
        """Note that nobody will ask how this worker ended."""
        if self._ended.pop(pid, None) is None:
            self._forgotten.add(pid)

    def reap(self) -> None:
        """Take in those that have ended by now."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in self._forgotten:
                    self._forgotten.discard(pid)
                else:
                    self._ended[pid] = status


def main(controls: Sequence[socket.socket], judge: int, off: frozenset[str], packages: str | None) -> None:
    """Make ready, become a template for each control socket, and fork workers until the judge closes it."""
    linux.die_with_parent()
    if os.getppid() != judge:
        return
    installed = [path for path in sys.path if os.path.isdir(path)] if packages is not None else []
    if packages is not None:
        _make_ready(packages)
    Library().install(installed)
    if packages is not None and "*" not in packages:
        known = (*packages.split(","), *sys.modules)
        sys.meta_path.insert(0, Only({name.partition(".")[0] for name in known}))
    _warm_up()
    gc.collect()
    gc.freeze()
    trim()
    own, other = controls
    if os.fork() == 0:
        linux.die_with_parent()
        own, other = other, own
    other.close()
    _serve(own, Sandbox(off, installed))


_CELL = """
import numpy as np

def f(x, y=1):
    z = np.asarray(x, dtype=float)
    return np.where(z > 0, z * y, np.exp(z) + {})
f(np.array([1.0]))
"""


def _warm_up() -> None:
    """Serve a few requests as every worker does: what the first of each kind costs is paid here, once for all."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        judge = Channel(ours.fileno(), 1 << 20)
        array = np.array([[0.5, -1.0]])
        for n in range(10):
            judge.send(Encoder(grow=True).encode(("run", n, ("cell", _CELL.format(n)))))
            judge.send(Encoder(grow=True).encode(("fresh", n, "f", (array[0],))))
            judge.send(Encoder(grow=True).encode(("call", n, "f", (array,), (("y", array),))))
            judge.send(Encoder(grow=True).encode(("call", n, "f", ("x",))))
        ours.shutdown(socket.SHUT_WR)
        with suppress(EOFError):
            Worker(theirs.fileno(), Notebook, 1 << 16, 1 << 20).serve()


def _serve(control: socket.socket, sandbox: Sandbox) -> None:
    """Confine this process, say which layers are on, and fork workers."""
    try:
        sandbox.enter()
    except OSError as error:
        control.send(Encoder().encode(("failed", str(error))))
        return
    control.send(Encoder().encode(("ready", tuple(sandbox.on), tuple(sandbox.missing.items()))))
    workers = Workers()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
        if not data:
            os._exit(0)
        command, *rest = Decoder(data).decode()
        if command == "fork":
            control.send(Encoder().encode(_fork(sandbox, control, descriptors[0], *rest)))
        elif command == "end":
            control.send(Encoder().encode(_end(sandbox, workers, *rest)))
        else:
            with suppress(PermissionError):
                sandbox.kill(*rest)
            workers.forget(*rest)
        workers.reap()


def _fork(
    sandbox: Sandbox, control: socket.socket, descriptor: int, budget: Any, *limits: int
) -> tuple[Any, ...]:
    try:
        pid = sandbox.fork()
    except OSError as error:
        os.close(descriptor)
        return "failed", str(error)
    if pid == 0:
        _work(sandbox, control, descriptor, Budget(*budget), *limits)
    os.close(descriptor)
    return "forked", pid


def _end(sandbox: Sandbox, workers: Workers, pid: int) -> tuple[Any, ...]:
    try:
        sandbox.kill(pid)
    except PermissionError as error:
        return "failed", f"a worker cannot be ended: {error}"
    return "ended", workers.wait(pid)


def _work(sandbox: Sandbox, control: socket.socket, descriptor: int, budget: Budget, *limits: int) -> None:
    """Be a worker: confined first, then serving until the judge hangs up. Never returns."""
    try:
        control.close()
        if descriptor != _SOCKET:
            os.dup2(descriptor, _SOCKET)
        sandbox.confine(budget)
        os.closerange(_SOCKET + 1, 1024)
        if "mount" not in sandbox.on:
            _keep_null()
        kind = _kind()
        worker = Worker(_SOCKET, kind, *limits)
        if kind is Notebook:
            sys.meta_path.insert(0, Finder(worker.notebook.display))
        worker.serve()
    except EOFError:
        os._exit(0)
    except BaseException:
        os._exit(97)


def _keep_null() -> None:
    """Let `open(os.devnull)` go on, as it does wherever there are files: output is often thrown away so."""
    original = builtins.open

    def opened(file: Any, *args: Any, **options: Any) -> Any:
        return original(os.dup(0) if file == os.devnull else file, *args, **options)

    builtins.open = io.open = opened


def _kind() -> type[Notebook]:
    """A kernel where the course allows packages: then it has been made ready."""
    kernel = sys.modules.get("autograder.judging.worker.kernel")
    return Notebook if kernel is None else kernel.Kernel


def _make_ready(packages: str) -> None:
    """Import the packages that student code may use, those that can be, before anything is confined."""
    from autograder.judging.worker.kernel import shell

    shell()
    for package in packages.replace("*", "numpy").split(","):
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(package)
    if plots := sys.modules.get("matplotlib.pyplot"):
        plots.subplots()  # what the first figure of all costs is paid here
        plots.close("all")


def start() -> None:
    """Be the template, as `forkserver` starts it."""
    sys.modules.pop("matplotlib", None)
    assert not PACKAGES & set(sys.modules)
    controls = [socket.socket(fileno=int(number)) for number in sys.argv[1].split(",")]
    off = frozenset(sys.argv[3].split(",")) - {""}
    main(controls, int(sys.argv[2]), off, sys.argv[4] if sys.argv[4:] else None)
