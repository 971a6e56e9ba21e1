import errno
import os
import shutil

import pytest

from autograder.classroom import converters, gradebook
from autograder.classroom.course import load_course
from tests.support import courses
from tests.support.courses import TINY, hand_in

WRONG = "def double(x):\n    return 4"


def _graded(course, student):
    return course / "class" / "autograded" / student / TINY / f"{TINY}.ipynb"


@pytest.fixture(scope="session")
def graded_pattern(tmp_path_factory, released_pattern):
    """The tiny course with two graded submissions; copied by the tests, never changed."""
    course = courses.copy_tree(released_pattern, tmp_path_factory.mktemp("graded") / "course")
    hand_in(course, "ada")
    hand_in(course, "ben", WRONG)
    done = courses.autograder(course, "grade", TINY)
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture
def graded(tmp_path, graded_pattern):
    return courses.copy_tree(graded_pattern, tmp_path / "course")


@pytest.fixture
def converted(monkeypatch):
    """Run no kernels: note which students would be graded, and leave a file for each."""
    students = []

    def run(course, step, assignment, student="*", **settings):
        students.append(student)
        folder = course.autograded(student, assignment)
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_text("graded")

    monkeypatch.setattr(converters, "run", run)
    return students


def test_scores_are_those_of_the_tests_and_a_summary_is_printed(graded, autograder):
    assert gradebook.scores(load_course(graded), TINY) == {
        "ada": gradebook.Score(points=3, max_points=5, by_hand=False),
        "ben": gradebook.Score(points=2, max_points=5, by_hand=False),
    }
    done = autograder(graded, "grade", TINY)
    assert done.status == 0
    assert "0 graded, 2 unchanged, 0 failed, mean 2.5 points" in done.out
    assert done.err == ""


def test_only_new_and_changed_submissions_are_graded(graded, converted, autograder):
    hand_in(graded, "ben")
    hand_in(graded, "cleo")
    done = autograder(graded, "grade", TINY)
    assert (done.status, converted) == (0, ["ben", "cleo"])
    assert "2 graded, 1 unchanged, 0 failed" in done.out


def test_all_are_graded_again_after_a_test_has_changed(graded, autograder, request):
    path = graded / "solutions" / TINY / f"{TINY}.ipynb"
    path.write_text(path.read_text().replace("double(2) == 4", "double(3) == 6"))
    assert autograder(graded, "release").status == 0
    converted = request.getfixturevalue("converted")
    assert autograder(graded, "grade", TINY).status == 0
    assert converted == ["ada", "ben"]


def test_force_and_student_choose_what_is_graded(graded, converted, autograder):
    assert autograder(graded, "grade", TINY, "--force", "--student", "ben").status == 0
    assert converted == ["ben"]


def test_a_student_who_has_not_handed_in_is_refused_with_the_name_that_was_meant(graded, autograder):
    done = autograder(graded, "grade", TINY, "--student", "bem")
    assert (done.status, done.err) == (
        2,
        f"autograder: 'bem' has not handed in {TINY}. Did you mean 'ben'?\n",
    )


def test_an_assignment_that_nobody_has_handed_in_is_told(released, autograder):
    done = autograder(released, "grade", TINY)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert f"nobody has handed in {TINY}: there is no folder class/submitted/*/{TINY}." in done.err


def _truncate(path):
    path.write_bytes(path.read_bytes()[:-200])


def _link(path):
    shutil.copy(path, path.parents[1] / "elsewhere.ipynb")
    path.unlink()
    path.symlink_to(path.parents[1] / "elsewhere.ipynb")


BAD = {
    "broken JSON": (_truncate, "cut off"),
    "an empty file": (lambda path: path.write_text(""), "The file is empty. Ask for it again."),
    "bytes that are no text": (lambda path: path.write_bytes(b"\xff\xfe\x00"), "Ask for it again."),
    "JSON that is no notebook": (lambda path: path.write_text("[]"), "not a notebook"),
    "an empty folder": (lambda path: path.unlink(), "holds no 00-double.ipynb: ask for it"),
    "another name": (
        lambda path: path.rename(path.with_name("00-double (1).ipynb")),
        "holds 00-double (1).ipynb but no 00-double.ipynb: rename it",
    ),
    "a link": (_link, "is a link: put the notebook itself there."),
    "a folder in its place": (lambda path: (path.unlink(), path.mkdir()), "but no 00-double.ipynb"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_submission_is_told_in_one_line_and_the_others_are_graded(bad, graded, converted, autograder):
    before = courses.snapshot(graded / "class" / "autograded" / "ben")
    spoil, reason = BAD[bad]
    spoil(hand_in(graded, "ben"))
    hand_in(graded, "cleo")
    done = autograder(graded, "grade", TINY)
    assert (done.status, converted, done.err.count("\n")) == (1, ["cleo"], 1)
    assert done.err.startswith("ben: class/submitted/ben/00-double")
    assert reason in done.err
    assert courses.snapshot(graded / "class" / "autograded" / "ben") == before


@pytest.fixture
def failing(monkeypatch):
    """Let grading write half a folder and then fail with a given error."""

    def fail_with(error):
        def run(course, step, assignment, student="*", **settings):
            folder = course.autograded(student, assignment)
            folder.mkdir(parents=True)
            (folder / "half").write_text("half")
            raise error

        monkeypatch.setattr(converters, "run", run)

    return fail_with


def test_a_full_disk_is_told_and_leaves_the_graded_work(graded, failing, autograder):
    hand_in(graded, "ben")
    before = courses.snapshot(graded / "class")
    failing(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "autograded"))
    done = autograder(graded, "grade", TINY)
    assert (done.status, done.err) == (1, "ben: No space left on device: autograded\n")
    assert courses.snapshot(graded / "class") == before


def test_an_interrupted_batch_leaves_the_graded_work_and_goes_on_when_started_again(
    graded, failing, autograder, request
):
    hand_in(graded, "ben")
    before = courses.snapshot(graded / "class")
    failing(KeyboardInterrupt())
    done = autograder(graded, "grade", TINY)
    assert done.status == 130
    assert done.err == "interrupted after 1 of 2: the same command goes on from there.\n"
    assert courses.snapshot(graded / "class") == before
    converted = request.getfixturevalue("converted")
    assert autograder(graded, "grade", TINY).status == 0
    assert converted == ["ben"]


def test_a_gradebook_lost_in_the_middle_ends_the_batch(graded, failing, autograder):
    hand_in(graded, "ada", WRONG)
    hand_in(graded, "ben")
    failing(converters.GradebookLost("the gradebook failed (disk I/O error)."))
    done = autograder(graded, "grade", TINY)
    assert (done.status, done.err) == (2, "autograder: the gradebook failed (disk I/O error).\n")


def test_what_goes_wrong_inside_nbgrader_is_told_by_its_exception(tmp_path, autograder):
    course = courses.tiny_course(tmp_path / "course", stock=True)
    assert autograder(course, "release").status == 0
    path = hand_in(course, "ben")
    path.write_text(path.read_text().replace('"schema_version": 3', '"schema_version": 99'))
    done = autograder(course, "grade", TINY)
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert "newer version" in done.err
    assert not _graded(course, "ben").exists()


def test_nbgraders_messages_go_to_a_file_and_with_verbose_to_the_terminal(graded, autograder):
    log = graded / "class" / "log" / "autograder.log"
    done = autograder(graded, "grade", TINY, "--force", "--student", "ada")
    assert "Autograding" not in done.out + done.err
    assert "Autograding" in log.read_text()
    done = autograder(graded, "grade", TINY, "--force", "--student", "ada", "--verbose")
    assert "Autograding" in done.err


def test_a_manual_grade_survives_grading_again(graded, autograder):
    course = load_course(graded)
    with gradebook.opened(course) as book:
        book.find_grade("explain", TINY, TINY, "ada").manual_score = 1.5
        book.db.commit()
    assert autograder(graded, "grade", TINY, "--force", "--student", "ada").status == 0
    assert gradebook.scores(course, TINY)["ada"].points == 4.5
