"""Grading a hundred students' written answers by question, in a browser, by keys; then nbgrader says the same."""

import signal
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from playwright.sync_api import expect

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.support import courses
from tests.support.browser import Watched, chromium
from tests.support.courses import TINY
from tests.support.large_class import multiply
from tests.support.written import write_answers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("by hand")]

TEXT = "**It doubles**, because $2x$ is what is asked.\n\n- once\n- twice"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def course(graded_pattern, tmp_path_factory):
    course = courses.copy_tree(graded_pattern, tmp_path_factory.mktemp("by hand") / "course")
    students = ["ada", "ben", *multiply(course, TINY, ["ada", "ben"], 98)]
    write_answers(course, {student: f"{TEXT}\n\nSays {student}." for student in students})
    return course


@pytest.fixture(scope="module")
def address(course):
    """Where the command serves the question's page."""
    command = [sys.executable, "-u", "-m", "autograder.cli", "by-hand", TINY]
    with subprocess.Popen(command, cwd=course, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().split()[0] + f"{TINY}/{TINY}/explain"
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def tab(browser, address):
    """The question's page; the test fails if a script on it does, or if it asks another host."""
    with Watched(browser) as tab:
        tab.page.goto(address)
        yield tab
        assert [fault for fault in tab.faults if "409" not in fault] == []
        assert tab.foreign(address) == []


def _given(course, student):
    with gradebook.opened(load_course(course)) as book:
        place = ("explain", TINY, TINY, student)
        grade = book.find_grade(*place)
        return grade.manual_score, grade.needs_manual_grade, book.find_comment(*place).manual_comment


def _field(page, name, student):
    return page.get_by_label(f"{name} for {student}", exact=False).and_(
        page.locator("input, textarea, select")
    )


def test_the_page_is_accessible_and_fits_a_phone(browser, address):
    for width, scheme in ((360, "light"), (1280, "dark")):
        size = {"width": width, "height": 800}
        with Watched(browser, viewport=size, color_scheme=scheme) as tab:
            tab.page.goto(address)
            expect(tab.page.get_by_role("article")).to_have_count(100)
            found = Axe().run(tab.page, options={"runOnly": RULES, "resultTypes": ["violations"]})
            assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_hundred_answers_are_graded_by_keys_and_the_formgrader_agrees(browser, address, tab, course):
    page = tab.page
    _two_people_at_once(browser, address, tab, course)
    expect(page.locator("article strong").first).to_have_text("It doubles")
    page.get_by_label("Points", exact=True).fill("1.5")
    page.get_by_label("Line").fill("Says why")
    page.get_by_role("button", name="Add to the rubric").click()
    expect(page.get_by_role("button", name="Says why (+1.5)").first).to_be_visible()
    # By typing: points, Enter, and the cursor is in the next answer's points. A comment is offered to the others.
    _field(page, "Points", "ada").fill("0.5")
    _field(page, "Comment", "ada").fill("Say more.")
    _field(page, "Comment", "ada").press("Control+Enter")
    expect(_field(page, "Points", "student-0000")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(_field(page, "Points", "student-0001")).to_be_focused()
    _field(page, "Earlier comments", "student-0001").focus()
    _field(page, "Earlier comments", "student-0001").select_option("Say more.")
    page.keyboard.press("Escape")
    # By single keys: the first line of the rubric, then on to the next.
    left = page.locator("#left")
    for _ in range(97):
        before = left.text_content()
        page.keyboard.press("1")
        expect(left).not_to_have_text(before)
        page.keyboard.press("u")
    expect(left).to_have_text("0 of 100 to grade")
    page.reload()
    expect(left).to_have_text("0 of 100 to grade")
    expect(_field(page, "Comment", "student-0042")).to_have_value("Says why (+1.5)")

    assert _given(course, "ada") == (0.5, False, "Say more.")
    assert _given(course, "student-0000") == (2, False, None)
    assert _given(course, "student-0001") == (1.5, False, "Say more.\nSays why (+1.5)")
    assert _given(course, "student-0097") == (1.5, False, "Says why (+1.5)")
    _compare_with_the_formgrader(course)


def _two_people_at_once(browser, address, tab, course):
    """Each sees what the other gave meanwhile; nothing is written over unasked."""
    article = tab.page.get_by_role("article", name="ben", exact=True)
    with Watched(browser) as other:
        other.page.goto(address)
        _field(other.page, "Points", "ben").fill("2")
        _field(other.page, "Points", "ben").press("Tab")
        expect(other.page.get_by_role("status")).to_have_text("Saved for ben: 2 points")
    _field(tab.page, "Points", "ben").fill("1")
    _field(tab.page, "Points", "ben").press("Tab")
    expect(article.get_by_text("Not saved: somebody else graded this meanwhile")).to_be_visible()
    expect(article.get_by_text("Somebody else graded this meanwhile: 2 points")).to_be_visible()
    assert _given(course, "ben")[0] == 2
    article.get_by_role("button", name="Keep mine").click()
    expect(tab.page.get_by_role("status")).to_have_text("Saved for ben: 1 points")
    assert _given(course, "ben") == (1, False, None)


def _compare_with_the_formgrader(course):
    """What its list of submissions shows: its server answers with just this."""
    here = load_course(course)
    directory = CourseDirectory(config=here.config)
    api = NbGraderAPI(directory, config=here.config)
    listed = {one["student"]: one for one in api.get_submissions(TINY)}
    ours = records.scores(here, TINY)
    assert len(listed) == 100
    assert {student: one["score"] for student, one in listed.items()} == {s: ours[s].points for s in ours}
    assert not any(one["needs_manual_grade"] for one in listed.values())
    assert listed["student-0096"]["written_score"] == 1.5
