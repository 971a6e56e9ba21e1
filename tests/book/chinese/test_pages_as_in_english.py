"""What holds for every page holds in Chinese: the tests of the English site, run on this one."""

import pytest

from tests.book.test_accessibility import test_axe_finds_nothing  # noqa: F401
from tests.book.test_looks import (  # noqa: F401
    test_equations_stand_at_their_equals_signs,
    test_links_to_the_next_page_take_two_lines_at_most,
    test_no_formula_and_no_line_of_code_is_cut_on_a_phone,
    test_two_panels_stand_side_by_side_from_1100_pixels_on,
    test_years_are_a_list_on_a_phone,
)
from tests.book.test_moving import (  # noqa: F401
    address,
    tab,
    test_every_combination_of_values_shows_its_own_frame,
    test_keys_reach_every_value_and_each_shows_its_own_frame,
    test_pointer_reaches_every_value_and_each_shows_its_own_frame,
)
from tests.book.test_pages_in_browser import (  # noqa: F401
    test_phone_needs_no_sideways_scrolling,
    test_start_frame_shows_without_scripts,
    test_theme_button_changes_the_colours_of_plots,
    test_words_are_announced_when_a_value_changes,
)
from tests.book.test_previews import (  # noqa: F401
    meant,
    test_every_term_equation_and_citation_shows_what_it_leads_to,
)
from tests.book.test_quiz import (  # noqa: F401
    test_every_chapter_asks_three_to_five_questions_with_one_right_answer,
    test_every_chapter_lets_the_reader_guess_before_two_plots_or_more,
    test_keyboard_chooses_each_answer_and_only_its_reason_shows,
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

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chinese")]
