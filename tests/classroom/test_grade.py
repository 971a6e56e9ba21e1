import errno
import os
import shutil
import signal
import threading
import time

import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.grade import crews
from autograder.classroom.grade.writing import Folders
from autograder.classroom.gradebook import records
from tests.support import courses
from tests.support.courses import TINY, hand_in

pytestmark = pytest.mark.quick


def _graded(course, student):
    return course / "class" / "autograded" / student / TINY / f"{TINY}.ipynb"


def test_scores_are_those_of_the_tests_and_a_summary_is_printed(graded, autograder):
    assert records.scores(load_course(graded), TINY) == {
        "ada": records.Total(points=3, max_points=5, by_hand=False),
        "ben": records.Total(points=2, max_points=5, by_hand=False),
    }
    done = autograder(graded, "grade", TINY)
    assert done.status == 0
    assert "0 graded, 2 unchanged, 0 failed, mean 2.5 points" in done.out
    assert done.err == ""


def test_only_new_and_changed_submissions_are_graded(graded, judged, autograder):
    hand_in(graded, "ben")
    hand_in(graded, "cleo")
    done = autograder(graded, "grade", TINY)
    assert (done.status, judged) == (0, ["ben", "cleo"])
    assert "2 graded, 1 unchanged, 0 failed" in done.out


def test_all_are_graded_again_after_a_test_has_changed_released_or_not(graded, judged, autograder):
    path = graded / "solutions" / TINY / f"{TINY}.ipynb"
    path.write_text(path.read_text().replace("double(2) == 4", "double(3) == 6"))
    done = autograder(graded, "grade", TINY)
    assert (done.status, judged) == (0, ["ada", "ben"])
    assert "solutions/00-double is newer than what was released" in done.out
    assert records.scores(load_course(graded), TINY)["ben"].points == 0
    assert autograder(graded, "release").status == 0
    done = autograder(graded, "grade", TINY)
    assert (done.status, judged) == (0, ["ada", "ben"])
    assert "newer" not in done.out


def test_force_and_student_choose_what_is_graded(graded, judged, autograder):
    assert autograder(graded, "grade", TINY, "--force", "--student", "ben").status == 0
    assert judged == ["ben"]


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
    "a folder in its place": (lambda path: (path.unlink(), path.mkdir()), "is a folder or a pipe"),
    "a pipe": (lambda path: (path.unlink(), os.mkfifo(path)), "is a folder or a pipe"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_submission_is_told_in_one_line_and_the_others_are_graded(bad, graded, judged, autograder):
    before = courses.snapshot(graded / "class" / "autograded" / "ben")
    spoil, reason = BAD[bad]
    spoil(hand_in(graded, "ben"))
    hand_in(graded, "cleo")
    done = autograder(graded, "grade", TINY)
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert _graded(graded, "cleo").exists()
    assert done.err.startswith("ben: class/submitted/ben/00-double")
    assert reason in done.err
    assert courses.snapshot(graded / "class" / "autograded" / "ben") == before


def _fail_in_writing(monkeypatch, error):
    def write(self, student, token, handed_in, notebooks):
        raise error

    monkeypatch.setattr(Folders, "write", write)


def test_a_full_disk_is_told_in_one_line_and_leaves_the_graded_work(graded, judged, autograder, monkeypatch):
    for student in ("ben", "cleo", "dan"):
        hand_in(graded, student)
    before = courses.snapshot(graded / "class")
    _fail_in_writing(monkeypatch, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "autograded"))
    done = autograder(graded, "grade", TINY)
    assert (done.status, done.err) == (
        2,
        "autograder: the disk is full: make room, then give the same command again.\n",
    )
    assert courses.snapshot(graded / "class") == before


def test_an_interrupted_batch_leaves_the_graded_work_and_goes_on_when_started_again(
    graded, judged, autograder, monkeypatch
):
    hand_in(graded, "ben")
    before = courses.snapshot(graded / "class")
    with monkeypatch.context() as patch:
        _fail_in_writing(patch, KeyboardInterrupt())
        done = autograder(graded, "grade", TINY)
    assert done.status == 130
    assert done.err == "interrupted after 1 of 2: the same command goes on from there.\n"
    assert courses.snapshot(graded / "class") == before
    judged.clear()
    assert autograder(graded, "grade", TINY).status == 0
    assert judged == ["ben"]


def test_what_is_judged_when_the_batch_is_interrupted_is_kept(graded, judged, autograder, monkeypatch):
    for student in ("ben", "cleo"):
        hand_in(graded, student)
    monkeypatch.setattr(crews, "grade_task", _interrupting(crews.grade_task, at="cleo"))
    assert autograder(graded, "grade", TINY).status == 130
    assert records.scores(load_course(graded), TINY)["ben"].points == 3


def _interrupting(grade_task, at):
    """Grade, but interrupt the batch at one student, when the other's report has come."""
    judged = threading.Event()

    def work(task, warm):
        if task.student == at:
            assert judged.wait(60)
            time.sleep(0.5)  # from there to who collects the reports
            signal.raise_signal(signal.SIGINT)
            time.sleep(3)
        report = grade_task(task, warm)
        judged.set()
        return report

    return work


def test_a_course_with_another_way_of_grading_is_refused(tmp_path, autograder):
    course = courses.tiny_course(tmp_path / "course", stock=True)
    assert autograder(course, "release").status == 0
    hand_in(course, "ben")
    done = autograder(course, "grade", TINY)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "`autograder adopt` puts it there" in done.err
    assert not _graded(course, "ben").exists()


def test_messages_go_to_a_file_and_with_verbose_to_the_terminal(graded, judged, autograder):
    log = graded / "class" / "log" / "autograder.log"
    done = autograder(graded, "grade", TINY, "--force", "--student", "ada")
    assert "by the judge" not in done.out + done.err
    assert "Graded ada: 3 points by the judge" in log.read_text()
    done = autograder(graded, "grade", TINY, "--force", "--student", "ada", "--verbose")
    assert "Graded ada" in done.err


def test_a_manual_grade_survives_grading_again(graded, autograder):
    course = load_course(graded)
    with gradebook.opened(course) as book:
        book.find_grade("explain", TINY, TINY, "ada").manual_score = 1.5
        book.db.commit()
    assert autograder(graded, "grade", TINY, "--force", "--student", "ada").status == 0
    assert records.scores(course, TINY)["ada"].points == 4.5


class _LateHands(crews.Hands):
    """Two threads' processes that are not there yet when all is over: one was begun before, one is after it."""

    def __init__(self):
        super().__init__()
        self.numbers = iter((0, 1))
        self.begun, self.over = threading.Event(), threading.Event()

    def start(self):
        second = next(self.numbers)
        if not second:
            super().start()
            self.begun.set()
        self.over.wait(20)
        time.sleep(0.3 if second else 1)  # the executor is shut down by then; the second is quicker
        if second:
            super().start()

    def stop(self):
        super().stop()
        self.over.set()


def test_a_run_with_nothing_to_do_ends_while_its_processes_still_start(monkeypatch):
    monkeypatch.setattr(crews, "Hands", _LateHands)

    def run():
        with crews.hired(2) as crew:
            assert crew.work.begun.wait(20)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
