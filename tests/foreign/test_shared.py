"""Tests that run together with the student's code: by nbgrader's rules, confined, and nothing of it shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from nbformat import reads
from nbformat.v4 import new_code_cell, new_notebook, writes

from autograder.judging.assignment import parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell, Files, Outcome
from autograder.judging.session import Session

MARKS = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
TEST = {"grade": True, "locked": True, "points": 1}
RIGHT = {
    "a function taken away": (
        "def squares(n):\n    return [i * i for i in range(n)]\ndef total(n):\n    return sum(squares(n))",
        "kept = squares\ndel squares\ntry:\n    total(1)\nexcept NameError:\n    pass\n"
        "else:\n    raise AssertionError('does not use squares')\nfinally:\n    squares = kept",
    ),
    "a patched function": (
        "def one():\n    return 1\ndef two():\n    return one() + one()",
        "from unittest import mock\nwith mock.patch('__main__.one', return_value=5):\n    assert two() == 10",
    ),
    "a figure": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], [3, 4])",
        "assert list(ax.lines[0].get_ydata()) == [3, 4]",
    ),
    "a figure without its name": (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "import matplotlib.pyplot as plt\nassert len(plt.gca().lines) == 1",
    ),
    "a printed line": (
        "def hello():\n    print('hi')",
        "import contextlib, io\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    hello()\n"
        "assert out.getvalue() == 'hi\\n'",
    ),
    "captured output": ("%%capture said\nprint('hi')", "assert said.stdout == 'hi\\n'"),
    "a coroutine": ("async def f():\n    return 1", "x = await f()\nassert x == 1"),
    "asyncio": (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 1",
        "assert asyncio.run(f()) == 1",
    ),
    "a module of the student's": ("%%writefile own.py\nvalue = 3", "import own\nassert own.value == 3"),
    "a file": ("open('out.txt', 'w').write('hi')", "assert open('out.txt').read() == 'hi'"),
    "the history": ("answer = 3", "assert any('answer =' in cell for cell in In[:-1])"),
    "a built-in asked for input": (
        "def ask():\n    return input('?')",
        "from unittest.mock import patch\nwith patch('builtins.input', return_value='a'):\n    assert ask() == 'a'",
    ),
    "unittest": (
        "def f(x):\n    return x + 1",
        "import unittest\nclass T(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(1), 2)\n"
        "assert unittest.main(argv=[''], exit=False).result.wasSuccessful()",
    ),
    "a display": (
        "from IPython.display import display\ndisplay(3)",
        "get_ipython().run_line_magic('time', '1')",
    ),
}


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm(packages=("*", "matplotlib.pyplot")) as warm:
        yield warm


def judged(warm: Warm, answer: str, test: str, files: Files = ()) -> list[Outcome]:
    cells = [Cell("student", "answer", answer), Cell("test", "test", test, shared=True)]
    with Session(warm, files=files) as session:
        return list(session.judge(cells))


@pytest.mark.parametrize(("answer", "test"), RIGHT.values(), ids=RIGHT)
def test_a_right_answer_passes(warm: Warm, answer: str, test: str) -> None:
    assert judged(warm, answer, test)[1].passed


@pytest.mark.parametrize(
    ("answer", "test"), [v for k, v in RIGHT.items() if k != "a display"], ids=lambda v: ""
)
def test_a_blank_answer_fails(warm: Warm, answer: str, test: str) -> None:
    assert not judged(warm, "raise NotImplementedError", test)[1].passed


def test_the_last_value_is_partial_credit(warm: Warm) -> None:
    assert judged(warm, "x = 3", "score = 0.5 if x == 3 else 0\nscore")[1].value == 0.5


def test_files_beside_the_notebook_are_found_by_relative_paths(warm: Warm) -> None:
    files = (("data/numbers.csv", b"1,2\n"), ("helper.py", b"def two():\n    return 2\n"))
    answer = "import helper\ntotal = sum(map(int, open('data/numbers.csv').read().split(',')))"
    outcomes = judged(warm, answer, "import helper\nassert total == helper.two() + 1", files)
    assert outcomes[1].passed


@pytest.mark.parametrize(
    "attack",
    [
        "open('/etc/passwd').read()",
        "open('/proc/1/environ').read()",
        "import os\nos.listdir('/home')",
        "import socket\nsocket.create_connection(('127.0.0.1', 80), 1)",
        "import subprocess\nsubprocess.run(['true'])",
        "import os\nos.fork()",
        "import autograder, os\nopen(os.path.join(os.path.dirname(autograder.__file__), 'x'), 'w')",
    ],
)
def test_reaching_out_fails(warm: Warm, attack: str) -> None:
    refused = f"try:\n    {attack.replace(chr(10), chr(10) + '    ')}\nexcept (OSError, ImportError):\n    held = True"
    assert judged(warm, refused, "assert held")[1].passed


def test_nothing_of_the_process_is_shown(warm: Warm) -> None:
    secret = "assert False, 'a hidden text'"
    answer = "import builtins\ndef f():\n    print(open)\nprint('shown')"
    own, test = judged(warm, answer, f"print('hidden')\n{secret}")
    assert own.stdout == "shown\n"
    assert not test.stdout
    assert not test.displays
    assert not test.messages
    assert test.error is not None
    assert test.error.origin == "shared"


SECRET = 48151623
HIDDEN = f"assert f({SECRET}) == {SECRET + 1}, 'wrong'"
TELLING = {
    "by what it raises": "def f(x):\n    raise ValueError(x)",
    "by the name of what it raises": "def f(x):\n    raise type(f'Error{x}', (Exception,), {})",
    "by what it prints": "import sys\ndef f(x):\n    print(x)\n    sys.stderr.write(str(x))",
    "by what it displays": "from IPython.display import display\ndef f(x):\n    display(x)",
    "by a warning": "import warnings\ndef f(x):\n    warnings.warn(str(x))",
    "by points": "class Said(int):\n    def __repr__(self):\n        return '0'\ndef f(x):\n    return Said(x)",
    "by the history of cells": "import atexit\ndef f(x):\n    atexit.register(print, In)\n    raise ValueError(In)",
    "by its traceback": "import sys\ndef f(x):\n    raise ValueError(sys._getframe(1).f_code.co_consts)",
    "by a file": "def f(x):\n    open('seen.txt', 'a').write(str(x))\ntry:\n    print(open('seen.txt').read())\n"
    "except OSError:\n    pass",
}


@pytest.mark.parametrize("answer", TELLING.values(), ids=TELLING)
def test_what_a_hidden_test_asks_for_reaches_no_page(warm: Warm, answer: str) -> None:
    cells = [
        new_code_cell("", metadata={"nbgrader": MARKS | {"grade_id": "f", "solution": True}}),
        new_code_cell(HIDDEN, metadata={"nbgrader": MARKS | {"grade_id": "f-test", **TEST}}),
        new_code_cell("assert f(1) == 2", metadata={"nbgrader": MARKS | {"grade_id": "f-again", **TEST}}),
    ]
    source = writes(new_notebook(cells=cells)).encode()
    assignment = parse_assignment("hw", source, None, ("f-test", "f-again"))
    cells[0].source = answer
    graded = grade(assignment, writes(new_notebook(cells=cells)).encode(), warm)
    assert graded.score == 0
    notebook = reads(graded.notebook.decode(), as_version=4)
    outputs = [
        output for cell in notebook.cells if cell.metadata.nbgrader.solution for output in cell.outputs
    ]
    assert str(SECRET) not in str(outputs)
    assert str(SECRET) not in str([asdict(item) for item in graded.feedback])
    assert str(SECRET) not in str([asdict(finding) for finding in graded.findings])


def test_one_submission_leaves_nothing_for_another(warm: Warm) -> None:
    left = "open('left.txt', 'w').write('seen')\nimport builtins, json\nbuiltins.left = json.left = 1"
    found = (
        "import builtins, json, os\n"
        "assert os.listdir('.') == [] and not hasattr(builtins, 'left') and not hasattr(json, 'left')"
    )
    assert judged(warm, left, "assert left")[1].passed
    assert judged(warm, "x = 1", found)[1].passed


def test_a_result_can_be_forged_and_is_marked_so(warm: Warm) -> None:
    """The limit of shared tests, which the chapter names: the test runs in the student's own process."""
    forged = (
        "class Anything:\n    def __eq__(self, other):\n        return True\ndef f(x):\n    return Anything()"
    )
    outcome = judged(warm, forged, HIDDEN)[1]
    assert outcome.passed
    assert outcome.cell.shared


def together(warm: Warm, *cells: tuple[str, str], limits: Limits | None = None) -> list[Outcome]:
    """The outcomes of the tests among these cells; a test is "shared" or "strict"."""
    made = [
        Cell("student" if kind == "student" else "test", f"{kind}{n}", source, shared=kind == "shared")
        for n, (kind, source) in enumerate(cells)
    ]
    with Session(warm, limits) as session:
        return [outcome for outcome in session.judge(made) if outcome.cell.kind == "test"]


def test_a_shared_test_sees_nothing_of_a_strict_one_but_its_imports(warm: Warm) -> None:
    outcomes = together(
        warm,
        ("student", "x = 1"),
        ("strict", "import json\nleft = x"),
        ("shared", "assert 'left' not in globals() and json.loads('1') == x"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, True]


def test_shared_tests_and_cells_run_in_order_as_in_a_kernel(warm: Warm) -> None:
    outcomes = together(
        warm,
        ("student", "seen = []"),
        ("shared", "seen.append('test')\nmade = 1"),
        ("student", "seen.append('cell')"),
        ("shared", "assert seen == ['test', 'cell'] and made == 1"),
    )
    assert [outcome.passed for outcome in outcomes] == [True, True]


@pytest.mark.parametrize("end", ["import os; os._exit(0)", "while True: pass"])
def test_a_shared_test_that_ends_its_process_costs_no_other(warm: Warm, end: str) -> None:
    outcomes = together(
        warm,
        ("student", "x = 1"),
        ("shared", "before = x"),
        ("shared", end),
        ("shared", "assert before == x"),
        limits=Limits(test=1),
    )
    assert [outcome.passed for outcome in outcomes] == [True, False, True]


def test_what_all_shared_tests_need_runs_once(warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    forked: list[int] = []
    fork = warm.tested.fork
    monkeypatch.setattr(warm.tested, "fork", lambda limits: forked.append(1) or fork(limits))
    outcomes = together(warm, ("student", "x = 1"), *[("shared", "assert x == 1")] * 20)
    assert all(outcome.passed for outcome in outcomes)
    assert len(forked) == 2  # the one that strict tests call runs the cells, too
