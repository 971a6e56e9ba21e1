"""Students' Markdown in an instructor's browser: formulas and pictures stay, nothing runs or calls home.

The formgrader shows submissions inside the instructor's own Jupyter session, where a script in a student's
text could do all that the instructor can. `nbgrader_config.py` puts this filter in place of nbconvert's.
"""

import re
from html import escape
from typing import Any

import bleach  # type: ignore[import-untyped]
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

_TEXT = "a abbr b br code del em i img kbd q s small span strong sub sup u"
_BLOCKS = "blockquote details div dl dt dd h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLES = "caption table tbody td tfoot th thead tr"
_TAGS = frozenset(f"{_TEXT} {_BLOCKS} {_TABLES}".split())
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+\Z")

# Commands of MathJax that make links, load code or mark up the page around the formula.
_MATHJAX = re.compile(r"\\(?:href|url|require|class|cssId|style|data|html\w*)(?![A-Za-z])")


@pass_context
def to_html(context: Any, source: str) -> str:
    """Markdown to HTML for nbconvert's templates, with the cell's own pictures."""
    return render(source, context.get("cell", {}).get("attachments", {}))


def render(source: str, pictures: Any = None) -> str:
    """Markdown to HTML; `pictures` are those that were pasted into the cell, as notebooks keep them."""
    renderer: Any = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=pictures or {})
    try:
        return clean(str(MarkdownWithMath(renderer=renderer).render(source)))
    except InvalidNotebook:  # a picture that is not there
        return clean(f"<pre>{escape(source)}</pre>")


def clean(html: str) -> str:
    """HTML without scripts, styles, forms, frames, other hosts' pictures and what MathJax would act on."""
    kept = bleach.clean(
        html, tags=_TAGS, attributes=_is_harmless, protocols={"http", "https", "mailto", "data"}, strip=False
    )
    return _MATHJAX.sub(r"\\text", kept)


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name in ("alt", "title") or (name == "src" and bool(_PICTURE.match(value)))
    if tag == "a":
        return name == "title" or (
            name == "href" and value.startswith(("http://", "https://", "mailto:", "#"))
        )
    if name == "class":
        return tag in ("code", "span", "div", "pre")
    return tag in ("td", "th") and name in ("colspan", "rowspan", "align")
