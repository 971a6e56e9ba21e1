"""A full disk, a locked gradebook, two runs at once: one clear line each, and nothing is lost."""

import shlex
import sqlite3
import subprocess
import sys

import pytest

from autograder.classroom import files
from autograder.classroom.course import load_course
from autograder.classroom.grade import writing as book
from autograder.classroom.grade.writing import Folders
from autograder.classroom.gradebook import records
from tests.support import class_state, courses
from tests.support.courses import ROOT, TINY, hand_in

STUDENTS = [f"s{number}" for number in range(6)]


def _all_right(course):
    scores = records.scores(load_course(course), TINY)
    return {student: score.points for student, score in scores.items()} == dict.fromkeys(STUDENTS, 3.0)


@pytest.fixture
def handed_in(released):
    for student in STUDENTS:
        hand_in(released, student)
    return released


# The class is on a small disk of its own, which a file fills up to some room; then that file goes.
ON_A_FULL_DISK = """
set -e
mount -t tmpfs -o size=4m tmpfs {disk}
cp -r {course} {disk}/course
head -c 100m /dev/zero > {disk}/filler 2>/dev/null || true
truncate -s -{room} {disk}/filler
cd {disk}/course
status=0
{grade} || status=$?
echo "status $status" >&2
rm {disk}/filler
{grade} >&2
cp -r {disk}/course {after}
"""


@pytest.mark.slow
@pytest.mark.parametrize("room", ["12K", "48K"])
def test_a_full_disk_is_told_in_one_line_and_the_next_run_goes_on(room, handed_in, tmp_path):
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    grade = f"{shlex.quote(sys.executable)} -m autograder.cli grade {TINY} --jobs 1"
    script = ON_A_FULL_DISK.format(disk=disk, course=handed_in, after=after, room=room, grade=grade)
    inside = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    done = subprocess.run(inside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    first = done.stderr.split("status ")[0]
    assert first.count("\n") == 1, done.stderr
    assert "full: make room, then give the same command again." in first
    assert "status 2" in done.stderr
    assert _all_right(after)
    assert [path.name for path in (after / "class").rglob(".*")] == []


def test_a_gradebook_that_is_locked_in_the_middle_ends_the_run_and_loses_nothing(
    handed_in, judged, autograder, monkeypatch
):
    holder = sqlite3.connect(
        handed_in / "class" / "gradebook.db", isolation_level=None, check_same_thread=False
    )
    write = Folders.write

    def lock_and_write(self, *arguments):
        if not holder.in_transaction:
            holder.execute("BEGIN EXCLUSIVE")
        return write(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(book, "WAIT", 100)
        patch.setattr(Folders, "write", lock_and_write)
        done = autograder(handed_in, "grade", TINY)
    holder.close()
    assert (done.status, done.err) == (
        2,
        "autograder: the gradebook is in use by another program (database is locked): "
        "close it, then give the same command again.\n",
    )
    assert autograder(handed_in, "grade", TINY).status == 0
    assert _all_right(handed_in)
    assert [path.name for path in (handed_in / "class").rglob(".*")] == []


def test_a_run_beside_another_says_so_and_touches_nothing(handed_in, judged, autograder):
    before = courses.snapshot(handed_in / "class" / "submitted")
    with files.locked(handed_in / "class" / "submitted"):
        done = autograder(handed_in, "grade", TINY)
    assert (done.status, done.err) == (
        2,
        "autograder: another autograder is at work on this class: wait until it has ended.\n",
    )
    assert judged == []
    assert courses.snapshot(handed_in / "class" / "submitted") == before


@pytest.mark.slow
def test_of_two_runs_started_at_once_the_second_says_so_and_the_grades_are_right(handed_in):
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        TINY,
        "--jobs",
        "1",
        "--course",
        str(handed_in),
    ]
    runs = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = sorted((run.communicate()[1], run.returncode) for run in runs)
    assert ends[0] == ("", 0)
    assert ends[1][1] in (0, 2)  # 0 when it began after the other had ended
    assert ends[1][1] == 0 or "another autograder is at work" in ends[1][0]
    assert _all_right(handed_in)
    _, submissions = class_state.rows(handed_in, TINY)
    assert len(submissions) == len(STUDENTS)
