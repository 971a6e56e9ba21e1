"""Who grades: processes on this machine, or the workers of a Dask cluster; they get work no faster than it is done.

Each thread that calls `work` has a grading process of its own. A process that dies takes one submission with it, which
gets another process; a submission that ends two of them is given up, and no other is touched.

`python -m autograder.classroom.grade.crews DESCRIPTOR` is such a process: it reads tasks from a socket, judges them and
sends reports back. It holds the tests, so student code never runs in it, but in the confined workers that the judge
starts. It ends when the other end of the socket does.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Any

from autograder.classroom.errors import CourseError
from autograder.classroom.grade.task import Judged, JudgedNotebook, Rules, Task, engine, runs_on
from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Template, Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.sandbox import CannotConfine

MOST_BYTES = 256 << 20
TICK = 0.5  # seconds after which what has come is handed on, even if nothing new has
_CONNECT_WITHIN = 10  # seconds
_TRIES = 2
_OVERTIME = 60.0  # seconds beyond what the judge allows itself: by then the process hangs
_MODULE = "autograder.classroom.grade.crews"
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


@dataclass(frozen=True)
class Crew:
    """Who does the work: an executor, what it calls, and how many calls it can make at once."""

    executor: Executor
    work: Callable[[Task], Judged]
    hands: int


class Pool:
    """The tasks that are being worked on.

    There are at most three for each of the crew's hands, and 256 MiB of them, so that a class of any size
    needs the same memory and no hand is ever idle.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._waiting: dict[Future[Judged], Task] = {}
        self._bytes = 0

    @property
    def busy(self) -> bool:
        """Whether anything is still being worked on."""
        return bool(self._waiting)

    def is_full_for(self, task: Task) -> bool:
        """Whether a task has to wait; a task of any size is taken when there is nothing else."""
        heavy = self._bytes + task.size > MOST_BYTES
        return self.busy and (heavy or len(self._waiting) >= 3 * self._crew.hands)

    def submit(self, task: Task) -> None:
        """Hand a task to the executor."""
        try:
            self._waiting[self._crew.executor.submit(self._crew.work, task)] = task
        except RuntimeError as error:  # shut down: a cluster that has gone
            raise CourseError(
                f"no more work is taken ({error}): the same command goes on from here."
            ) from error
        self._bytes += task.size

    def collect(self, patience: float = TICK) -> list[tuple[Task, Judged]]:
        """Wait so many seconds for work that is done and return it, or nothing.

        Raises CannotConfine when a machine cannot confine student code, and CourseError when the executor
        has given up all work.
        """
        done, _ = wait(self._waiting, timeout=patience, return_when=FIRST_COMPLETED)
        found = []
        for future in done:
            task = self._waiting.pop(future)
            self._bytes -= task.size
            found.append((task, _report(future)))
        return found


def _report(future: Future[Judged]) -> Judged:
    try:
        return future.result()
    except CannotConfine:
        raise
    except CancelledError as error:
        raise CourseError("the grading processes have gone: the same command goes on from here.") from error
    except Exception as error:  # a fault in the judge, or workers that died of this task
        text = str(error).strip().splitlines()[0] if str(error).strip() else "no more is known"
        return Judged(reason=f"it could not be graded ({type(error).__name__}: {text}).")


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def hired(jobs: int, scheduler: str = "") -> Iterator[Crew]:
    """Have `jobs` processes grade here, or if it is named the cluster of the scheduler at an address.

    Raises CourseError if there is no cluster.
    """
    with _cluster(scheduler) if scheduler else _local(jobs) as crew:
        yield crew


@contextmanager
def _local(jobs: int) -> Iterator[Crew]:
    """Threads of this process, each with a grading process: to wait for it is all that a thread does."""
    own = Hands()
    executor = ThreadPoolExecutor(jobs, initializer=own.start)
    try:
        for _ in range(jobs):
            executor.submit(bool)  # starts a thread, and so its process, before the first task is there
        yield Crew(executor, own, jobs)
    finally:
        own.stop()
        executor.shutdown(cancel_futures=True)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Crew]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise CourseError(
            "grading on a cluster needs the package distributed: pip install distributed"
        ) from error
    dask: Any = Client
    _silence("distributed")
    try:
        client = dask(scheduler, timeout=_CONNECT_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(f"there is no Dask scheduler at {scheduler} ({_first_line(error)}).") from error
    with client:
        hands = sum(client.nthreads().values())
        if not hands:
            raise CourseError(
                f"the Dask scheduler at {scheduler} has no workers: start some with `dask worker`."
            )
        yield Crew(client.get_executor(pure=False, retries=2), work, hands)


def _silence(package: str) -> None:
    """What a package logs becomes an exception sooner or later, which is told in a line."""
    for name in logging.root.manager.loggerDict:
        if name.split(".")[0] == package:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def main(descriptor: int) -> None:
    """Grade until there is nobody left to grade for."""
    threading.Thread(target=_end_with_the_other_side, args=(descriptor,), daemon=True).start()
    gc.freeze()  # what is imported by now stays: no collection has to look at it again
    connection = Connection(descriptor)
    template = Template()
    while True:
        task: Task = connection.recv()
        try:
            rules = task.rules
            warm = template.for_start(trusted=rules.trusted, packages=rules.packages)
            connection.send(grade_task(task, warm))
        except CannotConfine as error:
            connection.send(error)


def grade_task(task: Task, warm: Warm) -> Judged:
    """Grade all notebooks of a submission; the first that cannot be read is the reason for having none."""
    tests = dict(task.rules.notebooks)
    graded = []
    for name, data in task.notebooks:
        assignment = _assignment(name, tests[name], task.rules).with_own(task.files)
        result = grade(assignment, data, warm, task.rules.limits)
        if result.reason:
            return Judged(reason=result.reason, unreadable=name, engine=engine(), platform=runs_on())
        graded.append(_notebook(name, result))
    return Judged(tuple(graded), engine=engine(), platform=runs_on())


def _notebook(name: str, result: Graded) -> JudgedNotebook:
    points = {score.id: score.points for score in result.feedback}
    return JudgedNotebook(name, result.notebook, points, result.untouched, result.notes, result.layers)


@lru_cache(maxsize=16)
def _assignment(name: str, source: bytes, rules: Rules) -> Assignment:
    shared = dict(rules.shared).get(name, frozenset())
    return parse_assignment(name, source, rules.stubs, shared, rules.files, rules.kept)


def _end_with_the_other_side(descriptor: int) -> None:
    """A submission may take minutes: whoever waited for it may have been killed meanwhile."""
    poll = select.poll()
    poll.register(descriptor, select.POLLRDHUP)
    poll.poll()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
