"""The files of a zip archive, each checked before a byte of it is unpacked.

The limits hold for the whole archive as well as for each file, and a file that breaks them spoils no other.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import IO

from autograder.classroom.collect.entry import (
    LARGEST_TOTAL,
    MOST_ENTRIES,
    Entry,
    Refused,
    clean_path,
    size_fault,
)
from autograder.classroom.errors import CourseError

HIGHEST_RATIO = 200  # text seldom shrinks to less than a fiftieth; a bomb to a thousandth
HARMLESS = 1 << 20  # bytes that may be packed as tightly as they like

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LONGEST_END = (1 << 16) + 22 + 20  # bytes: a comment, the record, and where its long form is
_UTF8, _ENCRYPTED = 0x800, 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)


@contextmanager
def opened(path: Path, zone: tzinfo | None) -> Iterator[list[Entry]]:
    """Open a zip archive and give its files; times in it are of the `zone` (None: this machine's).

    Raises CourseError if it is damaged, has too many files or would unpack to too much.
    """
    _refuse_crowds(path)
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise CourseError(f"{path} is no whole zip archive ({error}): download it again.") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        _refuse_floods(path, infos)
        yield _refuse_doubles([_entry(archive, info, zone) for info in infos], infos)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zone: tzinfo | None) -> Entry:
    path, fault = clean_path(_name(info))
    fault = fault or size_fault(info.file_size) or _fault(info)
    return Entry(path, info.file_size, _time(info, zone), fault, partial(_open, archive, info))


def _fault(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in (0, stat.S_IFREG):
        return "is a device or a pipe"
    if info.flag_bits & _ENCRYPTED:
        return "is locked with a password"
    if info.compress_type not in _METHODS:
        return "is packed in a way that cannot be read here"
    if info.file_size > HARMLESS and info.file_size > HIGHEST_RATIO * info.compress_size:
        return f"would unpack to {info.file_size // max(1, info.compress_size):,} times its size"
    return ""


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a file so that all that can be wrong with it is Refused."""
    try:
        return _Checked(archive.open(info))  # type: ignore[return-value]
    except _BROKEN as error:
        raise Refused("is damaged") from error


class _Checked:
    """A file of the archive whose damage is told when it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except _BROKEN as error:
            raise Refused("is damaged") from error

    def __enter__(self) -> _Checked:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: many programs write UTF-8 without saying so."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _time(info: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
    """Return when a file was last changed; zip's first day stands for not knowing."""
    if stamp := _unix_time(info.extra):
        return datetime.fromtimestamp(stamp, UTC)
    try:
        local = datetime(*info.date_time)
        return None if local.year <= 1980 else local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unix_time(extra: bytes) -> int:
    """Return the seconds of Info-ZIP's extended timestamp field (0x5455), 0 if there is none."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x5455 and len(body) >= 5 and body[0] & 1:
            return max(0, int(struct.unpack_from("<i", body, 1)[0]))
    return 0


def _refuse_doubles(entries: list[Entry], infos: list[zipfile.ZipInfo]) -> list[Entry]:
    """Mark files that share a path: programs differ in which of them they show."""
    contents = {(entry.path, info.CRC, info.file_size) for entry, info in zip(entries, infos, strict=True)}
    often = Counter(path for path, _, _ in contents)
    kept: dict[str, Entry] = {}
    for entry in entries:
        double = "is in the archive twice, with different contents" if often[entry.path] > 1 else ""
        fault = entry.fault or double
        kept.setdefault(entry.path, Entry(entry.path, entry.size, entry.time, fault, entry.open))
    return list(kept.values())


def _refuse_floods(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in infos if not _fault(info) and not size_fault(info.file_size))
    if total > LARGEST_TOTAL:
        raise CourseError(f"{path} would unpack to {total >> 30} GB: nothing was taken from it.")


def _refuse_crowds(path: Path) -> None:
    """Raise CourseError for an archive whose list of contents alone would fill the memory."""
    number, size = _directory(path)
    if size > 1_000 * MOST_ENTRIES or number > MOST_ENTRIES:
        raise CourseError(f"{path} has more than {MOST_ENTRIES:,} files: nothing was taken from it.")


def _directory(path: Path) -> tuple[int, int]:
    """Return how many files an archive lists, and the bytes of the list, from the record at its end."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        file.seek(max(0, length - _LONGEST_END))
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0 or len(tail) < end + 22:
            raise CourseError(f"{path} is no whole zip archive: download it again.")
        number, size = struct.unpack_from("<HI", tail, end + 10)
        locator = tail[end - 20 : end] if end >= 20 else b""
        if locator.startswith(b"PK\x06\x07"):  # the long form of the record, for large archives
            file.seek(min(length, struct.unpack_from("<Q", locator, 8)[0]))
            if len(record := file.read(56)) == 56:
                number, size = struct.unpack_from("<QQ", record, 32)
    return number, size
