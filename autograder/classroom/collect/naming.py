"""What a file of an archive says by its name: who handed it in, under which name, when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from autograder.classroom.collect.entry import Entry

Source = Literal["canvas", "moodle", "blackboard", "brightspace", "sakai", "ilias", "gradescope", "files"]
SOURCES: tuple[Source, ...] = (
    "canvas", "moodle", "blackboard", "brightspace", "sakai", "ilias", "gradescope", "files",
)  # fmt: skip

_JUNK = re.compile(r"__MACOSX|\.ipynb_checkpoints|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.git|__pycache__")


@dataclass(frozen=True)
class Submitter:
    """Whoever handed something in, as an archive calls them.

    `name` is a person's or a group's name as the archive spells it, or a plain file's or folder's; `number` is Canvas's
    user or Moodle's participant; `prefix` is how the name of a file begins that is to find its way back to them; `ids`
    are a login, an address or a number that the archive gives beside the name; `blind` says that the name is the same
    for all.
    """

    source: Source
    name: str
    number: str = ""
    prefix: str = ""
    ids: tuple[str, ...] = ()
    blind: bool = False


@dataclass(frozen=True)
class Named:
    """A file of an archive with what its name says.

    `notebook` is the notebook's name without ending and number, empty for any other file; `order` grows from one
    hand-in to the next; `copy` tells a copy that a person made from an original; `time` is when it was handed in if the
    name says so; `others` are further people whose work it is.
    """

    entry: Entry
    submitter: Submitter
    file: str
    notebook: str
    late: bool = False
    order: int = 0
    copy: bool = False
    time: datetime | None = None
    others: tuple[Submitter, ...] = ()


def is_junk(entry: Entry) -> bool:
    """Tell whether a file is one that systems and editors leave about."""
    return any(_JUNK.fullmatch(part) for part in entry.path.split("/"))


def is_junk_name(file: str) -> bool:
    """Tell whether a file's own name, behind what a platform put before it, is such a file's."""
    return bool(_JUNK.fullmatch(file))
