"""A grading process seen from the side that sends it work, and the work as a function for any executor.

Each thread that calls `work` has a grading process of its own. A process that dies takes one submission with
it, which gets another process; a submission that ends two of them is given up, and no other is touched.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection

from autograder.classroom.grade.task import Judged, Rules, Task
from autograder.judging.outcome import CannotConfine

_TRIES = 2
_OVERTIME = 60.0  # seconds beyond what the judge allows itself: by then the process hangs
_MODULE = "autograder.classroom.grade.child"
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class GraderDied(Exception):
    """The grading process ended, or hung, in the middle of a submission; the text says how."""


class Grader:
    """A grading process, not for several threads at once."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **dict.fromkeys(_THREADS, "1")},
                start_new_session=True,  # Ctrl-C is for whoever gives the work
            )
        self._connection = Connection(ours.detach())

    def grade(self, task: Task) -> Judged:
        """Grade a submission. Raises GraderDied, and CannotConfine as the judge does."""
        try:
            self._connection.send(task)
            if not self._connection.poll(_patience(task.rules)):
                raise GraderDied("did not come to an end")
            answer = self._connection.recv()
        except (EOFError, OSError):
            raise GraderDied(self._ending()) from None
        if isinstance(answer, CannotConfine):
            raise answer
        assert isinstance(answer, Judged)
        return answer

    def end(self) -> None:
        """End the process, whatever it is doing, and with it everything that it has started."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and forget it."""
        self.end()
        self._connection.close()

    def _ending(self) -> str:
        code = self._process.wait()
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"


class Hands:
    """`work(task)` grades a submission in a process that belongs to the calling thread."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._graders: set[Grader] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def __call__(self, task: Task) -> Judged:
        """Grade a submission; one whose grading processes die has a report that says so."""
        ending = ""
        for _ in range(_TRIES):
            grader = self._grader()
            try:
                return grader.grade(task)
            except GraderDied as error:
                ending = str(error)
                self._discard(grader)
        return Judged(reason=f"its grading process {ending}, {_TRIES} times: look at what it does.")

    def start(self) -> None:
        """Start this thread's process, so that it is there when the first task comes.

        Nothing is raised after `stop`: an executor whose thread fails to start leaves its other threads waiting.
        """
        with suppress(GraderDied):
            self._grader()

    def stop(self) -> None:
        """End all processes, so that the threads come free; nothing can be graded after it."""
        with self._lock:
            self._stopped = True
            for grader in self._graders:
                grader.end()

    def _grader(self) -> Grader:
        if not hasattr(self._own, "grader"):
            with self._lock:
                if self._stopped:
                    raise GraderDied("was stopped")
                self._own.grader = Grader()
                self._graders.add(self._own.grader)
        found: Grader = self._own.grader
        return found

    def _discard(self, grader: Grader) -> None:
        with self._lock:
            self._graders.discard(grader)
        grader.close()
        del self._own.grader


_shared = Hands()


def work(task: Task) -> Judged:
    """Grade a submission in a process of the calling thread's: what a cluster's workers are sent."""
    return _shared(task)


def _patience(rules: Rules) -> float:
    return 2 * rules.limits.submission * max(1, len(rules.notebooks)) + _OVERTIME
