"""The built book in Chromium: what a reader sees, hears, moves and waits for, from files and a server."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.browser import Watched, open_guesses, served
from tests.support.site import compressed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
KB = 1000
PAGE_BUDGET, SCRIPT_BUDGET = 300 * KB, 60 * KB
EMPTY_DEFAULT_PAGE = 694  # kB, an empty page of Jupyter Book 1 as it comes, and MathJax from a CDN on top

SAME = """([name, svg, values, says]) => {
  const figure = document.getElementById(name);
  const plot = figure.querySelector(".explore-plot");
  const wanted = document.createElement("div");
  wanted.innerHTML = svg;
  const wrong = [];
  if (plot.innerHTML !== wanted.innerHTML) wrong.push("drawing");
  if (JSON.stringify(JSON.parse(plot.dataset.values)) !== JSON.stringify(values)) wrong.push("values");
  if (figure.querySelector(".explore-says").textContent !== says) wrong.push("words");
  for (const control of figure.querySelectorAll("input[type=range]")) {
    const shown = control.nextElementSibling.textContent;
    if (shown !== control.getAttribute("aria-valuetext")) wrong.push("value text");
  }
  return wrong;
}"""
CHOSEN = """name => [...document.querySelectorAll(`#${name} [data-parameter]`)].reduce((sum, control) =>
  sum * (control.options ? control.options.length : Number(control.max) + 1) + Number(control.value), 0)"""
THUMB = 16  # pixels, the width of a slider's handle
# The least of three rounds for each value: what the page takes, not what else the machine was doing.
TIMES = """(name) => {
  const figure = document.getElementById(name);
  const times = [];
  for (const control of figure.querySelectorAll("[data-parameter]")) {
    const start = control.value;
    const last = control.options ? control.options.length - 1 : Number(control.max);
    const show = (value) => {
      control.value = value;
      const before = performance.now();
      control.dispatchEvent(new Event("input", { bubbles: true }));
      figure.getBoundingClientRect();
      return performance.now() - before;
    };
    const rounds = [0, 1, 2].map(() => Array.from({ length: last + 1 }, (_, value) => show(value)));
    times.push(...rounds[0].map((_, value) => Math.min(...rounds.map((round) => round[value]))));
    show(start);
  }
  return times;
}"""


@pytest.fixture(scope="module", params=["files", "server"])
def address(request, site):
    """Where the site is: a folder opened directly, and a server."""
    if request.param == "files":
        yield site.folder.as_uri()
    else:
        with served(site.folder) as url:
            yield url


@pytest.fixture
def tab(browser):
    with Watched(browser, viewport={"width": 1280, "height": 900}) as watched:
        yield watched


def visit(tab, address, name):
    tab.page.goto(f"{address}/chapters/{name}.html", wait_until="load")
    open_guesses(tab.page)
    return tab.page


def walk(counts):
    """Every combination of indices, each one step of one control from the one before."""
    if not counts:
        return [()]
    inner = walk(counts[1:])
    return [(i, *rest) for i in range(counts[0]) for rest in (inner if i % 2 == 0 else inner[::-1])]


def frame_number(indices, counts):
    number = 0
    for index, count in zip(indices, counts, strict=True):
        number = number * count + index
    return number


def test_keyboard_reaches_every_value_and_each_shows_its_own_frame(site, address, tab):
    for built in site.pages:
        page = visit(tab, address, built.name)
        for plot in built.plots:
            move_through(page, plot)
    assert tab.faults == []
    assert tab.foreign(address) == []


def move_through(page, plot):
    controls = [page.locator(f"#{plot.name}-{name}") for name in plot.texts]
    counts = [len(texts) for texts in plot.texts.values()]
    for control in controls:
        control.focus()
        page.keyboard.press("Home")
    position = [0] * len(counts)
    for wanted in walk(counts):
        for which, (now, then) in enumerate(zip(position, wanted, strict=True)):
            if now != then:
                controls[which].focus()
                page.keyboard.press("ArrowDown" if is_select(controls[which]) == (then > now) else "ArrowUp")
        position = list(wanted)
        number = frame_number(wanted, counts)
        check = [plot.name, plot.frames[number], plot.values[number], plot.says[number]]
        assert page.evaluate(SAME, check) == [], (page.url, plot.name, plot.values[number])


def test_pointer_reaches_every_value_and_each_shows_its_own_frame(site, tab):
    for built in site.pages:
        page = visit(tab, site.folder.as_uri(), built.name)
        for plot in built.plots:
            point_through(page, plot)
    assert tab.faults == []


def point_through(page, plot):
    """Click or choose each value of each control while the others stand where they started."""
    for name in plot.texts:
        control = page.locator(f"#{plot.name}-{name}")
        if is_select(control):
            for number in range(len(plot.texts[name])):
                control.select_option(index=number)
                check_frame(page, plot)
        else:
            click_along(page, plot, control, len(plot.texts[name]))


def click_along(page, plot, control, count):
    control.scroll_into_view_if_needed()
    for number in range(count):
        box = control.bounding_box()
        across = THUMB / 2 + (box["width"] - THUMB) * number / (count - 1)
        page.mouse.click(box["x"] + across, box["y"] + box["height"] / 2)
        assert control.input_value() == str(number), (page.url, plot.name)
        check_frame(page, plot)


def check_frame(page, plot):
    number = page.evaluate(CHOSEN, plot.name)
    check = [plot.name, plot.frames[number], plot.values[number], plot.says[number]]
    assert page.evaluate(SAME, check) == [], (page.url, plot.name, plot.values[number])


def is_select(control):
    return control.evaluate("element => element.tagName === 'SELECT'")


def test_frames_change_within_a_frame_of_the_screen(site, browser):
    with Watched(browser) as tab:
        for built in site.pages:
            page = visit(tab, site.folder.as_uri(), built.name)
            for plot in built.plots:
                times = sorted(page.evaluate(TIMES, plot.name))
                assert times[len(times) // 2] < 16, (built.name, plot.name, times)


def test_screen_readers_get_names_values_and_descriptions(site, tab):
    for built in site.pages:
        page = visit(tab, site.folder.as_uri(), built.name)
        tree = accessibility_tree(tab)
        for role in ("slider", "combobox", "button", "link", "image", "figure", "searchbox", "textbox"):
            assert [n for n in tree if n["role"] == role and not n["name"]] == [], (built.name, role)
        labels = [label for plot in built.plots for label in control_labels(page, plot)]
        labels += page.locator(".explore-control:has([data-trace]) label").all_inner_texts()
        named = [n["name"] for n in tree if n["role"] in ("slider", "combobox")]
        if page.locator("#lab-a").count():  # a page of its own, with tests of its own
            continue
        named = [name for name in named if not name.startswith("Speed: ")]
        assert sorted(named) == sorted(labels)
        described = {n["description"] for n in tree if n["role"] == "image"}
        assert {plot.says[start_frame(page, plot)] for plot in built.plots} <= described


def accessibility_tree(tab):
    session = tab.context.new_cdp_session(tab.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    field = lambda node, key: str(node.get(key, {}).get("value", "")).strip()  # noqa: E731
    wanted = [n for n in nodes if not n.get("ignored")]
    return [{key: field(n, key) for key in ("role", "name", "description")} for n in wanted]


def control_labels(page, plot):
    return [page.locator(f"label[for='{plot.name}-{name}']").inner_text() for name in plot.texts]


def start_frame(page, plot):
    values = page.evaluate(
        "name => JSON.parse(document.querySelector(`#${name} .explore-plot`).dataset.values)", plot.name
    )
    return plot.values.index(values)


def test_words_are_announced_when_a_value_changes(site, tab):
    for built in site.pages:
        page = visit(tab, site.folder.as_uri(), built.name)
        for plot in built.plots:
            assert page.locator(f"#{plot.name}-says").get_attribute("aria-live") == "polite"


def test_start_frame_shows_without_scripts(site, browser):
    with Watched(browser, java_script_enabled=False) as tab:
        for built in site.pages:
            page = visit(tab, site.folder.as_uri(), built.name)
            for plot in built.plots:
                assert page.locator(f"#{plot.name} .explore-plot svg").is_visible()
                assert page.locator(f"#{plot.name}-says").is_visible()
                assert not page.locator(f"#{plot.name} .explore-controls").is_visible()


def test_print_shows_a_plain_figure_with_its_values(site, tab):
    for built in site.pages:
        tab.page.emulate_media(media="screen")
        page = visit(tab, site.folder.as_uri(), built.name)
        page.emulate_media(media="print")
        for plot in built.plots:
            figure = page.locator(f"#{plot.name}")
            assert figure.locator("svg").last.is_visible()
            assert not figure.locator(".explore-controls").is_visible()
            assert all(
                name in figure.locator(".explore-values").inner_text() for name in control_labels(page, plot)
            )
        assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_needs_no_sideways_scrolling(site, browser, scheme):
    with Watched(browser, viewport={"width": 360, "height": 740}, color_scheme=scheme) as tab:
        for built in site.pages:
            page = visit(tab, site.folder.as_uri(), built.name)
            assert page.evaluate("document.documentElement.dataset.theme") == scheme
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, built.name
        assert tab.faults == []


def test_search_finds_words_without_a_server(site, tab):
    page = visit(tab, site.folder.as_uri(), "sigmoid")
    page.keyboard.press("Control+k")
    page.keyboard.type("gradient")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results ul.search li")
    assert page.locator("#search-results ul.search li a").count() >= 2
    assert tab.faults == []
    assert tab.foreign(site.folder.as_uri()) == []


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("\N{GREEK SMALL LETTER SIGMA}", "The sigmoid"),
        ("LReLU", "ReLU and its family"),
        ("logloss", "The sigmoid"),
        ("SiLU", "ReLU and its family"),
    ],
)
def test_search_finds_what_is_meant_by_other_names(site, tab, word, page):
    tab.page.goto((site.folder / "search.html").as_uri() + f"?q={word}")
    found = tab.page.locator("#search-results ul.search li a")
    found.filter(has_text=page).first.wait_for()
    assert tab.faults == []


BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
  configurable: true, get() { throw new DOMException("denied", "SecurityError"); } });"""


@pytest.mark.parametrize("how", ["blocked", "sandboxed"])
def test_search_theme_and_menu_work_without_storage(site, browser, how):
    with served(site.folder) as url, Watched(browser, viewport={"width": 360, "height": 740}) as tab:
        page = f"{url}/chapters/sigmoid.html"
        if how == "blocked":
            tab.context.add_init_script(BLOCKED)
            tab.page.goto(page)
            frame = tab.page
        else:
            tab.page.goto(f"{url}/chapters/bibliography.html")
            tab.page.set_content(
                f'<iframe sandbox="allow-scripts allow-forms" width="360" height="700" src="{page}"></iframe>'
            )
            frame = tab.page.frame_locator("iframe")
        root = frame.locator("html")
        root.locator(".explore").first.wait_for()
        for _ in range(3):
            before = root.get_attribute("data-mode")
            frame.locator("button.theme-switch-button").first.click()
            assert root.get_attribute("data-mode") != before
        frame.locator("button.primary-toggle").first.click()
        frame.get_by_role("link", name="ReLU and its family").first.wait_for()
        frame.locator("body").press("Escape")
        frame.locator("button.search-button").first.click()
        field = frame.locator("dialog input[type=search], .search-button__wrapper input[type=search]").first
        field.fill("gradient")
        field.press("Enter")
        frame.locator("#search-results ul.search li a").first.wait_for()
        assert [fault for fault in tab.faults if fault.startswith("script")] == []


def test_theme_button_changes_the_colours_of_plots(site, tab):
    page = visit(tab, site.folder.as_uri(), "sigmoid")
    ink = "getComputedStyle(document.querySelector('.explore-plot svg text')).fill"
    seen = set()
    for _ in range(3):
        page.locator("button.theme-switch-button").first.click()
        seen.add(page.evaluate(ink))
    assert len(seen) == 2


def test_pages_are_light(site, browser, capsys):
    columns = ("html", "styles", "scripts", "pictures")
    lines = [f"{'page':24}" + "".join(f"{name:>9}" for name in columns) + "  kB in all, fonts not counted"]
    with served(site.folder) as url:
        for built in site.pages:
            with Watched(browser) as tab:
                visit(tab, url, built.name)
                tab.page.wait_for_timeout(200)
                weights = weigh(tab.requests, site.folder)
            total = sum(weights.values())
            row = "".join(f"{weight / KB:9.1f}" for weight in weights.values())
            lines.append(f"{built.name:24}{row}{total / KB:11.1f}")
            assert total <= PAGE_BUDGET, lines
            assert weights["js"] <= SCRIPT_BUDGET, lines
    lines.append(f"{'an empty default page':60}{EMPTY_DEFAULT_PAGE:11.1f}  and MathJax from a CDN")
    with capsys.disabled():
        print("\n" + "\n".join(lines))


def weigh(requests, folder: Path):
    """Compressed bytes of what a page asked for, by kind, fonts left out."""
    weights = {"html": 0, "css": 0, "js": 0, "picture": 0}
    for path in {unquote(urlsplit(url).path) for url in requests if url.startswith("http")}:
        kind = re.sub(r"^\.", "", Path(path).suffix)
        if kind not in ("woff2", "woff", "ttf"):
            weights[kind if kind in weights else "picture"] += compressed(folder / path.lstrip("/"))
    return weights
