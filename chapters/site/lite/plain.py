"""The book's MyST Markdown as the plain Markdown that Jupyter shows: roles, labels and directives put into words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from book_mathml import in_words
from catalogues.files import translation_of
from catalogues.markdown import translated_markdown
from translation import language, message, translate

from .works import Works

LABEL = re.compile(r"^\(([\w-]+)\)=[ ]*\n+", re.MULTILINE)
HEADING = re.compile(r"#+ +(.+)")
FORMULA = re.compile(r"\$\$(.*?)\$\$(?: *\(([\w-]+)\))?", re.DOTALL)
ROLE = re.compile(r"\{([a-z]+(?::[a-z]+)*)\}`([^`]+)`")
DIRECTIVE = re.compile(r"^(`{3,}|:{3,})\{([\w:-]+)\}[ ]*(.*?)[ ]*\n(.*?)^\1[ ]*$", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"\A(?:[ ]*:[\w-]+:.*\n)+")
BOXES = {
    "admonition": "",
    "important": message("Important"),
    "note": message("Note"),
    "tip": message("Tip"),
    "warning": message("Warning"),
}


def source_of(page: Path) -> str:
    """A page's source in the language of the edition."""
    text = page.read_text("utf-8")
    if language() == "en":
        return text
    return translated_markdown(text, translation_of(page.parents[1], language(), f"chapters/{page.stem}"))


def live_file(page: str) -> str:
    """What the live notebook of a page is called; those of all editions lie in one folder, beside the modules."""
    return f"{page}.ipynb" if language() == "en" else f"{page}.{language()}.ipynb"


def exercise_file(name: str) -> str:
    """Where the notebook of an assignment is; its own name is the one to hand it in under, in any language."""
    folder = "exercises" if language() == "en" else f"exercises/{language()}"
    return f"{folder}/{name}/{name}.ipynb"


@dataclass(frozen=True)
class Book:
    """What the pages of a folder refer to: labels (page and title), numbers of equations, works, LaTeX macros."""

    works: Works
    macros: Mapping[str, str] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, chapters: Path, macros: Mapping[str, str]) -> Book:
        """Collect the targets of all pages in `chapters`, and the works of its bibliography."""
        book = cls(Works.read(chapters / "references.bib"), macros)
        for path in sorted(chapters.glob("*.md")):
            text = source_of(path)
            for match in LABEL.finditer(text):
                heading = HEADING.match(text, match.end())
                book.titles[match[1]] = (path.stem, heading[1].strip() if heading else match[1])
            labels = [label for _, label in FORMULA.findall(text) if label]
            book.numbers.update({label: number for number, label in enumerate(labels, 1)})
        return book


@dataclass
class Page:
    """One page on its way to plain Markdown; `live` names the pages that have a notebook to link to."""

    name: str
    book: Book
    live: frozenset[str]
    cited: list[str] = field(default_factory=list)

    def plain(self, text: str) -> str:
        """The text of one Markdown cell without MyST's own syntax. Cells come in page order."""
        text = ROLE.sub(lambda match: self._role(match[1], match[2]), text)
        text = DIRECTIVE.sub(self._directive, text)
        text = FORMULA.sub(self._formula, LABEL.sub("", text))
        for name, body in self.book.macros.items():
            text = re.sub(rf"\\{name}(?![a-zA-Z])", lambda _, body=body: body, text)
        return re.sub(r"\n{3,}", "\n\n", in_words(text)).strip()

    def _formula(self, match: re.Match[str]) -> str:
        number = self.book.numbers.get(match[2] or "")
        tag = f"\\tag{{{number}}}\n" if number else ""
        return f"$${match[1]}{tag}$$"

    def _directive(self, match: re.Match[str]) -> str:
        name, argument, body = match[2], match[3], OPTIONS.sub("", match[4])
        if name in BOXES:
            title = argument if name == "admonition" else translate(BOXES[name])
            return "\n".join(f"> {line}".rstrip() for line in [f"**{title}**", "", *body.split("\n")])
        shown: dict[str, Callable[[], str]] = {
            "assignment": lambda: f"[{translate('Open the assignment')}](../{exercise_file(argument)})",
            "footbibliography": lambda: self.book.works.listed(self.cited),
            "math": lambda: f"$$\n{body}$$",
            "guess": str,  # a quiz needs the page, which marks the answers
            "question": str,
        }
        return shown.get(name, lambda: body)()

    def _role(self, name: str, content: str) -> str:
        named = re.fullmatch(r"(.*?)\s*<([^<>]+)>", content, re.DOTALL)
        text, target = (named[1], named[2]) if named else ("", content)
        if name == "eq":
            return f"({self.book.numbers.get(target, target)})"
        if name == "ref":
            return self._reference(text, target)
        if name.startswith(("footcite", "cite")):
            return self._citation(target)
        return text or target

    def _reference(self, text: str, label: str) -> str:
        page, title = self.book.titles.get(label, (self.name, label))
        text = text or title
        return f"[{text}]({live_file(page)})" if page in self.live - {self.name} else text

    def _citation(self, keys: str) -> str:
        new = [key.strip() for key in keys.split(",")]
        self.cited += [key for key in new if key not in self.cited]
        works = translate("; ").join(self.book.works.short(key) for key in new)
        return translate("({works})", works=works)
