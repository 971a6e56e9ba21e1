"""The files of a folder that somebody unpacked or filled by hand; links in it are not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from autograder.classroom.collect.entry import MOST_ENTRIES, Entry, Refused, clean_path, size_fault
from autograder.classroom.errors import CourseError


def entries(folder: Path) -> list[Entry]:
    """Return the files below a folder; raise CourseError if there are too many."""
    found = []
    for path in _paths(folder):
        found.append(_entry(path, folder))
        if len(found) > MOST_ENTRIES:
            raise CourseError(f"{folder} has more than {MOST_ENTRIES:,} files: nothing was taken from it.")
    return found


def _paths(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(root, name).is_symlink()]
        yield from (Path(root, name) for name in sorted([*names, *links]))


def _entry(path: Path, folder: Path) -> Entry:
    status = path.lstat()
    name, fault = clean_path("/".join(path.relative_to(folder).parts))
    if stat.S_ISLNK(status.st_mode):
        fault = fault or "is a link"
    elif not stat.S_ISREG(status.st_mode):
        fault = fault or "is a device or a pipe"
    time = datetime.fromtimestamp(int(status.st_mtime), UTC)
    return Entry(name, status.st_size, time, fault or size_fault(status.st_size), partial(_open, path))


def _open(path: Path) -> IO[bytes]:
    """Open a file that was none of the rest a moment ago, and must not have become it since."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})") from error
    return os.fdopen(handle, "rb")
