"""Grading on a Dask cluster of separate processes, which share no folder with the class."""

import subprocess
import sys
import time
import warnings

import pytest

from tests.support import class_state, courses
from tests.support.cluster import cluster, grading_processes
from tests.support.courses import ROOT, TINY, WRONG, hand_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]

SLOW = "import time\n\ntime.sleep(0.3)\n\n\ndef double(x):\n    return 2 * x"


@pytest.fixture
def workers(tmp_path):
    with warnings.catch_warnings(action="ignore"), cluster(tmp_path) as started:  # Dask's own
        yield started


@pytest.fixture
def handed_in(released):
    for number in range(12):
        hand_in(released, f"s{number:02}", (SLOW, WRONG, "double = 2")[number % 3])
    return released


def _start(course, *arguments):
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--course", str(course), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _end(run):
    _, errors = run.communicate()
    return run.returncode, errors


def _state(course):
    return class_state.rows(course, TINY), class_state.files(course)


def test_a_cluster_gives_the_same_bytes_and_a_worker_killed_in_the_middle_loses_nothing(
    workers, handed_in, tmp_path
):
    here, there, disturbed = handed_in, tmp_path / "there", tmp_path / "disturbed"
    for other in (there, disturbed):
        courses.copy_tree(here, other)
    assert _end(_start(here, "--jobs", "1")) == (0, "")
    assert _end(_start(there, "--scheduler", workers.address)) == (0, "")
    assert all(grading_processes(worker) for worker in workers.workers)
    assert _state(there) == _state(here)

    run = _start(disturbed, "--scheduler", workers.address)
    _kill_when_busy(workers.workers[0], run)
    assert _end(run) == (0, "")
    assert _state(disturbed) == _state(here)


def _kill_when_busy(worker, run):
    """Kill a worker while the student code of a submission sleeps in it."""
    (grader,) = grading_processes(worker)
    before = _cpu(grader)
    while run.poll() is None and _cpu(grader) == before:
        time.sleep(0.01)
    assert run.poll() is None, "the run ended before the worker had anything to do"
    worker.kill()


def _cpu(process):
    with open(f"/proc/{process}/stat") as file:
        return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))


def test_a_scheduler_that_goes_or_is_not_there_is_told_in_one_line(workers, handed_in, tmp_path):
    run = _start(handed_in, "--scheduler", workers.address)
    until = time.monotonic() + 60
    while not grading_processes(workers.workers[0]):
        assert time.monotonic() < until
        time.sleep(0.05)
    workers.scheduler.kill()
    assert _end(run) == (
        2,
        "autograder: the grading processes have gone: the same command goes on from here.\n",
    )
    status, errors = _end(_start(handed_in, "--scheduler", "tcp://127.0.0.1:9"))
    assert (status, errors.count("\n")) == (2, 1)
    assert "there is no Dask scheduler at tcp://127.0.0.1:9" in errors
    assert _end(_start(handed_in, "--jobs", "1")) == (0, "")
    assert [path.name for path in (handed_in / "class").rglob(".*")] == []
