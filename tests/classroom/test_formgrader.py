"""The formgrader in JupyterLab, in a real browser: what it shows, and grading by hand in it."""

import csv

import pytest
from playwright.sync_api import expect

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.demo_class.students import ASSIGNMENT
from tests.support import courses
from tests.support.browser import Watched, chromium
from tests.support.formgrader import grade_by_hand, log_in, open_submission
from tests.support.jupyter import jupyter_lab
from tests.support.small_class import WRITTEN

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("small class")]

COMMENT = "Well seen. Now say what becomes of the steps <b>& why</b>."


@pytest.fixture(scope="module")
def course(small_class, tmp_path_factory):
    return courses.copy_tree(small_class, tmp_path_factory.mktemp("formgrader") / "course")


@pytest.fixture(scope="module")
def lab(course, tmp_path_factory):
    """The address of a JupyterLab on the class."""
    with jupyter_lab(course, tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(lab, browser):
    """A page that has logged in; the test fails if a script on it does."""
    with Watched(browser, viewport={"width": 1280, "height": 900}) as watched:
        log_in(watched.page, lab)
        yield watched.page
        assert [fault for fault in watched.faults if _is_ours(fault)] == []


def _is_ours(fault):
    # nbgrader's pages take MathJax from a host that a test does not reach, and do without it.
    return fault.startswith("script:") and "MathJax is not defined" not in fault


@pytest.fixture(scope="module")
def scores(small_class):
    return records.scores(load_course(small_class), ASSIGNMENT)


def test_the_menu_of_jupyterlab_opens_the_formgrader_with_the_course(page):
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    row = page.frame_locator("iframe").get_by_role("row").filter(has_text=ASSIGNMENT)
    expect(row).to_contain_text("5", timeout=20_000)  # submissions


def test_the_submissions_are_listed_with_their_scores_and_states(page, lab, scores):
    page.goto(f"{lab}/formgrader/manage_submissions/{ASSIGNMENT}")
    for student, score in scores.items():
        row = page.get_by_role("row").filter(has=page.get_by_role("gridcell", name=student, exact=True))
        expect(row).to_contain_text(f"{score.points:g} / {score.max_points:g}")
        expect(row).to_contain_text("needs manual grading" if score.by_hand else "graded")
    broken = page.get_by_role("row").filter(has_text="dina-broken")
    expect(broken).to_contain_text("needs autograding")


def test_a_submission_shows_the_judges_points_and_words(page, lab):
    open_submission(page, lab, ASSIGNMENT, "quinn-half")
    expect(page.locator("input.score[id='step-values']")).to_have_attribute("placeholder", "0")
    expect(page.locator("input.score[id='step-shape']")).to_have_attribute("placeholder", "2")
    expect(page.get_by_text("step gives wrong numbers").first).to_be_visible()
    expect(page.get_by_text("Far from zero the curve is nearly flat").first).to_be_visible()


def test_written_answers_graded_by_hand_reach_the_feedback_the_report_and_the_exported_total(
    page, lab, course, scores, autograder, tmp_path
):
    before = scores["ada-reference"]
    assert before.by_hand
    grade_by_hand(
        page, lab, ASSIGNMENT, "ada-reference", {WRITTEN[0]: (4.5, COMMENT), WRITTEN[1]: (3, "Right.")}
    )
    page.goto(f"{lab}/formgrader/manage_submissions/{ASSIGNMENT}")
    row = page.get_by_role("row").filter(has_text="ada-reference")
    expect(row).to_contain_text(f"{before.points + 7.5:g} / 100")
    expect(row).not_to_contain_text("needs manual grading")

    for command in (("feedback", ASSIGNMENT), ("export", str(tmp_path / "grades.csv")), ("report",)):
        done = autograder(course, *command)
        assert done.status == 0, done.err
    with (tmp_path / "grades.csv").open(newline="") as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(exported["ada-reference"]["score"]) == before.points + 7.5
    assert exported["ada-reference"]["status"] == "graded"

    page.goto((course / "class" / "feedback" / "ada-reference" / ASSIGNMENT / f"{ASSIGNMENT}.html").as_uri())
    expect(page.get_by_text(COMMENT)).to_be_visible()
    expect(page.get_by_text("4.5 / 5").first).to_be_visible()
    expect(page.locator(".total")).to_contain_text(f"{before.points + 7.5:g} of 100 points")
    page.goto((course / "class" / "report" / f"{ASSIGNMENT}.html").as_uri())
    expect(page.locator("ul.needs > li").filter(has_text="Explain vanishing")).to_contain_text(
        "2 submissions"
    )


def test_a_grade_by_hand_stays_when_the_submission_is_graded_again(page, lab, course):
    grade_by_hand(page, lab, ASSIGNMENT, "gil-deleted-cell", {WRITTEN[0]: (2, "See the chapter.")})
    done = courses.autograder(course, "grade", ASSIGNMENT, "--student", "gil-deleted-cell", "--force")
    assert done.returncode == 0, done.stderr
    open_submission(page, lab, ASSIGNMENT, "gil-deleted-cell")
    expect(page.locator(f"input.score[id='{WRITTEN[0]}']")).to_have_value("2")
    expect(page.locator(f"textarea[id='{WRITTEN[0]}-comment']")).to_have_value("See the chapter.")
