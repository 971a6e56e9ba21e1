"""The page of one's own activation, and the links that lead there from every chapter.

    ```{own-activation}
    ```

puts the page's controls there. Their scripts and styles are loaded by that page alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from jinja2 import Template
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from translation import translate

PAGE = "chapters/your-own"
TEMPLATE = Path(__file__).parent / "templates" / "own-activation.html"
SCRIPTS = ("formula", "facts", "network", "chart", "plane", "page")
# What each chapter puts into the two fields: the function that it is about, and one to compare it with.
FORMULAS = {
    "linear-regression": ("z", "tanh(z)"),
    "sigmoid": ("sigmoid(z)", "tanh(z)"),
    "tanh": ("tanh(z)", "relu(z)"),
    "relu-family": ("max(0.1 z, z)", "relu(z)"),
    "maxout": ("max(-0.5 z - 0.5, 0.1 z, z)", "relu(z)"),
    "softmax": ("softplus(z)", "sigmoid(z)"),
    "network": ("tanh(z)", "z"),
    "choosing": ("gelu(z)", "relu(z)"),
}


class OwnActivation(SphinxDirective):
    """The controls, charts and tables, without a script yet."""

    def run(self) -> list[nodes.Node]:
        """Return the template as it is, for HTML only."""
        self.env.note_dependency(str(TEMPLATE))
        return [
            nodes.raw("", Template(TEMPLATE.read_text("utf-8")).render(translate=translate), format="html")
        ]


def offer(app: Sphinx, document: nodes.document) -> None:
    """Put a link to the page under the title of each chapter."""
    place, _, chapter = app.env.docname.rpartition("/")
    if place != "chapters" or chapter not in FORMULAS or PAGE not in app.env.found_docs:
        return
    title = next(iter(document.findall(nodes.title)))
    mine, other = (quote(formula) for formula in FORMULAS[chapter])
    address = f"your-own.html#a={mine}&b={other}"
    link = nodes.reference(
        "", translate("Try an activation of your own"), refuri=address, classes=["lite-open"]
    )
    before = next(
        iter(
            document.findall(
                lambda node: (
                    "lite-live" in node.get("classes", []) if isinstance(node, nodes.Element) else False
                )
            )
        ),
        None,
    )
    if before is not None:
        before += [nodes.Text(" "), link]
        return
    paragraph = nodes.paragraph("", "", link, classes=["lite-live"])
    title.parent.insert(title.parent.index(title) + 1, addnodes.only("", paragraph, expr="html"))


def load(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let the page, and no other, load its scripts and styles."""
    if page == PAGE:
        app.add_css_file("lab/lab.css")
        for name in SCRIPTS:
            app.add_js_file(f"lab/{name}.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and connect the hooks."""
    app.add_directive("own-activation", OwnActivation)
    app.connect("doctree-read", offer, priority=600)  # once the link to the live notebook is there
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
