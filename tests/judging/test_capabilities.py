"""An administrator with some capabilities only, as in containers: grading goes on with what is left, or refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from itertools import chain, combinations
from typing import Any

import pytest

from autograder.judging.sandbox import LAYERS, NAMESPACES

pytestmark = pytest.mark.slow

NOBODY = 65534
TOO_LONG = ("TimeLimit", "TimeUp")  # whichever clock rings first
FOR_USERS = ("setuid", "setgid", "kill")
SUBSETS = [*chain.from_iterable(combinations(FOR_USERS, n) for n in range(len(FOR_USERS) + 1))]
CONTAINER = "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service sys_chroot mknod"
MOUNTS = "setuid setgid kill sys_admin"

RUN = '''
import json, sys
from autograder.judging.sandbox import CannotConfine
from autograder.judging.session import Cell, Limits, Session, Warm

SOURCE = """
import os

def user():
    return os.getuid()

def spin():
    while True:
        pass
"""
try:
    with Warm(without=json.loads(sys.argv[1])) as warm, Session(warm, Limits(call=0.3)) as session:
        session.judge([Cell("student", "a", SOURCE)])
        answers = [session.call(name) for name in ("user", "spin", "user")]
        print(json.dumps({
            "layers": warm.layers,
            "answers": [answer.result if answer.error is None else answer.error.name for answer in answers],
        }))
except CannotConfine as error:
    print(json.dumps({"refused": str(error)}))
'''


def with_capabilities(names: Collection[str], without: Collection[str] = ()) -> dict[str, Any]:
    """Judge as an administrator who has these capabilities and no other; return what came of it."""
    allowed = ",".join(["-all", *(f"+{name}" for name in names)])
    command = ["setpriv", f"--bounding-set={allowed}", sys.executable, "-c", RUN, json.dumps(sorted(without))]
    if os.getuid() != 0:
        command = ["unshare", "--user", "--map-auto", "--map-root-user", *command]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("names", SUBSETS, ids="+".join)
def test_user_is_changed_where_that_is_allowed_and_workers_can_then_be_ended(names):
    found = with_capabilities(names, NAMESPACES)
    assert found["layers"] == [layer for layer in LAYERS if layer not in NAMESPACES]
    user = NOBODY if set(names) == set(FOR_USERS) else 0
    first, endless, last = found["answers"]
    assert (first, last) == (user, user)
    assert endless in TOO_LONG


@pytest.mark.parametrize("names", SUBSETS, ids="+".join)
def test_namespaces_are_used_whatever_the_capabilities(names):
    found = with_capabilities(names)
    assert {"landlock", "seccomp", "limits"} <= set(found["layers"])
    assert found["answers"][1] in TOO_LONG


@pytest.mark.parametrize("without", [(), NAMESPACES], ids=["namespaces", "none"])
@pytest.mark.parametrize("names", [CONTAINER, MOUNTS], ids=["usual", "mounts"])
def test_an_administrator_in_a_container_is_nobody_to_the_outside(names, without):
    found = with_capabilities(names.split(), without)
    assert found["answers"][0] == (NOBODY)
    assert found["answers"][1] in TOO_LONG


def test_too_few_layers_are_refused_in_one_line():
    refused = with_capabilities((), [*NAMESPACES, "landlock"])["refused"]
    assert refused.startswith("this machine cannot confine student code")
    assert "\n" not in refused


START = """
import sys
from autograder.judging.forkserver import Warm
warm = Warm(without=sys.argv[1].split(","))
print("started", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("without", ["ipc", ",".join(NAMESPACES)], ids=["namespaces", "none"])
@pytest.mark.parametrize("wait", [True, False], ids=["started", "starting"])
def test_the_warm_process_ends_with_the_judge(without, wait):
    judge = subprocess.Popen(
        [sys.executable, "-c", START, without], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert judge.stdin is not None
    assert judge.stdout is not None
    until = time.monotonic() + 30
    if wait:
        assert judge.stdout.readline() == b"started\n"
    while not (found := _children(judge.pid)) and time.monotonic() < until:
        time.sleep(0.002)
    os.kill(judge.pid, signal.SIGKILL)
    judge.communicate()
    while any(os.path.exists(f"/proc/{pid}") for pid in found) and time.monotonic() < until:
        time.sleep(0.02)
    assert found
    assert not [pid for pid in found if os.path.exists(f"/proc/{pid}")]


def _children(process: int) -> list[int]:
    """Return the processes below this one."""
    try:
        with open(f"/proc/{process}/task/{process}/children") as file:
            direct = [int(number) for number in file.read().split()]
    except OSError:
        return []
    return direct + [pid for child in direct for pid in _children(child)]
