"""Zip archives that are there whole or not at all, the same bytes for the same contents."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.classroom.errors import CourseError

_TIME = (1980, 1, 1, 0, 0, 0)  # zip's own first day: an archive says nothing of when it was made


@contextmanager
def packed(path: Path) -> Iterator[Archive]:
    """Make a zip archive; whatever goes wrong leaves the file that was there. CourseError if it cannot be written."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with Archive(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
        draft.replace(path)
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


class Archive(zipfile.ZipFile):
    """A zip archive of files that all have one time, and the mode that is given."""

    def put(self, name: str, data: bytes | str, mode: int = 0o644) -> None:
        """Add a file."""
        info = zipfile.ZipInfo(name, _TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = 3, (0o100000 | mode) << 16
        self.writestr(info, data)

    def put_tree(self, folder: Path, name: str, pattern: str = "*") -> int:
        """Add the files below a folder that fit a pattern, hidden ones left out; return how many."""
        number = 0
        for path in sorted(folder.rglob(pattern)):
            parts = path.relative_to(folder).parts
            if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in parts):
                self.put("/".join((name, *parts)) if name else "/".join(parts), path.read_bytes())
                number += 1
        return number
