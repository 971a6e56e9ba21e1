"""Code run on the page: changed, run, stopped and reset where it stands, with Pyodide from this machine."""

from __future__ import annotations

import ast
import builtins
import json
import re

import pytest

from tests.support.browser import Watched, served
from tests.support.lite import WAIT, pyodide, site_with_lite
from tests.support.site import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lite")]
SETTINGS = {
    "jupyter-config-data": {
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {"pyodideUrl": "./static/pyodide/pyodide.js"}
        }
    }
}


@pytest.fixture(scope="module")
def address(site, tmp_path_factory):
    """The site, with Pyodide where a JupyterLite says that it is."""
    lite = tmp_path_factory.mktemp("lite")
    (lite / "static").mkdir()
    (lite / "static" / "pyodide").symlink_to(pyodide(), target_is_directory=True)
    (lite / "jupyter-lite.json").write_text(json.dumps(SETTINGS), "utf-8")
    with site_with_lite(site.folder, lite) as url:
        yield url


@pytest.fixture(scope="module")
def tab(address, browser):
    with Watched(browser) as watched:
        watched.page.set_default_timeout(WAIT)
        yield watched
        assert watched.faults == []
        assert [url for url in watched.foreign(address) if not url.startswith("blob:")] == []


def cell(page, text):
    return page.locator(".cell:not(.tag_remove-input)").filter(has_text=text)


def ended(cell, words):
    cell.get_by_role("status").filter(has_text=words).wait_for()
    return cell.locator(".run-result").text_content().strip()


def test_cell_is_run_changed_stopped_and_reset_where_it_stands(tab, address):
    page = tab.page
    page.goto(f"{address}/chapters/tanh.html")
    assert not any("pyodide" in url for url in tab.requests)
    where = cell(page, "equal slopes at z")
    printed = where.locator(".cell_output pre").text_content().strip()
    where.get_by_role("button", name="Run").press("Enter")
    assert ended(where, "Done") == printed

    # A later cell finds what earlier ones define; what they print stays out of its result.
    later = cell(page, "ratio = a.mean()")
    later.get_by_role("button", name="Change").click()
    editor = later.get_by_role("textbox")
    editor.fill("import time\nprint(z.round(4))\nraise ValueError('mine')")
    editor.press("Shift+Enter")
    said = ended(later, "error")
    assert said.startswith("1.66") or "mine" in said
    assert "ValueError: mine" in said
    assert "_pyodide" not in said
    assert "equal slopes" not in said

    editor.fill("while True:\n    pass")
    later.get_by_role("button", name="Run").click()
    later.get_by_role("status").filter(has_text="Running").wait_for()
    assert page.evaluate("1 + 1") == 2
    later.get_by_role("button", name="Stop").click()
    assert ended(later, "Stopped") == ""

    later.get_by_role("button", name="Reset").click()
    assert (
        later.locator(".cell_input .highlight")
        .inner_text()
        .startswith("from activations import sigmoid, tanh")
    )
    assert later.locator(".cell_output").is_visible()
    later.get_by_role("button", name="Run").click()
    assert ended(later, "Done") == later.locator(".cell_output pre").text_content().strip()


def test_modules_of_the_book_and_its_data_are_there(tab, address):
    page = tab.page
    page.goto(f"{address}/chapters/linear-regression.html")
    first = page.locator(".cell:not(.tag_remove-input)").first
    first.get_by_role("button", name="Run").click()
    assert ended(first, "Done") == first.locator(".cell_output pre").text_content().strip()


def test_reader_is_told_when_python_cannot_be_reached(site, browser):
    with served(site.folder) as url, Watched(browser) as tab:
        tab.context.route("**://cdn.jsdelivr.net/**", lambda route: route.abort())
        tab.page.goto(f"{url}/chapters/tanh.html")
        where = cell(tab.page, "equal slopes at z")
        where.get_by_role("button", name="Run").click()
        where.get_by_role("status").filter(has_text="could not be loaded from cdn.jsdelivr.net").wait_for()
        assert where.get_by_role("button", name="Run").is_visible()


def test_reader_of_a_folder_is_told_that_python_needs_a_server(site, browser):
    with Watched(browser) as tab:
        tab.page.goto((site.folder / "chapters" / "tanh.html").as_uri())
        where = cell(tab.page, "equal slopes at z")
        where.get_by_role("button", name="Run").click()
        assert "python -m http.server" in where.get_by_role("status").inner_text()


def test_every_chapter_has_cells_to_run_which_need_no_hidden_code():
    from book_run import shown_cells

    chapters = re.findall(r"file: chapters/([a-z-]+)", (ROOT / "_toc.yml").read_text("utf-8"))[:8]
    for chapter in chapters:
        cells = shown_cells(ROOT / "chapters" / f"{chapter}.md")
        assert len(cells) >= 2, chapter
        defined = set(dir(builtins))
        for source in cells:
            names = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
            defined |= stored(source)
            missing = {name.id for name in names if isinstance(name.ctx, ast.Load)} - defined
            assert missing == set(), (chapter, source)


def stored(source):
    """The names that a cell defines, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return found
