"""Nothing outlives the judge, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.sandbox import CannotConfine
from autograder.judging.session import judge_submission

from .conftest import cells

BUSY = """
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell
from autograder.judging.session import judge_submission
warm = Warm(trusted=True, without={without!r})
print(warm._process.pid, flush=True)
judge_submission(warm, [Cell("student", "a", "while True: pass")], Limits(cell=60))
"""


def descendants(pid: int) -> set[int]:
    found, waiting = set(), [pid]
    while waiting:
        task = Path(f"/proc/{waiting.pop()}/task")
        children = [int(c) for path in task.glob("*/children") for c in path.read_text().split()]
        found.update(children)
        waiting.extend(children)
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    "without", [(), ("user", "mount", "pid", "network", "ipc")], ids=["all", "container"]
)
def test_a_judge_that_is_killed_leaves_no_process(without):
    with subprocess.Popen(
        [sys.executable, "-c", BUSY.format(without=without)], stdout=subprocess.PIPE
    ) as judge:
        assert judge.stdout is not None
        template = int(judge.stdout.readline())
        time.sleep(0.5)
        started = descendants(template) | {template}
        judge.send_signal(signal.SIGKILL)
    assert len(started) >= 2
    deadline = time.monotonic() + 10
    while any(is_running(pid) for pid in started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in started if is_running(pid)]


def test_a_closed_template_leaves_no_process():
    warm = Warm()
    pid = warm._process.pid
    judge_submission(warm, cells("1"))
    warm.close()
    assert not is_running(pid)


def test_a_template_that_died_is_the_machines_fault_and_says_so():
    with Warm() as warm:
        assert warm.alive
        os.kill(warm._process.pid, signal.SIGKILL)
        warm._process.wait()
        assert not warm.alive
        with pytest.raises(CannotConfine, match=r"^[^\n]+$"):
            judge_submission(warm, cells("def f():\n    return 1", ("test", "f()")))


def test_one_of_the_two_templates_that_died_is_noticed():
    with Warm() as warm:
        (second,) = [pid for pid in descendants(warm._process.pid) if descendants(pid)]
        os.kill(second, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while warm.alive and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not warm.alive


def test_no_descriptor_is_left_open(warm):
    judge_submission(warm, cells("1"))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        judge_submission(warm, cells("import os\nos._exit(1)", ("test", "1"), "while True: 1 / 0"))
    assert len(os.listdir("/proc/self/fd")) == before
