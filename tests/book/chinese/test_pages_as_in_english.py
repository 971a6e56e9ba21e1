"""What holds for every page holds in Chinese, where words could change it: tests of the English site, run here."""

import pytest

from tests.book.test_accessibility import COLOURS, EMPTY, FILL, RULES, violations
from tests.book.test_looks import (  # noqa: F401
    test_links_to_the_next_page_take_two_lines_at_most,
    test_no_formula_and_no_line_of_code_is_cut_on_a_phone,
    test_years_are_a_list_on_a_phone,
)
from tests.book.test_moving import (  # noqa: F401
    PROBE,
    test_every_combination_of_values_shows_its_own_frame,
)
from tests.book.test_previews import (  # noqa: F401
    meant,
    test_previews_fit_on_a_phone,
)
from tests.book.test_quiz import (  # noqa: F401
    test_every_chapter_asks_three_to_five_questions_with_one_right_answer,
    test_every_chapter_lets_the_reader_guess_before_two_plots_or_more,
)
from tests.book.test_site import (  # noqa: F401
    test_book_has_the_pages_of_its_table_of_contents,
    test_chapters_have_plots_to_explore,
    test_every_parameter_changes_the_drawing_and_the_words,
    test_ids_on_a_page_are_unique,
    test_mathematics_is_mathml_and_no_latex_is_left_over,
    test_no_script_holds_up_the_first_paint,
    test_pages_load_no_framework_and_nothing_from_elsewhere,
)
from tests.support.browser import Watched

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chinese")]


@pytest.fixture
def moving(phone):
    """A page on a phone: where words are long for the place that they have."""
    phone.page.evaluate(PROBE)
    return phone


# Colours are those of the English pages.
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(phone):
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.page.evaluate(EMPTY)
    found = violations(phone.page, RULES, leave_out=COLOURS)
    phone.page.evaluate(FILL)
    assert found == []


def test_axe_finds_nothing_where_one_searches(site, browser):
    with Watched(browser, viewport={"width": 360, "height": 740}) as tab:
        tab.page.goto((site.folder / "search.html").as_uri())
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert violations(tab.page, RULES, leave_out=COLOURS) == []
