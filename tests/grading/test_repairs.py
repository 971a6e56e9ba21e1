"""Whatever a student does to the notebook's structure, what they answered is graded, and they are told."""

import copy
import json

import pytest

from autograder.judging.reading import read_notebook
from autograder.judging.restoring import Submission, restore
from tests.grading import notebooks
from tests.grading.notebooks import changed, code, text

ASSIGNMENT = notebooks.assignment()
SETUP, DOUBLE, VALUES, SHAPE, NEGATE, NEGATE_VALUES, WHY = 1, 3, 4, 5, 7, 8, 10
STUB = ASSIGNMENT.by_id["double"].released


def restored(handed: bytes) -> Submission:
    return restore(ASSIGNMENT, read_notebook(handed))


def run_order(submission: Submission) -> list[str]:
    """The ids of what runs, the student's own cells by their first line."""
    return [cell.id or cell.source.split("\n")[0] for cell in submission.cells if cell.runs]


RIGHT_ORDER = ["setup", "double", "double-values", "double-shape", "negate", "negate-values"]


def test_an_untouched_structure_needs_no_repair() -> None:
    submission = restored(changed(lambda cells: None))
    assert run_order(submission) == RIGHT_ORDER
    assert submission.notes == ()


def test_locked_cells_run_as_the_instructor_wrote_them_with_the_hidden_tests() -> None:
    submission = restored(changed(lambda cells: None))
    shape = next(cell for cell in submission.cells if cell.id == "double-shape")
    assert "BEGIN HIDDEN TESTS" in shape.source


@pytest.mark.parametrize("index", [VALUES, SHAPE, NEGATE_VALUES])
def test_a_deleted_test_cell_is_put_back_where_it_was(index: int) -> None:
    submission = restored(changed(lambda cells: cells.pop(index)))
    assert run_order(submission) == RIGHT_ORDER


def test_a_deleted_test_cell_is_reported_in_words() -> None:
    submission = restored(changed(lambda cells: cells[:VALUES] + cells[VALUES + 1 :]))
    assert submission.notes == ("The test cell double-values was missing; it was put back and graded.",)


def test_a_deleted_setup_cell_runs_before_everything() -> None:
    def delete(cells: list) -> list:
        return [code("own = 1"), *cells[:SETUP], *cells[SETUP + 1 :]]

    assert run_order(restored(changed(delete)))[0] == "setup"


def test_deleting_all_that_is_locked_loses_nothing() -> None:
    submission = restored(changed(lambda cells: [cells[DOUBLE], cells[NEGATE]]))
    assert run_order(submission) == RIGHT_ORDER
    assert len(submission.notes) == 5


def test_a_duplicated_test_cell_counts_once() -> None:
    submission = restored(changed(lambda cells: [*cells[: VALUES + 1], cells[VALUES], *cells[VALUES + 1 :]]))
    assert run_order(submission) == RIGHT_ORDER
    assert "counts once" in submission.notes[0]


def test_an_edited_test_cell_is_replaced_by_the_instructors() -> None:
    def edit(cells: list) -> None:
        cells[VALUES]["source"] = "pass"
        cells[VALUES]["metadata"]["nbgrader"]["locked"] = False

    submission = restored(changed(edit))
    assert run_order(submission) == RIGHT_ORDER
    assert submission.notes == (
        "The test cell double-values was changed; the instructor's version was used.",
    )


def test_an_experiment_in_a_copy_of_a_test_cell_runs_as_the_students_own() -> None:
    def paste(cells: list) -> list:
        copied = copy.deepcopy(cells[VALUES])
        copied["source"] = "tried = double(5)"
        return [*cells[:VALUES], copied, *cells[VALUES:]]

    submission = restored(changed(paste))
    assert run_order(submission)[2:4] == ["tried = double(5)", "double-values"]


def test_changed_points_do_not_count() -> None:
    def bribe(cells: list) -> None:
        cells[VALUES]["metadata"]["nbgrader"]["points"] = 1000

    submission = restored(changed(bribe))
    assert submission.notes == ("The points of double-values were changed in the notebook; 2 count.",)


def test_a_changed_grade_id_is_known_by_its_text() -> None:
    def rename(cells: list) -> None:
        cells[VALUES]["metadata"]["nbgrader"]["grade_id"] = "something-else"

    submission = restored(changed(rename))
    assert run_order(submission) == RIGHT_ORDER
    assert submission.notes == ()


def test_metadata_lost_everywhere_loses_nothing() -> None:
    def strip(cells: list) -> None:
        for cell in cells:
            cell["metadata"] = {}

    submission = restored(changed(strip))
    assert run_order(submission) == RIGHT_ORDER
    answers = {cell.id: cell.source for cell in submission.cells if cell.id}
    assert answers["why"] == "It doubles."
    assert answers["double"].endswith("z + z")


@pytest.mark.parametrize(
    "junk", [None, 3, "text", [], {"nbgrader": []}, {"nbgrader": {"nbgrader": {"grade_id": 1}}}]
)
def test_foreign_metadata_is_ignored(junk: object) -> None:
    def foul(cells: list) -> None:
        cells[DOUBLE]["metadata"] = junk

    assert run_order(restored(changed(foul))) == RIGHT_ORDER


def test_an_answer_in_a_new_cell_below_the_emptied_one_counts() -> None:
    def move(cells: list) -> list:
        answer = code(cells[DOUBLE]["source"])
        cells[DOUBLE]["source"] = ""
        return [*cells[: DOUBLE + 1], answer, *cells[DOUBLE + 1 :]]

    submission = restored(changed(move))
    assert run_order(submission)[1:3] == ["def double(z):", "double-values"]
    assert submission.notes == ("The answer to double was found in a cell of your own.",)


def test_a_stub_below_the_answer_does_not_undo_it() -> None:
    def move(cells: list) -> list:
        answer = code(cells[DOUBLE]["source"])
        cells[DOUBLE]["source"] = STUB
        return [*cells[:DOUBLE], answer, *cells[DOUBLE:]]

    assert run_order(restored(changed(move)))[1:3] == ["def double(z):", "double-values"]


def test_a_stub_runs_when_nothing_else_answers() -> None:
    def leave(cells: list) -> None:
        cells[DOUBLE]["source"] = STUB

    submission = restored(changed(leave))
    assert run_order(submission) == RIGHT_ORDER
    assert submission.notes == ()


def test_an_answer_below_its_tests_is_tested_below_it() -> None:
    def move(cells: list) -> list:
        answer = code(cells[DOUBLE]["source"])
        cells[DOUBLE]["source"] = STUB
        return [*cells, answer]

    submission = restored(changed(move))
    order = run_order(submission)
    assert order.index("def double(z):") < order.index("double-values")
    assert "double was answered below its tests; they were moved below it." in submission.notes


def test_a_split_answer_is_put_together() -> None:
    def split(cells: list) -> list:
        cells[DOUBLE]["source"] = "def double(z):\n    y = z"
        return [*cells[: DOUBLE + 1], code("    return y + z"), *cells[DOUBLE + 1 :]]

    submission = restored(changed(split))
    assert run_order(submission) == RIGHT_ORDER
    answer = next(cell for cell in submission.cells if cell.id == "double")
    assert answer.source == "def double(z):\n    y = z\n    return y + z"


def test_a_helper_split_off_with_the_same_id_runs_too() -> None:
    def split(cells: list) -> list:
        helper = copy.deepcopy(cells[DOUBLE])
        helper["source"] = "two = 2"
        return [*cells[:DOUBLE], helper, *cells[DOUBLE:]]

    submission = restored(changed(split))
    assert run_order(submission)[:3] == ["setup", "two = 2", "double"]


def test_of_two_answers_both_run_and_the_last_counts() -> None:
    def twice(cells: list) -> list:
        second = copy.deepcopy(cells[DOUBLE])
        second["source"] = "def double(z):\n    return 2 * z"
        return [*cells[: DOUBLE + 1], second, *cells[DOUBLE + 1 :]]

    submission = restored(changed(twice))
    assert run_order(submission)[1:3] == ["def double(z):", "double"]
    assert next(c for c in submission.cells if c.id == "double").source.endswith("2 * z")


def test_a_copied_stub_beside_the_answer_is_not_run() -> None:
    def twice(cells: list) -> list:
        stub = copy.deepcopy(cells[DOUBLE])
        stub["source"] = STUB
        return [*cells[: DOUBLE + 1], stub, *cells[DOUBLE + 1 :]]

    assert run_order(restored(changed(twice))) == RIGHT_ORDER


@pytest.mark.parametrize("kind", ["markdown", "raw", "heading", None, 7])
def test_a_retyped_answer_cell_is_code_again(kind: object) -> None:
    def retype(cells: list) -> None:
        cells[DOUBLE]["cell_type"] = kind

    submission = restored(changed(retype))
    assert run_order(submission) == RIGHT_ORDER
    assert submission.notes == ("The answer cell double was not a code cell any more; it was run as code.",)


def test_a_retyped_test_cell_is_code_again() -> None:
    def retype(cells: list) -> None:
        cells[VALUES]["cell_type"] = "markdown"

    submission = restored(changed(retype))
    assert run_order(submission) == RIGHT_ORDER
    assert "had become a markdown cell" in submission.notes[0]


def test_questions_in_another_order_are_graded_in_that_order() -> None:
    def swap(cells: list) -> list:
        return [*cells[:DOUBLE], *cells[6:9], *cells[DOUBLE:6], *cells[9:]]

    order = run_order(restored(changed(swap)))
    assert order.index("negate") < order.index("double") < order.index("double-values")
    assert order.index("double-values") < order.index("double-shape") < order.index("negate-values")


def test_reversed_cells_are_graded() -> None:
    order = run_order(restored(changed(lambda cells: cells[::-1])))
    assert order[0] == "setup"
    assert set(order) == set(RIGHT_ORDER)
    assert max(map(order.index, ["double", "negate"])) < order.index("negate-values")


def test_a_missing_written_answer_is_put_back() -> None:
    submission = restored(changed(lambda cells: cells[:WHY] + cells[WHY + 1 :]))
    assert submission.notes == ("The written answer why was missing; its empty cell was put back.",)
    assert any(cell.id == "why" and cell.source == "YOUR ANSWER HERE" for cell in submission.cells)


def test_a_written_answer_in_two_cells_is_one() -> None:
    def twice(cells: list) -> list:
        second = copy.deepcopy(cells[WHY])
        second["source"] = "And more."
        return [*cells[: WHY + 1], second, *cells[WHY + 1 :]]

    submission = restored(changed(twice))
    assert next(c for c in submission.cells if c.id == "why").source == "It doubles.\n\nAnd more."


def test_another_assignment_is_graded_as_nothing_and_said_to_be_the_wrong_file() -> None:
    handed = notebooks.notebook([text("# Other"), code("x = 1", "other", solution=True)])
    submission = restored(notebooks.to_bytes(handed))
    assert "is it the right file?" in submission.notes[0]
    assert run_order(submission).count("double-values") == 1


def test_the_students_own_cells_stay_where_they_were() -> None:
    def add(cells: list) -> list:
        return [code("first = 1"), *cells[:VALUES], code("middle = 2"), *cells[VALUES:], code("last = 3")]

    order = run_order(restored(changed(add)))
    assert order[0] == "first = 1"
    assert order[3] == "middle = 2"
    assert order[-1] == "last = 3"


def test_restoring_a_restored_notebook_changes_nothing() -> None:
    once = restored(changed(lambda cells: cells[::-1]))
    cells = [(text if cell.cell_type == "markdown" else code)(cell.source, cell.id) for cell in once.cells]
    for cell, piece in zip(cells, once.cells, strict=True):
        if piece.origin and piece.origin.role in ("test", "readonly"):
            cell["source"] = piece.origin.released
    again = restored(notebooks.to_bytes(notebooks.notebook(cells)))
    assert run_order(again)[0] == "setup"
    assert set(run_order(again)) == set(run_order(once))


def test_old_formats_are_read() -> None:
    handed = notebooks.right_answers()
    for cell in handed["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    cells = copy.deepcopy(handed["cells"])
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    assert run_order(restored(json.dumps(old).encode())) == RIGHT_ORDER
