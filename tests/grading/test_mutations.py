"""A thousand damaged notebooks: each is graded or refused in a line; none stops the judge."""

import copy
import json
import random
import time
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.limits import Limits
from tests.grading import notebooks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mutations")]

ASSIGNMENT = notebooks.assignment()
RIGHT = json.dumps(notebooks.right_answers(), ensure_ascii=False, indent=1).encode()
LIMITS = Limits(call=1.0, cell=1.0, submission=10.0)
JUNK: list[Any] = [
    *(
        None,
        True,
        -1,
        0,
        1e308,
        10**40,
        "",
        "x",
        "\ud800",
        "\0",
        "double",
        "double-values",
        "code",
        "markdown",
    ),
    *(
        [],
        {},
        [[]],
        {"nbgrader": {}},
        {"grade_id": "double-values"},
        ["a", 3],
        "<script>",
        "\u202e",
        "a" * 5000,
    ),
]

Mutation = Callable[[random.Random], bytes]


def flip_bytes(rng: random.Random) -> bytes:
    data = bytearray(RIGHT)
    for _ in range(rng.choice([1, 2, 5, 50])):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def cut_out(rng: random.Random) -> bytes:
    start, end = sorted(rng.randrange(len(RIGHT)) for _ in range(2))
    return rng.choice(
        [RIGHT[:start], RIGHT[start:], RIGHT[:start] + RIGHT[end:], RIGHT[:end] + RIGHT[start:]]
    )


def shuffle_cells(rng: random.Random) -> bytes:
    handed = notebooks.right_answers()
    handed["cells"] = [copy.deepcopy(c) for c in rng.choices(handed["cells"], k=rng.randrange(25))]
    rng.shuffle(handed["cells"])
    return notebooks.to_bytes(handed)


def mix_cells(rng: random.Random) -> bytes:
    """Sources, types and metadata wander from cell to cell."""
    handed = notebooks.right_answers()
    for key in rng.sample(["source", "cell_type", "metadata"], k=rng.randrange(1, 3)):
        values = [cell[key] for cell in handed["cells"]]
        rng.shuffle(values)
        for cell, value in zip(handed["cells"], values, strict=True):
            cell[key] = copy.deepcopy(value)
    return notebooks.to_bytes(handed)


def put_junk(rng: random.Random) -> bytes:
    handed = notebooks.right_answers()
    for _ in range(rng.randrange(1, 8)):
        place, key = rng.choice(_places(handed))
        place[key] = copy.deepcopy(rng.choice(JUNK))
    return notebooks.to_bytes(handed)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value: the container and the key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


def re_encode(rng: random.Random) -> bytes:
    encoding = rng.choice(["utf-16", "utf-32", "latin-1", "utf-8-sig", "utf-16-le", "cp037"])
    data = RIGHT.decode().replace("\n", rng.choice(["\n", "\r\n", "\r"])).encode(encoding)
    return data[: rng.choice([len(data), len(data) - 3])]


MUTATIONS: list[Mutation] = [flip_bytes, cut_out, shuffle_cells, mix_cells, put_junk, re_encode]


@pytest.mark.parametrize("batch", range(20))
def test_damaged_notebooks_are_graded_or_refused_in_a_line(batch: int, warm: Warm) -> None:
    for number in range(50 * batch, 50 * batch + 50):
        data = MUTATIONS[number % len(MUTATIONS)](random.Random(number))
        began = time.monotonic()
        result = grade(ASSIGNMENT, data, warm, LIMITS)
        assert time.monotonic() - began < 60, f"mutation {number} took long"
        assert all("\n" not in line for line in (result.reason, *result.notes)), f"mutation {number}"
        if result.reason:
            assert result.notebook == b""
            assert result.feedback == ()
        else:
            check_notebook(result.notebook)
            assert [score.id for score in result.feedback] == [cell.id for cell in ASSIGNMENT.graded]


def check_notebook(data: bytes) -> None:
    """The notebook is valid, and holds each of the instructor's cells once."""
    notebook = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(notebook)
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert sorted(ids) == sorted(ASSIGNMENT.by_id)
