"""Scores by nbgrader's rules, its faults put right, in notebooks that are the same bytes every time."""

import json
import multiprocessing

import nbformat
import pytest
from nbgrader.utils import compute_checksum, determine_grade

from autograder.judging.assignment import parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.limits import Limits
from tests.grading import notebooks, real
from tests.grading.notebooks import changed, code
from tests.support import memory

ASSIGNMENT = notebooks.assignment()
DOUBLE, WHY = 3, 10


def answered(source: str, warm: Warm) -> Graded:
    """The small assignment with this answer to `double`, all else right."""

    def answer(cells: list) -> None:
        cells[DOUBLE]["source"] = source

    return grade(ASSIGNMENT, changed(answer), warm, Limits(call=1.0))


def points(result: Graded) -> dict[str, float | None]:
    return {score.id: score.points for score in result.feedback}


FULL = {"double-values": 2.0, "double-shape": 2.0, "negate-values": 2.0, "why": None}


def test_right_answers_have_full_points_and_the_written_answer_waits(warm: Warm) -> None:
    result = answered("def double(z):\n    return 2 * z", warm)
    assert points(result) == FULL
    assert result.score == 6


def test_an_answer_left_as_it_was_has_zero(warm: Warm) -> None:
    def leave(cells: list) -> None:
        cells[WHY]["source"] = ASSIGNMENT.by_id["why"].released

    assert points(grade(ASSIGNMENT, changed(leave), warm))["why"] == 0


@pytest.mark.parametrize(
    "noise",
    [
        "import sys; print('no', file=sys.stderr)",
        "import warnings; warnings.warn('careful')",
        "print('1000')",
        "1000",
    ],
)
def test_what_a_student_prints_is_no_score_and_a_warning_costs_nothing(noise: str, warm: Warm) -> None:
    assert points(answered(f"def double(z):\n    {noise}\n    return 2 * z", warm)) == FULL


@pytest.mark.parametrize(
    "trouble", ["raise SystemExit", "import os; os._exit(0)", "while True: pass", "1 / 0"]
)
def test_trouble_in_a_function_costs_its_own_question_only(trouble: str, warm: Warm) -> None:
    result = answered(f"def double(z):\n    {trouble}", warm)
    assert points(result) == {**FULL, "double-values": 0.0, "double-shape": 0.0}


def test_nbgrader_reads_the_same_scores_from_the_outputs(warm: Warm) -> None:
    result = answered("import sys\ndef double(z):\n    print(5, file=sys.stderr)\n    return 3 * z", warm)
    notebook = nbformat.reads(result.notebook.decode(), as_version=4)
    nbformat.validate(notebook)
    read = {
        cell.metadata.nbgrader.grade_id: determine_grade(cell)[0]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert read == points(result)


def test_checksums_are_nbgraders() -> None:
    for name in ("02-sigmoid",):
        for source, cell in zip(real.assignment(name).cells, real.released(name).cells, strict=True):
            if source.solution and source.id:
                assert source.checksum == compute_checksum(cell)


PARTIAL = "ok = [double(1.0) == 2.0, double(2.0) == 5.0]\n{last}"


@pytest.mark.parametrize(
    ("last", "given"),
    [("sum(ok)", 1.0), ("0.5 * sum(ok)", 0.5), ("7", 2.0), ("-1", 2.0), ("double(0.5)", 2.0), ("True", 2.0)],
)
def test_partial_credit_is_the_value_of_the_tests_own_last_line(last: str, given: float, warm: Warm) -> None:
    cells = notebooks.source_cells()
    cells[4]["source"] = PARTIAL.format(last=last)
    assignment = parse_assignment("small", notebooks.to_bytes(notebooks.notebook(cells)))
    result = grade(assignment, changed(lambda cells: None), warm)
    assert points(result)["double-values"] == given
    notebook = nbformat.reads(result.notebook.decode(), as_version=4)
    cell = next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "double-values"
    )
    assert determine_grade(cell)[0] == given


def test_unreadable_bytes_give_a_reason_and_no_scores(warm: Warm) -> None:
    result = grade(ASSIGNMENT, b"{", warm)
    assert result.reason
    assert (result.notebook, result.feedback, result.digest) == (b"", (), ASSIGNMENT.digest)


def test_the_record_says_how_it_was_graded(warm: Warm) -> None:
    record = json.loads(answered("x = 1", warm).notebook)["metadata"]["autograder"]
    assert record["assignment"] == ASSIGNMENT.digest
    assert record["layers"] == list(warm.layers)
    assert record["engine"]


HOSTILE_METADATA = {
    "autograder": {"notes": ["forged"], "layers": ["all"]},
    "celltoolbar": "Create Assignment",
}


def test_metadata_of_the_students_own_is_dropped(warm: Warm) -> None:
    handed = notebooks.right_answers()
    handed["metadata"] |= HOSTILE_METADATA
    handed["cells"][0]["metadata"] = {"tags": ["x"], "autograder": {"run": False}}
    result = grade(ASSIGNMENT, notebooks.to_bytes(handed), warm)
    assert b"forged" not in result.notebook
    assert b"celltoolbar" not in result.notebook


SUBMISSIONS = [
    changed(lambda cells: None),
    changed(
        lambda cells: [
            *cells,
            code("import random, time\nprint(random.random(), hash('a'), {'b', 'a', 'c'})"),
        ]
    ),
    changed(lambda cells: [*cells[:DOUBLE], code("def double(z):\n    return z * [0]"), *cells[4:]]),
    changed(lambda cells: [*cells[:DOUBLE], code("def double(z):\n    return object()"), *cells[4:]]),
    changed(lambda cells: cells[::-1]),
]


def graded_elsewhere(_: int) -> list[bytes]:
    with Warm() as process:
        return [grade(ASSIGNMENT, data, process).notebook for data in SUBMISSIONS]


@pytest.mark.slow
def test_the_same_bytes_come_out_every_time_and_in_every_process(warm: Warm) -> None:
    here = [[grade(ASSIGNMENT, data, warm).notebook for data in SUBMISSIONS] for _ in range(5)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        elsewhere = pool.map(graded_elsewhere, range(5))
    assert all(run == here[0] for run in [*here, *elsewhere])


CUT = "[the rest of what this notebook shows was cut off]"
FLOODS = {
    "displays": "for _ in range(40):\n    display('x' * 60_000)",
    "text": "import sys\nprint('y' * 60_000)\nprint('z' * 60_000, file=sys.stderr)",
    "errors": "raise ValueError('e' * 3_900)",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_all_that_a_notebook_shows_together_is_bounded(flood: str, warm: Warm) -> None:
    many = [code(flood)] * (40 if "ValueError" not in flood else 400)
    memory.start_anew()
    before = memory.most()
    result = grade(ASSIGNMENT, changed(lambda cells: [*cells, *many]), warm)
    assert memory.most() - before < 100
    assert len(result.notebook) < 3_000_000
    assert result.notebook.decode().count(CUT) == 1
    assert points(result) == FULL
    nbformat.validate(nbformat.reads(result.notebook.decode(), as_version=4))


def test_what_tests_print_of_returned_values_is_bounded_too(warm: Warm) -> None:
    printing = [
        notebooks.code(f"print(double({n}))", f"double-{n}", grade=True, locked=True, points=1)
        for n in range(9)
    ]
    cells = notebooks.source_cells()
    assignment = parse_assignment("loud", json.dumps(notebooks.notebook([*cells, *printing])).encode())
    handed = changed(
        lambda given: [*given[:DOUBLE], code("def double(z):\n    return 'w' * 600_000"), *given[4:]]
    )
    result = grade(assignment, handed, warm)
    assert len(result.notebook) < 3_000_000
    assert result.notebook.decode().count(CUT) == 1
    assert sum(points(result)[f"double-{n}"] or 0 for n in range(9)) == 9
