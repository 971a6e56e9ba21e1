"""On macOS and Windows all that runs no student code works: release, by hand, feedback, report, export, bundle."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.courses import ROOT, TINY

pytestmark = pytest.mark.slow

MAC = """
import asyncio, resource, socket, sys, sysconfig, urllib.request  # the standard library is for Linux here
sysconfig.get_config_vars()
sys.platform = "darwin"
for name in ("RLIMIT_MSGQUEUE", "RLIMIT_SIGPENDING", "prlimit"):
    delattr(resource, name)
del socket.SOCK_SEQPACKET
"""
# What Windows has not, and its own lock on a file, by ours. Its paths and file names are not imitated.
WINDOWS = """
import sys, types
import nbgrader.utils
import fcntl
def locking(handle, how, size):
    (fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB) if how else fcntl.lockf(handle, fcntl.LOCK_UN))
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2, LK_UNLCK=0)
sys.modules |= dict.fromkeys(("fcntl", "grp", "pwd", "resource", "termios"))
"""
COMMANDS = """
import json
from autograder.cli import main
for words in json.loads(sys.argv[1]):
    status = main(words)
    assert status == 0, (words, status)
"""


@pytest.mark.parametrize("system", [MAC, WINDOWS], ids=["macOS", "Windows"])
def test_all_but_grading_runs_where_nothing_can_be_confined(system, graded, tmp_path):
    path = graded / "solutions" / TINY / f"{TINY}.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("Write `double(x)`", "Please write `double(x)`"))
    words = [
        ["release"],
        ["feedback", TINY],
        ["report"],
        ["roster"],
        ["history", "ada"],
        ["export", str(tmp_path / "grades.csv")],
        ["bundle", str(tmp_path / "students.zip"), "--without-book"],
        ["new", "09-own"],
    ]
    command = [sys.executable, "-W", "ignore", "-c", system + COMMANDS, str(words).replace("'", '"')]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=graded, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Please write" in (graded / "exercises" / TINY / f"{TINY}.ipynb").read_text(encoding="utf-8")
    assert (graded / "class" / "feedback" / "ben" / TINY / f"{TINY}.html").is_file()
    assert "ada" in (tmp_path / "grades.csv").read_text(encoding="utf-8")
    assert (tmp_path / "students.zip").is_file()


def test_two_commands_at_once_are_kept_apart_by_windows_own_lock(tmp_path):
    program = """
from pathlib import Path
from autograder.classroom.errors import Busy
from autograder.classroom.files import locked
folder = Path(sys.argv[1]) / "submitted"
with locked(folder):
    import subprocess
    if len(sys.argv) == 2:
        command = [sys.executable, "-W", "ignore", "-c", sys.orig_argv[-2], sys.argv[1], "second"]
        print(subprocess.run(command, capture_output=True, text=True).stderr.splitlines()[-1])
with locked(folder):
    print("free again")
"""
    command = [sys.executable, "-W", "ignore", "-c", WINDOWS + program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    busy, free = done.stdout.splitlines()
    assert busy.endswith("another autograder is at work on this class: wait until it has ended.")
    assert free == "free again"
