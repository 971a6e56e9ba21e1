"""The demo class under stock grading: scores are those foretold, faults and all.

Stock nbgrader grades those with whom it may differ, for what they did to the file or for a reason given, and a few
others: a kernel for each takes long, and what it takes from an answer `tests/grading/test_stock_nbgrader` knows.
"""

import shutil

import pytest

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.demo_class.report import table
from tests.demo_class.students import ASSIGNMENT, build, points, students
from tests.support import courses

CLASS = {student.id: student for student in students()}
ALL_POINTS = sum(points().values())

GRADED = [
    s.id
    for s in CLASS.values()
    if s.edit or s.reason or s.blank or s.id in ("ada-reference", "pia-no-return")
]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo class")]


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    course = courses.copy_course(tmp_path_factory.mktemp("demo") / "course", stock=True)
    build(course / "class" / "submitted")
    for student in CLASS.keys() - set(GRADED):
        shutil.rmtree(course / "class" / "submitted" / student)
    steps = (
        (courses.autograder, "release"),
        (courses.nbgrader_one_by_one, "autograde"),
        (courses.autograder, "feedback"),
    )
    for run, command in steps:
        done = run(course, command, ASSIGNMENT)
        assert done.returncode == 0, done.stderr
    return records.scores(load_course(course), ASSIGNMENT)


@pytest.mark.parametrize("student", GRADED)
def test_stock_grading_gives_the_points_foretold(student, scores):
    given = scores[student].points if student in scores else None
    assert given == CLASS[student].stock


def test_a_right_answer_in_any_style_has_full_marks_under_right_grading():
    right = [student for student in CLASS.values() if student.about.startswith("right")]
    assert len(right) >= 10
    assert {student.right for student in right} == {ALL_POINTS}


def test_a_blank_notebook_has_no_points(scores):
    assert scores["bea-blank"].points == CLASS["bea-blank"].right == 0


def test_every_difference_between_stock_and_right_grading_has_its_reason():
    unexplained = [s.id for s in CLASS.values() if s.right != s.stock and not s.reason]
    assert unexplained == []


def test_the_class_has_at_least_thirty_members():
    assert len(CLASS) >= 30


def test_the_report_counts_who_has_the_points_of_right_grading(scores):
    same = sum(CLASS[student].right == CLASS[student].stock for student in GRADED)
    same += sum(CLASS[student].right is None for student in CLASS.keys() - set(GRADED))
    assert table(scores).endswith(f"{same} of {len(CLASS)} have the points that right grading gives.")


def test_the_class_hands_in_the_same_files_every_time_and_only_what_changed(tmp_path):
    assert build(tmp_path) > 30
    before = courses.snapshot(tmp_path)
    assert build(tmp_path) == 0
    shutil.rmtree(tmp_path / "ada-reference")
    assert build(tmp_path) == 2
    assert courses.snapshot(tmp_path) == before


def test_the_demo_class_stays_out_of_a_real_one(tmp_path):
    (tmp_path / "a-real-student").mkdir()
    with pytest.raises(SystemExit, match="a class of your own"):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a-real-student"]
