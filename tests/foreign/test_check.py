"""Finding out which tests are strict: each tried both ways, then all of them as chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from autograder.classroom.release.checking import Checked, check
from autograder.judging.assignment import parse_assignment
from autograder.judging.forkserver import Warm

MARKS = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
ANSWER = """\
def more(x):
    ### BEGIN SOLUTION
    return x + 1
    ### END SOLUTION


def f(x):
    ### BEGIN SOLUTION
    return more(x)
    ### END SOLUTION
"""
TAKES_AWAY = """\
kept = more
del more
try:
    f(1)
except NameError:
    pass
else:
    raise AssertionError("f does not use more")
finally:
    more = kept
"""


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm(packages=("*",)) as warm:
        yield warm


def checked(warm: Warm, *tests: str) -> dict[str, Checked]:
    """What is found of these tests of one function."""
    cells = [new_code_cell(ANSWER, metadata={"nbgrader": MARKS | {"grade_id": "f", "solution": True}})]
    for number, test in enumerate(tests):
        about = MARKS | {"grade": True, "locked": True, "points": 1, "grade_id": f"test{number}"}
        cells.append(new_code_cell(test, metadata={"nbgrader": about}))
    source = writes(new_notebook(cells=cells)).encode()
    return {test.id: test for test in check(parse_assignment("hw", source), warm)}


def test_a_test_that_uses_a_name_of_a_shared_one_is_shared_too(warm: Warm) -> None:
    found = checked(warm, f"expected = 3\n{TAKES_AWAY}", "assert f(2) == expected", "assert f(0) == 1")
    assert [test.way for test in found.values()] == ["shared", "shared", "strict"]
    assert [test.fault for test in found.values()] == ["", "", ""]
    assert found["test1"].reason == "it shares names with a test that has to be shared"


def test_a_test_that_makes_a_name_for_a_shared_one_is_shared_too(warm: Warm) -> None:
    found = checked(
        warm, "assert f(0) == 1", "expected = 2\nassert f(1) == expected", f"expected\n{TAKES_AWAY}"
    )
    assert [test.way for test in found.values()] == ["strict", "shared", "shared"]
    assert [test.fault for test in found.values()] == ["", "", ""]


def test_a_test_that_fails_beside_the_others_for_no_reason_that_is_found_is_said_to(warm: Warm) -> None:
    found = checked(warm, "globals()['hid' + 'den'] = 1\nassert f(1) == 2", f"{TAKES_AWAY}assert hidden")
    assert [test.way for test in found.values()] == ["strict", "shared"]
    assert found["test1"].fault == "fails beside tests that are judged the other way"
