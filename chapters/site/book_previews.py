"""What a link to a term, an equation or a cited work leads to, shown beside the link when it is pointed at or focused.

The page's script finds what stands on the same page. What stands on another one is put into this page here: a page
that is read as a file, or in a sandboxed frame, may read no other.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from book_mathml import to_mathml
from docutils import nodes
from sphinx.application import Sphinx

SHOWN = re.compile(r'<a class="(?!headerlink)[^"]*" href="[^"]*#(?:term|equation|footcite)-')
ELSEWHERE = re.compile(r'href="(([\w-]+)\.html#((?:term|equation)-[^"]+))"')


def load(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give a page with such links the script, and what they lead to on other pages."""
    body = context.get("body", "")
    if not SHOWN.search(body):
        return
    folder = page.rpartition("/")[0]
    for address, name, key in sorted(set(ELSEWHERE.findall(body))):
        shown = _shown(app, f"{folder}/{name}".lstrip("/"), key)
        context["body"] += f'<template class="preview" data-of="{address}">{shown}</template>'
    app.add_css_file("previews/previews.css")
    app.add_js_file("previews/previews.js", loading_method="defer")


def _shown(app: Sphinx, page: str, key: str) -> str:
    """A term's definition or an equation, in HTML without links and ids."""
    tree = _read(app, page)
    for equation in tree.findall(nodes.math_block):
        if key in equation["ids"]:
            return to_mathml(equation.astext(), display=True, macros=app.config.book_math_macros)
    for term in tree.findall(nodes.term):
        if key in term["ids"]:
            written: str = app.builder.render_partial(term.parent[-1].deepcopy())["fragment"]  # type: ignore[attr-defined]
            return re.sub(r'</?(?:a|dd)\b[^>]*>| id="[^"]*"', "", written).strip()
    raise LookupError(f"{page} has no term or equation {key}")


@cache
def _read(app: Sphinx, page: str) -> nodes.document:
    return app.env.get_and_resolve_doctree(page, app.builder)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hook."""
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
