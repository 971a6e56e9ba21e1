"""`autograder new`: an assignment that works from release to export, here and in a course of nbgrader's."""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.support.courses import ROOT

NAME = "09-own"


def _hand_in(course, student, solved):
    """The notebook as released, or with the instructor's own solution in it."""
    folder = course / "class" / "submitted" / student / NAME
    shutil.copytree(course / "exercises" / NAME, folder)
    path = folder / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    own = json.loads((course / "solutions" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    sources = {cell["id"]: cell["source"] for cell in own["cells"]}
    for cell in notebook["cells"]:
        if solved and cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = sources[cell["id"]]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_a_new_assignment_works_from_release_to_export(course, autograder, judged, tmp_path):
    def run(*words):
        done = autograder(course, *words)
        assert done.status == 0, done.err
        return done.out

    assert f"solutions/{NAME}/{NAME}.ipynb: written." in run("new", NAME)
    assert f"{NAME}/{NAME}: 3 strict, 0 shared, 0 wrong" in run("check", NAME)
    run("release", NAME)
    released = (course / "exercises" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "14.375" not in released
    assert "Rubric" not in released
    _hand_in(course, "ada", True)
    _hand_in(course, "ben", False)
    run("grade", NAME)
    scores = records.scores(load_course(course), NAME)
    assert {student: (score.points, score.by_hand) for student, score in scores.items()} == {
        "ada": (4.0, True),
        "ben": (0.0, False),
    }
    run("feedback", NAME)
    page = (course / "class" / "feedback" / "ben" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "<strong>0</strong> of 6 points" in page
    run("report", NAME)
    assert NAME in (course / "class" / "report" / f"{NAME}.html").read_text(encoding="utf-8")
    run("export", str(tmp_path / "grades.csv"))
    with (tmp_path / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert {student: float(score) for student, score in rows.items()} == {"ada": 4, "ben": 0}


def test_a_course_of_nbgraders_own_form_gets_it_where_its_sources_are(tmp_path, autograder):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'other'\n")
    assert autograder(tmp_path, "new", NAME).out.startswith(f"source/{NAME}/{NAME}.ipynb: written.")
    assert (tmp_path / "source" / NAME / f"{NAME}.ipynb").is_file()


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "two words", "00-double"])
def test_a_name_that_is_taken_or_no_folders_is_refused(course, autograder, name):
    before = sorted(course.rglob("*.ipynb"))
    done = autograder(course, "new", name)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert sorted(course.rglob("*.ipynb")) == before


@pytest.mark.slow
def test_the_courses_own_norms_do_not_ask_for_it(tmp_path):
    """The tests of the course's own assignments are no others when one more lies beside them."""
    for name in (
        "_toc.yml",
        "assignments",
        "autograder",
        "benchmarks",
        "chapters",
        "nbgrader_config.py",
        "pyproject.toml",
    ):
        (tmp_path / name).symlink_to(ROOT / name)
    for folder in ("tests", "solutions", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("solutions", "exercises"):
        own = tmp_path / folder / NAME / f"{NAME}.ipynb"
        own.parent.mkdir()
        shutil.copy(ROOT / folder / "02-sigmoid" / "02-sigmoid.ipynb", own)
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    places = ("tests/exercises", "tests/mutation", "tests/book/test_lite.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [*command, *places], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "06-softmax" in done.stdout
    assert NAME not in done.stdout
