"""Who grades: processes on this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from autograder.classroom.errors import CourseError
from autograder.classroom.grade.grader import Work, work
from autograder.classroom.grade.pool import Crew

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
    own = Work()
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
            "grading on a cluster needs the package distributed: pip install 'from-lines-to-softmax[cluster]'"
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
