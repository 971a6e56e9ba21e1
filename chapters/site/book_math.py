"""Sphinx renderer that writes mathematics as MathML while the book is built; a page loads nothing for it."""

from __future__ import annotations

import re
from typing import Any

from book_mathml import MathError, to_mathml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from translation import translate

_log = logging.getLogger(__name__)


def _mathml(translator: Any, node: nodes.Element, *, display: bool) -> str:
    try:
        return to_mathml(node.astext(), display=display, macros=translator.config.book_math_macros)
    except MathError as error:
        _log.warning("mathematics: %s", error, location=node)
        return f"<code>{translator.encode(node.astext())}</code>"


def visit_math(translator: Any, node: nodes.math) -> None:
    """Write an inline formula."""
    translator.body.append(_mathml(translator, node, display=False))
    raise nodes.SkipNode


def visit_displaymath(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number and a link to it where it has a label."""
    translator.body.append(translator.starttag(node, "div", CLASS="math-display"))
    translator.body.append(_mathml(translator, node, display=True))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, translate("Link to this equation"))
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


class MathWithPunctuation(SphinxPostTransform):
    """Keep a formula and the mark after it on one line: browsers break the line before a full stop there."""

    default_priority = 750
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Wrap each inline formula that a mark follows together with it."""
        for formula in list(self.document.findall(nodes.math)):
            parent = formula.parent
            place = parent.index(formula)
            after = parent[place + 1] if place + 1 < len(parent) else None
            marks = (
                re.match(r"[.,;:!?)\]\u2019\u201d\uff0c\u3002\uff1b\uff1a\uff1f\uff01\uff09\u3001]+", after)
                if isinstance(after, nodes.Text)
                else None
            )
            if marks:
                parent[place + 1] = nodes.Text(after[marks.end() :])
                parent[place] = nodes.inline("", "", formula, nodes.Text(marks[0]), classes=["nobr"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer; choose it by `html_math_renderer: mathml`."""
    app.add_config_value("book_math_macros", {}, "env")
    app.add_post_transform(MathWithPunctuation)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
