"""The built book as files: built without warnings, self-contained, deterministic in what it carries."""

from __future__ import annotations

import re

import pytest

from tests.support.site import ROOT, build_page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]
SOURCES = sorted([*(ROOT / "chapters").glob("*.md"), *(ROOT / "chapters").rglob("*.py")])
NOTEBOOK = """---
file_format: mystnb
kernelspec: {{name: python3, display_name: Python 3}}
---
# Title

```{{code-cell}}
{}
```
"""


def test_book_has_the_pages_of_its_table_of_contents(site):
    files = re.findall(r"(?:root|file): chapters/(\S+)", (ROOT / "_toc.yml").read_text("utf-8"))
    assert sorted(files) == [page.name for page in site.pages]
    assert (site.folder / "index.html").exists()


def test_pages_load_no_framework_and_nothing_from_elsewhere(site):
    banned = r"mathjax|katex|require(\.min)?\.js|thebe|html-manager|fontawesome\.js|unpkg|jsdelivr|cdnjs"
    for page in site.pages:
        loaded = re.findall(r'<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)="([^"]+)"', page.html)
        assert loaded
        assert [x for x in loaded if re.match(r"(https?:)?//", x)] == []
        assert [x for x in loaded if re.search(banned, x, re.IGNORECASE)] == []
        assert "application/vnd.jupyter" not in page.html


def test_no_script_holds_up_the_first_paint(site):
    for page in site.pages:
        scripts = re.findall(r"<script\b([^>]*)>", page.html)
        assert [tag for tag in scripts if "src=" in tag and "defer" not in tag] == [], page.name


def test_styles_load_nothing_from_elsewhere(site):
    for path in (site.folder / "_static").rglob("*.css"):
        addresses = re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", path.read_text("utf-8"))
        assert [a for a in addresses if re.match(r"[\"']?(https?:)?//", a[0] or a[1])] == [], path


def test_site_leaves_out_what_no_page_loads(site):
    scripts = {path.name for path in (site.folder / "_static").rglob("*.js")}
    assert "fontawesome.js" not in scripts
    assert list(site.folder.rglob("*.map")) == []


def test_mathematics_is_mathml_and_no_latex_is_left_over(site):
    formulas = 0
    for page in site.pages:
        formulas += page.html.count("<math ")
        prose = re.sub(r"<(script|style|pre|code|figure)\b.*?</\1>|<[^>]+>", " ", page.html, flags=re.DOTALL)
        assert re.findall(r"\$[^\s$][^$]{0,80}\$|\\[(\[]|\\[a-z]{2,}", prose) == [], page.name
    assert formulas > 20


def test_ids_on_a_page_are_unique(site):
    for page in site.pages:
        body = re.sub(r"<script\b.*?</script>", "", page.html, flags=re.DOTALL)
        ids = re.findall(r'\sid="([^"]*)"', body)
        assert sorted(ids) == sorted(set(ids)), page.name


def test_no_page_uses_interact_which_stands_still_without_a_kernel():
    for path in SOURCES:
        assert not re.search(
            r"@?\binteract(ive|ive_output|_manual)?\s*\(|@interact", path.read_text("utf-8")
        ), path


def test_chapters_have_plots_to_explore(site):
    counts = {page.name: len(page.plots) for page in site.pages}
    assert counts["linear-regression"] >= 3
    assert counts["sigmoid"] >= 3
    assert any(len(plot.texts) == 2 for page in site.pages for plot in page.plots)


def test_exercise_boxes_say_what_needs_no_installing_and_what_is_loaded(site):
    offered = [page for page in site.pages if 'class="lite-open' in page.html]
    assert len(offered) >= 7
    for page in offered:
        text = " ".join(re.sub(r"<[^>]+>", "", page.html).split())
        assert "There is nothing to install. The first start loads Pyodide" in text, page.name
        assert "from the network; your work stays in this browser" in text, page.name


def test_every_parameter_changes_the_drawing_and_the_words(site):
    for page in site.pages:
        for plot in page.plots:
            for name in plot.texts:
                others = [[(k, v) for k, v in values.items() if k != name] for values in plot.values]
                assert changes(plot.frames, others), (page.name, plot.name, name)
                assert changes(plot.says, others), (page.name, plot.name, name)


def changes(shown, others):
    """Whether two frames that differ in one parameter only show something different."""
    groups = {}
    for item, other in zip(shown, others, strict=True):
        groups.setdefault(str(other), set()).add(item)
    return any(len(group) > 1 for group in groups.values())


def test_what_would_be_shown_wrong_stops_the_build(small_book):
    text = "# Title\n\n$\\notacommand{x}$, $\\frac{1}{2$, $a & b$.\n\n[](nowhere.md)\n\n{eq}`nothing`\n"
    result = build_page(small_book, text)
    assert result.returncode != 0
    for complaint in ("unknown command", "braces do not match", "& outside a table", "nowhere", "nothing"):
        assert complaint in result.stdout, complaint


def test_failing_cell_stops_the_build(small_book):
    result = build_page(small_book, NOTEBOOK.format("1 / 0"))
    assert result.returncode != 0
    assert "ZeroDivisionError" in result.stdout


def test_changed_module_runs_the_pages_again(small_book):
    page = NOTEBOOK.format("import note\nprint(note.TEXT)") + "\nLet $x$.\n"
    note = small_book / "chapters" / "note.py"
    html = small_book / "_build" / "html" / "chapters" / "index.html"
    for text in ("first words", "other words"):
        note.write_text(f"TEXT = {text!r}\n", "utf-8")
        assert build_page(small_book, page).returncode == 0
        assert text in html.read_text("utf-8")
    formula = '<math alttext="x"><mrow><mi>x</mi></mrow></math>'
    assert f'<span class="nobr">{formula}.</span>' in html.read_text("utf-8")
