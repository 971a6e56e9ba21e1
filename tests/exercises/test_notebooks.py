"""What an instructor's notebook promises: cells, points and messages follow the course's conventions."""

import ast
import re

import pytest

from assignments.library import writing
from tests.support import answers

FOLDERS = list(writing.sources())  # an assignment without a module keeps what norms it likes
NOTEBOOKS = {name: answers.source_notebook(name) for name in FOLDERS}
TESTS = [
    pytest.param(cell, id=f"{name}:{grade_id}")
    for name, notebook in NOTEBOOKS.items()
    for grade_id, cell in answers.test_cells(notebook).items()
]
WRITTEN = "explain-"


@pytest.fixture(params=FOLDERS)
def notebook(request):
    return NOTEBOOKS[request.param]


def test_every_assignment_has_a_table_of_answers():
    assert answers.assignments() == FOLDERS


def test_outputs_are_stripped(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_cells_are_named_for_what_they_hold(notebook):
    assert [cell.id for cell in notebook.cells] == [answers.grade_id(cell) for cell in notebook.cells]
    assert {cell.metadata.nbgrader.schema_version for cell in notebook.cells} == {3}


def test_only_solution_cells_are_open(notebook):
    assert all(cell.metadata.nbgrader.locked != cell.metadata.nbgrader.solution for cell in notebook.cells)


def test_every_function_is_tested_and_every_test_has_its_function(notebook):
    functions = set(answers.solution_cells(notebook))
    assert {grade_id.split("-")[0] for grade_id in answers.test_cells(notebook)} == functions


def test_solution_cell_defines_its_function_with_a_docstring(notebook):
    for function, cell in answers.solution_cells(notebook).items():
        (definition,) = ast.parse(cell.source).body
        assert definition.name == function
        assert ast.get_docstring(definition)


def test_points_add_up_to_a_round_number(notebook):
    assert sum(cell.metadata.nbgrader.get("points", 0) for cell in notebook.cells) % 100 == 0


def test_table_of_points_is_that_of_the_cells(notebook):
    table = dict(re.findall(r"^\| `([\w-]+)` \| (\d+) \|", notebook.cells[0].source, re.M))
    expected: dict[str, int] = {}
    for cell in notebook.cells:
        name, marks = answers.grade_id(cell), cell.metadata.nbgrader
        part = name if name.startswith(WRITTEN) else name.split("-")[0]
        if marks.grade:
            expected[part] = expected.get(part, 0) + marks.points
    assert {part: int(points) for part, points in table.items()} == expected


def test_a_written_answer_is_left_to_a_person_and_has_a_rubric(notebook):
    written = [cell for cell in notebook.cells if answers.grade_id(cell).startswith(WRITTEN)]
    assert written
    assert all(cell.cell_type == "markdown" and cell.metadata.nbgrader.grade for cell in written)
    assert all("**Rubric.**" in cell.source for cell in written)


@pytest.mark.parametrize("cell", TESTS)
def test_every_check_has_a_constant_message_that_names_the_function(cell):
    function = answers.grade_id(cell).split("-")[0]
    messages = list(_messages(ast.parse(cell.source)))
    assert messages
    assert all(isinstance(message, str) and function in message for message in messages)


@pytest.mark.parametrize("cell", TESTS)
def test_a_test_opens_with_what_it_is_about(cell):
    assert cell.source.startswith(f"# {answers.grade_id(cell)}: ")


@pytest.mark.parametrize("cell", TESTS)
def test_a_test_leaves_no_name_behind_that_a_student_might_read_by_mistake(cell):
    names = {node.id for node in ast.walk(ast.parse(cell.source)) if _is_assigned(node)}
    assert not names & {"z", "x", "X", "y", "w", "b", "W", "Z", "f", "n", "p", "alpha", "beta"}


def _messages(tree):
    """Yield the message of every assert and check in a test, or None where it is not a string literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield _text(node.msg)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("check_"):
            yield _text(node.args[-1])


def _text(node):
    return node.value if isinstance(node, ast.Constant) else None


def _is_assigned(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
