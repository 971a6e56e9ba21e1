"""Show where the time of grading goes: the parts of a submission, then those of the whole command.

    python benchmarks/where_time_goes.py
    python benchmarks/where_time_goes.py --size 400

The class is that of `class.py`, for 02-sigmoid. Judge and workers share one core here, so that while the judge
waits its workers compute: a part takes the judge's processor time and what it waited. Beside the parts stand the
floor (the same cells and tests with nothing around them) and an idle worker: forked, confined and ended.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from autograder.judging import grading, writing  # noqa: E402
from autograder.judging.assignment import Assignment  # noqa: E402
from autograder.judging.connection import Connection  # noqa: E402
from autograder.judging.forkserver import ForkServer, Warm  # noqa: E402
from autograder.judging.limits import Limits  # noqa: E402
from autograder.judging.mistakes import diagnosis  # noqa: E402
from autograder.judging.session import Session  # noqa: E402
from benchmarks.parts.classes import AUTOGRADER, NAME, course, notebooks_of, source_assignment  # noqa: E402
from benchmarks.parts.floor import floor_of_class  # noqa: E402
from benchmarks.parts.measuring import cost, machine  # noqa: E402

PARTS: list[tuple[str, Any, str]] = [
    ("reading and restoring", grading, "read_notebook"),
    ("reading and restoring", grading, "restore"),
    ("examination", Session, "judge"),
    ("  its student cells", Session, "_own"),
    ("  its tests", Session, "_test"),
    ("what is said of mistakes", diagnosis, "diagnose"),
    ("  calls on public probes", Session, "calls"),
    ("writing", writing, "notebook_bytes"),
    ("starting workers", ForkServer, "fork"),
]
IDLE = 100


class Stopwatch:
    """Adds up by label how often something is called, the wall clock of it, and its processor time."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.wall: Counter[str] = Counter()
        self.processor: Counter[str] = Counter()

    def timed(self, label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time taken."""

        @functools.wraps(function)
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter(), time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.calls[label] += 1
                self.wall[label] += time.perf_counter() - began[0]
                self.processor[label] += time.process_time() - began[1]

        return stand_in

    @contextmanager
    def watching(self, parts: list[tuple[str, Any, str]]) -> Iterator[None]:
        """Take the time of functions, each named by its label, its owner and its name there."""
        with ExitStack() as patches:
            for label, owner, name in parts:
                timed = self.timed(label, getattr(owner, name))
                patches.enter_context(mock.patch.object(owner, name, timed))
            yield


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=200, help="size of the class (default: 200)")
    size: int = parser.parse_args().size
    warnings.simplefilter("ignore")
    print(machine())
    assignment = source_assignment()
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    judged = one_by_one(assignment, size)
    print_line("the floor", *floor_of_class(assignment, size))
    print_line("an idle worker", *idle_worker())
    os.sched_setaffinity(0, cores)
    whole_command(size, judged)


def one_by_one(assignment: Assignment, size: int) -> float:
    """Judge a class on one core and print the parts of a submission; return its seconds."""
    notebooks = [text.encode() for text in notebooks_of(size)]
    watch = Stopwatch()
    grade = watch.timed("a submission", grading.grade)
    with Warm() as warm:
        grading.grade(assignment, notebooks[0], warm)
        with watch.watching(PARTS):
            for notebook in notebooks:
                grade(assignment, notebook, warm)
    print(f"{'milliseconds a submission':30} {'judge':>8} {'workers':>8}    times")
    for label in ("a submission", *dict.fromkeys(label for label, _, _ in PARTS)):
        wall, processor = watch.wall[label] / size, watch.processor[label] / size
        print(
            f"{label:30} {1000 * processor:8.2f} {1000 * (wall - processor):8.2f}  {watch.calls[label] / size:7.2f}"
        )
    return watch.wall["a submission"] / size


def idle_worker() -> tuple[float, float]:
    """Seconds that a worker takes which runs nothing, and the judge's part of them."""
    limits = Limits()
    with Warm() as warm:
        Connection(warm.shown, limits).close()
        began = time.perf_counter(), time.process_time()
        for _ in range(IDLE):
            Connection(warm.shown, limits).close()
        return (time.perf_counter() - began[0]) / IDLE, (time.process_time() - began[1]) / IDLE


def print_line(label: str, wall: float, processor: float) -> None:
    """One line of the table."""
    print(f"{label:30} {1000 * processor:8.2f} {1000 * (wall - processor):8.2f}")


def whole_command(size: int, judged: float) -> None:
    """Print the parts of `autograder grade` for the class, in seconds of processor time."""
    with tempfile.TemporaryDirectory() as folder:
        made = course(Path(folder) / "course", size)
        command = [*AUTOGRADER, "grade", NAME]
        for step in ([*AUTOGRADER, "release", NAME], command):
            taken = cost(step, made)
        start = cost(command, made).processor  # nothing is new: it starts, looks and ends
    print(f"\n`autograder grade` for {size}: {taken.wall:.2f} s, of all processes {taken.processor:.2f} s")
    rest = taken.processor - size * judged - start
    for label, seconds in (
        ("judging", size * judged),
        ("start, with nothing to do", start),
        ("gradebook, folders, shipping, more processes", rest),
    ):
        print(f"  {label:46} {seconds:6.2f} s {100 * seconds / taken.processor:4.0f} %")


if __name__ == "__main__":
    main()
