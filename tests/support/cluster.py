"""A Dask cluster of separate processes on this machine: a scheduler and two workers, each in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

_ONE_THREAD = ("--nthreads", "1", "--no-nanny", "--no-dashboard")


@dataclass
class Cluster:
    """The scheduler's address and the processes."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster below `folder`; all of it has ended after the block."""
    file = folder / "scheduler.json"
    with ExitStack() as stack:
        where = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        scheduler = _start(stack, folder / "scheduler", "scheduler", *where, "--scheduler-file", str(file))
        _wait_for(file.exists)
        _wait_for(lambda: file.read_text().endswith("}"))
        join = ("--scheduler-file", str(file), *_ONE_THREAD)
        workers = [_start(stack, folder / name, "worker", *join) for name in ("one", "two")]
        from distributed import Client

        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield Cluster(address, scheduler, workers)


def grading_processes(worker: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of a worker's grading processes."""
    children = Path(f"/proc/{worker.pid}/task").glob("*/children")
    found = [int(number) for path in children for number in path.read_text().split()]
    return [number for number in found if b"autograder.classroom.grade.crews" in _command(number)]


def _command(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def _start(stack: ExitStack, folder: Path, role: str, *arguments: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{role}", *arguments]
    environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def _wait_for(condition, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the cluster did not start"
        time.sleep(0.05)
