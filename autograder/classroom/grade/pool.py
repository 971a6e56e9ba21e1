"""Work handed to an executor no faster than it is done: what waits is bounded in number and in bytes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass

from autograder.classroom.errors import CourseError
from autograder.classroom.grade.task import Report, Task
from autograder.judging.outcome import CannotConfine

MOST_BYTES = 256 << 20
TICK = 0.5  # seconds after which what has come is handed on, even if nothing new has


@dataclass(frozen=True)
class Crew:
    """Who does the work: an executor, what it calls, and how many calls it can make at once."""

    executor: Executor
    work: Callable[[Task], Report]
    hands: int


class Pool:
    """The tasks that are being worked on.

    There are at most three for each of the crew's hands, and 256 MiB of them, so that a class of any size
    needs the same memory and no hand is ever idle.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._waiting: dict[Future[Report], Task] = {}
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

    def collect(self, patience: float = TICK) -> list[tuple[Task, Report]]:
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


def _report(future: Future[Report]) -> Report:
    try:
        return future.result()
    except CannotConfine:
        raise
    except CancelledError as error:
        raise CourseError("the grading processes have gone: the same command goes on from here.") from error
    except Exception as error:  # a fault in the judge, or workers that died of this task
        text = str(error).strip().splitlines()[0] if str(error).strip() else "no more is known"
        return Report(reason=f"it could not be graded ({type(error).__name__}: {text}).")
