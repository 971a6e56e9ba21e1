"""`autograder watch`: what arrives is graded and given back at once, however often it is stopped and started."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from autograder.classroom import files
from autograder.classroom.course import load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.grade import crews
from autograder.classroom.grade.crews import Crew
from autograder.classroom.grade.watching import Watch
from autograder.classroom.gradebook import records
from tests.support.courses import TINY, WRONG, hand_in, nbgrader

PATIENCE = 60  # seconds; a busy machine takes many times what an idle one does


@contextmanager
def watching(course, *arguments):
    """Run the command in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder.cli", "watch", TINY, "--jobs", "1", *arguments],
        cwd=course,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout.readline().startswith(f"watching {TINY}")
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, rest


def _page_of(course, student):
    path = course / "class" / "feedback" / student / TINY / f"{TINY}.html"
    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_hand_in_gets_its_feedback_and_watching_can_be_stopped_and_started(released):
    with watching(released) as process:
        hand_in(released, "ada")
        assert "<strong>3</strong> of 5 points" in _page_of(released, "ada")
        assert " ada 00-double 3 / 5" in process.stdout.readline()
    hand_in(released, "ben", WRONG)
    with watching(released):
        assert "<strong>2</strong> of 5 points" in _page_of(released, "ben")
    scores = records.scores(load_course(released), TINY)
    assert {student: score.points for student, score in scores.items()} == {"ada": 3, "ben": 2}


@pytest.mark.slow
def test_what_students_submit_to_the_exchange_is_taken_in(released, tmp_path):
    exchange, home = tmp_path / "exchange", tmp_path / "home"
    home.mkdir()
    exchange.mkdir()
    exchange.chmod(0o777)
    config = released / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Exchange.root = {str(exchange)!r}\n")
    root, of_course = f"--Exchange.root={exchange}", "--course=from-lines-to-softmax"
    assert nbgrader(released, "release_assignment", TINY).returncode == 0
    with watching(released) as process:
        for words in (("fetch_assignment", TINY, of_course, root), ("submit", TINY, of_course, root)):
            done = nbgrader(home, *words)
            assert done.returncode == 0, done.stderr
        assert f" {TINY} 0 / 5" in process.stdout.readline()


def test_an_exchange_that_only_the_machine_names_is_taken_in(watch, released, tmp_path, monkeypatch):
    settings, root = tmp_path / "etc", tmp_path / "exchange"
    settings.mkdir()
    (settings / "nbgrader_config.py").write_text(
        f"c.Exchange.root = {str(root)!r}\nc.CourseDirectory.root = '/'\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(settings))
    inbound = root / "from-lines-to-softmax" / "inbound" / f"ada+{TINY}+2026-03-01 10:00:00 UTC+x"
    shutil.copytree(hand_in(released, "ada").parent, inbound)
    shutil.rmtree(released / "class" / "submitted")
    (inbound / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    assert _told(watch(), 1) == [("ada", "3 / 5")]


@pytest.mark.parametrize("said", ["1 +", "import no_such_module"])
def test_a_configuration_of_the_machine_that_cannot_be_read_is_named(said, watch, tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.py").write_text(said)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read"):
        watch()


@pytest.fixture
def watch(released, warm):
    """Watch in this process; `told(n)` waits for n hand-ins."""
    with ThreadPoolExecutor(1) as executor:
        crew = Crew(executor, lambda task: crews.grade_task(task, warm), 1)

        def make(**settings):
            return Watch(load_course(released), [TINY], crew, **settings)

        yield make


def _told(watch, number):
    found = []
    for told in watch.run():
        found.append((told.student, told.points or told.reason))
        if len(found) == number:
            watch.stop.set()
    watch.stop.clear()
    return found


def test_a_student_has_so_many_hand_ins_a_day_as_the_instructor_allows(released, watch):
    one = watch(per_day=2)
    for code, points in (("def double(x): pass", "0 / 5"), (WRONG, "2 / 5")):
        hand_in(released, "ada", code)
        assert _told(one, 1) == [("ada", points)]
    hand_in(released, "ada")
    hand_in(released, "ben")
    held = ("ada", "2 hand-ins are graded today: waits for tomorrow")
    assert sorted(_told(one, 2)) == [held, ("ben", "3 / 5")]
    hand_in(released, "cleo")
    assert _told(one, 1) == [("cleo", "3 / 5")]  # it is said once
    assert _told(watch(per_day=3), 1) == [("ada", "3 / 5")]


def test_a_hand_in_that_cannot_be_read_is_told_once_and_the_right_one_is_graded(released, watch):
    one = watch()
    path = hand_in(released, "ada")
    right = path.read_bytes()
    path.write_bytes(right[:200])
    [(student, reason)] = _told(one, 1)
    assert (student, "cut off" in reason) == ("ada", True)
    path.write_bytes(right)
    assert _told(one, 1) == [("ada", "3 / 5")]


def test_a_hand_in_waits_while_another_command_is_at_work(released, watch):
    one = watch()
    hand_in(released, "ada")
    with files.locked(load_course(released).submitted("", "")):
        for _ in range(3):
            assert list(one._round(TINY)) == []
    assert _told(one, 1) == [("ada", "3 / 5")]


def test_a_hand_in_that_is_still_being_copied_is_left_alone(released, watch):
    one = watch()
    path = hand_in(released, "ada")
    assert list(one._arrived(TINY)) == []  # seen once: it may be growing
    path.write_bytes(path.read_bytes() + b" ")
    assert list(one._arrived(TINY)) == []
    assert list(one._arrived(TINY)) == ["ada"]
