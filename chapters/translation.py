"""The words that readers see, in the language of the edition that is built.

English is the source: what is written in the code is what the English book shows. `BOOK_LANGUAGE` names another
language, whose words come from `locale/`; every call with literal words is a message of its `interface.po`.
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"
# Contexts: what a control or an axis is called (a step of training, not the step function); words within a formula.
QUANTITY, FORMULA = "quantity", "formula"
_listeners: list[list[str]] = []


def language() -> str:
    """The language of the edition, as Sphinx and gettext write it."""
    return os.environ.get("BOOK_LANGUAGE", "en")


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Let the words be those of another edition for a while."""
    before = language()
    os.environ["BOOK_LANGUAGE"] = name
    try:
        yield
    finally:
        os.environ["BOOK_LANGUAGE"] = before


def languages() -> list[str]:
    """The languages of the other editions."""
    return sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/interface.po"))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what is translated meanwhile."""
    heard: list[str] = []
    _listeners.append(heard)
    try:
        yield heard
    finally:
        _listeners.remove(heard)


def translate(message: str, context: str | None = None, /, **values: Any) -> str:
    """The message in the language of the edition, with its named placeholders filled in.

    Words among the values are looked up too, so that a message may name what the reader has chosen. A message
    without values is taken as it is, braces included. What the catalogue does not have stays English.
    """
    text = _looked_up(message, context)
    return text.format(**{name: _word(value) for name, value in values.items()}) if values else text


def translate_count(one: str, many: str, count: int, /, **values: Any) -> str:
    """The form of a message that belongs to the number `count`, which fills its placeholder `{count}`."""
    text = _catalogue(language()).ngettext(one, many, count)
    return text.format(count=count, **{name: _word(value) for name, value in values.items()})


def message(text: str) -> str:
    """Words that are translated later, where they are shown; marks them for the catalogue."""
    return text


def _word(value: Any) -> Any:
    return _looked_up(value, None) if isinstance(value, str) else value


def _looked_up(text: str, context: str | None) -> str:
    if not text:  # the empty message is the catalogue's own header
        return text
    for heard in _listeners:
        heard.append(text)
    catalogue = _catalogue(language())
    return catalogue.pgettext(context, text) if context else catalogue.gettext(text)


def compiled_catalogue(name: str) -> bytes:
    """The words of an edition as gettext reads them."""
    from babel.messages import mofile, pofile

    with (LOCALE / name / "LC_MESSAGES" / "interface.po").open("rb") as source:
        compiled = io.BytesIO()
        mofile.write_mo(compiled, pofile.read_po(source, locale=name))
    return compiled.getvalue()


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    if name == "en":
        return gettext.NullTranslations()
    compiled = (
        LOCALE / name / "LC_MESSAGES" / "interface.mo"
    )  # there where a browser's Python, without Babel, reads it
    return gettext.GNUTranslations(
        io.BytesIO(compiled.read_bytes() if compiled.is_file() else compiled_catalogue(name))
    )
