"""Assignments as other courses have them, graded by the judge and by stock nbgrader: the points are equal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.foreign import written
from tests.support import modules
from tests.support.stock_scores import stock_scores

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("foreign courses")]

BIN = Path(sys.executable).parent
WEEK = "week"
ASSIGNMENTS = {assignment.name: assignment for assignment in written.every()}
STUDENTS = ("right", "wrong", "blank")
_CLOSED = "stock's kernel closes each figure at the end of its cell, so that a test finds an empty one"
STOCKS_FAULTS = {
    "roman-runner": "stock scores zero whatever writes to stderr, as unittest's own runner does",
    "histogram-bars": _CLOSED,
    "histogram-title": _CLOSED,
}

Points = dict[tuple[str, str], float]


def run(course: Path, *command: str) -> str:
    paths = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}  # stock nbgrader calls alembic by its name
    done = subprocess.run(
        modules.command(*command), cwd=course, env=os.environ | paths, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one week with all these notebooks, adopted and released, with three submissions."""
    course = tmp_path_factory.mktemp("foreign") / "course"
    source = course / "source" / WEEK
    source.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "week"\n')
    for assignment in ASSIGNMENTS.values():
        assignment.put_into(source)
    run(course, "autograder", "adopt", "--write")
    run(course, "autograder", "release")
    right = {name: assignment.answers for name, assignment in ASSIGNMENTS.items()}
    wrong = {name: assignment.answers | assignment.wrong for name, assignment in ASSIGNMENTS.items()}
    for student, answers in zip(STUDENTS, (right, wrong, {}), strict=True):
        written.hand_in(course / "release" / WEEK, course / "submitted" / student / WEEK, answers)
    return course


@pytest.fixture(scope="module")
def stocks(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Points:
    """What stock nbgrader gives, in two processes with a gradebook each."""
    copies, running = [], []
    for students in (STUDENTS[:1], STUDENTS[1:]):
        copies.append(tmp_path_factory.mktemp("stock") / "course")
        shutil.copytree(released, copies[-1])
        run(copies[-1], "autograder", "drop")
        for student in set(STUDENTS) - set(students):
            shutil.rmtree(copies[-1] / "submitted" / student)
        program = modules.command("nbgrader", "autograde", WEEK, "--create")
        paths = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
        running.append(
            subprocess.Popen(program, cwd=copies[-1], env=os.environ | paths, stderr=subprocess.PIPE)
        )
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said
    return {key: points for copy in copies for key, points in _points(copy).items()}


@pytest.fixture(scope="module")
def judges(released: Path, stocks: Points) -> Points:
    """What the judge gives; asked after stock, which works on copies of what is not graded yet."""
    run(released, "autograder", "grade", WEEK)
    return _points(released)


def _points(course: Path) -> Points:
    """Student and test, to points. Tests are named so that no two notebooks have the same."""
    return {
        (student, test): points or 0.0 for student, test, points, _ in stock_scores(course / "gradebook.db")
    }


def _of(points: Points, student: str, assignment: written.Written) -> dict[str, float]:
    return {test: points[student, test] for test in assignment.points}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_points_are_those_of_stock_nbgrader_but_for_its_faults(
    name: str, judges: Points, stocks: Points
) -> None:
    assignment = ASSIGNMENTS[name]
    for student in STUDENTS:
        ours, theirs = _of(judges, student, assignment), _of(stocks, student, assignment)
        faults = dict.fromkeys(STOCKS_FAULTS.keys() & ours.keys(), 0.0)
        assert ours | faults == theirs, student


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_right_answers_have_all_points_wrong_ones_lose_their_faults_and_blank_ones_have_none(
    name: str, judges: Points
) -> None:
    assignment = ASSIGNMENTS[name]
    kept = {test: 0.0 if test in assignment.loses else most for test, most in assignment.points.items()}
    assert _of(judges, "right", assignment) == assignment.points
    assert _of(judges, "wrong", assignment) == kept
    assert _of(judges, "blank", assignment) == dict.fromkeys(assignment.points, 0.0)
    assert assignment.loses
