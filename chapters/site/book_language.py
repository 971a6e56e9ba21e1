"""The language of the edition: its words for templates and settings, and the way to the other editions.

The English book is at the root of the site, every other edition in a folder, with the same names of pages and anchors.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import init as init_catalogue
from sphinx.transforms import SphinxTransform
from sphinx.util.i18n import docname_to_domain
from translation import LOCALE, language, message, translate

WORDS_OF_SCRIPTS = "words-table.js"
# What the theme says in attributes of its own, in English only.
WORDS_OF_THEME = (
    message("Main"),
    message("Page"),
    message("Color mode"),
    message("Toggle primary sidebar"),
    message("Toggle secondary sidebar"),
    message("Link to this heading"),
    message("Link to this term"),
    message("System Settings"),
)


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
    config.author = translate(config.author)
    for name in ("search_bar_text", "extra_footer"):
        options[name] = translate(options.get(name, ""))


def lead(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Let templates translate, and lead to the same page of the other editions."""
    site = os.environ.get("BOOK_URL", "").strip()
    root = site.rstrip("/") + "/" if site else up(page)
    theme = context.get("translate", translate)

    def say(text: str, **values: Any) -> str:
        """What the course has no words for, the theme may have."""
        said = translate(text, **values)
        return theme(text) if said == text else said

    context["translate"] = say
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


class ChooseTexts(SphinxTransform):
    """Say which texts are for the catalogues: displayed formulas are not, their words are translated where written.

    The cells of a table inside a directive are; MyST does not tell where they stand, and Sphinx passes over such text.
    """

    default_priority = 10  # before Sphinx looks for what to translate

    def apply(self, **_: Any) -> None:
        """Mark them."""
        for formula in self.document.findall(nodes.math_block):
            formula["translatable"] = False
        for cell in self.document.findall(nodes.entry):
            for text in cell.findall(nodes.paragraph):
                text.source = text.source or self.document["source"]


def translate_contents(app: Sphinx, document: nodes.document) -> None:
    """Translate the captions of the table of contents, which come to a page only after Sphinx has translated it."""
    domain = docname_to_domain(app.env.docname, app.config.gettext_compact)
    catalogue, _ = init_catalogue([str(LOCALE)], app.config.language, domain)
    for contents in document.findall(addnodes.toctree):
        for caption in contents.extract_original_messages():
            contents.apply_translated_message(caption, catalogue.gettext(caption))


def write_words(app: Sphinx) -> None:
    """Put the words of the site's scripts where `words.js` looks for them."""
    with (LOCALE / app.config.language / "LC_MESSAGES" / "interface.po").open("rb") as source:
        catalogue = read_po(source)
    words = {
        message.id: message.string
        for message in catalogue
        if message.string and any(file.endswith(".js") for file, _ in message.locations)
    }
    table = Path(app.outdir, "_static", WORDS_OF_SCRIPTS)
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(f"globalThis.bookWords = {json.dumps(words, ensure_ascii=False)};\n", "utf-8")


def translate_theme(app: Sphinx, exception: Exception | None) -> None:
    """Translate what the theme has no translation for."""
    if exception is not None:
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text("utf-8")
        for words in WORDS_OF_THEME:
            html = html.replace(f'="{words}"', f'="{translate(words)}"')
        page.write_text(html, "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hooks."""
    app.add_transform(ChooseTexts)
    app.add_js_file("words.js", priority=101)  # before all scripts that use it
    app.connect("config-inited", prepare, priority=50)
    app.connect("html-page-context", lead)
    if edition().folder:
        app.add_css_file("chinese.css")
        app.add_js_file(WORDS_OF_SCRIPTS, priority=100)
        app.connect("builder-inited", write_words)
        app.connect("build-finished", translate_theme)
        app.connect("doctree-read", translate_contents, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
