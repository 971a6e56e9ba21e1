"""A grading process that some submissions end: `python -m tests.support.poisoned N`.

No submission is known to do so. The tests need one: its text says when it kills or hangs the process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from autograder.classroom.grade import crews
from autograder.classroom.grade.task import Judged, Task
from autograder.judging.forkserver import Warm

ALWAYS, ONCE, HANG = "# always kills its process", "# once kills its process: ", "# hangs its process"

_grade_task = crews.grade_task


def poisoned(task: Task, warm: Warm) -> Judged:
    """Grade a submission, or do what its text says."""
    text = b"".join(data for _, data in task.notebooks).decode()
    if HANG in text:
        time.sleep(3600)
    if ALWAYS in text or (ONCE in text and _first_time(Path(text.partition(ONCE)[2].partition("\\n")[0]))):
        os.kill(os.getpid(), signal.SIGKILL)
    return _grade_task(task, warm)


def _first_time(mark: Path) -> bool:
    if mark.exists():
        return False
    mark.touch()
    return True


if __name__ == "__main__":
    crews.grade_task = poisoned
    crews.main(int(sys.argv[1]))
