"""The students' notebooks: made from the instructor's, giving nothing away, working as students expect."""

import shutil
import subprocess
import sys

import nbformat
import pytest

from tests.support import answers

ASSIGNMENTS = answers.assignments()
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN", "Rubric")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("release")]


def _nbgrader(folder, *arguments):
    """Run nbgrader in a folder and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return done.stdout


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course with its assignments freshly released by stock nbgrader."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(answers.ROOT / "solutions", root / "solutions")
    shutil.copy(answers.ROOT / "nbgrader_config.py", root)
    for assignment in ASSIGNMENTS:
        _nbgrader(root, "generate_assignment", assignment)
    return root


@pytest.fixture(scope="session", params=ASSIGNMENTS)
def released(request, course):
    """One freshly released notebook, as a path."""
    return course / "exercises" / request.param / f"{request.param}.ipynb"


def test_exercises_are_in_step_with_solutions(released):
    committed = answers.ROOT / "exercises" / released.parent.name / released.name
    assert committed.read_bytes() == released.read_bytes(), "run `autograder release`"


def test_there_is_nothing_else_among_the_exercises():
    found = {path.relative_to(answers.ROOT / "exercises") for path in answers.ROOT.glob("exercises/*/*")}
    assert {str(path) for path in found} == {f"{name}/{name}.ipynb" for name in ASSIGNMENTS}


def _secret_lines(assignment):
    """Return the lines between marks in the instructor's cells that students may see nowhere else."""
    public, secret = set(), set()
    for cell in answers.source_notebook(assignment).cells:
        hidden = cell.cell_type == "markdown" and cell.metadata.nbgrader.solution
        for line in cell.source.split("\n"):
            hidden = (hidden or "### BEGIN" in line) and "### END" not in line
            (secret if hidden else public).add(line.strip())
    return {line for line in secret - public if len(line) > 12}


def test_no_line_of_a_solution_or_hidden_test_is_in_it(released):
    text = "\n".join(cell.source for cell in nbformat.read(released, as_version=4).cells)
    lines = {line.strip() for line in text.split("\n")}
    secret = _secret_lines(released.parent.name)
    assert len(secret) > 50
    assert not lines & secret
    assert not [marker for marker in MARKERS if marker in text]


def _execute(notebook, folder):
    """Run a notebook from top to bottom in a kernel, past errors, and return it with its outputs."""
    nbformat.write(notebook, folder / "in.ipynb")
    arguments = ["--to", "notebook", "--execute", "--allow-errors", "--output", "out.ipynb", "in.ipynb"]
    subprocess.run([sys.executable, "-m", "nbconvert", *arguments], cwd=folder, check=True, timeout=120)
    return nbformat.read(folder / "out.ipynb", as_version=4)


def test_blank_notebook_runs_to_the_end_and_fails_in_its_tests_only(released, tmp_path):
    run = _execute(nbformat.read(released, as_version=4), tmp_path)
    failed = {
        answers.grade_id(cell)
        for cell in run.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
    assert failed == set(answers.test_cells(run))


def test_validate_tells_a_student_with_a_blank_notebook_what_is_missing(released):
    said = _nbgrader(released.parent, "validate", released.name)
    assert f"VALIDATION FAILED ON {len(_graded(released))} CELL(S)" in said
    assert "not written yet" in said


def test_validate_is_content_with_a_solved_notebook(released, tmp_path):
    assignment = released.parent.name
    notebook = answers.fill(nbformat.read(released, as_version=4), answers.reference(assignment))
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.nbgrader.solution:
            cell.source = "My answer."
    nbformat.write(notebook, tmp_path / released.name)
    assert "Success! Your notebook passes all the tests." in _nbgrader(tmp_path, "validate", released.name)


def _graded(path):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.metadata.nbgrader.get("grade")]
