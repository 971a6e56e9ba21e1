"""On a shared machine: what belongs to the instructor, and who can read it."""

import stat

import pytest

from autograder.classroom import course as course_module
from autograder.classroom.course import advice_on_privacy, load_course


@pytest.fixture
def in_the_open(released, monkeypatch):
    """The course where every account can go through the folders above it."""
    monkeypatch.setattr(course_module, "_is_readable", _would_be_readable)
    (released / "class").chmod(0o700)
    return released


def _would_be_readable(path):
    """The same question, with the folders above the course left out: those of a test are closed to others."""
    course = next(parent for parent in (path, *path.parents) if (parent / "nbgrader_config.py").exists())
    above = [parent for parent in path.parents if course in parent.parents or parent == course]
    may_pass = all(parent.stat().st_mode & stat.S_IXOTH for parent in above)
    return may_pass and bool(path.stat().st_mode & stat.S_IROTH)


def test_the_folder_of_a_class_is_made_for_the_instructor_alone(course):
    load_course(course)
    assert stat.S_IMODE((course / "class").stat().st_mode) == 0o700


def test_solutions_that_others_can_read_are_named_with_what_to_do(in_the_open, autograder):
    (in_the_open / "solutions").chmod(0o755)
    done = autograder(in_the_open, "release")
    assert (done.status, done.err) == (
        0,
        "every account of this machine can read solutions: chmod -R o-rwx solutions\n",
    )
    (in_the_open / "solutions").chmod(0o750)
    assert autograder(in_the_open, "release").err == ""


def test_a_gradebook_that_others_can_read_is_named_where_its_folder_is_open(in_the_open):
    (in_the_open / "solutions").chmod(0o750)
    book = in_the_open / "class" / "gradebook.db"
    book.chmod(0o644)
    assert advice_on_privacy(load_course(in_the_open)) == ""
    (in_the_open / "class").chmod(0o711)
    assert "chmod -R o-rwx class/gradebook.db" in advice_on_privacy(load_course(in_the_open))
    book.chmod(0o600)
    assert advice_on_privacy(load_course(in_the_open)) == ""


def test_doctor_says_it_too_and_a_closed_folder_above_is_enough(in_the_open, autograder, monkeypatch):
    (in_the_open / "solutions").chmod(0o755)
    assert "can read solutions" in autograder(in_the_open, "doctor").err
    monkeypatch.undo()
    in_the_open.chmod(0o700)
    assert autograder(in_the_open, "doctor").err == ""
