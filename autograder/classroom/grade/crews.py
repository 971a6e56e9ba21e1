"""Who grades: processes on this machine, or the workers of a Dask cluster; they get work no faster than it is done."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograder.classroom.errors import CourseError
from autograder.classroom.grade.grader import Hands, work
from autograder.classroom.grade.task import Judged, Task
from autograder.judging.outcome import CannotConfine

MOST_BYTES = 256 << 20

TICK = 0.5  # seconds after which what has come is handed on, even if nothing new has


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


_CONNECT_WITHIN = 10  # seconds


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
