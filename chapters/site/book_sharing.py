"""What search engines, link previews and citations need of a page.

Each page carries its description, Open Graph data with a preview card, and the words to cite it by. Addresses in
them should be absolute, so they need the address where the site will be: set `BOOK_URL` when the site is built to
be published, and the build also writes a sitemap and canonical links. Without it the card's address is relative,
which some programs that show previews follow.
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from typing import Any

from book_language import edition
from citation import read_citation
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinxext import opengraph

SHORTEST, LONGEST = 40, 200  # letters of a description


def address() -> str:
    """The address of the published edition with a slash at its end, or nothing; refuses what is none."""
    url = os.environ.get("BOOK_URL", "").strip()
    if url and not url.startswith(("https://", "http://")):
        raise ConfigError(f"BOOK_URL is {url!r}: it has to begin with https://")
    return url.rstrip("/") + "/" + edition().folder if url else ""


def prepare(app: Sphinx, config: Config) -> None:
    """Set what depends on the address, and the version, which is the course's own."""
    config.html_baseurl = config.ogp_site_url = address()
    config.ogp_site_name = config.html_title
    config.ogp_social_cards = {
        "enable": not edition().folder,  # their font has no Han
        "image": "chapters/site/logo.png",
        "line_color": "#2f6fd0",
    }
    config.version = config.release = read_citation(Path(app.srcdir)).version


def cite(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give the template of each chapter the words to cite it by."""
    if doctree is None:
        return
    citation = read_citation(Path(app.srcdir))
    context["cite"] = {
        "title": re.sub(r'<span class="section-number">.*?</span>|<[^>]+>', "", context["title"]),
        "authors": citation.authors,
        "year": citation.released[:4],
        "book": citation.title,
        "version": citation.version,
        "address": address() and address() + app.builder.get_target_uri(page),
        "key": Path(page).name.replace("-", "_"),
    }


def first_words(doctree: nodes.document, *_: object) -> str:
    """The first sentences of a page's own text, as many as a search engine shows; buttons are not text."""
    own = (p.astext() for p in doctree.findall(nodes.paragraph) if "lite-live" not in p["classes"])
    text = re.sub(r"\s+", " ", next(own, ""))
    sentences = re.split(r"(?<=[.?!]) ", text)
    words = sentences[0]
    for sentence in sentences[1:]:
        if len(words) < SHORTEST or len(words) + len(sentence) < LONGEST:
            words += " " + sentence
        else:
            break
    return escape(words)


def make_relative(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Where the site's address is not known leave out `og:url`, and say where the card is as seen from the page."""
    if not address():
        tags = re.sub(r'<meta property="og:url"[^>]*>\s*', "", context.get("metatags", ""))
        up = "../" * page.count("/")
        context["metatags"] = re.sub(
            r'(<meta property="og:image" content=")/?(?=_images)', rf"\g<1>{up}", tags
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Load the extensions that write the data, and connect the hooks."""
    app.setup_extension("sphinxext.opengraph")
    opengraph.get_description = first_words  # its own begins with whatever a page shows first
    if address():
        app.setup_extension("sphinx_sitemap")
        app.config.sitemap_url_scheme = "{link}"
        app.config.sitemap_excludes = ["search.html", "genindex.html"]
    app.connect("config-inited", prepare)
    app.connect("html-page-context", cite)
    app.connect("html-page-context", make_relative, priority=900)  # once the tags are written
    return {"parallel_read_safe": True, "parallel_write_safe": True}
