"""On macOS and Windows nothing is judged: one line says so and names the way, and no module fails to be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAC = """
import resource, socket, sys, sysconfig
sysconfig.get_config_vars()  # those of another system are not here
sys.platform = "darwin"
for name in ("RLIMIT_MSGQUEUE", "RLIMIT_SIGPENDING", "prlimit"):
    delattr(resource, name)
del socket.SOCK_SEQPACKET
"""
WINDOWS = """
import os, shutil, signal, socket, sys, sysconfig  # shutil asks Python 3.14 what system it was built for
import numpy
sysconfig.get_config_vars()
sys.platform = "win32"
sys.modules |= dict.fromkeys(("fcntl", "grp", "pwd", "resource", "termios"))
gone = {os: "fork getuid geteuid setsid killpg", signal: "SIGALRM SIGKILL setitimer", socket: "AF_UNIX"}
for module, names in gone.items():
    for name in names.split():
        delattr(module, name)
"""
DOCTOR = "from autograder.cli import main; sys.exit(main(['doctor']))"
EVERY_MODULE = """
from pathlib import Path
for path in Path("autograder/judging").glob("*.py"):
    __import__(f"autograder.judging.{path.stem}")
"""


def _on(system: str, code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", system + code]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize("system", [MAC, WINDOWS], ids=["macOS", "Windows"])
def test_the_judge_is_imported_everywhere(system):
    ended = _on(system, EVERY_MODULE)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("system", [MAC, WINDOWS], ids=["macOS", "Windows"])
def test_what_needs_the_judge_says_in_one_line_that_a_container_does_it(system):
    ended = _on(system, DOCTOR)
    assert ended.returncode != 0
    (line,) = (ended.stdout + ended.stderr).splitlines()
    assert "Linux only" in line
    assert "in a container" in line
