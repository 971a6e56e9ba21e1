"""What a student sees who runs a notebook by hand: a line for each test, and a sum at the end."""

import re
from contextlib import redirect_stdout
from io import StringIO

import pytest
from IPython.core.interactiveshell import InteractiveShell

from assignments.library import reporting
from tests.support import answers

SIGMOID = "02-sigmoid"
each_assignment = pytest.mark.parametrize("name", answers.assignments())


class Shell(InteractiveShell):
    """IPython as it is in a kernel: it knows which request it answers."""

    by_hand = True

    def get_parent(self):
        return {"metadata": {"cellId": "some"} if self.by_hand else {}}


class Run:
    """A notebook with answers in it, run from top to bottom."""

    def __init__(self, name, given, *, by_hand=True):
        self.shell = Shell()
        self.shell.by_hand = by_hand
        self.said, self.failed = {}, {}
        self.cells = {
            answers.grade_id(cell): cell.source
            for cell in answers.fill(answers.release_notebook(name), given).cells
            if cell.cell_type == "code"
        }
        for cell in self.cells:
            self.run(cell)

    def run(self, cell):
        """Run a cell and return what it prints."""
        printed = StringIO()
        with redirect_stdout(printed):
            result = self.shell.run_cell(self.cells[cell])
        self.said[cell] = printed.getvalue().rstrip()
        self.failed[cell] = result.error_in_exec
        return self.said[cell]

    def write(self, cell, code):
        """Put other code into a cell and run it."""
        self.cells[cell] = code
        self.run(cell)


@each_assignment
def test_a_right_notebook_says_passed_below_each_test_and_adds_up(name):
    done = Run(name, answers.reference(name))
    tests = answers.test_cells(answers.source_notebook(name))
    for test, cell in tests.items():
        worth = cell.metadata.nbgrader.points
        said = done.said[test]
        assert said == f"✓ {test.partition('-')[2]}: passed, {worth} point{'s' * (worth != 1)}"
    total = sum(cell.metadata.nbgrader.points for cell in tests.values())
    assert re.search(rf"all tests that you see +{total} / {total}\n", done.said["tally"])
    assert "not " not in done.said["tally"]


@each_assignment
def test_a_blank_notebook_says_once_of_each_function_that_it_is_not_written(name):
    blank = Run(name, {})
    said = [line for cell, text in blank.said.items() if cell != "tally" for line in text.splitlines()]
    assert said == [f"✗ {function} is not written yet." for function in answers.reference(name)]
    assert blank.said["tally"].count("not written yet") == len(answers.reference(name))
    assert not any(blank.failed[test] for test in answers.test_cells(answers.source_notebook(name)))


def test_a_failing_test_says_what_is_seen_first_and_gives_the_hint_when_it_is_run_again():
    wrong = Run(SIGMOID, {"sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.exp(z))"})
    first, again = wrong.said["sigmoid-values"], wrong.run("sigmoid-values")
    assert first.startswith("✗ values, 6 points: sigmoid gives wrong numbers. At place (")
    assert "exp" not in first
    assert "As a hint: " in again
    assert "exp(-z)" in again
    assert "not passed: values" in wrong.said["tally"]


def test_an_error_in_ones_own_code_is_said_with_its_line():
    wrong = Run(SIGMOID, {"sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.exp(-y))"})
    assert wrong.said["sigmoid-values"].endswith(
        "NameError in `return 1 / (1 + np.exp(-y))`: name 'y' is not defined"
    )


def test_a_function_that_needs_one_that_is_not_written_says_so():
    wrong = Run(SIGMOID, {"sigmoid_grad": "def sigmoid_grad(z):\n    return sigmoid(z) * (1 - sigmoid(z))"})
    assert wrong.said["sigmoid_grad-values"].endswith("sigmoid is not written yet, and sigmoid_grad calls it")


def test_what_is_mended_counts_at_once():
    notebook = Run(SIGMOID, {})
    notebook.run("setup")  # again: nothing is reported twice
    notebook.write("step", answers.reference(SIGMOID)["step"])
    assert notebook.run("step-values") == "✓ values: passed, 4 points"
    assert re.search(r"step +4 / 10\n", notebook.run("tally"))


def test_where_a_program_runs_the_cells_a_failing_test_raises_and_nothing_is_printed():
    blank = Run(SIGMOID, {}, by_hand=False)
    tests = answers.test_cells(answers.source_notebook(SIGMOID))
    assert all(isinstance(blank.failed[test], NotImplementedError) for test in tests)
    assert "".join(blank.said[cell] for cell in ("setup", "tally")) == ""


@each_assignment
def test_tests_setup_and_sum_are_folded_and_what_students_write_is_not(name):
    folded = {
        answers.grade_id(cell)
        for cell in answers.release_notebook(name).cells
        if cell.metadata.get("jupyter", {}).get("source_hidden")
    }
    assert folded == {"setup", "tally", *answers.test_cells(answers.source_notebook(name))}


def test_in_a_browser_without_a_server_it_is_always_a_person(monkeypatch):
    monkeypatch.setattr(reporting.sys, "platform", "emscripten")
    assert reporting.runs_by_hand(object())
    assert not reporting.runs_by_hand(None)
