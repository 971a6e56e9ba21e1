"""Every answer of the table gets the points that the table says, and feedback that tells nothing hidden."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from autograder.judging.assignment import Assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.limits import Limits
from autograder.judging.mistakes.probes import probes
from autograder.judging.mistakes.words import call_text, value_text
from tests.grading import real
from tests.grading.pages import page_of
from tests.support import answers
from tests.support.answers import Answer

pytestmark = pytest.mark.slow

ANSWERS = [answer for name in answers.assignments() for answer in answers.load(name)]
each_answer = pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answer, id=str(answer), marks=pytest.mark.xdist_group(f"fairness-{answer.assignment}"))
        for answer in ANSWERS
    ],
)


@each_answer
def test_the_points_are_the_tables(answer: Answer, warm: Warm) -> None:
    notebook = real.graded(answer, warm)
    assert notebook.result.reason == ""
    assert real.lost(notebook.result) == notebook.loses


@each_answer
def test_the_feedback_says_what_is_wrong_and_nothing_hidden(answer: Answer, warm: Warm) -> None:
    notebook = real.graded(answer, warm)
    items = {item.id: item for item in notebook.result.feedback}
    assert [grade_id for grade_id in answer.loses if not items[grade_id].reasons] == []
    shown = [item.id for item in notebook.result.feedback if item.example]
    assert [grade_id for grade_id in shown if grade_id not in notebook.loses] == []
    assert [secret for secret in secrets(answer.assignment, warm) if secret in notebook.page] == []


@cache
def secrets(name: str, warm: Warm) -> list[str]:
    """Lines of hidden tests that are no message, runs of three hidden numbers, and long hidden numbers.

    What follows from the visible tests alone is no secret: their numbers, and the probes made from them.
    """
    cells = real.assignment(name).cells
    known = "\n".join([*(cell.released for cell in cells), *_public(real.assignment(name), warm)])
    hidden = "\n".join(region for cell in cells for region in _hidden_regions(cell.source))
    tree = ast.parse(hidden)
    messages = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    lines = [line.strip() for line in hidden.split("\n") if len(line.strip()) > 12]
    lines = [line for line in lines if line.strip("'\",") not in messages]
    runs = _runs(tree)
    numbers = re.findall(r"\d+\.\d{5,}", hidden)
    return [secret for secret in {*lines, *runs, *numbers} if secret not in known and not _is_plain(secret)]


def _runs(tree: ast.AST) -> list[str]:
    return [
        ", ".join(ast.unparse(n) for n in node.elts[i : i + 3])
        for node in ast.walk(tree)
        if isinstance(node, ast.List)
        for i in range(len(node.elts) - 2)
    ]


def _public(assignment: Assignment, warm: Warm) -> Iterator[str]:
    """The numbers of the visible tests, and what the public probes ask and find right."""
    for cell in assignment.cells:
        if cell.role == "test":
            yield from _runs(ast.parse(cell.released))
    for function, found in probes(assignment, warm, Limits()).items():
        for probe in found:
            yield call_text(function, probe.args, probe.kwargs)
            yield value_text(probe.right)
            yield repr(getattr(probe.right, "tolist", str)())


def _hidden_regions(source: str) -> list[str]:
    return re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS", source, re.DOTALL)


def _is_plain(secret: str) -> bool:
    """Short rows of 0, 1 and the like say nothing: they are in every page with an array."""
    return bool(re.fullmatch(r"[-\[\] ,.01]*", secret))


@pytest.mark.parametrize("answer", [a for a in ANSWERS if a.stock_loses != a.loses], ids=str)
def test_every_difference_to_stock_nbgrader_has_its_reason(answer: Answer) -> None:
    assert answer.stock_reason


def test_there_are_secrets_to_look_for(warm: Warm) -> None:
    assert all(len(secrets(name, warm)) > 30 for name in answers.assignments())


def test_the_page_of_a_right_submission_has_full_marks(warm: Warm) -> None:
    data = real.submission("02-sigmoid")
    assert "not right" not in page_of(grade(real.tested("02-sigmoid"), data, warm))
