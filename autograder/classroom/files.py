"""Folders that are replaced as a whole or not at all, stamps that tell whether they are up to date, and zip archives.

A stamp is a small hidden file beside a folder. It holds a digest of all that the folder was made from. An archive is
there whole or not at all, the same bytes for the same contents.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.classroom.errors import Busy, CourseError

TIMESTAMP = "timestamp.txt"  # in which nbgrader keeps the time of handing in


def digest(folder: Path) -> str:
    """Return a digest of the names and contents of all files in a folder, hidden ones left out."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            total.update(f"{name}\0".encode("utf-8", "surrogateescape"))
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def combine(*digests: str) -> str:
    """Return one digest for several."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def is_stamped(folder: Path, stamp: str) -> bool:
    """Tell whether a folder exists and was made from what `stamp` is the digest of."""
    path = _stamp_path(folder)
    return folder.is_dir() and path.is_file() and path.read_text() == stamp


def write_stamp(folder: Path, stamp: str) -> None:
    """Note what a folder was made from."""
    write_atomically(_stamp_path(folder), stamp)


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that a reader, or a crash, sees the old one or the new one whole."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one whole."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def replacing(folder: Path) -> Iterator[None]:
    """Clear the place of `folder` for its successor; whatever ends the block early puts the old one back."""
    recover(folder)
    previous = _previous_path(folder)
    if folder.exists():
        folder.rename(previous)
    try:
        yield
    except BaseException:  # Ctrl-C too
        shutil.rmtree(folder, ignore_errors=True)
        recover(folder)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def recover(folder: Path) -> None:
    """Put back the folder that a killed process had set aside, if there is one."""
    previous = _previous_path(folder)
    if previous.is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        previous.rename(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; raise Busy if another one holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder) as held:
        if not held:
            raise Busy("another autograder is at work on this class: wait until it has ended.")
        yield


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Try to hold a folder as the system does it; on Windows, where folders cannot be opened, by a file beside it."""
    try:
        unix: Any = importlib.import_module("fcntl")
    except ModuleNotFoundError:
        with _held_on_windows(folder) as held:
            yield held
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield _succeeds(lambda: unix.flock(handle, unix.LOCK_EX | unix.LOCK_NB))
    finally:
        os.close(handle)  # the lock ends with it


@contextmanager
def _held_on_windows(folder: Path) -> Iterator[bool]:
    windows: Any = importlib.import_module("msvcrt")
    with open(folder.with_name(f".{folder.name}.lock"), "ab") as file:
        held = _succeeds(lambda: windows.locking(file.fileno(), windows.LK_NBLCK, 1))
        try:
            yield held
        finally:
            if held:
                file.seek(0)
                windows.locking(file.fileno(), windows.LK_UNLCK, 1)


def _succeeds(lock: Callable[[], object]) -> bool:
    try:
        lock()
    except (BlockingIOError, PermissionError):
        return False
    return True


def _stamp_path(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.stamp")


def _previous_path(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.previous")


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
