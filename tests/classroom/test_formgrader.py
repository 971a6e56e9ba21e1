"""The formgrader in JupyterLab, in a real browser, on the demo class."""

import re

import pytest
from playwright.sync_api import expect

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from tests.demo_class.students import ASSIGNMENT
from tests.support import courses
from tests.support.browser import Watched, chromium
from tests.support.jupyter import TOKEN, jupyter_lab

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo class")]


@pytest.fixture(scope="module")
def lab(demo_course, tmp_path_factory):
    """The address of a JupyterLab on a copy of the graded class."""
    place = tmp_path_factory.mktemp("lab")
    course = courses.copy_tree(demo_course, place / "course")
    with jupyter_lab(course, place) as address:
        yield address


@pytest.fixture
def page(lab):
    """A page that has logged in; the test fails if a script on it does."""
    with chromium() as browser, Watched(browser, viewport={"width": 1280, "height": 900}) as watched:
        watched.page.goto(f"{lab}/lab?token={TOKEN}")
        yield watched.page
        assert [fault for fault in watched.faults if _is_ours(fault)] == []


def _is_ours(fault):
    # nbgrader's pages take MathJax from a host that a test does not reach, and do without it.
    return fault.startswith("script:") and "MathJax is not defined" not in fault


@pytest.fixture(scope="module")
def scores(demo_course):
    return gradebook.scores(load_course(demo_course), ASSIGNMENT)


def test_the_menu_of_jupyterlab_opens_the_formgrader_with_the_course(page, scores):
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    formgrader = page.frame_locator("iframe")
    row = formgrader.get_by_role("row").filter(has_text=ASSIGNMENT)
    expect(row).to_contain_text("40", timeout=20_000)  # submissions


def test_the_submissions_are_listed_with_their_scores_and_states(page, lab, scores):
    page.goto(f"{lab}/formgrader/manage_submissions/{ASSIGNMENT}")
    for student, score in scores.items():
        row = page.get_by_role("row").filter(has=page.get_by_role("gridcell", name=student, exact=True))
        expect(row).to_contain_text(f"{score.points:g} / {score.max_points:g}")
        expect(row).to_contain_text("needs manual grading" if score.by_hand else "graded")
    broken = page.get_by_role("row").filter(has_text="dina-broken")
    expect(broken).to_contain_text("needs autograding")


def test_a_students_submission_opens_and_a_written_answer_can_be_graded(page, lab, scores):
    page.goto(f"{lab}/formgrader/manage_students/ada-reference/{ASSIGNMENT}")
    page.get_by_role("link", name=ASSIGNMENT, exact=True).last.click()
    expect(page).to_have_url(re.compile("/formgrader/submissions/"))
    expect(page.get_by_text("Far from zero the curve is nearly flat").first).to_be_visible()
    points = page.locator("input.score").last
    points.fill("4")
    with page.expect_response(
        lambda response: "/api/grade/" in response.url and response.request.method == "PUT"
    ):
        points.blur()
    page.goto(f"{lab}/formgrader/manage_submissions/{ASSIGNMENT}")
    row = page.get_by_role("row").filter(has_text="ada-reference")
    expect(row).to_contain_text(f"{scores['ada-reference'].points + 4:g} / 100")
