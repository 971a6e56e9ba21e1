"""The judge's end of the warm templates: starting them, forking workers from them, ending those."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from autograder.judging.bounds import undisturbed
from autograder.judging.limits import Limits
from autograder.judging.sandbox import LAYERS, CannotConfine, is_enough
from autograder.judging.wire import Decoder, Encoder

_ANSWER_WITHIN = 60.0
_ELSEWHERE = (
    "student code can be confined on Linux only; on macOS and Windows grade in a container: "
    "see 'Teach this course' in the book"
)
_TREE = str(Path(__file__).resolve().parents[2])
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from autograder.judging.worker.template import start; start()"
"""Start the template from the tree that this module is in, whatever is installed beside it."""


class ForkServer:
    """The judge's end of one template process; made by `Warm`, used by `Connection`. Not for several threads at once.

    A worker that `waits` is gone, and all that was its own, before anything else is started.
    """

    def __init__(self, control: socket.socket, waits: bool) -> None:
        self._control, self._waits = control, waits
        control.settimeout(_ANSWER_WITHIN)

    def ready(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """Wait until it is confined; return its layers, and why the others are missing."""
        _, on, missing = self._receive("ready")
        return on, dict(missing)

    @property
    def alive(self) -> bool:
        """Whether the other end of the control socket is there."""
        look = select.poll()
        look.register(self._control, 0)
        return not look.poll(0)

    def close(self) -> None:
        """Let it end, and with it every worker."""
        self._control.close()

    @undisturbed()
    def fork(self, limits: Limits) -> tuple[int, socket.socket]:
        """Start a confined worker; return its number and the judge's end of its socket."""
        ours, theirs = socket.socketpair()
        budget = (limits.memory, int(limits.submission) + 1, limits.files)
        message = Encoder().encode(("fork", budget, limits.text, limits.message))
        with theirs:
            try:
                self._command(message, theirs.fileno())
                answer, detail = self._receive()
            except BaseException:
                ours.close()
                raise
        if answer != "forked":
            ours.close()
            raise CannotConfine(f"a confined process could not be started: {detail}")
        ours.setblocking(False)
        return detail, ours

    @undisturbed()
    def end(self, worker: int) -> int:
        """Kill a worker; return how it ended: its exit code, or the negative number of the signal."""
        self._command(Encoder().encode(("end", worker)))
        return os.waitstatus_to_exitcode(self._receive("ended")[1])

    @undisturbed()
    def drop(self, worker: int) -> None:
        """Kill a worker; nobody asks how it ended."""
        if self._waits:
            self.end(worker)
        else:
            self._command(Encoder().encode(("drop", worker)))

    def _command(self, message: bytes, *descriptors: int) -> None:
        try:
            socket.send_fds(self._control, [message], descriptors)
        except OSError:
            raise CannotConfine("the warm process has ended; student code cannot be run") from None

    def _receive(self, expected: str = "") -> tuple[Any, ...]:
        try:
            data = self._control.recv(65536)
        except OSError as error:
            raise CannotConfine(f"the warm process does not answer: {error}") from None
        if not data:
            raise CannotConfine("the warm process has ended; student code cannot be run")
        answer: tuple[Any, ...] = Decoder(data).decode()
        if expected and answer[0] != expected:
            raise CannotConfine(f"student code cannot be run: {answer[1]}")
        return answer


class Warm:
    """Two warm template processes, for each grading process, good for thousands of submissions.

    From `tested` come the workers that tests call, from `shown` those whose output a student may see: what hidden tests
    made of the first (how often a worker ended, and how) leaves no trace in what the second inherit.

    Use it as a context manager. `without` switches layers of confinement off by name (for tests); `trusted`
    says that the submissions may run without enough of them. With `packages`, a list of names, student code may
    import all that is installed, those named are imported once for all, and cells run as in a Jupyter kernel.
    CannotConfine when the machine offers too little. Not for several threads at once.
    """

    def __init__(
        self,
        *,
        trusted: bool = False,
        without: Collection[str] = (),
        packages: Collection[str] | None = None,
    ) -> None:
        unknown = set(without) - set(LAYERS)
        if unknown:
            raise ValueError(f"no such layer: {', '.join(sorted(unknown))}")
        if sys.platform != "linux":
            raise CannotConfine(_ELSEWHERE)
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2)]
        self.tested, self.shown = (
            ForkServer(ours, waits) for (ours, _), waits in zip(pairs, (True, False), strict=True)
        )
        self._process = _start([theirs.fileno() for _, theirs in pairs], without, packages)
        for _, theirs in pairs:
            theirs.close()
        self.missing: dict[str, str] = {}
        """Why each layer that is not on is not."""
        on = set(LAYERS)
        try:
            for template in (self.tested, self.shown):
                has, lacks = template.ready()
                on &= set(has)
                self.missing |= lacks
        except BaseException:
            self._process.kill()
            self.close()
            raise
        self.layers: tuple[str, ...] = tuple(layer for layer in LAYERS if layer in on)
        """The layers of confinement that are on, as every outcome records them."""
        if not is_enough(self.layers):
            if not trusted:
                self.close()
                raise CannotConfine(_refusal(self.missing))
            self.layers = (*self.layers, "trusted")

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the templates still run; if not, make others."""
        return self._process.poll() is None and self.tested.alive and self.shown.alive

    def close(self) -> None:
        """End the templates and with them every worker."""
        self.tested.close()
        self.shown.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Template:
    """A warm template kept from one submission to the next; where it has ended, or another start is asked for, another
    takes its place.
    """

    def __init__(self) -> None:
        self._start: tuple[bool, tuple[str, ...] | None] | None = None
        self._warm: Warm | None = None

    def for_start(self, *, trusted: bool, packages: tuple[str, ...] | None) -> Warm:
        """The template that was started so. CannotConfine as of `Warm`."""
        if self._warm is None or not self._warm.alive or self._start != (trusted, packages):
            self.close()
            self._warm = Warm(trusted=trusted, packages=packages)
            self._start = trusted, packages
        return self._warm

    def close(self) -> None:
        """End it."""
        warm, self._warm = self._warm, None
        if warm is not None:
            warm.close()


def _start(
    descriptors: Sequence[int], without: Collection[str], packages: Collection[str] | None
) -> subprocess.Popen[bytes]:
    """Start the templates afresh, with nothing of ours but the control sockets."""
    arguments = [",".join(map(str, descriptors)), str(os.getpid()), ",".join(without)]
    arguments += [] if packages is None else [",".join(packages)]
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-c", _RUN, _TREE, *arguments],
        pass_fds=descriptors,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env={
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            **dict.fromkeys(threads, "1"),
        },
        restore_signals=True,
        start_new_session=True,
    )


def _refusal(missing: dict[str, str]) -> str:
    reasons = "; ".join(f"{layer}: {reason}" for layer, reason in missing.items())
    return f"this machine cannot confine student code ({reasons}); grade only submissions that you trust"
