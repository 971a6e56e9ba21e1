"""Quizzes: native controls that answer on the page, by keyboard and to a screen reader, with scripts or without."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Watched
from tests.support.site import build_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
STATE = """name => {
  const places = (selector, holds) => [...document.querySelectorAll(`#${name} ${selector}`)]
    .flatMap((element, place) => (holds(element) ? [place] : []));
  return {
    chosen: places("input", (input) => input.checked),
    shown: places(".why", (why) => why.checkVisibility()),
  };
}"""


def questions(page):
    return re.findall(r'<fieldset class="question" id="([^"]+)"', page.html)


def chapters(site):
    return [page for page in site.pages if '<section id="quiz">' in page.html]


def test_every_chapter_asks_three_to_five_questions_with_one_right_answer(site):
    assert len(chapters(site)) == 8
    for page in chapters(site):
        assert 3 <= len(questions(page)) <= 5, page.name
        for body in re.findall(r'<fieldset class="question".*?</fieldset>', page.html, re.DOTALL):
            assert body.count('class="option right"') == 1
            assert body.count('class="option wrong"') >= 1
            assert body.count("(right)") == 0


def test_keyboard_chooses_each_answer_and_only_its_reason_shows(built, wide):
    for name in questions(built):
        check_question(wide.page, name)


def check_question(page, name):
    options = page.locator(f"#{name} input")
    count = options.count()
    options.first.focus()
    page.keyboard.press("Space")
    for place in range(count):
        state = page.evaluate(STATE, name)
        assert state == {"chosen": [place], "shown": [place]}, (page.url, name)
        page.keyboard.press("ArrowDown")


def test_answers_show_without_scripts(site, browser):
    with Watched(browser, java_script_enabled=False) as tab:
        tab.page.goto((site.folder / "chapters" / "sigmoid.html").as_uri())
        tab.page.get_by_label("Nowhere.").check()
        assert tab.page.locator("#question-1 .why").nth(1).is_visible()
        assert not tab.page.locator("#question-1 .why").first.is_visible()


def test_screen_reader_hears_the_question_the_answer_and_whether_it_is_right(site, browser):
    with Watched(browser) as tab:
        tab.page.goto((site.folder / "chapters" / "sigmoid.html").as_uri())
        name = questions(next(page for page in site.pages if page.name == "sigmoid"))[0]
        before = tab.page.locator(f"#{name}").aria_snapshot()
        assert re.search(r'group "Question 1 .*dashed slope point\?"', before)
        assert 'radio "Nowhere."' in before
        assert not re.search(r"Right\.|Not this one\.", before)
        tab.page.get_by_label("Nowhere.").check()
        assert re.search(r"status: ?\n?.*Right\.", tab.page.locator(f"#{name}").aria_snapshot(), re.DOTALL)
        tab.page.get_by_label("To larger thresholds.").check()
        after = tab.page.locator(f"#{name}").aria_snapshot()
        assert "Not this one." in after
        assert "Right." not in after


def test_every_chapter_lets_the_reader_guess_before_two_plots_or_more(site):
    for page in chapters(site):
        guesses = re.findall(
            r'<fieldset class="guess".*?</fieldset>\s*<div class="cell', page.html, re.DOTALL
        )
        assert len(guesses) >= 2, page.name
        for body in guesses:
            assert body.count('class="option right"') == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_plot_opens_when_its_reader_has_guessed_and_each_guess_has_its_reason(site, browser, scripts):
    with Watched(browser, java_script_enabled=scripts) as tab:
        page = tab.page
        page.goto((site.folder / "chapters" / "sigmoid.html").as_uri())
        guess, plot = page.locator("#guess-2"), page.locator("#guess-2 + .cell .explore")
        assert not plot.is_visible()
        guess.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        assert plot.is_visible()
        assert guess.locator(".why:visible").inner_text().startswith("Not this one.")
        page.keyboard.press("ArrowDown")
        assert guess.locator(".why:visible").inner_text().startswith("Right.")


def test_plot_can_be_seen_without_a_guess_and_print_shows_it(site, browser):
    with Watched(browser) as tab:
        page = tab.page
        page.goto((site.folder / "chapters" / "sigmoid.html").as_uri())
        plot = page.locator("#guess-1 + .cell .explore")
        page.emulate_media(media="print")
        assert plot.is_visible()
        page.emulate_media(media="screen")
        assert not plot.is_visible()
        page.locator("#guess-1").get_by_label("Show it to me without a guess.").check()
        assert plot.is_visible()
        assert page.locator("#guess-1 .why:visible").count() == 0


@pytest.mark.parametrize(
    ("body", "complaint"),
    [("One.\n: Why.\n\nTwo.\n: Why.\n", "begins with (right)"), ("Words only.\n", "options only")],
)
def test_question_without_one_right_answer_stops_the_build(small_book, body, complaint):
    result = build_page(small_book, f"# Title\n\n:::{{question}} Which?\n\n{body}:::\n")
    assert result.returncode != 0
    assert complaint in result.stdout
