"""One file of an archive or folder that students filled: what it is called, and its bytes if they may be had.

Nothing is ever written to a place that an archive names: names are read to find out who handed in what.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

MOST_ENTRIES = 20_000
LARGEST_FILE = 100 << 20  # bytes; the notebooks of this course have some 20,000
LARGEST_TOTAL = 4 << 30
LONGEST_NAME = 1_000

_DRIVE = re.compile(r"[A-Za-z]:")


class Refused(Exception):
    """A file that is not taken; the message is half a sentence that follows its name."""


@dataclass(frozen=True)
class Entry:
    """A file: its path in the archive (parts joined by `/`), size in bytes, time (UTC) if it is known.

    `fault` says why it must not be opened; it is empty for a file that may be.
    """

    path: str
    size: int
    time: datetime | None
    fault: str
    open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def folders(self) -> tuple[str, ...]:
        """The parts of the path before the last one."""
        return tuple(self.path.split("/")[:-1])

    def read(self) -> bytes:
        """Return the file's bytes; raise Refused if it has a fault or turns out larger than it said."""
        if self.fault:
            raise Refused(self.fault)
        with self.open() as file:
            data = file.read(self.size + 1)
        if len(data) > self.size:
            raise Refused("is larger than its archive says")
        return data


def clean_path(name: str) -> tuple[str, str]:
    """Return a path with Unicode composed and `/` between its parts, and what is wrong with it (or nothing)."""
    path = unicodedata.normalize("NFC", name).replace("\\", "/")
    return path, _fault(path)


def _fault(path: str) -> str:
    if not path.strip("/. "):
        return "has no name"
    if len(path) > LONGEST_NAME:
        return "has a name too long to be one"
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in path):
        return "has a name that cannot be read"
    if path.startswith("/") or _DRIVE.match(path):
        return "names an absolute path"
    return "names a path out of its folder" if ".." in path.split("/") else ""


def size_fault(size: int) -> str:
    """Return why a file of this size is not taken, or nothing."""
    return f"is too large ({size >> 20} MB)" if size > LARGEST_FILE else ""


def shown(text: str, longest: int = 120) -> str:
    """Return an untrusted name as it may be printed: on one line, no control characters, not too long."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return plain if len(plain) <= longest else f"{plain[: longest - 3]}..."
