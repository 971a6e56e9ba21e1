"""The language of the edition: its words for templates and settings, and the way to the other editions.

The English book is at the root of the site, every other edition in a folder, with the same names of pages and anchors.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import init as init_catalogue
from sphinx.transforms import SphinxTransform
from sphinx.util.i18n import docname_to_domain
from translation import LOCALE, language, translate


@dataclass(frozen=True)
class Edition:
    """A language as Sphinx writes it, as HTML does, as its readers do, and the folder of the site with its pages."""

    language: str
    tag: str
    name: str
    folder: str


EDITIONS = (Edition("en", "en", "English", ""), Edition("zh_CN", "zh-CN", "中文", "zh/"))


def edition() -> Edition:
    """The edition that is being built."""
    return next(one for one in EDITIONS if one.language == language())


def up(page: str) -> str:
    """The way from a page to the root of the site, where the English edition is."""
    return "../" * (page.count("/") + edition().folder.count("/"))


def prepare(app: Sphinx, config: Config) -> None:
    """Translate what the settings say."""
    options = config.html_theme_options
    config.html_title = translate(config.html_title)
    options["logo"] = options.get("logo", {}) | {"text": config.html_title}
    for name in ("search_bar_text", "extra_footer"):
        options[name] = translate(options.get(name, ""))


def lead(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let templates translate, and lead to the same page of the other editions."""
    site = os.environ.get("BOOK_URL", "").strip()
    root = site.rstrip("/") + "/" if site else up(page)
    context["translate"] = translate
    context["editions"] = [
        {
            "tag": one.tag,
            "name": one.name,
            "here": one == edition(),
            "address": f"{up(page)}{one.folder}{page}.html",
            "alternate": f"{root}{one.folder}{page}.html",
        }
        for one in EDITIONS
    ]


class KeepFormulas(SphinxTransform):
    """Keep displayed formulas out of the catalogues: their words are translated where they are written."""

    default_priority = 10  # before Sphinx looks for what to translate

    def apply(self, **_: Any) -> None:
        """Mark them."""
        for formula in self.document.findall(nodes.math_block):
            formula["translatable"] = False


def translate_contents(app: Sphinx, document: nodes.document) -> None:
    """Translate the captions of the table of contents, which come to a page only after Sphinx has translated it."""
    domain = docname_to_domain(app.env.docname, app.config.gettext_compact)
    catalogue, _ = init_catalogue([str(LOCALE)], app.config.language, domain)
    for contents in document.findall(addnodes.toctree):
        for caption in contents.extract_original_messages():
            contents.apply_translated_message(caption, catalogue.gettext(caption))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hooks."""
    app.add_transform(KeepFormulas)
    app.connect("config-inited", prepare, priority=50)
    app.connect("html-page-context", lead)
    if edition().folder:
        app.add_css_file("chinese.css")
        app.connect("doctree-read", translate_contents, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
