"""Binds the pages of the built site into one HTML document: title page, contents, chapters, one address space."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from citation import read_citation
from translation import language, translate

# What only a screen can use.
SCREEN_ONLY = (
    "script, .headerlink, .explore-controls, .cite-this-page, .lite-links, .lite-live, template, button"
)
STYLES = Path(__file__).with_name("print.css")


class Incomplete(Exception):
    """The site was built from another table of contents; the message says what to do."""


def bind(root: Path, site: Path, numbers: Mapping[str, int] | None = None) -> str:
    """Return the document for the course in `root`, whose pages are built in `site`; it belongs beside them.

    `numbers` are the numbers of the sheets that anchors are on: its contents show them, and are as long without.

    Raises Incomplete where a page has not been built.
    """
    names = pages(root)
    for name in names:
        if not (site / f"{name}.html").is_file():
            raise Incomplete(f"the built site has no page {name}: run `jupyter-book build .` again")
    articles = {name: _article(site, name, names) for name in names}
    first = BeautifulSoup((site / f"{names[0]}.html").read_text("utf-8"), "html.parser")
    tag = language().replace("_", "-")
    body = _title_page(root) + _contents(articles, numbers or {}) + "".join(map(str, articles.values()))
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{read_citation(root).title}</title>{_styles(first, names[0])}"
        f"<style>{STYLES.read_text('utf-8')}</style></head><body>{body}</body></html>"
    )


def pages(root: Path) -> list[str]:
    """Return the pages of the book in reading order, as addresses without their ending."""
    contents = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    return [contents["root"], *(entry["file"] for part in contents["parts"] for entry in part["chapters"])]


def _article(site: Path, name: str, names: list[str]) -> Tag:
    page = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
    article = page.find("article")
    if not isinstance(article, Tag):
        raise ValueError(f"{name}.html has no article")
    for useless in article.select(SCREEN_ONLY):
        useless.decompose()
    for closed in article.find_all("details"):
        closed["open"] = ""
    _address(article, name, names)
    article["id"] = _anchor(name, "")
    article["class"] = "bd-article chapter"
    return article


def _address(article: Tag, name: str, names: list[str]) -> None:
    """Make ids unique in the whole book, and let links lead to them."""
    for tag in article.find_all(True):
        for attribute in ("id", "for", "aria-describedby", "aria-labelledby"):
            if tag.get(attribute):
                tag[attribute] = " ".join(_anchor(name, key) for key in str(tag[attribute]).split())
        if tag.name == "use" or (tag.name == "a" and tag.get("href")):
            for attribute in ("href", "xlink:href"):
                if tag.get(attribute):
                    tag[attribute] = _target(str(tag[attribute]), name, names)
        for attribute in ("clip-path", "fill", "style"):
            if "url(#" in str(tag.get(attribute, "")):
                tag[attribute] = re.sub(r"url\(#", f"url(#{_anchor(name, '')}-", str(tag[attribute]))
        if tag.name == "img" and not urlsplit(str(tag.get("src", ""))).scheme:
            tag["src"] = _beside(name, str(tag["src"]))


def _target(href: str, name: str, names: list[str]) -> str:
    if urlsplit(href).scheme:
        return href
    path, key = urldefrag(href)
    page = _beside(name, path).removesuffix(".html") if path else name
    return f"#{_anchor(page, key)}" if page in names else href


def _beside(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _anchor(name: str, key: str) -> str:
    page = posixpath.basename(name)
    return f"{page}-{key}" if key else page


def _styles(page: BeautifulSoup, name: str) -> str:
    links = page.select('link[rel="stylesheet"]')
    hrefs = [_beside(name, str(link["href"]).partition("?")[0]) for link in links]
    return "".join(f'<link rel="stylesheet" href="{href}">' for href in dict.fromkeys(hrefs))


def _title_page(root: Path) -> str:
    citation = read_citation(root)
    title, _, subtitle = citation.title.partition(": ")
    licence = translate(
        "Text and figures CC BY 4.0, code BSD-3-Clause. The plots can be moved in the book's pages on the "
        "screen; here each shows one frame, and says which."
    )
    return (
        f'<header class="title-page"><img src="_static/logo.svg" alt=""><p class="title">{title}</p>'
        f'<p class="subtitle">{subtitle}</p><p>{citation.authors}</p>'
        f"<p>{translate('Version {version}, {date}', version=citation.version, date=citation.released)}</p>"
        f"<p>{licence}</p></header>"
    )


def _contents(articles: dict[str, Tag], numbers: Mapping[str, int]) -> str:
    lines = []
    for article in articles.values():
        sections = "".join(
            f"<li>{_entry(heading, numbers)}</li>" for heading in article.select("section > h2")
        )
        lines += [f"<li>{_entry(title, numbers)}<ul>{sections}</ul></li>" for title in article.select("h1")]
    return f'<nav class="contents"><h1>{translate("Contents")}</h1><ul>{"".join(lines)}</ul></nav>'


def _entry(heading: Tag, numbers: Mapping[str, int]) -> str:
    """A link to the heading itself: its section may begin at the foot of the sheet before."""
    section = heading.find_parent("section", id=True)
    anchor = heading["id"] = f"{section['id']}-heading"
    return f'<a href="#{anchor}"><span>{heading.get_text().strip()}</span><span>{numbers.get(anchor, "")}</span></a>'
