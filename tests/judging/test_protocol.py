"""Student code that speaks the protocol itself: at best it returns a value, never another call's answer."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.judging.limits import Limits
from autograder.judging.session import judge_submission
from autograder.judging.wire import Encoder

from .conftest import cells

SOCKET = "import os, struct\ndef say(data):\n    os.write(3, struct.pack('<II', len(data), 0) + data)\n"


def reply(number: int, value: object) -> bytes:
    """Make the reply that a worker would send for a call of that number."""
    return Encoder().encode(("outcome", number, None, value, (), (), "", ""))


def forging(numbers: range, value: object) -> str:
    """Return a function `f` that answers with a wrong value and forges replies for the calls around it."""
    messages = [reply(number, value) for number in numbers]
    return f"{SOCKET}def f(z):\n    for data in {messages!r}:\n        say(data)\n    return 0"


def said(value: object) -> str:
    return f"say({Encoder().encode(value)!r})\n    while True: pass"


LIMITS = Limits(call=1.0, cell=1.0)

SPOKEN = {
    "noise": "os.write(3, b'\\xff' * 50)",
    "noise of the right length": "say(b'\\xff' * 50)",
    "an enormous length": "os.write(3, b'\\xff\\xff\\xff\\xff\\0\\0\\0\\0')",
    "enormously many arrays": "os.write(3, b'\\0\\0\\0\\0\\xff\\xff\\xff\\xff')",
    "an enormous array": "os.write(3, b'\\0\\0\\0\\0\\1\\0\\0\\0' + b'\\xff' * 8)",
    "an array that belongs nowhere": (
        "os.write(3, struct.pack('<IIQ', 1, 1, 1 << 16) + b'N' + bytes(1 << 16))\n    while True: pass"
    ),
    "half a message": "os.write(3, b'\\x40\\0\\0\\0\\0\\0\\0\\0abc')\n    os.close(3)",
    "half a message and silence": "os.write(3, b'\\x40\\0\\0\\0\\0\\0\\0\\0abc')\n    import time\n    time.sleep(99)",
    "one byte after another": (
        "import time\n    for _ in range(10**6):\n        os.write(3, b'\\1')\n        time.sleep(0.01)"
    ),
    "a flood": "while True:\n        say(bytes(1 << 20))",
    "a value that is no reply": said([1, 2]),
    "a reply of the wrong kind": said(("ran", 99, None, "", "", (), ())),
    "a reply headed by an array": said((np.zeros(3), np.zeros(3), 1)),
    "a callback that nobody lent": said(("callback", 1, "7", (), ())),
}


@pytest.mark.parametrize("spoken", SPOKEN.values(), ids=SPOKEN)
def test_what_is_no_reply_fails_that_call_and_no_other(warm, spoken):
    notebook = cells(
        f"{SOCKET}def f(z):\n    {spoken}\n    return 1",
        "def g(z):\n    return z",
        ("test", "assert g(2) == 2"),
        ("test", "assert f(1) == 1"),
        ("test", "assert g(3) == 3"),
    )
    start = time.monotonic()
    outcomes = judge_submission(warm, notebook, LIMITS)
    assert [outcome.passed for outcome in outcomes[3:]] == [True, False, True]
    assert outcomes[4].error.origin == "limit"
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("ahead", [range(1, 2), range(1, 10), range(2, 40), range(10, 3, -1)])
def test_replies_made_in_advance_answer_no_later_call(judge, ahead):
    outcomes = judge(
        forging(ahead, 1.0),
        "def g(z):\n    return 5",
        ("test", "f(0)"),
        ("test", "assert g(0) == 5"),
        ("test", "assert g(0) == 5"),
    )
    assert [outcome.passed for outcome in outcomes[3:]] == [True, True]


def test_a_forged_reply_is_a_value_that_the_student_returned(judge):
    """Whoever can forge the right value could have returned it; nothing else can be forged."""
    outcomes = judge(
        forging(range(1, 30), 4.0), ("test", "assert f(2.0) == 4"), ("test", "assert f(3.0) == 9")
    )
    assert not outcomes[2].passed


def test_a_second_answer_is_not_the_answer_to_the_next_call(judge):
    forged = [reply(number, "forged") for number in range(40)]
    source = (
        f"{SOCKET}import threading, time\ndef later():\n    time.sleep(0.05)\n    for data in FORGED:\n"
        f"        say(data)\nFORGED = {forged!r}\n"
        "def f():\n    threading.Thread(target=later, daemon=True).start()\n    return 1"
    )
    slow = ("test", "import time\nassert f() == 1\ntime.sleep(0.2)\nassert g() == 2")
    assert judge(source, "def g():\n    return 2", slow, ("test", "assert g() == 2"))[-1].passed


def test_a_cell_that_forges_its_own_end_harms_itself_at_most(judge):
    forged = Encoder().encode(("ran", 1, None, "forged", "", (), "f", ""))
    outcomes = judge(f"{SOCKET}say({forged!r})", "def g():\n    return 1", ("test", "assert g() == 1"))
    assert outcomes[-1].passed


def test_patching_the_workers_own_code_gains_nothing(judge):
    outcomes = judge(
        "import sys, gc\n"
        "for module in list(sys.modules.values()):\n"
        "    for name in ('_reply', 'send', 'receive', 'failure', 'encode'):\n"
        "        if getattr(module, '__name__', '').startswith('autograder') and hasattr(module, name):\n"
        "            setattr(module, name, lambda *a, **k: None)\n"
        "def f():\n    return 1",
        ("test", "assert f() == 2"),
    )
    assert not outcomes[-1].passed


def test_no_test_is_anywhere_in_the_workers_memory(judge):
    """Whatever Python can reach in the worker lacks the text of the test."""
    search = (
        "import gc, sys\n"
        "def f(z):\n"
        "    seen, found = set(), False\n"
        "    waiting = list(gc.get_objects()) + [vars(m) for m in sys.modules.values()]\n"
        "    while waiting:\n"
        "        item = waiting.pop()\n"
        "        if id(item) in seen: continue\n"
        "        seen.add(id(item))\n"
        "        if isinstance(item, (str, bytes)):\n"
        "            text = item if isinstance(item, str) else item.decode('latin-1')\n"
        "            found = found or ''.join(['WATER', 'MARK']) in text\n"
        "        else:\n"
        "            waiting.extend(gc.get_referents(item))\n"
        "    return found"
    )
    test = "secret = 'WATERMARK'\nexpected = False\nassert f(1.5) is expected, 'WATERMARK'"
    assert judge(search, ("test", test), ("test", test))[-1].passed


def test_the_judge_outlives_any_number_of_bad_workers(warm):
    notebook = cells("import os\ndef f():\n    os._exit(1)", *[("test", "f()")] * 30)
    outcomes = judge_submission(warm, notebook)
    assert not any(outcome.passed for outcome in outcomes[2:])
    assert judge_submission(warm, cells("def f():\n    return 1", ("test", "assert f() == 1")))[-1].passed
