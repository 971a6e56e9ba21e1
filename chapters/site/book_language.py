"""The language of the edition: words for templates and settings, from the catalogues in `chapters/locale`."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from translation import translate


class KeepFormulas(SphinxTransform):
    """Keep displayed formulas out of the catalogues: their words are translated where they are written."""

    default_priority = 10  # before Sphinx looks for what to translate

    def apply(self, **_: Any) -> None:
        """Mark them."""
        for formula in self.document.findall(nodes.math_block):
            formula["translatable"] = False


def give_words(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let templates translate."""
    context["translate"] = translate


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hooks."""
    app.add_transform(KeepFormulas)
    app.connect("html-page-context", give_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
