"""The files that students filled, in a zip archive or a folder: each checked before a byte of it is read.

Nothing is ever written to a place that an archive names: names are read to find out who handed in what. Links are not
followed. The limits hold for a whole archive as well as for each file, and a file that breaks them spoils no other.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import IO

from autograder.classroom.errors import CourseError

MOST_ENTRIES = 20_000
LARGEST_FILE = 100 << 20  # bytes; the notebooks of this course have some 20,000
LARGEST_TOTAL = 4 << 30
LONGEST_NAME = 1_000
HIGHEST_RATIO = 200  # text seldom shrinks to less than a fiftieth; a bomb to a thousandth
HARMLESS = 1 << 20  # bytes that may be packed as tightly as they like

# What other archives begin with: they are named, not read.
_OTHERS = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
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
        """Return the file's bytes; raise Refused if it has a fault, is damaged or larger than it said."""
        if self.fault:
            raise Refused(self.fault)
        try:
            with self.open() as file:
                data = file.read(self.size + 1)
        except _BROKEN as error:
            raise Refused("is damaged") from error
        if len(data) > self.size:
            raise Refused("is larger than its archive says")
        return data


def clean_path(name: str) -> tuple[str, str]:
    """Return a path with Unicode composed and `/` between its parts, and what is wrong with it (or nothing)."""
    path = unicodedata.normalize("NFC", name).replace("\\", "/")
    return path, _path_fault(path)


def _path_fault(path: str) -> str:
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


@contextmanager
def opened(path: Path, zone: tzinfo | None) -> Iterator[list[Entry]]:
    """Open a zip archive or a folder and give its files; raise CourseError if it is neither."""
    if path.is_dir():
        yield in_folder(path)
    elif path.is_file():
        with in_zip(path, zone) as entries:
            yield entries
    else:
        raise CourseError(f"there is no archive or folder {path}.")


def in_folder(folder: Path) -> list[Entry]:
    """Return the files below a folder; raise CourseError if there are too many."""
    found = []
    for path in _paths(folder):
        found.append(_of_path(path, folder))
        if len(found) > MOST_ENTRIES:
            raise CourseError(f"{folder} has more than {MOST_ENTRIES:,} files: nothing was taken from it.")
    return found


def _paths(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(root, name).is_symlink()]
        yield from (Path(root, name) for name in sorted([*names, *links]))


def _of_path(path: Path, folder: Path) -> Entry:
    status = path.lstat()
    name, fault = clean_path("/".join(path.relative_to(folder).parts))
    if stat.S_ISLNK(status.st_mode):
        fault = fault or "is a link"
    elif not stat.S_ISREG(status.st_mode):
        fault = fault or "is a device or a pipe"
    time = datetime.fromtimestamp(int(status.st_mtime), UTC)
    return Entry(name, status.st_size, time, fault or size_fault(status.st_size), partial(_open_path, path))


def _open_path(path: Path) -> IO[bytes]:
    """Open a file that was none of the rest a moment ago, and must not have become it since."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})") from error
    return os.fdopen(handle, "rb")


@contextmanager
def in_zip(path: Path, zone: tzinfo | None) -> Iterator[list[Entry]]:
    """Open a zip archive and give its files; times in it are of the `zone` (None: this machine's).

    Raises CourseError if it is damaged, has too many files or would unpack to too much.
    """
    with path.open("rb") as file, _opened_zip(file, str(path)) as archive:
        yield _entries(archive, str(path), zone)


def in_entry(entry: Entry) -> list[Entry]:
    """Return the files of a zip archive that lies in an archive, each with the time of the archive it lies in.

    Raises Refused if it cannot be had or is none, has too many files or would unpack to too much.
    """
    try:
        with _opened_zip(io.BytesIO(entry.read()), "it") as archive:
            inside = _entries(archive, "it", None)
    except CourseError as error:
        raise Refused(f"cannot be opened: {str(error).rstrip('.')}") from error
    return [
        replace(one, path=f"{entry.path}/{one.path}", time=entry.time, open=partial(_open_inside, entry, one))
        for one in inside
    ]


def _open_inside(entry: Entry, one: Entry) -> IO[bytes]:
    """Read an archive again for one file of it: to hold them all would fill the memory."""
    with _opened_zip(io.BytesIO(entry.read()), "it") as archive:
        again = next(found for found in _entries(archive, "it", None) if found.path == one.path)
        return io.BytesIO(again.read())


def _opened_zip(file: IO[bytes], name: str) -> zipfile.ZipFile:
    _refuse_crowds(file, name)
    try:
        return zipfile.ZipFile(file)
    except _BROKEN as error:
        raise CourseError(f"{name} is no whole zip archive ({error}): download it again.") from error


def _entries(archive: zipfile.ZipFile, name: str, zone: tzinfo | None) -> list[Entry]:
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    _refuse_floods(name, infos)
    return _refuse_doubles([_of_info(archive, info, zone) for info in infos], infos)


def _of_info(archive: zipfile.ZipFile, info: zipfile.ZipInfo, zone: tzinfo | None) -> Entry:
    path, fault = clean_path(_name_of(info))
    fault = fault or size_fault(info.file_size) or _info_fault(info)
    return Entry(path, info.file_size, _time_of(info, zone), fault, partial(archive.open, info))


def _info_fault(info: zipfile.ZipInfo) -> str:
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


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: many programs write UTF-8 without saying so."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _time_of(info: zipfile.ZipInfo, zone: tzinfo | None) -> datetime | None:
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


def _refuse_floods(name: str, infos: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in infos if not _info_fault(info) and not size_fault(info.file_size))
    if total > LARGEST_TOTAL:
        raise CourseError(f"{name} would unpack to {total >> 30} GB: nothing was taken from it.")


def _refuse_crowds(file: IO[bytes], name: str) -> None:
    """Raise CourseError for an archive whose list of contents alone would fill the memory."""
    number, size = _directory(file, name)
    if size > 1_000 * MOST_ENTRIES or number > MOST_ENTRIES:
        raise CourseError(f"{name} has more than {MOST_ENTRIES:,} files: nothing was taken from it.")


def _directory(file: IO[bytes], name: str) -> tuple[int, int]:
    """Return how many files an archive lists, and the bytes of the list, from the record at its end."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _LONGEST_END))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        file.seek(0)
        raise CourseError(f"{name} is {_what(file.read(8))}.")
    number, size = struct.unpack_from("<HI", tail, end + 10)
    locator = tail[end - 20 : end] if end >= 20 else b""
    if locator.startswith(b"PK\x06\x07"):  # the long form of the record, for large archives
        file.seek(min(length, struct.unpack_from("<Q", locator, 8)[0]))
        if len(record := file.read(56)) == 56:
            number, size = struct.unpack_from("<QQ", record, 32)
    return number, size


def _what(start: bytes) -> str:
    """Say what a file is that ends unlike a zip archive, and what to do about it."""
    kind = next((kind for mark, kind in _OTHERS.items() if start.startswith(mark)), "")
    if kind:
        return f"a {kind} archive, which is not read here: unpack it, then collect the folder or a zip of it"
    return "no whole zip archive: download it again"
