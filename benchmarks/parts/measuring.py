"""Time, processor time and memory of a command with all the processes that it starts, and what it ran on."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.orphans import adopt_orphans, wait_for_orphans

_EVERY = 0.2  # seconds


def machine() -> str:
    """The size of this machine, and how busy it is besides."""
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {busy:.1f}"
    )


@dataclass(frozen=True)
class Cost:
    """What a command took: wall clock and processor seconds, and the most memory at one time, in bytes."""

    wall: float
    processor: float
    memory: int
    status: int = 0


def cost(command: Sequence[str | Path], cwd: Path) -> Cost:
    """Run a command to its end and return what it took, together with all that it has started."""
    adopt_orphans()
    spent, began = _processor_time(), time.perf_counter()
    with (cwd / "benchmark.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log)
    watch = _Watch(process.pid)
    watch.start()
    status = process.wait()
    wall = time.perf_counter() - began
    watch.end()
    wait_for_orphans(10)  # what ends after the command counts as well
    return Cost(wall, _processor_time() - spent, watch.most, status)


class _Watch(threading.Thread):
    """Adds up the memory of a tree of processes, again and again."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self._ended = root, threading.Event()
        self._seen: set[int] = {root}
        self.most = 0

    def run(self) -> None:
        while not self._ended.wait(_EVERY):
            self.most = max(self.most, sum(map(_memory, self._tree())))

    def end(self) -> None:
        self._ended.set()
        self.join()

    def _tree(self) -> set[int]:
        """The processes that descend from the root, also those whose parent has ended meanwhile."""
        parents = {number: _parent(number) for number in _processes()}
        self._seen &= parents.keys()
        grown = True
        while grown:
            new = {number for number, parent in parents.items() if parent in self._seen} - self._seen
            self._seen |= new
            grown = bool(new)
        return self._seen


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(number: int) -> int:
    try:
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _memory(number: int) -> int:
    """The memory of a process, its share of what it has in common with others; what is all its own if hidden."""
    try:
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    try:
        pages = Path(f"/proc/{number}/statm").read_text().split()
        return (int(pages[1]) - int(pages[2])) * resource.getpagesize()
    except OSError:
        return 0


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
