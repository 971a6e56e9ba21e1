import pytest
from sqlalchemy import create_engine, inspect

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import history, records
from tests.support import courses
from tests.support.courses import TINY, hand_in

COMMANDS = {
    "release": ("release",),
    "grade": ("grade", TINY),
}


@pytest.fixture
def handed_in(released):
    hand_in(released, "ada")
    return released


@pytest.mark.parametrize("command", COMMANDS)
def test_a_read_only_gradebook_is_refused_before_anything_is_done(command, handed_in, autograder):
    before = courses.snapshot(handed_in)
    (handed_in / "class" / "gradebook.db").chmod(0o444)
    done = autograder(handed_in, *COMMANDS[command])
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert (
        "the gradebook class/gradebook.db is read-only: nothing was done. To allow writing: chmod" in done.err
    )
    assert courses.snapshot(handed_in) == before


def test_a_gradebook_on_a_read_only_file_system_is_refused(handed_in, autograder, monkeypatch):
    path = handed_in / "class" / "gradebook.db"
    monkeypatch.setenv("AUTOGRADER_GRADEBOOK", f"sqlite:///file:{path}?mode=ro&uri=true")
    before = courses.snapshot(handed_in)
    done = autograder(handed_in, "grade", TINY)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "attempt to write a readonly database" in done.err
    assert courses.snapshot(handed_in) == before


def test_a_gradebook_that_another_program_holds_is_told(handed_in, autograder):
    import sqlite3

    holder = sqlite3.connect(handed_in / "class" / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = autograder(handed_in, "grade", TINY)
    finally:
        holder.close()
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "database is locked" in done.err


def test_a_gradebook_that_is_something_else_is_refused_and_left_alone(handed_in, autograder):
    path = handed_in / "class" / "gradebook.db"
    path.write_text("my notes, by no means a database\n" * 50)
    before = path.read_bytes()
    done = autograder(handed_in, "grade", TINY)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "file is not a database" in done.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", [("grade", TINY), ("feedback", TINY), ("export", "grades.csv")])
def test_a_missing_gradebook_is_told_with_the_command_that_makes_it(command, handed_in, autograder):
    path = handed_in / "class" / "gradebook.db"
    path.unlink()
    done = autograder(handed_in, *command)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "there is no gradebook class/gradebook.db yet: `autograder release` makes it." in done.err
    assert not path.exists()


def test_an_assignment_that_was_never_released_is_told(handed_in, autograder):
    for folder in ("solutions", "class/submitted/ada"):
        (handed_in / folder / TINY).rename(handed_in / folder / "01-new")
    done = autograder(handed_in, "grade", "01-new")
    assert (done.status, done.err) == (
        2,
        "autograder: 01-new is not in the gradebook yet: first run `autograder release 01-new`.\n",
    )


def test_another_gradebook_can_be_named_in_the_environment(course, autograder, monkeypatch, tmp_path):
    path = tmp_path / "elsewhere.db"
    monkeypatch.setenv("AUTOGRADER_GRADEBOOK", f"sqlite:///{path}")
    assert autograder(course, "release").status == 0
    assert path.exists()
    assert not (course / "class" / "gradebook.db").exists()


def test_a_table_that_another_run_makes_at_the_same_moment_is_taken(tmp_path, monkeypatch):
    engine = create_engine(f"sqlite:///{tmp_path / 'gradebook.db'}")
    create_all = history.METADATA.create_all

    def too_late(bind):
        create_all(bind)
        create_all(bind, checkfirst=False)

    monkeypatch.setattr(history.METADATA, "create_all", too_late)
    history.create_table(engine)
    assert inspect(engine).has_table(history.TABLE.name)
    engine.dispose()


@pytest.mark.parametrize("few", [0, 1, 500])
def test_what_is_read_of_a_few_students_is_what_is_read_of_all(few, graded_pattern, monkeypatch):
    course = load_course(graded_pattern)
    whole = records.read(course, TINY)
    monkeypatch.setattr(records, "_FEW", few)
    for students in (["ada"], ["ada", "ben"], ["nobody"]):
        known = records.read(course, TINY, students)
        assert all(known.by_student.get(student) == whole.by_student.get(student) for student in students)
        assert known.cells == whole.cells
