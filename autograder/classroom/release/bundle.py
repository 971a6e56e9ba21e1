"""What students are given: the exercises and the built book in one zip, with nothing in it that is not for them.

Everything is searched for what the solutions hide before a byte is written, also inside notebooks and archives that
the book carries. What a chapter shows, or the Python that draws its plots, is taught and not leaked.

A built book has a hundred megabytes, the solutions a thousand lines: so the ends of all short texts, eight bytes each,
go into a table; one pass over the long text with NumPy leaves the few places that may be one of them, and only those
are compared.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.classroom import ways
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.files import packed
from autograder.classroom.grade.rules import Settings
from autograder.classroom.release.leaks import marker_in, secrets_of, squeeze, texts_of
from autograder.judging.assignment import Stubs, has_directive, parse_assignment

_WINDOW = 8  # bytes; a shorter text cannot be searched for
_BITS = 16
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio, which spreads keys over a table


class Search:
    """A search for any of the given texts, each of at least eight bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_end: dict[bytes, list[bytes]] = defaultdict(list)
        for text in texts:
            wanted = text.encode("utf-8", "surrogatepass")
            if len(wanted) < _WINDOW:
                raise ValueError(f"{text!r} is too short to be searched for")
            self._by_end[wanted[-_WINDOW:]].append(wanted)
        self._table = np.zeros(1 << _BITS, dtype=bool)
        ends = np.frombuffer(b"".join(self._by_end), dtype="<u8")
        self._table[_hash(ends)] = True

    def found_in(self, text: str) -> set[str]:
        """Return those of the texts that stand in a text."""
        data = text.encode("utf-8", "surrogatepass")
        found: set[bytes] = set()
        for shift in range(min(_WINDOW, max(0, len(data) - _WINDOW + 1))):
            count = (len(data) - shift) // _WINDOW
            windows = np.frombuffer(data, dtype="<u8", count=count, offset=shift)
            for place in np.flatnonzero(self._table[_hash(windows)]):
                end = shift + _WINDOW * (int(place) + 1)
                found |= {
                    wanted
                    for wanted in self._by_end.get(data[end - _WINDOW : end], ())
                    if end >= len(wanted) and data.startswith(wanted, end - len(wanted))
                }
        return {wanted.decode("utf-8", "surrogatepass") for wanted in found}


def _hash(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (keys * _MIX) >> np.uint64(64 - _BITS)


BOOK = Path("_build") / "html"
LONGEST_SCRIPT = 1 << 20  # bytes; larger ones are libraries
_TAG = re.compile(r"<[^>]*>")
_TEXT = {".html", ".htm", ".ipynb", ".json", ".md", ".py", ".txt", ".js", ".csv", ".svg", ".xml"}
_ARCHIVES = {".zip", ".whl"}
_README = """\
The exercises of this course, and its book.

Read       open book/index.html in a browser; it needs no network.
Install    Python 3.11 or newer, then: python -m pip install jupyterlab numpy matplotlib ipywidgets
Work       python -m jupyterlab exercises
           Fill in the cells that say YOUR CODE HERE, run all cells, save.
Hand in    the notebook, under its own name, as your instructor says.
"""


def write(course: Course, path: Path, *, book: bool = True) -> int:
    """Write the students' bundle and return the number of files in it.

    Raises CourseError, with nothing written, if something would leak, an exercise is not up to date or
    the book is not built.
    """
    if path.resolve().is_relative_to((course.root / BOOK).resolve()):
        raise CourseError(f"{path} is inside the book: put the bundle elsewhere.")
    exercises = _exercises(course)
    site = course.root / BOOK
    if book and not (site / "index.html").is_file():
        raise CourseError(
            "the book is not built: first run `make book`, or leave it out with --without-book."
        )
    refuse_leaks(course, [*exercises, *([site] if book else [])])
    with packed(path) as archive:
        archive.put("README.txt", _README)
        number = 1 + sum(archive.put_tree(folder, f"exercises/{folder.name}") for folder in exercises)
        return number + (archive.put_tree(site, "book") if book else 0)


def refuse_leaks(course: Course, folders: list[Path]) -> None:
    """Raise CourseError, naming the file and the text, if a folder gives away what an assignment hides."""
    secrets = {
        short: text
        for assignment in course.assignments()
        for short, text in secrets_of(course.source(assignment)).items()
    }
    shown = {squeeze(line) for name in course.assignments() for line in ways.shown_lines(course, name)}
    taught = _taught(course)
    hidden = {short: text for short, text in secrets.items() if short not in taught and short not in shown}
    search = Search(hidden)
    for folder in folders:
        for file, text in find_texts(folder):
            for short in sorted(search.found_in(squeeze(text))):
                raise _leak(course, folder / file, hidden[short])
            mark = "" if folder == course.root / BOOK else marker_in(text)
            if mark and squeeze(mark) not in shown:
                raise _leak(course, folder / file, mark)


def _leak(course: Course, file: Path, text: str) -> CourseError:
    return CourseError(f"nothing was written: {course.relative(file)} would show students {text!r}.")


def find_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every text below a folder with the name of its file: pages with and without their tags."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        for text in _texts(path.name, path.read_bytes() if _is_searched(path) else b""):
            yield name, text


def _is_searched(path: Path) -> bool:
    if path.suffix == ".js" and path.stat().st_size > LONGEST_SCRIPT:
        return False
    return path.suffix in _TEXT | _ARCHIVES


def _texts(name: str, data: bytes) -> Iterator[str]:
    suffix = Path(name).suffix
    if suffix in _ARCHIVES:
        yield from _packed_texts(data)
    elif suffix in (".html", ".htm"):
        text = data.decode("utf-8", errors="replace")
        yield from (text, unescape(_TAG.sub("", text)))
    elif suffix in _TEXT:
        yield from texts_of(name, data)


def _packed_texts(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield from _texts(name, archive.read(name) if Path(name).suffix in _TEXT | _ARCHIVES else b"")


def _taught(course: Course) -> str:
    """Return all that the chapters say and run, without spaces."""
    chapters = course.root / "chapters"
    files = sorted([*chapters.glob("*.md"), *chapters.rglob("*.py")])
    return squeeze("\n".join(file.read_text(encoding="utf-8") for file in files))


def _exercises(course: Course) -> list[Path]:
    """Return the folders of all exercises; raise CourseError if one is missing or older than its solution."""
    stubs = Settings(course).stubs
    for assignment in course.assignments():
        for source in sorted(course.source(assignment).glob("*.ipynb")):
            released = course.released(assignment) / source.name
            why = "is missing" if not released.is_file() else "is older than its solution"
            if not released.is_file() or not _is_in_step(source, released, stubs):
                raise CourseError(
                    f"{course.relative(released)} {why}: first run `autograder release {assignment}`."
                )
    return [course.released(assignment) for assignment in course.assignments()]


def _is_in_step(source: Path, released: Path, stubs: Stubs) -> bool:
    """Tell whether a student's notebook has the cells that its source would be released with.

    nbgrader may have put a header above them and a footer below, and tests where a directive asks for some.
    """
    expected = [cell.released for cell in parse_assignment(source.stem, source.read_bytes(), stubs).cells]
    cells = json.loads(released.read_text(encoding="utf-8"))["cells"]
    found = ["".join(cell["source"]) for cell in cells]
    return any(
        all(a == b or has_directive(b) for a, b in zip(found[start:], expected, strict=False))
        for start in range(len(found) - len(expected) + 1)
    )
