"""Feedback in other languages: what the page, the judge and the tests say, looked up in catalogues of messages.

Grading knows one language. A message with placeholders is a pattern: it finds what the judge has filled in. A sentence
that no catalogue has stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.pages.templating import clean

LOCALE = Path(__file__).parents[2] / "locale"
LANGUAGES = {"en": "en", "zh": "zh_CN"}  # what people write, and what catalogues are called
PARTS = (
    *("first", "second", "third", "fourth", "large", "small", "cell", "code", "markdown", "raw"),
    *("floats", "integers", "booleans", "Values", "Shape", "Stable", "Kinks", "Integers"),
)  # words that the judge puts into its sentences, and names of items that are one word
LONGEST = 600
"""Characters of a text that is looked up."""
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
_NO_NAMES = ("it", "is", "minus", "its")
_SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z`])")


@dataclass(frozen=True)
class Language:
    """A language of feedback: its tag in HTML, and its messages."""

    tag: str = "en"
    messages: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str, /, **values: Any) -> str:
        """Say words of the page, with what is put into them: markup as it is, text so that it does no harm."""
        said = self.messages.get(text, text)
        if not values:
            return said
        safe = {name: one if hasattr(one, "__html__") else clean(str(one)) for name, one in values.items()}
        return Markup(escape(said)).format(**safe)

    def tell(self, text: str) -> str:
        """Tell what the judge or a test has said, line by line and sentence by sentence as far as that is known."""
        if not self.messages:
            return text
        return self._found(text) or "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        if whole := self._found(line):
            return whole
        told = ""
        for sentence in _SENTENCE.split(line):
            said = self._found(sentence) or sentence
            told += said if not told or not said.isascii() else f" {said}"
        return told

    @cached_property
    def _found(self) -> Callable[[str], str]:
        """Looks a text up, each part once: a student's own words can be made of as many beginnings as they like."""
        return lru_cache(maxsize=4096)(self._looked_up)

    def _looked_up(self, text: str) -> str:
        """The text in this language; empty where no message fits, and for what is longer than messages are."""
        if len(text) > LONGEST:
            return ""
        small = text[:1].lower() + text[1:]
        for one in (text, small):
            if said := self.messages.get(one) or self._parts_of_messages.get(one):
                return said
        for way in (self._without_stop, self._by_beginning, self._by_pattern, self._of_a_name):
            if said := way(text):
                return said
        return ""

    def _without_stop(self, text: str) -> str:
        said = self._found(text[:-1]) if text.endswith(".") and not text.endswith("..") else ""
        return said and said.removesuffix("\u3002") + "\u3002"

    def _by_pattern(self, text: str) -> str:
        for pattern, names, said in self._patterns:
            if found := pattern.fullmatch(text) or pattern.fullmatch(text[:1].lower() + text[1:]):
                given = dict(zip(names, map(self._part, found.groups()), strict=True))
                if not any(_ENGLISH.search(part) for part in given.values()):
                    return _PLACEHOLDER.sub(lambda name, given=given: given[name[0]], said)  # type: ignore[misc]
        return ""

    def _part(self, text: str) -> str:
        return self._found(text) or text

    def _by_beginning(self, text: str) -> str:
        """A place, and what happens there: `At exactly 0 it is zero everywhere`."""
        for mark, ours in ((": ", "\uff1a"), (" ", "\uff0c")):
            for found in re.finditer(re.escape(mark), text):
                before, after = text[: found.start()], text[found.end() :]
                one_place = mark == ": " and mark not in before
                where = self.messages.get(before) or (one_place and self._found(before))
                if where and (said := self._found(after)):
                    return where + ours + said
        return ""

    def _of_a_name(self, text: str) -> str:
        """A function, and what is wrong with it: `relu should take a table`."""
        name, _, rest = text.partition(" ")
        said = self._found(rest) if name.isidentifier() and rest and name not in _NO_NAMES else ""
        return said and name + said

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], list[str], str]]:
        """Messages with placeholders, those with most words of their own first."""
        found = []
        for message, told in self.messages.items():
            text, said = message.removesuffix("."), told.removesuffix("\u3002")
            words = _PLACEHOLDER.split(text)
            if len(words) > 1 and sum(map(len, re.findall("[a-z]{2,}", "".join(words)))) > 3:
                names = _PLACEHOLDER.findall(text)
                groups = [*(r"(\S+)" if name.endswith(".id}") else "(.*?)" for name in names), ""]
                pattern = "".join(re.escape(word) + group for word, group in zip(words, groups, strict=True))
                found.append((len("".join(words)), pattern, names, said))
        found.sort(key=lambda one: -one[0])
        return [(re.compile(pattern, re.DOTALL), names, said) for _, pattern, names, said in found]

    @cached_property
    def _parts_of_messages(self) -> dict[str, str]:
        """What items are called, by the first sentence of their comment; and what follows the colon of a message."""
        found = {}
        for text, said in self.messages.items():
            if text.endswith("."):
                found[text.split(". ")[0].removesuffix(".")] = said.split("\u3002")[0]
            elif ": " in text and "\uff1a" in said:
                found[text.split(": ", 1)[1]] = said.split("\uff1a", 1)[1]
        return found


ENGLISH = Language()


def language(course: Course, name: str, assignment: str) -> Language:
    """Read the messages of a language: the grader's own, and those that the course has for the assignment."""
    if name not in LANGUAGES:
        raise CourseError(f"there is no feedback in {name}: choose one of {', '.join(LANGUAGES)}.")
    if name == "en":
        return ENGLISH
    folder = course.root / "chapters" / "locale" / LANGUAGES[name] / "LC_MESSAGES" / "exercises"
    names = ("shared", "feedback", assignment)
    paths = [*(folder / f"{name}.po" for name in names), LOCALE / LANGUAGES[name] / "feedback.po"]
    messages = dict(one for path in paths if path.is_file() for one in _messages(path))
    return Language(LANGUAGES[name].replace("_", "-"), messages)


def _messages(path: Path) -> Iterator[tuple[str, str]]:
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        for message in read_po(file):
            if (
                message.id
                and isinstance(message.id, str)
                and isinstance(message.string, str)
                and message.string
            ):
                yield message.id, message.string
