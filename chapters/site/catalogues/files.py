"""Reads, updates and writes the files of messages, one for each page and one for the words in code."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, pofile

LANGUAGES = ("zh_CN",)
INTERFACE, FEEDBACK = "interface", "feedback"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # files say nothing of when they were made: that is not a change


def templates(root: Path) -> dict[str, Catalog]:
    """All messages as they are in the source, without translations, by the name of their catalogue."""
    from .exercises import exercise_templates
    from .feedback import feedback_template
    from .pages import page_templates  # Sphinx takes seconds to import, and checking a file needs none of it

    return (
        page_templates(root)
        | exercise_templates(root)
        | {
            INTERFACE: interface_template(root),
            FEEDBACK: feedback_template(root),
        }
    )


def interface_template(root: Path) -> Catalog:
    """The messages of the words in code."""
    from .words import found

    catalogue = Catalog()
    for one in found(root / "chapters"):
        text = (one.text, one.plural) if one.plural else one.text
        catalogue.add(text, locations=[(one.file, 0)], context=one.context)
    return catalogue


def place(root: Path, language: str, name: str) -> Path:
    """Where a catalogue is kept: that of feedback with the grader, which works without the book."""
    if name == FEEDBACK:
        return root / "autograder" / "locale" / language / f"{name}.po"
    return root / "chapters" / "locale" / language / "LC_MESSAGES" / f"{name}.po"


def read(path: Path, language: str) -> Catalog:
    """Read a file of messages; one that is not there has none."""
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def translation_of(root: Path, language: str, name: str) -> Callable[[str], str]:
    """What looks up a text of a page in its catalogue; what has no translation stays as it is."""
    found = {message.id: message.string for message in read(place(root, language, name), language)}
    return lambda text: found.get(text) or text


def update(root: Path, language: str) -> Iterator[tuple[Path, int]]:
    """Bring every file in step with the source and yield it with the number of its messages without translation.

    Translations stay with the sentence that they translate; nothing is guessed from sentences that look alike.
    """
    for name, template in templates(root).items():
        path = place(root, language, name)
        old, new = read(path, language), _empty(language)
        for message in template:
            if message.id:
                kept = old.get(message.id, message.context)
                text = kept.string if kept else None
                comments = kept.user_comments if kept else ()
                new.add(message.id, text, message.locations, user_comments=comments, context=message.context)
        for message in new:  # Babel takes roles and per cent signs for placeholders
            message.flags.discard("python-format")
            if name != INTERFACE:
                message.flags.discard("python-brace-format")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_written(new))
        yield path, sum(not translated(message.string) for message in new if message.id)


def translated(string: str | tuple[str, ...]) -> bool:
    """Whether there is a translation, in all plural forms."""
    return all(string) if isinstance(string, tuple) else bool(string)


def _empty(language: str) -> Catalog:
    return Catalog(
        language,
        project="From Lines to Softmax",
        header_comment="",
        fuzzy=False,
        creation_date=BEGINNING,
        revision_date=BEGINNING,
    )


def _written(catalogue: Catalog) -> bytes:
    text = io.BytesIO()
    pofile.write_po(text, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    return text.getvalue()
