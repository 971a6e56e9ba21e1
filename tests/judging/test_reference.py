"""The instructor's answers run in a confined worker and never in the grading process."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.judging.limits import Limits
from autograder.judging.mistakes.probes import answers_of
from autograder.judging.outcome import Cell
from autograder.judging.session import judge_submission
from tests.grading import real

NAME = "02-sigmoid"


def with_answer(source: str):
    whole = real.assignment(NAME)
    cells = tuple(replace(cell, source=source) if cell.id == "sigmoid" else cell for cell in whole.cells)
    return replace(whole, cells=cells)


def test_answers_are_the_instructors_own(warm):
    with answers_of(real.assignment(NAME), warm, Limits()) as answers:
        assert answers.call("sigmoid", np.zeros(3)).result.tolist() == [0.5] * 3
        assert answers.call("log_loss_grad", np.eye(2), w=np.ones(2), b=0.0, y=np.array([0, 1])).error is None


def test_what_a_caller_does_to_an_answer_changes_no_later_one(warm):
    with answers_of(real.assignment(NAME), warm, Limits()) as answers:
        answers.call("step", np.ones(2)).result[:] = 7
        assert answers.call("step", np.ones(2)).result.tolist() == [1.0, 1.0]


def test_answer_reaches_neither_files_nor_this_process(warm, tmp_path):
    source = (
        "import os, numpy\nos.environ['LEFT'] = '1'\nnumpy.left = 1\n"
        f"def sigmoid(z):\n    open({str(tmp_path)!r} + '/x', 'w')"
    )
    with answers_of(with_answer(source), warm, Limits()) as answers:
        call = answers.call("sigmoid", 1.0)
    assert call.error.name in ("FileNotFoundError", "PermissionError")
    assert not hasattr(np, "left")
    assert not list(tmp_path.iterdir())


def test_answer_that_crashes_or_asks_is_an_error_of_that_call(warm):
    source = "import os\ndef sigmoid(z):\n    if z > 0:\n        os._exit(1)\n    return input()"
    with answers_of(with_answer(source), warm, Limits()) as answers:
        assert answers.call("sigmoid", 1.0).error.name == "ProcessEnded"
        assert answers.call("sigmoid", -1.0).result == ""


def test_magic_in_a_setup_cell_is_set_aside_for_judge_and_reference(warm):
    magic = "%matplotlib inline\nimport numpy as np\nhalf = 0.5"
    setup = [Cell("setup", "setup", magic), Cell("student", "f", "def f():\n    return half")]
    outcomes = judge_submission(warm, [*setup, Cell("test", "f-values", "assert f() == half")])
    assert [outcome.passed for outcome in outcomes] == [True, True, True]
    whole = real.assignment(NAME)
    cells = tuple(
        replace(cell, source=f"%matplotlib inline\n{cell.source}") if cell.id == "setup" else cell
        for cell in whole.cells
    )
    with answers_of(replace(whole, cells=cells), warm, Limits()) as answers:
        assert answers.call("sigmoid", np.zeros(1)).result.tolist() == [0.5]
