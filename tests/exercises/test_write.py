"""`autograder write`: notebooks from their source, the same bytes each time, and never over what a person edited."""

import shutil
import subprocess
import sys

import nbformat
import pytest

from assignments.library import notebook, writing
from autograder.classroom.course import load_course
from tests.support import answers

SOURCES = writing.sources()
ONE = "02-sigmoid"


@pytest.fixture
def course(tmp_path):
    """A course with the sources of the assignments and the notebook of one of them."""
    shutil.copytree(answers.ROOT / "assignments", tmp_path / "assignments")
    shutil.copytree(answers.ROOT / "solutions" / ONE, tmp_path / "solutions" / ONE)
    shutil.copy(answers.ROOT / "nbgrader_config.py", tmp_path)
    return tmp_path


def _write(course, *arguments):
    command = [sys.executable, "-m", "autograder.cli", "write", *arguments, "--course", str(course)]
    return subprocess.run(command, text=True, capture_output=True, check=False, timeout=120)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_the_notebook_is_what_its_source_gives(name, tmp_path):
    writing.write(SOURCES[name], tmp_path)
    committed = answers.ROOT / "solutions" / name / f"{name}.ipynb"
    assert (tmp_path / f"{name}.ipynb").read_bytes() == committed.read_bytes(), "run `autograder write`"


def test_writing_again_changes_nothing(course):
    done = _write(course, ONE)
    assert done.stdout == f"solutions/{ONE}: unchanged\n"


def test_a_notebook_that_a_person_edited_is_kept(course):
    path = course / "solutions" / ONE / f"{ONE}.ipynb"
    edited = nbformat.read(path, as_version=4)
    edited.cells[0].source += "\nOne more word."
    nbformat.write(edited, path)
    before = path.read_bytes()
    done = _write(course, ONE)
    assert done.returncode == 2
    assert "was edited by hand" in done.stderr
    assert path.read_bytes() == before


def test_a_notebook_that_was_only_run_is_written_anew(course):
    path = course / "solutions" / ONE / f"{ONE}.ipynb"
    right = path.read_bytes()
    run = nbformat.read(path, as_version=4)
    run.cells[2].execution_count = 1
    nbformat.write(run, path)
    assert _write(course, ONE).stdout == f"solutions/{ONE}: written\n"
    assert path.read_bytes() == right


def test_an_assignment_without_a_source_is_a_notebook_as_before(course):
    done = _write(course, "09-mine")
    assert done.returncode == 2
    assert "assignments/ has no module for '09-mine'" in done.stderr


def test_a_convention_is_changed_in_one_place(monkeypatch):
    """The tolerance of every check in every notebook, by one line."""
    assert "tolerance=1e-9" in notebook.CHECKS
    quick = {name: SOURCES[name] for name in ("02-sigmoid", "05-maxout", "08-choosing")}
    before = {name: notebook.notebook(assignment) for name, assignment in quick.items()}
    monkeypatch.setattr(notebook, "CHECKS", notebook.CHECKS.replace("tolerance=1e-9", "tolerance=1e-8"))
    for name, assignment in quick.items():
        changed = notebook.notebook(assignment)
        pairs = zip(before[name].cells, changed.cells, strict=True)
        assert [new.id for old, new in pairs if old.source != new.source] == ["setup"]


def test_a_class_gets_numbers_of_its_own_and_all_commands_use_them(course):
    done = _write(course, "--private", ONE)
    assert done.stdout == f"class/solutions/{ONE}: written\n", done.stderr
    own = course / "class" / "solutions" / ONE / f"{ONE}.ipynb"
    assert own.read_bytes() != (course / "solutions" / ONE / f"{ONE}.ipynb").read_bytes()
    assert _write(course, "--private", ONE).stdout == f"class/solutions/{ONE}: unchanged\n"
    assert (course / "class" / "secret").stat().st_mode & 0o077 == 0
    assert load_course(course).source(ONE) == own.parent


def test_an_assignment_without_a_source_goes_along(course):
    shutil.copytree(course / "solutions" / ONE, course / "solutions" / "09-mine")
    done = _write(course, "--private", ONE)
    assert done.stdout.splitlines() == [f"class/solutions/{ONE}: written", "class/solutions/09-mine: written"]
