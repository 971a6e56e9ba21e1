"""Links from the book's pages to JupyterLite: each assignment in its chapter, each chapter as a live notebook.

    ```{assignment} 02-sigmoid
    ```

shows how to do that assignment. The link to the live notebook is put under the title of each page that has one.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import nbformat
from book_language import edition, up
from catalogues.exercises import exercise_in
from docutils import nodes
from lite.closed import write_placeholders
from lite.live import is_live
from lite.plain import exercise_file, live_file
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from translation import translate

FOLDER = "lite"


def address(page: str, notebook: str) -> str:
    """Where `notebook` opens, as seen from a page of the book."""
    return f"{up(page)}{FOLDER}/notebooks/index.html?path={quote(notebook)}"


class Assignment(SphinxDirective):
    """How to do an assignment: in the browser, or downloaded. The argument is the name of its folder."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the paragraphs, in HTML with links."""
        released = f"exercises/{self.arguments[0]}/{self.arguments[0]}.ipynb"
        path = Path(self.env.srcdir, released)
        if not path.is_file():
            raise self.error(f"there is no {released}: run `autograder release`")
        self.env.note_dependency(str(path))
        notebook = exercise_file(self.arguments[0])
        offered = self._translated(path, notebook) if edition().folder else released
        here = nodes.reference(
            "",
            translate("Do it here in the browser"),
            refuri=address(self.env.docname, notebook),
            classes=["lite-open"],
        )
        file = addnodes.download_reference("", "", reftarget=f"/{offered}", refdoc=self.env.docname)
        file += nodes.inline("", translate("Download the notebook"))
        links = nodes.paragraph("", "", here, nodes.Text(" "), file, classes=["lite-links"])
        text = translate(
            "There is nothing to install. The first start loads Pyodide, which is Python for browsers, from the "
            "network; your work stays in this browser. When you are done, press "
            "*Download* above the notebook and hand in that file."
        )
        return [
            addnodes.only("", links, *self._said(text), expr="html"),
            *self._said(
                translate(
                    "On your own machine, open `{folder}` in JupyterLab.", folder=str(Path(released).parent)
                )
            ),
        ]

    def _translated(self, path: Path, notebook: str) -> str:
        """Write the notebook in the language of the edition beside the pages; return where, from the source on."""
        to = Path(self.env.app.outdir).parent / notebook
        to.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(exercise_in(path, Path(self.env.srcdir)), to)
        return os.path.relpath(to, self.env.srcdir)

    def _said(self, text: str) -> list[nodes.Node]:
        said = self.parse_text_to_nodes(text)
        for paragraph in said:
            paragraph["translatable"] = False  # it is already
        return said


def offer_live_notebook(app: Sphinx, document: nodes.document) -> None:
    """Put a link to the live notebook under the title of a page that has one."""
    page = app.env.docname
    title = next(iter(document.findall(nodes.title)), None)
    if (
        title is None
        or page == app.config.root_doc
        or not is_live(Path(document["source"]).read_text("utf-8"))
    ):
        return
    link = nodes.reference(
        "",
        translate("Open this chapter as a live notebook"),
        refuri=address(page, live_file(page)),
        classes=["lite-open"],
    )
    paragraph = nodes.paragraph("", "", link, classes=["lite-live"])
    title.parent.insert(title.parent.index(title) + 1, addnodes.only("", paragraph, expr="html"))


def explain(app: Sphinx, exception: Exception | None) -> None:
    """Let the links lead somewhere even where JupyterLite is not built."""
    if exception is None and app.builder.format == "html" and not edition().folder:
        write_placeholders(Path(app.outdir, FOLDER))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and the hooks."""
    app.add_directive("assignment", Assignment)
    app.add_css_file("lite.css")
    app.connect("doctree-read", offer_live_notebook)
    app.connect("build-finished", explain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
