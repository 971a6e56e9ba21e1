"""The feedback page teaches, tells nothing hidden whatever the submission tries, and is safe to open."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from autograder.classroom.pages.templating import markdown_to_html
from autograder.judging.assignment import Assignment, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from tests.grading import notebooks
from tests.grading.notebooks import changed, code, text
from tests.grading.pages import page_of

SECRET = "7341.25"
DOUBLE = 3
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def assignment_with_secret() -> Assignment:
    """The small assignment with an input in a hidden test that no page may show."""
    cells = notebooks.source_cells()
    check = f"assert double({SECRET}) == 14682.5, 'double is wrong far out'"
    hidden = f"### BEGIN HIDDEN TESTS\n{check}\n### END HIDDEN TESTS"
    cells[5]["source"] = hidden
    return parse_assignment("small", notebooks.to_bytes(notebooks.notebook(cells)))


ASSIGNMENT = assignment_with_secret()


def handed_in(source: str, warm: Warm, extra: str = "") -> Graded:
    def answer(cells: list) -> list:
        cells[DOUBLE]["source"] = source
        return [*cells, code(extra)] if extra else cells

    return grade(ASSIGNMENT, changed(answer), warm)


TELL_TALES = {
    "prints it": "def double(z):\n    print(z)\n    return 0",
    "writes it to stderr": "import sys\ndef double(z):\n    print(z, file=sys.stderr)\n    return 0",
    "raises it": "def double(z):\n    raise ValueError(f'got {z}')",
    "names an exception by it": "def double(z):\n    raise type(f'Got{z}', (Exception,), {})",
    "returns it": "def double(z):\n    return z",
    "keeps it for the next call": "seen = []\ndef double(z):\n    seen.append(z)\n    return str(seen)",
    "raises what it kept": "seen = []\ndef double(z):\n    seen.append(z)\n    raise KeyError(str(seen))",
    "keeps it in a default": "def double(z, seen=[]):\n    seen.append(float(z))\n    return seen",
    "warns of it": "import warnings\ndef double(z):\n    warnings.warn(str(z))\n    return 0",
    "shows it": "def double(z):\n    from IPython.display import display\n    display(z)\n    return 0",
    "asserts it": "def double(z):\n    assert z == 0, str(z)",
    "keeps it in numpy": "def double(z):\n    np.seen = [*getattr(np, 'seen', ''), z]\n    assert 0, np.seen",
    "puts it in its name": "def double(z):\n    double.__name__ = f'd{z}'\n    raise ValueError",
    "compiles it into a file name": "def double(z):\n    exec(compile('1/0', f'<{z}>', 'exec'))",
    "sleeps on it": "import time\ndef double(z):\n    time.sleep(z / 1e5)\n    return 0",
}


@pytest.mark.parametrize("source", TELL_TALES.values(), ids=TELL_TALES.keys())
def test_hidden_inputs_do_not_come_home(source: str, warm: Warm) -> None:
    graded = handed_in(source, warm, extra="print(globals().get('seen'))")
    assert SECRET not in page_of(graded)
    assert "14682" not in page_of(graded)


def test_a_failed_item_has_its_message_and_a_fresh_example(warm: Warm) -> None:
    page = page_of(handed_in("def double(z):\n    return -2.0 * z", warm))
    assert "double is wrong" in page
    assert "the sign is wrong" in page
    assert "Try it: <code>double(3.0)</code>" in page


def test_an_exception_of_the_students_is_shown_with_its_line(warm: Warm) -> None:
    page = page_of(handed_in("def double(z):\n    y = 1 / 0\n    return y", warm))
    assert "ZeroDivisionError: division by zero" in page
    assert "line 2, in double" in page


def test_repairs_comments_and_penalties_are_told(warm: Warm) -> None:
    graded = grade(ASSIGNMENT, changed(lambda cells: cells[:4] + cells[5:]), warm)
    page = page_of(graded, comment="Well put.", late_penalty=1.5)
    assert "double-values was missing; it was put back" in page
    assert "Well put." in page
    assert "1.5 points are taken off" in page


def test_an_unwritten_answer_is_told_so(warm: Warm) -> None:
    assert "It is not written yet." in page_of(handed_in(ASSIGNMENT.by_id["double"].released, warm))


HOSTILE_TEXT = (
    "<script>document.title = 'ran'</script>"
    "<img src=x onerror=\"document.title = 'ran'\"><svg onload=alert(1)>"
    "$\\href{javascript:alert(1)}{x}$ "
    "\x1b[31mred\x1b[0m \x1b]8;;http://example.org\x07link\x1b]8;;\x07 \u202etxet "
    "</pre></details><iframe src='http://example.org'></iframe> <a href='http://example.org'>a</a> &lt;b&gt;"
)


def hostile_page(warm: Warm) -> str:
    source = f"print({HOSTILE_TEXT!r})\ndef double(z):\n    raise ValueError({HOSTILE_TEXT!r})"

    def answer(cells: list) -> list:
        cells[DOUBLE]["source"] = source
        cells[10]["source"] = HOSTILE_TEXT
        return [*cells, code(f"print({HOSTILE_TEXT!r})\nprint('y' * 10**6)"), text(HOSTILE_TEXT)]

    graded = grade(ASSIGNMENT, changed(answer), warm)
    return page_of(graded, comment=HOSTILE_TEXT)


def test_nothing_in_the_page_is_markup_of_the_students(warm: Warm) -> None:
    page = hostile_page(warm)
    assert not re.search(r"<(script|img|svg|iframe|a href=.http)", page)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert len(page) < 400_000


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_page_runs_nothing_asks_for_nothing_and_fits(
    width: int, scheme: str, warm: Warm, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(hostile_page(warm), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        requests: list[str] = []
        messages: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert requests == [file.as_uri()]
        assert messages == []
        assert page.title().endswith("feedback for ada")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        browser.close()


def test_markdown_in_the_formgrader_is_harmless_and_keeps_formulas() -> None:
    shown = markdown_to_html(
        {}, HOSTILE_TEXT + "\n\n$x_1 < 2$ and **bold**\n\n[x](javascript:alert(1))\n\n![p](attachment:no.png)"
    )
    assert not re.search(r"<(script|img|svg|iframe)|href=\"javascript|\\href", shown)
    assert "$x_1 &lt; 2$ and <strong>bold</strong>" in markdown_to_html({}, "$x_1 < 2$ and **bold**")
    kept = markdown_to_html(
        {"cell": {"attachments": {"a.png": {"image/png": "aGVsbG8="}}}}, "![p](attachment:a.png)"
    )
    assert 'src="data:image/png;base64,aGVsbG8="' in kept


def test_a_notebook_that_stock_nbgrader_graded_has_a_page_too(warm: Warm) -> None:
    graded = handed_in("def double(z):\n    return 2 * z", warm)
    notebook = json.loads(graded.notebook)
    del notebook["metadata"]["autograder"]
    stock = Graded(json.dumps(notebook).encode(), feedback=graded.feedback)
    assert "double-values" in page_of(stock)
