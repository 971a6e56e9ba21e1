"""A crash, an endless loop or a memory bomb costs the question it is in and no other."""

from __future__ import annotations

import time

import pytest

from autograder.judging.limits import Limits
from autograder.judging.session import judge_submission

from .conftest import cells

ENDS = {
    "os._exit": ("import os\nos._exit(0)", "ProcessEnded"),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)", "ProcessEnded"),
    "abort": ("import os\nos.abort()", "ProcessEnded"),
    "exit status of a failed start": ("import os\nos._exit(97)", "ProcessEnded"),
    "endless loop": ("while True: pass", "TimeLimit"),
    "sleep": ("import time\ntime.sleep(1000)", "TimeLimit"),
    "endless loop that catches everything": (
        "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass",
        "TimeLimit",
    ),
    "a regular expression that never ends": ("import re\nre.match('(a*)*b', 'a' * 40)", "TimeLimit"),
    "a huge power": ("10 ** 10 ** 9", "TimeLimit"),
    "closed descriptors": ("import os\nos.closerange(0, 100)", "ProcessEnded"),
    "endless exit handlers": (
        "import atexit\natexit.register(lambda: [0 for _ in iter(int, 1)])\nimport os\nos._exit(1)",
        "ProcessEnded",
    ),
}
RAISES = {
    "memory bomb": ("a = np.ones(1 << 30)", "MemoryError"),
    "slow memory bomb": ("a = []\nwhile True: a.append(bytes(1 << 20))", "MemoryError"),
    "deep recursion": ("def r(): return r() + 1\nr()", "RecursionError"),
    "sys.exit": ("import sys\nsys.exit()", "SystemExit"),
    "keyboard interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "many threads": (
        (
            "import threading, time\n"
            "for _ in range(1000): threading.Thread(target=time.sleep, args=(99,)).start()"
        ),
        "RuntimeError",
    ),
    "a huge file": ("open('x', 'wb').write(bytes(100 << 20))", "OSError"),
    "thousands of files": ("for n in range(5000): open(str(n), 'w').close()", "OSError"),
}
LIMITS = Limits(call=0.7, patience=0.2, cell=0.7, submission=60, memory=256 << 20)


def indented(code: str) -> str:
    return "    " + code.replace("\n", "\n    ")


@pytest.mark.parametrize(("code", "name"), ENDS.values(), ids=ENDS)
def test_a_call_that_ends_its_process_costs_its_test_only(judge, code, name):
    outcomes = judge(
        "state = [1]\ndef good():\n    return state",
        f"def bad():\n{indented(code)}",
        ("test", "assert good() == [1]"),
        ("test", "bad()"),
        ("test", "try:\n    bad()\nexcept Exception:\n    pass"),
        ("test", "assert good() == [1]"),
        "state.append(2)",
        ("test", "assert good() == [1, 2]"),
        limits=LIMITS,
    )
    assert [outcome.passed for outcome in outcomes] == [True, True, True, False, False, True, True, True]
    assert outcomes[3].error.name == name
    assert outcomes[3].error.origin == "limit"


@pytest.mark.parametrize(("code", "name"), ENDS.values(), ids=ENDS)
def test_a_cell_that_ends_its_process_costs_its_question_only(judge, code, name):
    outcomes = judge(
        "def good():\n    return 1",
        f"def lost():\n    return 2\n{code}",
        "def also_good():\n    return 3",
        ("test", "assert good() == 1 and also_good() == 3"),
        ("test", "lost()"),
        limits=LIMITS,
    )
    assert [outcome.passed for outcome in outcomes] == [True, False, True, True, False]
    assert outcomes[1].error.name == name


@pytest.mark.parametrize(("code", "name"), RAISES.values(), ids=RAISES)
def test_what_python_can_report_is_an_exception_and_loses_no_state(judge, code, name):
    outcomes = judge(
        "state = [1]\ndef good():\n    return state",
        f"def bad():\n{indented(code)}",
        ("test", "bad()"),
        ("test", "assert good() == [1]"),
        f"kept = 5\n{code}",
        ("test", "assert good() == [1] and kept == 5"),
        limits=LIMITS,
    )
    assert [outcome.passed for outcome in outcomes] == [True, True, False, True, False, True]
    assert outcomes[2].error.name == outcomes[4].error.name == name


def test_a_function_that_hangs_gets_less_patience_each_other_one_its_full_time(warm):
    source = "import time\ndef hangs():\n    while True: pass\ndef slow():\n    time.sleep(0.4)\n    return 1"
    tests = [("test", "hangs()")] * 6 + [("test", "assert slow() == 1")]
    start = time.monotonic()
    outcomes = judge_submission(warm, cells(source, *tests), Limits(call=0.8, patience=0.1))
    assert [outcome.passed for outcome in outcomes[2:]] == [False] * 6 + [True]
    assert time.monotonic() - start < 2 * 0.8 + 4 * 0.1 + 0.4 + 2


def test_a_submission_has_a_time_of_its_own_and_the_rest_is_skipped(warm):
    notebook = cells("def f():\n    while True: pass", *[("test", "f()")] * 5, "while True: pass")
    start = time.monotonic()
    outcomes = judge_submission(warm, notebook, Limits(call=0.5, cell=1.0, submission=2.5))
    assert time.monotonic() - start < 5
    assert not any(outcome.passed for outcome in outcomes[2:])
    assert outcomes[-2].skipped
    assert outcomes[-2].error.name == "TimeLimit"


@pytest.mark.parametrize(
    "code", [code for code, _ in [*ENDS.values(), *RAISES.values()]], ids=[*ENDS, *RAISES]
)
def test_the_next_submission_is_as_if_nothing_had_been(judge, code):
    judge(code, limits=Limits(cell=0.3))
    outcomes = judge(
        "import os, threading\ndef f():\n    return os.listdir('.'), threading.active_count()",
        ("test", "assert f() == ([], 1)"),
    )
    assert outcomes[-1].passed


def test_threads_may_be_used(judge):
    code = (
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as pool:\n"
        "    print(sum(pool.map(abs, [-1, 2])))"
    )
    assert judge(code)[0].stdout == "3\n"
