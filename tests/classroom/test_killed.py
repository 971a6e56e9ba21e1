"""A run that is killed leaves no half-written grade; the next goes on to the same end as an undisturbed one."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import history
from tests.support import class_state, courses
from tests.support.courses import ROOT, TINY, hand_in
from tests.support.killing import ANSWERS, POINTS, STUDENTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killed")]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, released_pattern):
    """A class in which all have been graded once and have then handed in something else."""
    course = courses.copy_tree(released_pattern, tmp_path_factory.mktemp("killed") / "course")
    for answers in (ANSWERS[0], ANSWERS[1]):
        for student in STUDENTS:
            hand_in(course, student, answers)
        if answers == ANSWERS[0]:
            done = courses.autograder(course, "grade", TINY)
            assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """What was judged already: most of a run is then what it writes, and that is what is killed."""
    return tmp_path_factory.mktemp("judged")


def _kill(course, *how):
    """Kill runs, then let one go on to the end."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.support.killing", str(course), *map(str, how)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _state(course):
    return class_state.rows(course, TINY), class_state.files(course)


def _undisturbed(course, to):
    """The same class graded from nothing, in one go."""
    shutil.copytree(course, to)
    shutil.rmtree(to / "class" / "autograded")
    (to / "class" / "gradebook.db").unlink()
    assert courses.autograder(to, "release").returncode == 0
    assert courses.autograder(to, "grade", TINY).returncode == 0
    return _state(to)


def _require_sound(course):
    """The database is sound and has one row for each grade."""
    with closing(sqlite3.connect(course / "class" / "gradebook.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        double = "SELECT count(*) FROM grade GROUP BY notebook_id, cell_id HAVING count(*) > 1"
        assert database.execute(double).fetchall() == []


def _leftovers(course):
    known = {".gitignore"}
    return [str(path) for path in (course / "class").rglob(".*") if path.name not in known] + [
        str(path) for path in (course / "class").glob("*-journal")
    ]


@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_a_critical_point_is_ended_by_the_next(point, handed_in, judged, tmp_path):
    course = courses.copy_tree(handed_in, tmp_path / "course")
    _kill(course, "at", point, judged)
    _require_sound(course)
    assert _leftovers(course) == []
    _, submissions = class_state.rows(course, TINY)
    assert {student: one[2] for student, one in submissions.items()} == dict.fromkeys(STUDENTS, 2.0)
    assert all(b"return 4" in content for content, _ in class_state.files(course).values())
    assert len(class_state.files(course)) == len(STUDENTS)
    for student in STUDENTS:
        assert [step.grading.points for step in history.gradings(load_course(course), student)] == [3.0, 2.0]


def test_fifty_kills_at_random_moments_lose_and_double_nothing(handed_in, judged, tmp_path):
    """Ten of them in runs that judge, too."""
    course = courses.copy_tree(handed_in, tmp_path / "course")
    _kill(course, "random", "50", judged)
    _require_sound(course)
    assert _leftovers(course) == []
    assert _state(course) == _undisturbed(course, tmp_path / "undisturbed")
