"""Plots under a reader's hand: every value is reached by key and pointer, and each shows its own frame, at once."""

from __future__ import annotations

import pytest

from tests.support.browser import Watched, open_guesses

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
THUMB = 16  # pixels, the width of a slider's handle
WHOLE = "sigmoid"  # where keys and pointer go to every value; on other pages to both ends and one between
# What a page is asked in one call: what its plots show, beside what the frames that it carries say they should.
PROBE = """(() => {
  if (window.probe) return;
  const plain = document.createElement("div");
  const figures = () => [...document.querySelectorAll(".explore:has([data-parameter])")];
  const controls = (figure) => [...figure.querySelectorAll("[data-parameter]")];
  const count = (control) => (control.options ? control.options.length : Number(control.max) + 1);
  const chosen = (figure) => controls(figure).reduce((sum, one) => sum * count(one) + Number(one.value), 0);
  const carried = new WeakMap();
  const data = (figure) => {
    if (!carried.has(figure)) carried.set(figure, JSON.parse(figure.querySelector(".explore-frames").textContent));
    return carried.get(figure);
  };
  const drawn = ({ parts, frames }, number) => {
    let text = "";
    for (let i = 0; i < frames[number].length; i += 2) {
      for (let part = frames[number][i]; part < frames[number][i + 1]; part++) text += parts[part];
    }
    plain.innerHTML = text;
    return plain.innerHTML;
  };
  const wrong = (figure) => {
    const [all, number] = [data(figure), chosen(figure)];
    const plot = figure.querySelector(".explore-plot");
    const found = [];
    if (plot.innerHTML !== drawn(all, number)) found.push("drawing");
    if (plot.dataset.values !== JSON.stringify(all.values[number])) found.push("values");
    if (figure.querySelector(".explore-says").textContent !== all.says[number]) found.push("words");
    for (const control of figure.querySelectorAll("input[data-parameter]")) {
      const wanted = all.texts[control.dataset.parameter][Number(control.value)];
      if (control.nextElementSibling.textContent !== wanted) found.push("value text");
      if (control.getAttribute("aria-valuetext") !== wanted) found.push("spoken value");
    }
    const printed = controls(figure).map((control) =>
      `${control.labels[0].textContent} = ${all.texts[control.dataset.parameter][Number(control.value)]}`);
    const shown = figure.querySelector(".explore-values").textContent;
    if (shown !== printed.join(translate("; "))) found.push("printed values");
    return found.length ? [[figure.id, number, ...found]] : [];
  };
  const set = (control, value) => {
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const combinations = (figure) => {
    const all = controls(figure);
    const found = [];
    const [starts, shown] = [all.map((control) => control.value), new Set()];
    for (let number = data(figure).frames.length - 1; number >= 0; number--) {
      let rest = number;
      for (const control of all.toReversed()) {
        const value = String(rest % count(control));
        if (control.value !== value) set(control, value);
        rest = Math.floor(rest / count(control));
      }
      found.push(...wrong(figure));
      shown.add(chosen(figure));
    }
    all.forEach((control, place) => set(control, starts[place]));
    return [shown.size, found];
  };
  let watching = new AbortController();
  const note = (figure) => {
    const seen = [];
    const see = ({ target }) => seen.push([target.id, Number(target.value), wrong(figure)]);
    figure.addEventListener("input", see, { signal: watching.signal });
    return () => seen.splice(0);
  };
  const through = (figure) => {
    for (const control of controls(figure)) {
      const start = control.value;
      for (let value = 0; value < count(control); value++) {
        set(control, value);
        figure.getBoundingClientRect();
      }
      set(control, start);
    }
  };
  const watched = new Map();
  Object.defineProperty(window, "probe", { value: {
    combinations: () => figures().map((figure) => [figure.id, ...combinations(figure)]),
    through: (name) => through(document.getElementById(name)),
    watch: () => figures().forEach((figure) => watched.set(figure.id, note(figure))),
    unwatch: () => {
      watching.abort();
      watching = new AbortController();
    },
    seen: (name) => watched.get(name)(),
    all: () => figures().flatMap((figure) =>
      controls(figure).map((one) => [figure.id, one.id, count(one), one.tagName === "SELECT"])),
    across: (name, number) => {
      const control = document.getElementById(name);
      const { left, top, width, height } = control.getBoundingClientRect();
      return [left + THUMB / 2 + ((width - THUMB) * number) / (count(control) - 1), top + height / 2];
    },
  }});
})()""".replace("THUMB", str(THUMB))


@pytest.fixture
def moving(wide, built):
    """A page, ready to be asked."""
    wide.page.evaluate(PROBE)
    return wide


def test_every_combination_of_values_shows_its_own_frame(built, moving):
    wanted = [[plot.name, len(plot.frames), []] for plot in built.plots]
    assert moving.page.evaluate("probe.combinations()") == wanted


def test_keys_reach_the_values_and_each_shows_its_own_frame(built, moving):
    for figure, control, values, is_list in watched_controls(built, moving.page):
        moving.page.locator(f"#{control}").focus()
        between = ["ArrowDown" if is_list else "ArrowUp"] * (len(values) - 2)
        for key in ["End", "Home", *between, "End"]:
            moving.page.keyboard.press(key)
        assert_all_seen(moving.page, figure, control, values)


def test_pointer_reaches_the_values_and_each_shows_its_own_frame(built, moving):
    for figure, control, values, is_list in watched_controls(built, moving.page):
        here = moving.page.locator(f"#{control}")
        here.scroll_into_view_if_needed()
        for value in [values[-1], *values]:
            if is_list:
                here.select_option(index=value)
            else:
                moving.page.mouse.click(*moving.page.evaluate(f"probe.across('{control}', {value})"))
        assert_all_seen(moving.page, figure, control, values)


def watched_controls(built, page):
    """Each control, with the figure that it belongs to, the values to go to and whether it is a list."""
    page.evaluate("probe.watch()")
    for figure, control, count, is_list in page.evaluate("probe.all()"):
        values = range(count) if built.name == WHOLE else sorted({0, 1, count - 1})
        yield figure, control, list(values), is_list
    page.evaluate("probe.unwatch()")


def assert_all_seen(page, figure, control, values):
    """The values came in their order, and with each the page showed what belongs to it."""
    seen = page.evaluate(f"probe.seen('{figure}')")[-len(values) :]
    assert seen == [[control, value, []] for value in values], page.url


def test_frames_change_within_a_frame_of_the_screen(built, moving):
    session = moving.context.new_cdp_session(moving.page)
    # The time that the page's own thread computes, whatever else runs on the machine.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    for plot in built.plots:
        values = sum(len(texts) + 1 for texts in plot.texts.values())
        took = min(seconds_for_all(session, moving.page, plot.name) for _ in range(2)) / values
        assert took < 0.016, plot.name
    session.detach()


def seconds_for_all(session, page, name):
    begun = computed(session)
    page.evaluate(f"probe.through('{name}')")
    return computed(session) - begun


def computed(session):
    """Seconds that the page has spent so far on scripts, styles, layout and drawing."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def test_frame_of_another_value_is_found(site, browser):
    with Watched(browser) as tab:
        tab.page.goto(site.page("choosing").path.as_uri())
        open_guesses(tab.page)
        tab.page.evaluate(PROBE)
        figure = tab.page.evaluate("probe.all()")[0][0]
        tab.page.evaluate(SPOIL, figure)
        found = {name: wrong for name, _, wrong in tab.page.evaluate("probe.combinations()")}
        assert found.pop(figure)
        assert not any(found.values())


SPOIL = """name => document.getElementById(name).addEventListener("input", ({ currentTarget }) => {
  currentTarget.querySelector(".explore-says").textContent = "what another value says";
})"""
