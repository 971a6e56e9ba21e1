"""Names of people and files: when two are the same, and what of one may name a folder.

Compared is by Unicode's rules and no others: NFKC, case folding, NFC (Unicode Standard Annex 15; Core Specification,
3.13). A letter never counts for another. Marks are part of a name: in Devanagari, Tamil or Thai they are its vowels.
The joiners U+200C and U+200D count between letters, where they can part two words (Annex 31, 2.3).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.classroom.collect.archive import Entry

LONGEST_ID = 100
NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
_JOINERS = "\u200c\u200d"
# Marks of direction, byte-order marks and soft hyphens: no part of a name, and seen by nobody (Annex 31, 2.3).
_UNSEEN = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_APOSTROPHES = "'`\u2018\u2019\u02bc\u02bb\u00b4"
_MAY_NAME = frozenset("_.@ +-")
# "Copy of" as Google's Colab writes it in front, and "copy" as systems write it behind.
COPY_OF = r"(?:copy of|copia de|copia di|copie de|cópia de|kopie von|kopie van|kopia|копия|копія|副本|コピー)"
_COPIED = r"(?:copy|kopie|copie|copia|cópia|kopia|kopi|копия|копія|副本|コピー|のコピー|的副本|checkpoint)"
_AGAIN = re.compile(
    rf"(?P<stem>.+?)(?:-(?P<canvas>\d{{1,3}})|[ _]?\((?P<browser>\d{{1,3}})\)"
    rf"|[-_ ]*(?P<copy>[-_ ]\(?{_COPIED}|のコピー|的副本)[ _-]?(?P<number>\d{{0,3}})\)?)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"{COPY_OF}[ _]+(?P<stem>.+)", re.IGNORECASE)


def folded(text: str) -> str:
    """Return a text in the form in which two of the same name are equal."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", seen(text)).casefold())


def seen(text: str) -> str:
    """Return a text without the signs that only say in which direction it runs."""
    return _UNSEEN.sub("", text)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name for comparing; apostrophes part none, everything else but letters does."""
    signs = "".join(_word_signs(folded(text)))
    return tuple(word for part in signs.split() if (word := part.strip(_JOINERS)))


def squeeze(text: str) -> str:
    """Return a name for comparing as one word."""
    return "".join(words(text))


def as_canvas(text: str) -> str:
    """Return a name as Canvas puts it into file names: letters, marks and digits (`lib/content_zipper.rb`)."""
    return "".join(sign for sign in squeeze(text) if sign not in _JOINERS)


def as_moodle(text: str) -> str:
    """Return a name as Moodle puts it into file names (`clean_param`, PARAM_FILE, in `lib/classes/param.php`)."""
    return re.sub(r"[\x00-\x1f&<>\"`|':\\/]", "", text).replace("_", " ")


def is_safe(student: str) -> bool:
    """Tell whether a student's id can name a folder and stand in a spreadsheet without being taken for a formula."""
    if not 0 < len(student) <= LONGEST_ID or not unicodedata.is_normalized("NFC", student):
        return False
    first, last = student[0], student[-1]
    ends = unicodedata.category(first)[0] in "LN" or first == "_"
    return ends and last not in ". " + _JOINERS and all(_may_name(sign) for sign in student)


def safe_id(text: str) -> str:
    """Return the form of a text that can name a folder: `O'Neil/Ann` becomes `O-Neil-Ann`; empty if nothing is left."""
    plain = unicodedata.normalize("NFC", seen(text)).strip()
    if is_safe(plain):
        return plain
    kept = "".join(s if _may_name(s) else "-" for s in plain)
    kept = re.sub(r"-{2,}", "-", kept).lstrip("-.@+ ").rstrip("-. " + _JOINERS)
    if len(kept) > LONGEST_ID:
        kept = f"{kept[: LONGEST_ID - 9]}-{short_digest(text)}"
    return kept if is_safe(kept) else ""


def id_of_name(name: str) -> str:
    """Return an id made of a person's name, with all that the name has: `Zoë de la Cruz` gives `zoë-de-la-cruz`."""
    return safe_id("-".join(words(name)))


def short_digest(text: str) -> str:
    """Return eight signs that keep two texts apart whose safe forms are the same."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def notebook_name(file: str) -> str:
    """Return a file's name without a notebook's ending, empty for any other file."""
    return next((file[: -len(end)] for end in NOTEBOOK_ENDINGS if file.lower().endswith(end)), "")


def may_hold_notebook(file: str) -> bool:
    """Tell whether a file is called as a notebook is, or as an archive that may hold one."""
    return bool(notebook_name(file)) or file.lower().endswith(".zip")


def split_copy(stem: str, known: object = ()) -> tuple[str, int, bool]:
    """Split `work-2`, `work (2)`, `work-Copy2`, `Copy of work` into `work`, 2 and whether it is a person's own copy.

    `known` are names that are whole as they are: `hw-1` may be an assignment, and not the second upload of `hw`.
    """
    if stem in known:  # type: ignore[operator]
        return stem, 0, False
    if match := _BEFORE.fullmatch(stem):
        return split_copy(match["stem"], known)[0], 1, True
    if not (match := _AGAIN.fullmatch(stem)):
        return stem, 0, False
    number = int(match["canvas"] or match["browser"] or match["number"] or 1)
    inner = split_copy(match["stem"], known)
    return inner[0], number, bool(match["copy"]) or inner[2]


def _word_signs(text: str) -> Iterator[str]:
    for sign in text:
        if _in_word(sign) or sign in _JOINERS:
            yield sign
        elif sign not in _APOSTROPHES:
            yield " "


def _in_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


def _may_name(sign: str) -> bool:
    return _in_word(sign) or sign in _MAY_NAME or sign in _JOINERS


Source = Literal["canvas", "moodle", "blackboard", "brightspace", "sakai", "ilias", "gradescope", "files"]
_JUNK = re.compile(r"__MACOSX|\.ipynb_checkpoints|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.git|__pycache__")


@dataclass(frozen=True)
class Submitter:
    """Whoever handed something in, as an archive calls them.

    `name` is a person's or a group's name as the archive spells it, or a plain file's or folder's; `number` is Canvas's
    user or Moodle's participant; `prefix` is how the name of a file begins that is to find its way back to them; `ids`
    are a login, an address or a number that the archive gives beside the name; `blind` says that the name is the same
    for all, `group` that it is surely no person's.
    """

    source: Source
    name: str
    number: str = ""
    prefix: str = ""
    ids: tuple[str, ...] = ()
    blind: bool = False
    group: bool = False


@dataclass(frozen=True)
class NamedFile:
    """A file of an archive with what its name says.

    `notebook` is the notebook's name without ending and number, empty for any other file; `order` grows from one
    hand-in to the next; `copy` tells a copy that a person made from an original; `time` is when it was handed in if the
    name says so; `others` are further people whose work it is.
    """

    entry: Entry
    submitter: Submitter
    file: str
    notebook: str = ""
    late: bool = False
    order: int = 0
    copy: bool = False
    time: datetime | None = None
    others: tuple[Submitter, ...] = ()

    def is_below(self, folders: tuple[str, ...]) -> bool:
        """Whether it lies in a folder of the archive or below it."""
        return self.entry.folders[: len(folders)] == folders

    def path_below(self, folders: tuple[str, ...]) -> str:
        """Its path from there."""
        return "/".join((*self.entry.folders[len(folders) :], self.file.rsplit("/", 1)[-1]))


def is_junk(path: str) -> bool:
    """Tell whether a file, or one of its folders, is called as what systems and editors leave about."""
    return any(_JUNK.fullmatch(part) for part in path.split("/"))
