"""`autograder feedback` for a whole class: nbgrader's pages to the byte, only what changed, in little time."""

import json
import re
import time

import pytest
from sqlalchemy import event

from autograder.classroom import converters, gradebook
from autograder.classroom.course import load_course
from autograder.classroom.pages import feedback as pages
from tests.demo_class.students import ASSIGNMENT
from tests.support import courses, large_class
from tests.support.small_class import MEMBERS, WRITTEN

pytestmark = pytest.mark.xdist_group("small class")

SECONDS_PER_PAGE = 0.12  # a thousand in two minutes
GRADED = sorted(set(MEMBERS) - {"dina-broken"})


@pytest.fixture
def course(small_class, tmp_path):
    return courses.copy_tree(small_class, tmp_path / "course")


def _page(course, student):
    return course / "class" / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"


def _grade_by_hand(course, student, points=3.5, comment="Well put.", penalty=None):
    with gradebook.opened(load_course(course)) as book:
        submission = book.find_submission(ASSIGNMENT, student)
        grade = book.find_grade(WRITTEN[0], ASSIGNMENT, ASSIGNMENT, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, 0.25, False
        book.find_comment(WRITTEN[0], ASSIGNMENT, ASSIGNMENT, student).manual_comment = comment
        submission.notebooks[0].late_submission_penalty = penalty
        book.db.commit()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_pages_are_those_of_nbgraders_own_command(course, autograder, tmp_path):
    _grade_by_hand(course, "ada-reference", comment="Ω <b> & more\n\n2nd line", penalty=2.0)
    done = autograder(course, "feedback", ASSIGNMENT)
    assert (done.status, done.err) == (0, "")
    assert "4 written, 0 unchanged, 0 failed" in done.out
    here = load_course(course)
    converters.start_log(here.log_folder, verbose=False)
    elsewhere = {"feedback_directory": str(tmp_path / "stock")}
    converters.run(here, "GenerateFeedback", ASSIGNMENT, CourseDirectory=elsewhere)
    for student in GRADED:
        ours, theirs = _page(course, student), tmp_path / "stock" / student / ASSIGNMENT
        assert sorted(path.name for path in ours.parent.iterdir()) == [ours.name, "timestamp.txt"]
        for path in ours.parent.iterdir():
            assert path.read_bytes() == (theirs / path.name).read_bytes()


def test_pages_in_chinese_say_the_same_in_chinese_and_are_english_again_when_asked(course, autograder):
    assert autograder(course, "feedback", ASSIGNMENT, "--language", "zh").status == 0
    wrong = next(
        page
        for page in (_page(course, student).read_text("utf-8") for student in GRADED)
        if 'class="finding"' in page
    )
    said = re.sub(r"<(style|pre|code)\b.*?</\1>| class=\"[^\"]*\"", "", wrong, flags=re.DOTALL)
    assert '<html lang="zh-CN">' in said
    assert "反馈" in said
    for words in (
        "Feedback",
        "points",
        "Your code",
        "Try it",
        "right answer",
        "shape of z",
        "is wrong",
        "Here ",
    ):
        assert words not in said
    assert "0 written, 4 unchanged" in autograder(course, "feedback", ASSIGNMENT, "--language", "zh").out
    assert "4 written, 0 unchanged" in autograder(course, "feedback", ASSIGNMENT).out


def test_only_pages_whose_grades_changed_are_written_again(course, autograder):
    assert autograder(course, "feedback", ASSIGNMENT).status == 0
    before = {student: _page(course, student).stat().st_mtime_ns for student in GRADED}
    assert "0 written, 4 unchanged" in autograder(course, "feedback", ASSIGNMENT).out
    _grade_by_hand(course, "quinn-half")
    assert "1 written, 3 unchanged" in autograder(course, "feedback", ASSIGNMENT).out
    after = {student: _page(course, student).stat().st_mtime_ns for student in GRADED}
    assert [student for student in GRADED if after[student] != before[student]] == ["quinn-half"]
    assert "Well put." in _page(course, "quinn-half").read_text(encoding="utf-8")


def test_files_that_the_instructor_put_beside_the_tests_are_not_given_back(course, autograder):
    folder = course / "class" / "autograded" / "ada-reference" / ASSIGNMENT
    (folder / "hidden-data.csv").write_text("7341.25")
    (folder / "link.html").symlink_to(course / "class" / "gradebook.db")
    assert autograder(course, "feedback", ASSIGNMENT).status == 0
    given = sorted(path.name for path in _page(course, "ada-reference").parent.iterdir())
    assert given == [f"{ASSIGNMENT}.html", "timestamp.txt"]


@pytest.mark.parametrize(
    ("notebook", "reason"),
    [
        ("{", "cannot be read"),
        (json.dumps({"cells": [{"metadata": {}}], "metadata": {}}), "cannot be read"),
        (
            json.dumps(
                {
                    "metadata": {},
                    "cells": [
                        {
                            "cell_type": "code",
                            "source": "",
                            "metadata": {"nbgrader": {"grade": True, "grade_id": "x"}},
                        }
                    ],
                }
            ),
            "the gradebook has no x: grade the submission again.",
        ),
    ],
    ids=["no notebook", "no cells", "another assignment's"],
)
def test_a_graded_notebook_that_makes_no_page_is_told_in_one_line_and_stops_no_other(
    notebook, reason, course, autograder
):
    path = course / "class" / "autograded" / "bea-blank" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.chmod(0o644)
    path.write_text(notebook)
    done = autograder(course, "feedback", ASSIGNMENT)
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert done.err.startswith("bea-blank: ")
    assert reason in done.err
    assert "3 written, 0 unchanged, 1 failed" in done.out
    assert not _page(course, "bea-blank").exists()


def test_a_course_with_another_exporter_gets_the_pages_of_that_one(course, autograder):
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\ndel c.GenerateFeedback\n")
    assert autograder(course, "feedback", ASSIGNMENT).status == 0
    assert "### BEGIN HIDDEN TESTS" in _page(course, "ada-reference").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_large_class_has_its_pages_in_time_and_the_gradebook_is_read_once(course):
    large_class.multiply(course, ASSIGNMENT, ["ada-reference", "bea-blank", "quinn-half"], 60)
    here = load_course(course)
    students = pages.graded_students(here, ASSIGNMENT)
    few, _ = _write(here, students[:4])
    many, seconds = _write(here, students)
    assert few == many
    assert seconds < SECONDS_PER_PAGE * len(students)


def _write(course, students):
    """Write pages; return how many queries and seconds it took."""
    from sqlalchemy.engine import Engine

    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    start = time.perf_counter()
    try:
        results = list(pages.write_pages(course, ASSIGNMENT, students))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert {result.state for result in results} <= {"done", "unchanged"}
    return len(asked), time.perf_counter() - start
