"""Plots that play: steps and sizes that move by themselves, by pointer and keyboard, unless motion is unwanted."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Watched, open_guesses
from tests.support.site import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
DRAWN = """figure => [...figure.querySelectorAll(".trace")].map((line) => ({
  points: (line.querySelector("path:not(defs path)").getAttribute("d").match(/[ML]/g) ?? []).length,
  marks: line.querySelectorAll("use:not([hidden])").length,
}))"""


@pytest.fixture
def page(site, browser):
    with Watched(browser) as tab:
        tab.site = site
        yield tab
        assert tab.faults == []


def open_page(tab, name):
    tab.page.goto((tab.site.folder / "chapters" / f"{name}.html").as_uri())
    open_guesses(tab.page)
    return tab.page


def playable(page):
    return page.locator(".explore:has([data-play])")


def test_every_chapter_has_something_that_plays(site):
    chapters = re.findall(r"file: chapters/([a-z-]+)", (ROOT / "_toc.yml").read_text("utf-8"))[:8]
    for name in ["index", *chapters]:
        assert " data-play " in site.page(name).html, name


def test_landing_plot_opens_on_relu_and_its_first_drag_changes_the_curve(page):
    figure = playable(open_page(page, "index")).first
    assert figure.get_by_label("activation").evaluate("list => list.selectedOptions[0].text") == "ReLU"
    slider = figure.get_by_label("hidden units", exact=True)
    assert [slider.get_attribute("min"), slider.get_attribute("max")] == ["0", "19"]
    before = figure.locator("svg").last.inner_html()
    slider.press("ArrowRight")
    assert figure.locator("svg").last.inner_html() != before


def test_play_runs_to_the_end_stops_there_and_begins_again(page):
    figure = playable(open_page(page, "index")).first
    slider = figure.get_by_label("hidden units", exact=True)
    slider.press("End")
    slider.press("ArrowLeft")
    figure.get_by_role("combobox", name="Speed").select_option("8 a second")
    figure.get_by_role("button", name="Play").press("Enter")
    figure.get_by_role("button", name="Pause").wait_for()
    figure.get_by_role("button", name="Play").wait_for()
    assert slider.get_attribute("aria-valuetext") == "20"
    figure.get_by_role("button", name="Play").click()
    assert slider.get_attribute("aria-valuetext") == "1"
    figure.get_by_role("button", name="Pause").click()


def test_words_are_not_read_out_while_a_plot_plays(page):
    figure = playable(open_page(page, "index")).first
    says = figure.locator(".explore-says")
    figure.get_by_role("button", name="Play").click()
    assert says.get_attribute("aria-live") == "off"
    figure.get_by_role("button", name="Pause").click()
    assert says.get_attribute("aria-live") == "polite"
    page.page.wait_for_function("says => says.textContent.includes('ReLU unit')", arg=says.element_handle())


def test_steps_draw_as_much_of_a_path_as_they_say(page):
    figure = open_page(page, "linear-regression").locator(".explore:has([data-trace])").first
    slider = figure.locator("[data-trace]")
    whole = figure.evaluate(DRAWN)
    assert whole == [{"points": 26, "marks": 26}] * 2
    slider.press("Home")
    assert figure.evaluate(DRAWN) == [{"points": 1, "marks": 1}] * 2
    for _ in range(3):
        figure.get_by_role("button", name="One step").press("Space")
    assert slider.get_attribute("aria-valuetext") == "3 of 25"
    assert figure.evaluate(DRAWN) == [{"points": 4, "marks": 4}] * 2
    figure.get_by_label("data").select_option(index=1)
    assert figure.evaluate(DRAWN) == [{"points": 4, "marks": 4}] * 2
    figure.get_by_label("data").select_option(index=0)
    slider.press("End")
    assert figure.evaluate(DRAWN) == whole


def test_every_traced_line_has_the_points_that_its_slider_counts(built, wide):
    for figure in wide.page.locator(".explore:has([data-trace])").all():
        slider = figure.locator("[data-trace]")
        slider.press("End")
        lines = figure.evaluate(DRAWN)
        assert max(line["points"] for line in lines) == int(slider.get_attribute("max")) + 1


def test_nothing_plays_where_motion_is_unwanted_but_steps_remain(site, browser):
    with Watched(browser, reduced_motion="reduce") as tab:
        tab.site = site
        figure = playable(open_page(tab, "index")).first
        assert not figure.get_by_role("button", name="Play").is_visible()
        assert not figure.get_by_role("combobox", name="Speed").is_visible()
        figure.get_by_role("button", name="One step").click()
        assert figure.get_by_label("hidden units", exact=True).get_attribute("aria-valuetext") == "4"
