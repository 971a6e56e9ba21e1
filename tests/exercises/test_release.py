"""The students' notebooks: made from the instructor's, giving nothing away, working as students expect."""

import shutil
import subprocess
import sys

import nbformat
import pytest

from tests.support import answers, modules

ASSIGNMENTS = answers.assignments()
ONE = "02-sigmoid"  # for what is the same in every notebook: a kernel takes seconds
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "END HIDDEN", "Rubric")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("release")]


def _python(folder, command):
    """Run a command of this environment in a folder and return what it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return done.stdout


# One process for all assignments, because importing nbgrader takes longer than converting a notebook.
RELEASE = """
import sys
from nbgrader.apps import GenerateAssignmentApp
for assignment in sys.argv[1:]:
    GenerateAssignmentApp.launch_instance([assignment])
    GenerateAssignmentApp.clear_instance()
"""


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course with its assignments freshly released by stock nbgrader."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(answers.ROOT / "solutions", root / "solutions")
    shutil.copy(answers.ROOT / "nbgrader_config.py", root)
    said = _python(root, [sys.executable, "-c", RELEASE, *ASSIGNMENTS])
    assert all((root / "exercises" / assignment).is_dir() for assignment in ASSIGNMENTS), said
    return root


@pytest.fixture(scope="session", params=ASSIGNMENTS)
def released(request, course):
    """One freshly released notebook, as a path."""
    return course / "exercises" / request.param / f"{request.param}.ipynb"


def test_exercises_are_in_step_with_solutions(released):
    committed = answers.ROOT / "exercises" / released.parent.name / released.name
    assert committed.read_bytes() == released.read_bytes(), "run `autograder release`"


def test_there_is_nothing_else_among_the_exercises():
    for folder in (answers.ROOT / "exercises").iterdir():
        assert (answers.ROOT / "solutions" / folder.name).is_dir()
        assert f"{folder.name}.ipynb" in {path.name for path in folder.iterdir()}
    for name in ASSIGNMENTS:
        assert [path.name for path in (answers.ROOT / "exercises" / name).iterdir()] == [f"{name}.ipynb"]


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


def _run_all(notebook, folder):
    """Run a notebook from top to bottom in a kernel, past errors, and return it with its outputs."""
    nbformat.write(notebook, folder / "in.ipynb")
    run = ["--to", "notebook", "--execute", "--allow-errors", "--output", "out.ipynb", "in.ipynb"]
    said = _python(folder, modules.command("nbconvert", *run))
    assert (folder / "out.ipynb").exists(), said
    return nbformat.read(folder / "out.ipynb", as_version=4)


def test_blank_notebook_runs_to_the_end_and_fails_in_its_tests_only(released, tmp_path):
    run = _run_all(nbformat.read(released, as_version=4), tmp_path)
    failed = {
        answers.grade_id(cell)
        for cell in run.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }
    assert failed == set(answers.test_cells(run))


def test_validate_tells_a_student_with_a_blank_notebook_what_is_missing(course):
    folder = course / "exercises" / ONE
    graded = [cell for cell in answers.release_notebook(ONE).cells if cell.metadata.nbgrader.grade]
    said = _python(folder, modules.command("nbgrader", "validate", f"{ONE}.ipynb"))
    assert f"VALIDATION FAILED ON {len(graded)} CELL(S)" in said
    assert "not written yet" in said


def test_validate_is_content_with_a_solved_notebook(course, tmp_path):
    notebook = nbformat.read(course / "exercises" / ONE / f"{ONE}.ipynb", as_version=4)
    solved = answers.fill(notebook, answers.reference(ONE))
    for cell in solved.cells:
        if cell.cell_type == "markdown" and cell.metadata.nbgrader.solution:
            cell.source = "My answer."
    nbformat.write(solved, tmp_path / f"{ONE}.ipynb")
    said = _python(tmp_path, modules.command("nbgrader", "validate", f"{ONE}.ipynb"))
    assert "Success! Your notebook passes all the tests." in said
