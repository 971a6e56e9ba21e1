"""What is said of a mistake comes from public calls alone, is bounded, and never ends the grading."""

import json
import time
from dataclasses import asdict, replace

import pytest

from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.connection import CallArguments
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.limits import Limits
from autograder.judging.mistakes import observing
from autograder.judging.mistakes.probes import probes
from autograder.judging.mistakes.words import call_text
from autograder.judging.outcome import RemoteCall
from autograder.judging.session import Session
from tests.grading import notebooks, real
from tests.grading.notebooks import changed
from tests.support import memory


def handed_in(source: str, warm: Warm) -> Graded:
    def answer(cells: list) -> None:
        cells[3]["source"] = source

    return grade(notebooks.assignment(), changed(answer), warm)


def without_hidden_tests(assignment: Assignment) -> Assignment:
    cells = tuple(replace(c, source=c.released if c.role == "test" else c.source) for c in assignment.cells)
    return replace(assignment, cells=cells, digest=f"{assignment.digest} in part")


@pytest.mark.parametrize("name", ["01-linear-regression", "02-sigmoid", "06-softmax"])
def test_probes_are_the_same_without_the_hidden_tests(name: str, warm: Warm) -> None:
    def texts(assignment: Assignment) -> list[str]:
        public = probes(assignment, warm, Limits())
        assert all(public.values())
        return [call_text(name, p.args, p.kwargs) for name, found in public.items() for p in found]

    assert texts(real.assignment(name)) == texts(without_hidden_tests(real.assignment(name)))


def test_the_shown_process_is_asked_the_same_whatever_the_hidden_tests_are(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    honest = Session.calls

    def recorded(session: Session, function: str, given: list[CallArguments]) -> list[RemoteCall]:
        asked.append(f"{function} {given}")
        return honest(session, function, given)

    monkeypatch.setattr(observing.Session, "calls", recorded)
    calls = []
    for hidden in ("assert double(np.array([[0.71]])) == 9", "assert double('a', key=len) == 9"):
        cells = notebooks.source_cells()
        cells[5]["source"] = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        assignment = parse_assignment("small", notebooks.to_bytes(notebooks.notebook(cells)))
        handed_in_cells = changed(lambda cells: cells[3].update(source="def double(z):\n    return 3 * z"))
        asked.clear()
        grade(assignment, handed_in_cells, warm)
        calls.append(asked.copy())
    assert calls[0] == calls[1] != []


AWKWARD = {
    "large range": "return [range(10**8)]",
    "references": "return [z] * 190_000",
    "nested references": "a = [z]\n    for _ in range(40):\n        a = [a, a]\n    return a",
    "large unsigned": "return np.full(np.shape(z), 2**64 - 1, dtype=np.uint64)",
    "objects": "return np.array([None, object()], dtype=object)",
    "text": "return 'x' * 10**6",
    "a generator": "return (v for v in [1])",
    "a class": "return type('T', (), {'__array__': lambda s: 1 / 0})()",
    "ragged": "return [[1.0], [1.0, 2.0]]",
    "NaN": "return float('nan') * z",
    "a dict": "return {1: {2: {}}}",
    "itself": "a = []\n    a.append(a)\n    return a",
    "complex": "return 1j * z",
    "bytes": "return b'abc'",
    "a huge integer": "return 10 ** 5000",
    "an array of dates": "return np.array(['2020-01-01'], dtype='M8[D]')",
}


@pytest.mark.parametrize("body", AWKWARD.values(), ids=AWKWARD.keys())
def test_whatever_is_returned_is_graded_and_explained_in_bounds(body: str, warm: Warm) -> None:
    memory.start_anew()
    before = memory.most()
    began = time.monotonic()
    graded = handed_in(f"def double(z):\n    {body}", warm)
    assert time.monotonic() - began < 60
    assert memory.most() - before < 600
    assert [item.passed for item in graded.feedback if item.function == "negate"] == [True]
    assert len(json.dumps([asdict(finding) for finding in graded.findings])) < 10_000


def test_trouble_with_an_explanation_costs_the_explanation_only(
    warm: Warm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "facts", lambda *args: 1 / 0)
    graded = handed_in("def double(z):\n    return 3 * z", warm)
    assert graded.score == 4  # the shape, and the other function
    assert graded.findings == ()


CELLS = {
    "def Double(z):\n    return 2 * z": "`double` is not defined: you named it `Double`.",
    "def double(z):\n    return 2 * z)": "`double` is not defined: its cell is not Python in line 2: unmatched ')'.",
    "import scipy\ndef double(z):\n    return 2 * z": "its cell stopped in line 1 with ModuleNotFoundError",
    "<<<<<<< mine\ndef double(z):\n    return 2 * z\n=======": "holds the marks of a merge",
    "def double(z):\n    raise NotImplementedError": "It is not written yet.",
    "x = 1": "no cell of yours defines a function of that name",
}


@pytest.mark.parametrize(("source", "words"), CELLS.items(), ids=CELLS.values())
def test_what_is_wrong_with_a_cell_is_said_once_for_all_its_items(
    source: str, words: str, warm: Warm
) -> None:
    graded = handed_in(source, warm)
    (finding,) = graded.findings
    assert words in finding.cause
    assert finding.items == ("double-values", "double-shape")
