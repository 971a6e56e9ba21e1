"""What is wrong with translations: what is missing or left over, and what must be as it is in the source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

from babel.messages import Catalog

from .files import FEEDBACK, INTERFACE, LANGUAGES, place, read, templates, translated
from .terms import Terms
from .writing import faults_of_writing

ROLE = re.compile(r"\{([a-z]+(?::[a-z]+)*)\}`([^`\s,\uff0c\uff1a][^`]*)`")
FORMULA = re.compile(r"(?<![\\$])\$([^$]+?)(?<!\\)\$")
CODE = re.compile(r"(?<![}`])`([^`]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)|(https?://[^\s>\"')\uff0c\uff09]+)")
TAG = re.compile(r"</?[a-z][^>]*>")
PLACEHOLDER = re.compile(r"\{[\w.:,%]*\}")
NUMBER = re.compile(r"(?<![A-Za-z0-9_.])\d+(?:[.,]\d+)*")
COUNTED = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
WRITTEN = {word: str(number) for number, word in enumerate(COUNTED)} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100", "thousand": "1000",
    "half": "2", "quarter": "4", "third": "3", "first": "1", "second": "2", "twice": "2", "both": "2", "once": "1",
}  # fmt: skip


def faults_of_all(root: Path) -> list[str]:
    """What is wrong with all catalogues of the course in `root`, and what differs from its source."""
    return [
        fault
        for name, template in templates(root).items()
        for language in LANGUAGES
        for fault in faults_against(template, place(root, language, name), language)
    ]


def faults_against(template: Catalog, path: Path, language: str) -> Iterator[str]:
    """Messages that the file lacks, messages that the source no longer has, and the faults of the others."""
    wanted = {(message.id, message.context) for message in template if message.id}
    kept = {(message.id, message.context) for message in read(path, language) if message.id}
    for text, _ in sorted(wanted - kept, key=str):
        yield f"{path}: not there, run `make catalogues`: {_short(text)}"
    for text, _ in sorted(kept - wanted, key=str):
        yield f"{path}: no longer in the book, run `make catalogues`: {_short(text)}"
    yield from faults_of_file(path, language)


def faults_of_file(path: Path, language: str = LANGUAGES[0]) -> Iterator[str]:
    """What is wrong with the translations in one file."""
    terms = Terms.read()
    for message in read(path, language):
        if not message.id:
            continue
        source = message.id[-1] if isinstance(message.id, tuple) else message.id
        for fault in _faults(
            source,
            message.string,
            message.fuzzy,
            terms,
            formats=path.stem in (INTERFACE, FEEDBACK) or path.parent.name == "exercises",
        ):
            yield f"{path}: {fault}: {_short(source)}"


def _faults(
    source: str, string: str | tuple[str, ...], fuzzy: bool, terms: Terms, *, formats: bool
) -> Iterator[str]:
    if not translated(string):
        yield "not translated"
        return
    if fuzzy:
        yield "marked as fuzzy"
    for text in string if isinstance(string, tuple) else (string,):
        yield from faults_of_translation(source, text, formats=formats)
        yield from terms.faults(bare(source), text)
        yield from faults_of_writing(source, text, bare, names=terms.names)


def faults_of_translation(source: str, text: str, *, formats: bool) -> Iterator[str]:
    """What a translation must share with its source and does not; `formats` where words in braces are placeholders."""
    for what, found in _SHARED.items():
        if what == "placeholders" and not formats:
            continue
        yield from _differences(what, found(source), found(text))
    yield from _differences_of_numbers(source, text)


def bare(text: str) -> str:
    """The words alone: without roles' targets, formulas, code, links, tags and placeholders."""
    text = ROLE.sub(lambda role: _words_of(role[2]), text)
    for pattern in (FORMULA, CODE, LINK, TAG, PLACEHOLDER):
        text = pattern.sub(" \ufffc ", text)
    return text


def _words_of(content: str) -> str:
    named = re.fullmatch(r"(.*?)\s*<[^<>]+>", content, re.DOTALL)
    return named[1] if named else content


def _target(role: str, content: str) -> str:
    named = re.fullmatch(r".*?\s*<([^<>]+)>", content, re.DOTALL)
    return f"{{{role}}}`{' '.join((named[1] if named else content).split())}`"


def _placeholders(text: str) -> Counter[str]:
    try:
        fields = list(Formatter().parse(FORMULA.sub("", text)))
    except ValueError:
        return Counter(["braces that do not match"])
    return Counter(
        f"{{{name}{':' if spec else ''}{spec}}}" for _, name, spec, _ in fields if name is not None
    )


_SHARED: dict[str, Callable[[str], Counter[str]]] = {
    "placeholders": _placeholders,
    "roles": lambda text: Counter(_target(role, content) for role, content in ROLE.findall(text)),
    "formulas": lambda text: Counter(" ".join(formula.split()) for formula in FORMULA.findall(text)),
    "code": lambda text: Counter(CODE.findall(ROLE.sub("", text))),
    "links": lambda text: Counter(first or second for first, second in LINK.findall(text)),
    "tags": lambda text: Counter(TAG.findall(CODE.sub("", ROLE.sub("", text)))),
    "strong text": lambda text: Counter({"**": CODE.sub("", text).count("**")}),
}


def _differences(what: str, source: Counter[str], text: Counter[str]) -> Iterator[str]:
    if missing := source - text:
        yield f"{what} missing: {', '.join(missing)}"
    if added := text - source:
        yield f"{what} added: {', '.join(added)}"


def _differences_of_numbers(source: str, text: str) -> Iterator[str]:
    """Every figure of the source has to be there; others only where the source says them in words."""
    wanted, found = Counter(NUMBER.findall(bare(source))), Counter(NUMBER.findall(bare(text)))
    words = {WRITTEN[word] for word in re.findall(r"[a-z]+", source.lower()) if word in WRITTEN}
    if missing := wanted - found:
        yield f"numbers missing: {', '.join(missing)}"
    if added := [number for number in found - wanted if number not in words]:
        yield f"numbers added: {', '.join(added)}"


def _short(text: str | tuple[str, ...]) -> str:
    words = text if isinstance(text, str) else text[0]
    return words if len(words) <= 90 else f"{words[:87]}..."
