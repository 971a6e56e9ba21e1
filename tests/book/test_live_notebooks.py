"""What goes into JupyterLite: chapters as notebooks of plain Markdown and open code, exercises, nothing hidden."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import io
import json
import re
import sys
import types
import zipfile

import explore
import nbformat
import pytest
from matplotlib.figure import Figure

from tests.support import answers
from tests.support.site import ROOT

CHAPTERS = ROOT / "chapters"
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
TEXT = {".ipynb", ".json", ".py", ".md", ".html", ".js", ".txt"}


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """The files that JupyterLite offers."""
    from lite.contents import write_contents

    folder = tmp_path_factory.mktemp("contents")
    write_contents(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def notebooks(contents):
    """The live notebooks by name."""
    paths = sorted(path for path in (contents / "chapters").glob("*.ipynb") if ".zh_CN" not in path.name)
    return {path.stem: nbformat.read(path, as_version=4) for path in paths}


def test_every_chapter_has_a_live_notebook(notebooks):
    chapters = re.findall(r"file: chapters/(\S+)", (ROOT / "_toc.yml").read_text("utf-8"))
    with_plots = [c for c in chapters if "import Choice" in (CHAPTERS / f"{c}.md").read_text("utf-8")]
    assert len(with_plots) >= 8
    assert set(with_plots) <= set(notebooks)


def test_exercises_are_exactly_what_students_get(contents):
    offered = {
        str(p.relative_to(contents)): p.read_bytes() for p in (contents / "exercises").glob("*/*.ipynb")
    }
    folders = [path.name for path in (ROOT / "exercises").iterdir() if path.is_dir()]
    assert offered == {f"exercises/{name}/{name}.ipynb": released(name) for name in folders}
    assert set(answers.assignments()) <= set(folders)


def test_exercises_in_another_language_differ_in_words_only(contents):
    for name in answers.assignments():
        english = nbformat.reads(released(name).decode(), as_version=4)
        chinese = nbformat.read(contents / "exercises" / "zh_CN" / name / f"{name}.ipynb", as_version=4)
        assert [cell.id for cell in chinese.cells] == [cell.id for cell in english.cells]
        assert [cell.metadata for cell in chinese.cells] == [cell.metadata for cell in english.cells]
        for one, other in zip(english.cells, chinese.cells, strict=True):
            if one.cell_type == "code":
                assert wordless(one.source) == wordless(other.source)


def wordless(code):
    """The nodes of some code, in an order of their own, without its words."""
    nodes = [node for node in ast.walk(ast.parse(code)) if not isinstance(getattr(node, "value", None), str)]
    return sorted(
        f"{type(node).__name__} {getattr(node, 'id', '')} {getattr(node, 'attr', '')}" for node in nodes
    )


def test_live_notebooks_of_another_language_have_the_same_formulas_and_links(contents, notebooks):
    for name, english in notebooks.items():
        chinese = nbformat.read(contents / "chapters" / f"{name}.zh_CN.ipynb", as_version=4)
        assert len(chinese.cells) == len(english.cells)
        for one, other in zip(english.cells, chinese.cells, strict=True):
            if one.cell_type == "markdown":
                assert sorted(formulas(one.source)) == sorted(formulas(other.source))
        assert "zh_CN" in chinese.cells[2].source
        assert re.search("[\u3400-\u9fff]", chinese.cells[0].source)


def formulas(text):
    found = re.findall(r"\$\$.*?\$\$|\$[^$]+\$", text, re.DOTALL)
    return [re.sub(r"\\text\{.*?\}|\s", "", formula) for formula in found]


def released(assignment):
    return (ROOT / "exercises" / assignment / f"{assignment}.ipynb").read_bytes()


def test_nothing_hidden_is_offered(contents):
    offered = "\n".join(p.read_text("utf-8") for p in contents.rglob("*") if p.suffix in TEXT)
    for mark in ("BEGIN HIDDEN", "BEGIN SOLUTION"):
        assert mark not in offered
    lines = {line for assignment in answers.assignments() for line in hidden_lines(assignment)}
    assert len(lines) > 100
    assert [line for line in sorted(lines) if json.dumps(line)[1:-1] in offered] == []


def hidden_lines(assignment):
    """Lines of hidden tests that are like no others: long, with words, and not in the released notebook."""
    shown = released(assignment).decode()
    for cell in answers.source_notebook(assignment).cells:
        for block in re.findall(f"{BEGIN}(.*?){END}", cell.source, re.DOTALL):
            lines = (line.strip() for line in block.split("\n"))
            telling = (line for line in lines if len(line) > 40 and re.search("[a-z]{4}", line))
            yield from (line for line in telling if json.dumps(line)[1:-1] not in shown)


def test_markdown_has_no_syntax_that_jupyter_does_not_know(notebooks):
    unknown = r"\{[a-z:]+\}`[^`]*`|^:::.*|^\([\w-]+\)=|^```\{.*|\$\$ *\([\w-]+\)|\\R\b"
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                assert re.findall(unknown, cell.source, re.MULTILINE) == [], name


def test_references_become_words_numbers_and_links(tmp_path):
    from lite.live import live_notebook
    from lite.plain import Book

    (tmp_path / "references.bib").write_text(
        "@book{one, author={Ada Lovelace and Charles Babbage}, title={Engines}, publisher={P}, year={1843}}",
        "utf-8",
    )
    (tmp_path / "other.md").write_text("(there)=\n## Over there\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n\n$$\nx \\in \\R\n$$ (eq-x)\n\nBy {eq}`eq-x`, {ref}`there`, {ref}`that <there>` and {term}`unit`\n"
        "{footcite:p}`one`.\n\n:::{note}\nMind.\n:::\n\n```{assignment} 01-a\n```\n\n```{footbibliography}\n```\n",
        "utf-8",
    )
    book = Book.read(tmp_path, {"R": r"\mathbb{R}"})
    text = live_notebook(page, book, ["page", "other"]).cells[0].source
    assert "x \\in \\mathbb{R}\n\\tag{1}\n$$" in text
    assert (
        "By (1), [Over there](other.ipynb), [that](other.ipynb) and unit\n(Lovelace and Babbage, 1843)."
        in text
    )
    assert "> **Note**\n>\n> Mind." in text
    assert "[Open the assignment](../exercises/01-a/01-a.ipynb)" in text
    assert "- Ada Lovelace and Charles Babbage" in text


@pytest.mark.slow
def test_code_of_every_plot_stands_above_it_and_draws_it(notebooks, monkeypatch):
    for name, notebook in notebooks.items():
        plots = run(notebook, monkeypatch)
        assert plots, name
        for plot in plots:
            draw, values = plot.canvas.draw, plot.grid.start_values()
            assert draw.__module__ == "__main__", (name, plot.words.title)
            axes = Figure().subplots(*plot.canvas.panels or (1, 1), squeeze=False).ravel().tolist()
            draw(axes if plot.canvas.panels else axes[0], **values)
            assert plot.describe(**values)


def run(notebook, monkeypatch):
    """Run the cells that plots need, and return the plots."""
    plots, make = [], explore.Plot.__init__

    def note(plot, *arguments):
        make(plot, *arguments)
        plots.append(plot)

    with monkeypatch.context() as patch:
        patch.setattr(explore.Plot, "__init__", note)
        namespace = {"__name__": "__main__"}
        for source in needed([cell.source for cell in notebook.cells if cell.cell_type == "code"][1:]):
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, "<cell>", "exec"), namespace)
    return plots


def needed(cells):
    """The cells that show a plot, and those that import or define what these use."""
    used, kept = {"show", "explore"}, []
    for cell in reversed(cells):
        tree = ast.parse(cell)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        defined = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        defined |= {getattr(node, "name", "") for node in tree.body}
        imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
        if imports or used & defined or {"show", "explore"} & {node.id for node in names}:
            used |= {node.id for node in names}
            kept.append(cell)
    return kept[::-1]


def test_names_of_two_modules_are_kept_apart(tmp_path):
    from lite.plot_code import PlotCode

    (tmp_path / "plots").mkdir()
    for name in ("a", "b"):
        source = (
            f"LOOK = '{name}'\n_SIZE = 1\n\n\ndef draw_{name}(axes, *, _x=_SIZE):\n    return LOOK, axes\n"
        )
        (tmp_path / "plots" / f"{name}.py").write_text(source, "utf-8")
    cells = ["from plots.a import *\nfrom plots.b import *\nshow(draw_a)", "show(draw_b)", "show(draw_a)"]
    code = PlotCode(tmp_path)
    for cell in cells:
        code.read(cell)
    opened = [code.opened(cell) for cell in cells]
    assert "import plots.a as a_plots\n\n\ndef draw_a(axes, *, _x=a_plots._SIZE):" in opened[0]
    assert "return b_plots.LOOK, axes" in opened[1]
    assert opened[2] == cells[2]


def test_packages_are_found_through_the_modules_beside_a_notebook(tmp_path):
    from lite.imports import packages

    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "one.py").write_text("from .two import x\nimport os\n", "utf-8")
    (tmp_path / "inner" / "two.py").write_text(
        "def x():\n    from sklearn.datasets import load_iris\n", "utf-8"
    )
    assert packages(["from inner import one", "import numpy as np"], tmp_path) == ["numpy", "scikit-learn"]


def test_package_that_cannot_be_had_is_named_without_a_traceback(monkeypatch):
    from lite.live import FIRST_CELL

    async def install(package):
        if package == "scikit-learn":
            raise ValueError("no such wheel")

    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setitem(sys.modules, "piplite", types.SimpleNamespace(install=install))
    namespace = {}
    exec(FIRST_CELL.read_text("utf-8"), namespace)
    with pytest.raises(namespace["NotHere"]) as caught:
        asyncio.run(namespace["prepare"]("numpy", "scikit-learn"))
    shown = caught.value._render_traceback_()
    assert shown[0] == "This notebook needs the package scikit-learn, which could not be loaded."
    assert not any("Traceback" in line for line in shown)


def test_wheels_are_complete_and_the_same_every_time(tmp_path):
    from lite.wheels import pack

    for folder in ("once", "again"):
        (tmp_path / folder).mkdir()
    wheel, again = (pack("comm", tmp_path / folder) for folder in ("once", "again"))
    assert wheel.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = next(name for name in names if name.endswith("RECORD"))
        recorded = [line.split(",")[0] for line in archive.read(record).decode().splitlines()]
    assert "comm/__init__.py" in names
    assert sorted(recorded) == sorted(names)
    with pytest.raises(ValueError, match="not a pure-Python wheel"):
        pack("numpy", tmp_path)
