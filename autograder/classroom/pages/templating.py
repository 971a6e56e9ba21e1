"""What all pages are made with: the templates in `templates/`, filled in so that nothing in them can do harm.

Every text is escaped, and before that rid of colour codes, invisible characters and what is too long, whatever the
template says. A page is one file that needs nothing else; its own policy forbids scripts and requests.

Students' Markdown keeps formulas and pictures, and nothing in it runs or calls home: the formgrader shows submissions
inside the instructor's own Jupyter session, where a script could do all that the instructor can. `nbgrader_config.py`
puts this filter in place of nbconvert's.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from markupsafe import Markup, escape

LONGEST_TEXT = 20_000
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
# Control characters, those that reorder or hide text on the screen, and halves of characters (from names of files).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_TEXT = "a abbr b br code del em i img kbd q s small span strong sub sup u"
_BLOCKS = "blockquote details div dl dt dd h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
_TABLES = "caption table tbody td tfoot th thead tr"
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+\Z")
_LINK = ("http://", "https://", "mailto:", "#")
# Commands of MathJax that make links, load code or mark up the page around the formula.
_MATHJAX = re.compile(r"\\(?:href|url|require|class|cssId|style|data|html\w*)(?![A-Za-z])")


def render(template: str, **values: Any) -> str:
    """Fill in one of the templates."""
    return _environment().get_template(template).render(values)


def sources() -> list[str]:
    """Return the texts of all templates: pages made from others are out of date."""
    environment = _environment()
    assert environment.loader
    return [environment.loader.get_source(environment, name)[0] for name in environment.list_templates()]


def clean(text: str) -> str:
    """Return a text without colour codes and invisible characters, cut where it is too long."""
    return cut(_INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", _ANSI.sub("", text)), LONGEST_TEXT)


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters, and how many more there were."""
    return text if len(text) <= longest else f"{text[:longest]}\n... {len(text) - longest} more characters"


def number(value: float) -> str:
    """Return points without needless decimals, with a real minus sign."""
    return (f"{value:.2f}".rstrip("0").rstrip(".") or "0").replace("-", "\N{MINUS SIGN}")


def words(text: str) -> Markup:
    """Return a sentence for a page: what stands between backticks as code."""
    parts = clean(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def percent(share: float) -> str:
    """Return a share from 0 to 1 in percent; only all is 100 %, and only none is 0 %."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        whole = 99
    if whole == 0 and share > 0:
        whole = 1
    return f"{whole}\N{NO-BREAK SPACE}%"


def signed(value: float) -> str:
    """Return a number with two decimals and a real minus sign."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def count(many: int, one: str, more: str = "") -> str:
    """Return a number with its noun, such as `1 submission` or `3 submissions`."""
    return f"{many} {one if many == 1 else more or one + 's'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.classroom.pages"),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {
        "number": number,
        "percent": percent,
        "count": count,
        "cut": cut,
        "signed": signed,
        "words": words,
    }
    return environment


def _harmless(value: Any) -> Any:
    """What goes into a page: markup that a template made as it is, of every other text what `clean` leaves."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@pass_context
def markdown_to_html(context: Any, source: str) -> str:
    """Markdown to HTML for nbconvert's templates, with the cell's own pictures."""
    return str(markdown(source, context.get("cell", {}).get("attachments", {})))


def markdown(source: str, pictures: Any = None) -> Markup:
    """A student's Markdown as HTML; `pictures` are those that were pasted into the cell, as notebooks keep them."""
    if not source.strip():
        return Markup()
    from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

    renderer: Any = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=pictures or {})
    try:
        return _without_harm(str(MarkdownWithMath(renderer=renderer).render(source)))
    except InvalidNotebook:  # a picture that is not there
        return _without_harm(f"<pre>{escape(source)}</pre>")


def _without_harm(html: str) -> Markup:
    """HTML without scripts, styles, forms, frames, other hosts' pictures and what MathJax would act on."""
    import bleach  # type: ignore[import-untyped]

    tags = frozenset(f"{_TEXT} {_BLOCKS} {_TABLES}".split())
    protocols = {"http", "https", "mailto", "data"}
    kept = bleach.clean(html, tags=tags, attributes=_is_harmless, protocols=protocols, strip=False)
    return Markup(_MATHJAX.sub(r"\\text", kept))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name in ("alt", "title") or (name == "src" and bool(_PICTURE.match(value)))
    if tag == "a":
        return name == "title" or (name == "href" and value.startswith(_LINK))
    if name == "class":
        return tag in ("code", "span", "div", "pre")
    return tag in ("td", "th") and name in ("colspan", "rowspan", "align")
