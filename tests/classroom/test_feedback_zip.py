"""Feedback in a zip whose names lead Canvas and Moodle to each student."""

from __future__ import annotations

import re
import zipfile

import pytest

from tests.support.archives import write_zip
from tests.support.courses import TINY, hand_in

pytestmark = pytest.mark.xdist_group("feedback zip")

FILE = f"{TINY}.ipynb"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, released_pattern):
    """A class of four, two collected from Canvas (one handed in twice), one from Moodle, one put in by hand."""
    from tests.support import courses

    place = tmp_path_factory.mktemp("zip")
    course = courses.copy_tree(released_pattern, place / "course")
    data = hand_in(course, "by-hand").read_bytes()
    canvas = {
        f"doejane_101_5001_{FILE}": data,
        f"doejane_LATE_101_7001_{TINY}-1.ipynb": data + b" ",
        f"smith_jo_102_5002_{FILE}": data,
    }
    moodle = {f"Zo\u00eb Yu_4711_assignsubmission_file/{FILE}": data}
    for name, files in (("canvas", canvas), ("moodle", moodle)):
        archive = write_zip(place / f"{name}.zip", files)
        assert courses.autograder(course, "collect", str(archive), TINY).returncode == 0
    assert courses.autograder(course, "grade", TINY, "--jobs", "1").returncode == 0
    return course


def test_canvas_finds_user_and_upload_in_each_name(graded, autograder):
    done = autograder(graded, "feedback", TINY, "--zip", "canvas")
    assert done.status == 0, done.err
    assert "left out, not collected from Canvas: by-hand, zo\u00eb-yu" in done.out
    with zipfile.ZipFile(graded / "class" / f"feedback-{TINY}-canvas.zip") as archive:
        names = archive.namelist()
        assert b"<title>" in archive.read(names[0])
    # As `infer_comment_context_from_filename` reads them: the first two parts that are numbers.
    found = {tuple(re.findall(r"(?<=_)\d+(?=_)", name)[:2]) for name in names}
    assert found == {("101", "7001"), ("102", "5002")}
    assert all(name.endswith(f"{TINY}.html") for name in names)


def test_moodle_finds_the_participant_in_each_name(graded, autograder):
    assert autograder(graded, "feedback", TINY, "--zip", "moodle").status == 0
    with zipfile.ZipFile(graded / "class" / f"feedback-{TINY}-moodle.zip") as archive:
        [name] = archive.namelist()
    # As `is_valid_filename_for_import` reads it: five parts, of which the second is the participant's number.
    assert name.split("_", 4) == ["Zo\u00eb Yu", "4711", "assignsubmission", "file", f"{TINY}.html"]


def test_the_zip_is_no_students_folder(graded, autograder):
    autograder(graded, "feedback", TINY, "--zip", "canvas")
    assert {path.name for path in (graded / "class" / "feedback").iterdir() if path.is_dir()} == {
        "by-hand",
        "doejane-101",
        "smith_jo-102",
        "zo\u00eb-yu",
    }


def test_a_platform_that_nothing_came_from_is_told(released, autograder, graded):
    from tests.support import courses

    hand_in(released, "ada")
    assert courses.autograder(released, "grade", TINY, "--jobs", "1").returncode == 0
    done = autograder(released, "feedback", TINY, "--zip", "moodle")
    assert (done.status, f"no submission of {TINY} was collected from Moodle" in done.err) == (2, True)
