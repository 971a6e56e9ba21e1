"""Grade a course over and over in processes that are killed, each forked from this one.

python -m tests.support.killing COURSE random ROUNDS JUDGED    kill each run at a random moment; one of five judges
python -m tests.support.killing COURSE at POINT [JUDGED]       kill one run at one of the points below

JUDGED is a folder that keeps what was judged: a run that finds it there does little but write. The last run is left in
peace. Between random kills some students hand in anew, so that there is always something to grade. What a killed run
leaves running is waited for: it ends with status 1 if anything stays.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from autograder import nbgrader_plugin  # noqa: F401 - imported once, for all that are forked
from autograder.classroom.grade import crews, run
from autograder.classroom.grade.task import Judged, Task
from autograder.classroom.grade.writing import Draft, Folders
from autograder.classroom.gradebook import history
from autograder.cli import main
from tests.support.courses import TINY, hand_in
from tests.support.orphans import adopt_orphans, wait_for_orphans

ANSWERS = ("def double(x):\n    return 2 * x", "def double(x):\n    return 4", "double = 2")
STUDENTS = tuple(f"s{number}" for number in range(8))


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(owner: object, name: str, calls: int = 1) -> None:
    """Kill this process when a function has been called so many times."""
    left, real = [calls], getattr(owner, name)

    def call(*arguments: object, **settings: object) -> object:
        result = real(*arguments, **settings)
        left[0] -= 1
        if left[0] == 0:
            _die()
        return result

    setattr(owner, name, call)


POINTS: dict[str, Callable[[], None]] = {
    "in the middle of a draft": lambda: _after(Folders, "_files", 4),
    "with drafts written": lambda: _after(Folders, "write", 3),
    "in the transaction": lambda: _after(history, "add"),
    "after the transaction": lambda: setattr(Draft, "install", _die),
    "between two folders": lambda: _after(Draft, "install", 2),
    "with the old folder set aside": lambda: _after(Path, "rename", 1),
    "before the old folder is removed": lambda: setattr(shutil, "rmtree", _die),
}


def _grade(course: Path, prepare: Callable[[], None]) -> int:
    """Fork a run and return its process's id."""
    if pid := os.fork():
        return pid
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    prepare()
    os._exit(main(["grade", TINY, "--jobs", "1", "--course", str(course)]))


def _one_by_one() -> None:
    run.MOST = 1  # as many transactions as submissions: more to hit


class _Remembering:
    """Judges what no run has judged before: most of a run is then what it writes."""

    folder = Path()

    def grade(self, task: Task) -> Judged:
        path = self.folder / hashlib.sha256(pickle.dumps((task.notebooks, task.rules.notebooks))).hexdigest()
        if path.exists():
            return pickle.loads(path.read_bytes())
        grader = _Grader()
        judged = grader.grade(task)
        grader.close()
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(pickle.dumps(judged))
        os.replace(draft, path)  # `Path.rename` may be one of the points
        return judged

    def end(self) -> None:
        """There is no process to end."""

    close = end


_Grader = crews.Grader


def _remember() -> None:
    crews.Grader = _Remembering  # type: ignore[misc,assignment]


def kill_at(course: Path, point: str) -> None:
    _, status = os.waitpid(_grade(course, POINTS[point]), 0)
    assert os.WIFSIGNALED(status), f"it was not killed {point}"


def kill_at_random(course: Path, rounds: int) -> None:
    choose = random.Random(1)
    _kill_runs(course, rounds // 5, choose)
    _remember()
    _kill_runs(course, rounds - rounds // 5, choose)


def _kill_runs(course: Path, kills: int, choose: random.Random) -> None:
    longest = min(_time(course, choose) for _ in range(2))
    killed = 0
    while killed < kills:
        for student in choose.sample(STUDENTS, 3):
            hand_in(course, student, choose.choice(ANSWERS))
        run = _grade(course, _one_by_one)
        time.sleep(choose.uniform(0, longest))
        os.kill(run, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(run, 0)[1])


def _time(course: Path, choose: random.Random) -> float:
    """What a run takes for which all have handed in anew."""
    for student in STUDENTS:
        hand_in(course, student, choose.choice(ANSWERS))
    begin = time.monotonic()
    os.waitpid(_grade(course, _one_by_one), 0)
    return time.monotonic() - begin


def finish(course: Path) -> None:
    _, status = os.waitpid(_grade(course, list), 0)
    assert status == 0, f"the run after the last kill ended with {status}"


if __name__ == "__main__":
    adopt_orphans()
    _, place, kind, detail, *judged = sys.argv
    _Remembering.folder = Path(*judged)
    if kind == "at":
        if judged:
            _remember()
        kill_at(Path(place), detail)
    else:
        kill_at_random(Path(place), int(detail))
    if not wait_for_orphans(30):
        sys.exit("a killed run has left processes behind")
    finish(Path(place))
