"""Code cells that readers run on the page: what a page's script has to know, and the book's own modules as data.

Every code cell that shows its code can be changed and run. Python comes by the first click, from where the site's
notebooks get it; a page that is only read loads nothing of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from book_language import up
from jupyterlite_pyodide_kernel.constants import PYODIDE_JS, PYODIDE_VERSION
from lite.imports import reached
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx

PUBLISHED = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE_VERSION}/full/{PYODIDE_JS}"


def shown_cells(page: Path) -> list[str]:
    """The code cells of a page that show their code."""
    text = page.read_text("utf-8")
    if "```{code-cell}" not in text:
        return []
    cells = read_myst_markdown_notebook(text, path=page).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [cell.source for cell in code if "remove-input" not in cell.metadata.get("tags", [])]


def load(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give a page with such cells the script, and the names of the packages that they need."""
    source = Path(app.srcdir, f"{page}.md")
    cells = shown_cells(source) if doctree is not None and source.is_file() else []
    if not cells:
        return
    packages, _ = reached(cells, source.parent)
    data = json.dumps({"packages": packages, "pyodide": PUBLISHED, "lite": f"{up(page)}lite/"})
    context["body"] += f'<script type="application/json" id="run-data">{data}</script>'
    app.add_css_file("run/run.css")
    app.add_js_file("run/run.js", loading_method="defer")


def write_modules(app: Sphinx, exception: Exception | None) -> None:
    """Put the modules that such cells import into one file of the site."""
    if exception is not None or app.builder.format != "html":
        return
    chapters = Path(app.srcdir, "chapters")
    cells = [cell for page in sorted(chapters.glob("*.md")) for cell in shown_cells(page)]
    _, files = reached(cells, chapters)
    modules = {path.relative_to(chapters).as_posix(): path.read_text("utf-8") for path in sorted(files)}
    Path(app.outdir, "_static", "run", "modules.json").write_text(json.dumps(modules), "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hooks."""
    app.connect("html-page-context", load)
    app.connect("build-finished", write_modules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
