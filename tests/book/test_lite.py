"""The exercises and chapters in the reader's browser: JupyterLite, with Pyodide from this machine."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager
from functools import cached_property

import nbformat
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from autograder.judging.assignment import parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from tests.support import answers, plain_grading
from tests.support.browser import chromium
from tests.support.lite import WAIT, LiveNotebook, pyodide, site_with_lite
from tests.support.site import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lite")]
ASSIGNMENTS = answers.assignments()
HERE = "Do it here in the browser"
FIRST = "02-sigmoid"  # is walked as a reader would; the others in its kernel
EMPTY = "def {}(*_, **__):\n    return None"


class Exercise:
    """An assignment's notebook as students get it, and where its cells are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notebook = answers.release_notebook(name)
        self.place = {answers.grade_id(cell): i for i, cell in enumerate(self.notebook.cells)}

    @cached_property
    def chapter(self) -> str:
        """The page that it belongs to."""
        return self.name.partition("-")[2]

    @property
    def points(self) -> int:
        """What all tests together are worth."""
        return sum(cell.metadata.nbgrader.points for cell in answers.test_cells(self.notebook).values())

    @cached_property
    def first(self) -> tuple[str, str]:
        """The first function, and the first test after it."""
        function = next(iter(answers.solution_cells(self.notebook)))
        tests = answers.test_cells(self.notebook)
        return function, next(name for name in tests if self.place[name] > self.place[function])


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    """JupyterLite of the course as it is, built with Pyodide in it."""
    from lite.build import build

    out = tmp_path_factory.mktemp("lite") / "_build" / "html" / "lite"
    assert build(ROOT, out, pyodide())
    return out


@pytest.fixture(scope="module")
def address(site, lite):
    with site_with_lite(site.folder, lite) as url:
        yield url


@pytest.fixture(scope="module")
def context(address):
    """One profile for all tests, as a reader has: what is loaded once is in its cache."""
    with chromium() as browser:
        running = browser.new_context(viewport={"width": 1280, "height": 900})
        running.set_default_timeout(WAIT)
        yield running
        running.close()


@contextmanager
def watched(context, address):
    """A tab of that profile, which asks no other host for anything and meets no fault."""
    foreign, faults = [], []
    tab = context.new_page()
    tab.on(
        "request",
        lambda r: foreign.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None,
    )
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    tab.close()
    assert foreign == []
    assert faults == []


@pytest.fixture
def page(context, address):
    with watched(context, address) as tab:
        yield tab


@pytest.fixture(scope="module")
def warm():
    with Warm() as process:
        yield process


def test_exercise_opens_from_its_chapter_runs_and_is_handed_in(page, address, warm, capsys):
    exercise = Exercise(FIRST)
    notebook, seconds = open_and_run_first_test(exercise, page, address)
    with capsys.disabled():
        print(f"\n{exercise.name}: {seconds:.1f} s from click to first result")
    released_form_says_once_what_is_not_written(exercise, notebook)
    missing_return_is_named(exercise, notebook)
    for function, code in answers.reference(exercise.name).items():
        notebook.write(exercise.place[function], code)
    notebook.run_all()
    assert notebook.failed() == []
    assert all_points(exercise).search(notebook.said(exercise.place["tally"]))
    assert points_lost(exercise.name, notebook.download(), warm) == {}


def all_points(exercise):
    return re.compile(rf"all tests that you see +{exercise.points} / {exercise.points}\b")


def open_and_run_first_test(exercise, page, address):
    page.goto(f"{address}/chapters/{exercise.chapter}.html")
    begun = time.perf_counter()
    page.get_by_role("link", name=HERE).click()
    notebook = LiveNotebook(page)
    open_and_unfold(exercise, notebook)
    start, end = exercise.place["setup"], exercise.place[exercise.first[1]]
    try:
        notebook.run_each(start, end - start + 1)
    except PlaywrightTimeout:  # a kernel that does not start on a busy machine: once, do what a reader would
        page.reload()
        open_and_unfold(exercise, notebook)
        notebook.run_each(start, end - start + 1)
    return notebook, time.perf_counter() - begun


def open_and_unfold(exercise, notebook):
    """Wait for the notebook, whose tests are folded, and open them to go through them cell by cell."""
    notebook.wait_until_open(len(exercise.notebook.cells))
    assert notebook.folded() == len(answers.test_cells(exercise.notebook)) + 2  # setup and sum
    notebook.unfold()


def released_form_says_once_what_is_not_written(exercise, notebook):
    start = exercise.place[exercise.first[1]] + 1
    notebook.run_each(start, len(exercise.notebook.cells) - start)
    assert notebook.failed() == []
    tests = answers.test_cells(exercise.notebook)
    assert_said_once(exercise, "\n".join(notebook.said(exercise.place[test]) for test in tests))


def assert_said_once(exercise, said):
    functions = answers.solution_cells(exercise.notebook)
    assert [said.count(f"✗ {function} is not written yet.") for function in functions] == [1] * len(functions)


def missing_return_is_named(exercise, notebook):
    function, test = exercise.first
    wrong = {function: EMPTY.format(function)}
    notebook.write(exercise.place[function], wrong[function])
    notebook.run_each(exercise.place[function], exercise.place[test] - exercise.place[function] + 1)
    assert missing_return(exercise, wrong) in notebook.said(exercise.place[test])


def missing_return(exercise, wrong):
    message = plain_grading.failures(answers.fill(exercise.notebook, wrong))[exercise.first[1]]
    assert "It returned None" in message
    return message.splitlines()[-1]


def test_exercise_in_chinese_opens_from_its_chinese_chapter_and_gets_the_same_points(
    page, address, chinese, warm
):
    exercise = Exercise("05-maxout")
    page.goto(f"{address}/zh/chapters/{exercise.chapter}.html")
    page.get_by_role("link", name="在浏览器里做").click()
    notebook = LiveNotebook(page)
    open_and_unfold(exercise, notebook)
    function, test = exercise.first
    notebook.write(exercise.place[function], EMPTY.format(function))
    notebook.run_each(exercise.place["setup"], exercise.place[test] - exercise.place["setup"] + 1)
    assert "它返回了None" in notebook.said(exercise.place[test])
    for function, code in answers.reference(exercise.name).items():
        notebook.write(exercise.place[function], code)
    notebook.run_all()
    assert notebook.failed() == []
    assert f"{exercise.points}" in notebook.said(exercise.place["tally"])
    assert points_lost(exercise.name, notebook.download(), warm) == {}


def points_lost(name, handed_in, warm):
    """Points that a notebook lost, by test cell; written answers, which a person grades, left out."""
    source = (ROOT / "solutions" / name / f"{name}.ipynb").read_bytes()
    graded = grade(parse_assignment(name, source), handed_in, warm)
    tests = answers.test_cells(nbformat.reads(source.decode(), as_version=4))
    return {s.id: s.points for s in graded.feedback if s.id in tests and s.points != s.max_points}


# Runs the cells of a notebook that JupyterLite offers, with other code in some, in a namespace of their own.
WALK = """async def walk(path, *each_written):
    import contextlib, io, json, pyodide_js
    shell, every = get_ipython(), []
    with open(path) as file:
        cells = json.load(file)["cells"]
    shell.reset(new_session=False)
    for written in each_written:
        said = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                name = cell["metadata"]["nbgrader"]["grade_id"]
                source = written.get(name, "".join(cell["source"]))
                await pyodide_js.loadPackagesFromImports(source)  # as the kernel does
                with contextlib.redirect_stdout(io.StringIO()) as out:
                    result = shell.run_cell(source)
                said[name] = [result.success, out.getvalue()]
        every.append(said)
    print(json.dumps(every))
"""


@pytest.fixture(scope="module")
def walk(context, address):
    """A function that runs an exercise in the kernel of another: once for each set of answers, and what was said."""
    with watched(context, address) as tab:
        notebook = open_notebook(tab, address, Exercise(FIRST))
        place = Exercise(FIRST).place["sigmoid"]

        def run(name, *written):
            notebook.write(place, f"{WALK}\nawait walk('../{name}/{name}.ipynb', *{written!r})")
            notebook.run_each(place, 1)
            return json.loads(notebook.said(place))

        yield run


@pytest.mark.parametrize("name", [name for name in ASSIGNMENTS if name != FIRST])
def test_browsers_python_tells_what_is_missing_what_is_wrong_and_what_is_right(name, walk):
    exercise = Exercise(name)
    function, test = exercise.first
    wrong, right = {function: EMPTY.format(function)}, answers.reference(name)
    released, empty, solved = walk(name, {}, wrong, right)
    assert [cell for cell, (ran, _) in [*released.items(), *solved.items()] if not ran] == []
    tests = answers.test_cells(exercise.notebook)
    assert_said_once(exercise, "".join(released[test][1] for test in tests))
    assert missing_return(exercise, wrong) in empty[test][1]
    assert all_points(exercise).search(solved["tally"][1])


def test_chapter_is_a_live_notebook_with_the_code_of_its_plots(page, address):
    page.goto(f"{address}/chapters/tanh.html")
    page.get_by_role("link", name="Open this chapter as a live notebook").click()
    notebook = LiveNotebook(page)
    notebook.wait_until_open(10)
    sources = [notebook.cell(n).inner_text() for n in range(notebook.count())]
    plot = next(n for n, text in enumerate(sources) if "\nexplore(" in text)
    assert "def draw_" in sources[plot]
    notebook.run_each(1, plot)
    assert notebook.failed() == []
    cell = notebook.cell(plot)
    drawn = cell.locator(".widget-html svg")
    before = drawn.inner_html()
    cell.get_by_role("combobox", name="curve").select_option(index=1)
    page.wait_for_function(f"([svg, n]) => ({DRAWN})(n) !== svg", arg=[before, plot])


DRAWN = (
    "(n) => document.querySelectorAll('.jp-Notebook .jp-Cell')[n].querySelector('.widget-html svg').innerHTML"
)


def test_pages_link_to_notebooks_and_load_nothing_of_them(site, lite):
    linked = set()
    for page in site.pages:
        paths = re.findall(r'<a [^>]*href="\.\./lite/notebooks/index\.html\?path=([^"]+)"', page.html)
        assert page.html.count('="../lite/') == len(paths)
        linked |= {(page.name, path) for path in paths}
    assert linked >= {(Exercise(name).chapter, f"exercises/{name}/{name}.ipynb") for name in ASSIGNMENTS}
    linked = {path for _, path in linked}
    offered = {str(path.relative_to(lite / "files")) for path in (lite / "files").rglob("*.ipynb")}
    assert linked == {path for path in offered if "zh_CN" not in path}


def test_page_without_a_server_or_without_notebooks_says_so(site, lite, context):
    explained = {"need a server": lite, "has no notebooks": site.folder / "lite"}
    for words, folder in explained.items():
        if (folder / "built-from.txt").exists() == (folder == lite):
            tab = context.new_page()
            tab.goto(
                (folder / "notebooks" / "index.html").as_uri() + "?path=exercises/02-sigmoid/02-sigmoid.ipynb"
            )
            assert words in tab.get_by_role("heading").inner_text()
            assert tab.get_by_role("link", name="Back to the chapter").is_visible()
            tab.close()


def test_nothing_hidden_is_in_any_file(lite):
    for path in lite.rglob("*"):
        assert not {"solutions", "tests"} & set(path.relative_to(lite).parts), path
        if path.suffix in (".ipynb", ".json", ".py"):
            text = path.read_text("utf-8")
            assert "BEGIN HIDDEN" not in text, path
            assert "BEGIN SOLUTION" not in text, path


def test_build_is_skipped_when_nothing_changed(lite):
    from lite.build import Failed, build

    assert not build(ROOT, lite, pyodide())
    with pytest.raises(Failed, match=r"holds no pyodide\.js"):
        build(ROOT, lite, ROOT)


BLOCKED = """for (const name of ["localStorage", "sessionStorage", "indexedDB"]) Object.defineProperty(window, name, {
  configurable: true, get() { throw new DOMException("denied", "SecurityError"); } });"""
REFUSED = """navigator.serviceWorker.register =
  () => Promise.reject(new DOMException("denied", "SecurityError"));"""
REFUSALS = {
    "storage": (BLOCKED, "lets the site keep nothing"),
    "service worker": (REFUSED, "refuses the service worker"),
}
SIGMOID = f"exercises/{FIRST}/{FIRST}.ipynb"
KEPT = """() => new Promise((end) => {
  indexedDB.open("JupyterLite Storage - /lite/").onsuccess = ({ target: { result } }) => {
    const all = result.transaction("files").objectStore("files").getAllKeys();
    all.onsuccess = () => end(all.result.filter((name) => name.includes("my work until")));
  };
})"""


@pytest.fixture
def stranger(context):
    """A tab of a new profile."""
    profile = context.browser.new_context()
    profile.set_default_timeout(WAIT)
    yield profile.new_page()
    profile.close()


@pytest.mark.parametrize("refused", REFUSALS)
def test_exercise_runs_and_says_what_the_browser_refuses(stranger, address, refused):
    (script, words), exercise = REFUSALS[refused], Exercise(FIRST)
    stranger.add_init_script(script)
    notebook = open_notebook(stranger, address, exercise)
    notebook.write(exercise.place["sigmoid"], "print(6 * 7)")
    notebook.run_each(exercise.place["sigmoid"], 1)
    assert notebook.said(exercise.place["sigmoid"]).strip() == "42"
    stranger.locator("body > [role=status]").filter(has_text=words).wait_for()


def open_notebook(page, address, exercise, path=SIGMOID):
    page.goto(f"{address}/lite/notebooks/index.html?path={path}")
    notebook = LiveNotebook(page)
    notebook.wait_until_open(len(exercise.notebook.cells))
    return notebook


def test_work_is_kept_and_a_new_release_offered_which_leaves_it_under_a_name_of_its_own(
    stranger, address, lite
):
    page, exercise = stranger, Exercise(FIRST)
    page.context.route(
        "**/static/pyodide/**", lambda _: None
    )  # no cell is run: Python does not have to start
    offer = page.get_by_role("button", name="Keep my work and open the new release")
    place = exercise.place["sigmoid"]
    open_notebook(page, address, exercise).write(place, "# my own work")
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_function("() => !document.title.startsWith('*')")
    assert written(open_notebook(page, address, exercise), place) == "# my own work"
    assert not offer.is_visible()
    with new_release(lite / "files" / SIGMOID, exercise.place["about-step"]):
        page.reload()
        offer.click()
        page.get_by_text("The second release.").first.wait_for(state="attached")
        assert written(LiveNotebook(page), place) != "# my own work"
        [kept] = page.evaluate(KEPT)
        assert written(open_notebook(page, address, exercise, kept), place) == "# my own work"
        open_notebook(page, address, exercise)
        assert not offer.is_visible()


def written(notebook, place):
    return notebook.cell(place).locator(".cm-content").inner_text().strip()


@contextmanager
def new_release(path, place):
    """Let the server offer another release, one cell of which differs."""
    first = path.read_bytes()
    newer = nbformat.reads(first.decode(), as_version=4)
    newer.cells[place].source += "\n\nThe second release."
    path.write_text(nbformat.writes(newer), "utf-8")
    os.utime(path, (time.time() + 5,) * 2)  # a server compares whole seconds
    try:
        yield
    finally:
        path.write_bytes(first)
