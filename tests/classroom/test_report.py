"""`autograder report` on a graded class, and its pages in a browser."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import event

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.report import similar, writing
from tests.classroom.reports import Structure
from tests.demo_class.students import ASSIGNMENT
from tests.support import courses, large_class
from tests.support.browser import Watched, chromium
from tests.support.courses import TINY, hand_in

pytestmark = pytest.mark.xdist_group("small class")


@pytest.fixture(scope="module")
def pattern(small_class, tmp_path_factory):
    """The small class with two students more, who hand in copies."""
    course = courses.copy_tree(small_class, tmp_path_factory.mktemp("report") / "course")
    large_class.multiply(course, ASSIGNMENT, ["quinn-half"], 2)
    done = courses.autograder(course, "report")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"class/report/index.html\nclass/report/{ASSIGNMENT}.html\n")
    return course


@pytest.fixture
def course(pattern, tmp_path):
    return courses.copy_tree(pattern, tmp_path / "course")


def _text(course, name, folder="report"):
    page = (course / "class" / folder / f"{name}.html").read_text(encoding="utf-8")
    return " ".join(Structure(page).text.split())


def test_the_page_of_an_assignment_tells_what_became_of_everybody(pattern):
    text = _text(pattern, ASSIGNMENT)
    for words in (
        "02 Sigmoid: from a hard step to a soft one",
        "Handed in7 of 8",
        "1 submission cannot be read.",
        "Dina Broken dina-broken: class/submitted/dina-broken/02-sigmoid/02-sigmoid.ipynb: The notebook is cut off",
        "1 student of the 8 in the gradebook.",
        "Otto Absent otto-absent",
        "Not written: sigmoid_grad by 1, log_loss by 1,",
        "step: At exactly 0 it gives 1/2. 3 submissions",
        "sigmoid-values was missing; it was put back",
        "user, mount, pid, network, ipc, landlock, seccomp, limits",
    ):
        assert words in text, words


def test_the_page_of_the_course_leads_to_it(pattern):
    page = (pattern / "class" / "report" / "index.html").read_text(encoding="utf-8")
    assert f'<a href="{ASSIGNMENT}.html">' in page
    assert "1 student handed in nothing at all." in _text(pattern, "index")


def test_without_names_the_pages_go_elsewhere_and_name_nobody(course, autograder):
    done = autograder(course, "report", "--anonymous")
    assert (done.status, done.err) == (0, "")
    for name in ("index", ASSIGNMENT):
        text = _text(course, name, "report-without-names")
        assert not re.search("quinn|dina|otto|gil-|student-000", text, re.I)
    assert "step: At exactly 0 it gives 1/2. 3 submissions" in _text(
        course, ASSIGNMENT, "report-without-names"
    )


def test_without_copydetect_the_report_says_how_to_get_it(course, autograder, monkeypatch):
    monkeypatch.setattr(similar, "available", lambda: False)
    assert autograder(course, "report", ASSIGNMENT).status == 0
    assert similar.HOW_TO_GET in _text(course, ASSIGNMENT)


def test_a_damaged_graded_notebook_is_named_and_the_others_are_reported(course, autograder):
    path = course / "class" / "autograded" / "gil-deleted-cell" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.chmod(0o644)
    path.write_text(json.dumps({"cells": [{"cell_type": "code"}], "metadata": {}}))
    done = autograder(course, "report")
    assert done.status == 1
    assert done.err.startswith("gil-deleted-cell: ")
    assert done.err.count("\n") == 1
    assert "1 graded notebook could not be read" in _text(course, ASSIGNMENT)


def test_a_hand_in_newer_than_its_grade_is_told(course, autograder):
    path = course / "class" / "submitted" / "ada-reference" / ASSIGNMENT / "timestamp.txt"
    path.write_text("2026-04-01 10:00:00 UTC\n")
    assert autograder(course, "report").status == 0
    assert f"1 submission handed in again after grading. Run autograder grade {ASSIGNMENT}." in _text(
        course, ASSIGNMENT
    )


def test_a_class_that_has_handed_in_nothing_has_no_report(released, autograder):
    done = autograder(released, "report")
    assert (done.status, done.out) == (2, "")
    assert done.err == "autograder: nobody has handed in anything yet: there is nothing to report on.\n"
    assert not (released / "class" / "report").exists()


def test_a_class_that_is_not_graded_yet_has_a_report(released, autograder):
    hand_in(released, "ada")
    assert autograder(released, "report", TINY).status == 0
    assert f"1 submission not graded yet. Run autograder grade {TINY}." in _text(released, TINY)


def test_assignments_that_are_unknown_or_not_released_are_refused(course, autograder):
    done = autograder(course, "report", "02-sigmiod")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "Did you mean '02-sigmoid'?" in done.err
    (course / "solutions" / "09-new").mkdir()
    (course / "solutions" / "09-new" / "09-new.ipynb").write_text("{}")
    done = autograder(course, "report", "09-new")
    assert (
        done.err == "autograder: 09-new is not in the gradebook yet: first run `autograder release 09-new`.\n"
    )


def test_the_gradebook_is_asked_as_often_for_a_large_class_as_for_a_small_one(course):
    here = load_course(course)
    few = _queries(here)
    with gradebook.opened(here) as book:
        large_class.copy_rows(book.db, ASSIGNMENT, "ada-reference", [f"more-{n}" for n in range(40)])
        book.db.commit()
    assert _queries(here) == few
    assert few < 20


def _queries(course):
    from sqlalchemy.engine import Engine

    asked = []

    def note(*arguments):
        asked.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        writing.prepare(course, [])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len([query for query in asked if query.lstrip().startswith("SELECT")])


def violations(page):
    """What axe finds wrong; it needs `bypass_csp`, for the pages' own policy lets no program in."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_pages_run_nothing_ask_for_nothing_and_fit(pattern, width, scheme):
    with (
        chromium() as browser,
        Watched(
            browser, viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
        ) as watched,
    ):
        page = watched.page
        for name in ("index", ASSIGNMENT):
            page.goto((pattern / "class" / "report" / f"{name}.html").as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator("h1").count() == 1
            assert violations(page) == []
            assert all(request.startswith("file:") for request in watched.requests)
        assert watched.faults == []
        page.get_by_role("link", name="from-lines-to-softmax").click()
        assert page.url.endswith("index.html")
