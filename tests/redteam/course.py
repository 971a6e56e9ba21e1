"""The assignment that the red team attacks: 02-sigmoid with canaries in its hidden tests.

A canary is a line, a value or an input that occurs nowhere else. Where one turns up tells what leaked:
`LINE` and `EXPECTED` may never reach a process that runs student code, `INPUT` never a page that a
student sees.
"""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any

import nbformat

from tests.redteam.edits import Notebook, code_cell, nbgrader_metadata
from tests.support.answers import source_notebook

ASSIGNMENT = "02-sigmoid"
LINE = "kestrel hidden line"
EXPECTED = "8.271346505191"
INPUT = "0.8713052"
SECRET = "the-key-in-the-home-folder"
ANSWER = "the-service-answers"

_HIDDEN = re.compile(r"[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL)
_SOLUTION = re.compile(r"[ \t]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*", re.DOTALL)

_PROBE = f"""### BEGIN HIDDEN TESTS
# {LINE}
probe, most = np.array([{INPUT}, -{INPUT}]), {EXPECTED}
"""
_CHECKS = {
    "numpy": 'np.testing.assert_allclose({f}(probe), {want}, rtol=1e-9, err_msg="{f} is wrong")',
    "allclose": "answer = {f}(probe)\n"
    'assert answer.shape == (2,) and np.allclose(answer, {want}, rtol=1e-9), "{f} is wrong"',
    "plain": "for z, want in zip(probe, {want}):\n"
    '    assert abs({f}(np.array([z]))[0] - want) <= 1e-9 < most, "{f} is wrong"',
}
_WANT = {"step": [1.0, 0.0], "sign": [1.0, -1.0], "sigmoid": [0.70501721037291772, 0.29498278962708228]}
VALUE_ITEMS = {
    *("values", "stable", "integers", "mean", "weights", "bias", "boundary", "matches-difference"),
    *_CHECKS,
}
"""The properties of test cells that a function with wrong values cannot have."""
EARNED_BY_A_CONSTANT = {"log_loss-mean", "sigmoid_grad-stable"}


@cache
def _source(assignment: str) -> Notebook:
    notebook: dict[str, Any] = copy.deepcopy(source_notebook(assignment))
    if assignment != ASSIGNMENT:
        return notebook
    cells = []
    for cell, following in zip(notebook["cells"], [*notebook["cells"][1:], None], strict=True):
        cells.append(cell)
        function = _function_that_ends(cell, following)
        if function in _WANT:
            cells += [_extra_test(function, kind) for kind in _CHECKS]
    notebook["cells"] = cells
    return notebook


def source(assignment: str = ASSIGNMENT) -> Notebook:
    """Return the instructor's notebook; that of 02-sigmoid has, for three functions, tests with canaries."""
    return copy.deepcopy(_source(assignment))


def release(assignment: str = ASSIGNMENT) -> Notebook:
    """Return what a student gets: no solutions, no hidden tests."""
    notebook = source(assignment)
    for cell in notebook["cells"]:
        if nbgrader_metadata(cell).get("solution") and cell["cell_type"] == "markdown":
            cell["source"] = "YOUR ANSWER HERE"
        cell["source"] = _SOLUTION.sub("    raise NotImplementedError()", _HIDDEN.sub("", cell["source"]))
    return notebook


def source_bytes(assignment: str = ASSIGNMENT) -> bytes:
    """Return the instructor's notebook as a file."""
    return nbformat.writes(nbformat.from_dict(source(assignment))).encode()


def test_ids() -> list[str]:
    """Return the `grade_id` of every automatically graded cell."""
    return [
        meta["grade_id"]
        for cell in source()["cells"]
        if (meta := nbgrader_metadata(cell)).get("grade") and cell["cell_type"] == "code"
    ]


def is_value_item(grade_id: str) -> bool:
    """Say whether only right values earn this item."""
    return grade_id.partition("-")[2] in VALUE_ITEMS and grade_id not in EARNED_BY_A_CONSTANT


def _function_that_ends(cell: dict[str, Any], following: dict[str, Any] | None) -> str | None:
    """Return the function whose last test this cell is."""
    grade_id = nbgrader_metadata(cell).get("grade_id", "")
    after = nbgrader_metadata(following).get("grade_id", "") if following else ""
    function = grade_id.partition("-")[0]
    is_test = cell["cell_type"] == "code" and nbgrader_metadata(cell).get("grade")
    return function if is_test and after.partition("-")[0] != function else None


def _extra_test(function: str, kind: str) -> dict[str, Any]:
    check = _CHECKS[kind].format(f=function, want=_WANT[function])
    flags = {
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "schema_version": 3,
        "points": 1,
    }
    cell = code_cell(
        f"# {function}-{kind}\n{_PROBE}{check}\n### END HIDDEN TESTS",
        nbgrader={**flags, "grade_id": f"{function}-{kind}"},
    )
    return {**cell, "id": f"extra-{function}-{kind}"}
