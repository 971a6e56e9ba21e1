"""Small notebooks for the grading tests: an assignment of two functions, and what students do to it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from autograder.judging.assignment import Assignment, parse_assignment

Json = dict[str, Any]


def _meta(grade_id: str, **flags: Any) -> Json:
    base = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "task": False}
    return {"nbgrader": {**base, "grade_id": grade_id, **flags}}


def code(source: str, grade_id: str = "", **flags: Any) -> Json:
    return {
        "cell_type": "code",
        "metadata": _meta(grade_id, **flags) if grade_id else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def text(source: str, grade_id: str = "", **flags: Any) -> Json:
    return {
        "cell_type": "markdown",
        "metadata": _meta(grade_id, **flags) if grade_id else {},
        "source": source,
    }


def notebook(cells: Iterable[Json], **metadata: Any) -> Json:
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return {"cells": list(cells), "metadata": {**kernel, **metadata}, "nbformat": 4, "nbformat_minor": 4}


SOLUTION = "def {name}(z):\n    ### BEGIN SOLUTION\n    return {body}\n    ### END SOLUTION"
HIDDEN = """### BEGIN HIDDEN TESTS
assert {name}(np.array([0.71])).shape == (1,), 'wrong shape'
### END HIDDEN TESTS"""


def source_cells() -> list[Json]:
    tests = {"grade": True, "locked": True, "points": 2}
    return [
        text("# Small"),
        code("import numpy as np\nhalf = 0.5", "setup", locked=True),
        text("Write double."),
        code(SOLUTION.format(name="double", body="2.0 * z"), "double", solution=True),
        code(
            "# double-values: the right numbers.\nassert double(3.0) == 6.0, 'double is wrong'",
            "double-values",
            **tests,
        ),
        code(HIDDEN.format(name="double"), "double-shape", **tests),
        text("Write negate."),
        code(SOLUTION.format(name="negate", body="-z"), "negate", solution=True),
        code("assert negate(half) == -0.5, 'negate is wrong'", "negate-values", **tests),
        text("Why is that so?"),
        text("Because.", "why", grade=True, solution=True, points=3),
        text("The end."),
    ]


def assignment() -> Assignment:
    return parse_assignment("small", to_bytes(notebook(source_cells())))


def right_answers() -> Json:
    """The released notebook with both functions answered, and the written answer."""
    released = [c.released for c in assignment().cells]
    cells = source_cells()
    for cell, given in zip(cells, released, strict=True):
        cell["source"] = given
    cells[3]["source"] = "def double(z):\n    return z + z"
    cells[7]["source"] = "def negate(z):\n    return -z"
    cells[10]["source"] = "It doubles."
    return notebook(cells)


def changed(change: Callable[[list[Json]], Any]) -> bytes:
    """The right answers after something happened to the list of cells."""
    handed = right_answers()
    result = change(handed["cells"])
    if isinstance(result, list):
        handed["cells"] = result
    return to_bytes(handed)


def to_bytes(content: Json) -> bytes:
    return json.dumps(content).encode()
