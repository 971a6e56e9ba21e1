"""The gradebook on a PostgreSQL server: the same grades, records and exports as in SQLite."""

import subprocess
import sys

import pytest

from autograder.classroom import gradebook
from autograder.classroom.collect import roster
from autograder.classroom.course import load_course
from autograder.classroom.gradebook import history, records
from tests.support import class_state, courses, postgres
from tests.support.courses import ROOT, TINY, WRONG, hand_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgresql")]

GRADEBOOK = "AUTOGRADER_GRADEBOOK"
EXPORTS = {
    "csv": (),
    "course": (),
    "items": ("--assignment", TINY),
    "canvas": (),
    "moodle": (),
}


@pytest.fixture(scope="module")
def server():
    with postgres.server() as folder:
        yield folder


@pytest.fixture(scope="module")
def pattern(server, tmp_path_factory, released_pattern):
    """A course whose gradebook, with the released assignment, is the database `pattern`."""
    course = courses.copy_tree(released_pattern, tmp_path_factory.mktemp("pg") / "course")
    (course / "class" / "gradebook.db").unlink()
    done = courses.autograder(course, "release", "--db", postgres.create(server, "pattern"))
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture
def on_server(server, pattern, tmp_path, request, monkeypatch):
    """The released course with a database of its own on the server, named in the environment."""
    name = request.node.name[:60]
    monkeypatch.setenv(GRADEBOOK, postgres.create(server, name, "pattern"))
    return courses.copy_tree(pattern, tmp_path / "on-server")


def _walk(course, autograder):
    """A class's weeks: graded, graded by a person, late, handed in again, a changed test, graded again."""
    hand_in(course, "ada")
    hand_in(course, "ben", WRONG)
    place = course / "class" / "submitted" / "ben" / TINY / "timestamp.txt"
    place.write_text("2026-03-02 13:00:00 UTC\n")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert autograder(course, "grade", TINY).status == 0
    with gradebook.opened(load_course(course)) as book:
        book.update_or_create_student("zoë-absent", first_name="Zoë", last_name="Ab'sent")
        book.update_or_create_assignment(TINY, duedate="2026-03-02 12:00:00 UTC")
        book.find_grade("explain", TINY, TINY, "ada").manual_score = 1.25
        book.find_comment("explain", TINY, TINY, "ada").manual_comment = "Weiter so"
        book.find_grade("double-values", TINY, TINY, "ben").extra_credit = 0.5
        book.db.commit()
    hand_in(course, "cleo", WRONG)
    path = course / "solutions" / TINY / f"{TINY}.ipynb"
    path.write_text(path.read_text().replace("double(-1234567) == -2469134", "double(1) in (2, 4)"))
    assert "2 of 3 scores would change" in autograder(course, "grade", TINY, "--dry-run").out
    assert autograder(course, "grade", TINY).status == 0


def _exports(course, autograder, folder):
    folder.mkdir()
    for kind, settings in EXPORTS.items():
        done = autograder(course, "export", str(folder / kind), "--format", kind, "--partial", *settings)
        assert done.status == 0, done.err
    return courses.snapshot(folder)


def test_postgresql_and_sqlite_give_the_same_rows_records_and_exports(
    on_server, released, judged, autograder, tmp_path, monkeypatch
):
    _walk(on_server, autograder)
    there = (
        class_state.rows(on_server, TINY),
        _records(on_server),
        _exports(on_server, autograder, tmp_path / "a"),
        _pages(on_server, autograder),
    )
    assert not (on_server / "class" / "gradebook.db").exists()
    monkeypatch.delenv(GRADEBOOK)
    _walk(released, autograder)
    here = (
        class_state.rows(released, TINY),
        _records(released),
        _exports(released, autograder, tmp_path / "b"),
        _pages(released, autograder),
    )
    assert there == here
    assert class_state.files(on_server) == class_state.files(released)


def _pages(course, autograder):
    """What the pages are made of, and the feedback pages."""
    for command in ("feedback", "report"):
        assert autograder(course, command, TINY).status == 0
    here = load_course(course)
    return (
        records.read(here, TINY),
        roster.everybody(here),
        courses.snapshot(course / "class" / "feedback"),
    )


def _records(course):
    return [
        (step.grading.student, step.grading.points, step.grading.cells, step.grading.tests, step.changed)
        for student in ("ada", "ben", "cleo")
        for step in history.gradings(load_course(course), student)
    ]


def test_nbgraders_own_commands_work_on_the_server(on_server, judged, autograder, monkeypatch):
    hand_in(on_server, "ada")
    assert autograder(on_server, "grade", TINY).status == 0
    hand_in(on_server, "ben", WRONG)
    done = courses.nbgrader(on_server, "autograde", TINY, f"--db={load_course(on_server).db_url}")
    assert done.returncode == 0, done.stderr
    _, rows = class_state.rows(on_server, TINY)
    assert {student: row[2] for student, row in rows.items()} == {"ada": 3.0, "ben": 2.0}


@pytest.mark.parametrize("point", ["in the transaction", "after the transaction"])
def test_a_run_killed_beside_the_server_is_ended_by_the_next(point, on_server, judged, autograder):
    hand_in(on_server, "ada")
    hand_in(on_server, "ben", WRONG)
    command = [sys.executable, "-W", "ignore", "-m", "tests.support.killing", str(on_server), "at", point]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    _, rows = class_state.rows(on_server, TINY)
    assert {student: row[2] for student, row in rows.items()} == {"ada": 3.0, "ben": 2.0}
    assert [path.name for path in (on_server / "class").rglob(".*")] == []


def test_two_machines_with_one_gradebook_grade_at_once(on_server, tmp_path):
    other = courses.copy_tree(on_server, tmp_path / "other")
    students = [f"s{number}" for number in range(8)]
    for course in (on_server, other):
        for student in students:
            hand_in(course, student)
    command = [sys.executable, "-m", "autograder.cli", "grade", TINY, "--jobs", "1", "--course"]
    runs = [subprocess.Popen([*command, str(course)], cwd=ROOT) for course in (on_server, other)]
    assert [run.wait() for run in runs] == [0, 0]
    found, rows = class_state.rows(on_server, TINY)
    assert {student: row[2] for student, row in rows.items()} == dict.fromkeys(students, 3.0)
    assert len(found) == len(students)


def test_a_server_that_is_not_there_is_told_in_one_line_without_the_password(released, autograder):
    hand_in(released, "ada")
    done = autograder(released, "grade", TINY, "--db", "postgresql://me:secret@127.0.0.1:9/gradebook")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "the gradebook postgresql://me:***@127.0.0.1:9/gradebook cannot be used" in done.err
    assert "secret" not in done.err
