"""All that a student has handed in for an assignment, kept for good; the newest is what gets graded.

Beside `submitted/` lies `collected/<assignment>/<student>/`, with every notebook and every file handed in along with
one under its digest, and a list of them in `hand-ins.json`. `submitted/` is made from it, so that a later download, or
the same one again, loses nothing. A notebook without a cell that is its student's own comes last.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.classroom.errors import CourseError
from autograder.classroom.files import TIMESTAMP, write_atomically, write_bytes
from autograder.judging.reading import HandedCell, Unreadable, read_notebook

if TYPE_CHECKING:
    from autograder.classroom.course import Course

_OURS, _BETWEEN, _THEIRS = (re.compile(rf"^{sign * 7}(?: .*)?$", re.MULTILINE) for sign in "<=>")
Cells = frozenset[tuple[str, str]]


def released_answers(course: Course, assignment: str, notebook: str) -> Cells:
    """Return the cells of a notebook as students got it; nothing if that is not there any more."""
    return _read(course.released(assignment) / f"{notebook}.ipynb")


@lru_cache(8)
def _read(path: Path) -> Cells:
    try:
        return _cells(read_notebook(path.read_bytes()).cells)
    except (OSError, Unreadable):
        return frozenset()


def is_untouched(data: bytes, released: Cells) -> bool:
    """Tell whether a notebook has no cell that the released one does not have; outputs do not count."""
    try:
        cells = _cells(read_notebook(data).cells)
    except Unreadable:
        return False
    return bool(released) and cells <= released


def conflict_in(source: str) -> int:
    """Return the line in which a cell has the marks that git or nbdime leave of a merge, 0 if there are none."""
    found = start = _OURS.search(source)
    for mark in (_BETWEEN, _THEIRS):
        found = found and mark.search(source, found.end())
    return source.count("\n", 0, start.start()) + 1 if start and found else 0


def _cells(cells: tuple[HandedCell, ...]) -> Cells:
    return frozenset((cell.cell_type, text) for cell in cells if (text := cell.source.strip()))


LIST = "hand-ins.json"
TIME_FORMAT = "%Y-%m-%d %H:%M:%S UTC"


@dataclass(frozen=True)
class HandIn:
    """One notebook as it was handed in.

    `digest` is its SHA-256, `notebook` the name that it is graded under, `original` its path in the archive,
    `prefix` and `number` what the learning platform calls the student, `order` a number that grows from one upload to
    the next, `late` whether the platform called it late, `time` when it was handed in as nbgrader writes it (empty:
    not known), `fault` why it cannot be read, `collected` when it was taken in, `untouched` whether it is the notebook
    as it was released, `group` whose work it is if it is a group's, `along` the files beside it, by their paths from
    there, with their digests.
    """

    digest: str
    notebook: str
    source: str
    original: str
    prefix: str = ""
    number: str = ""
    order: int = 0
    late: bool = False
    time: str = ""
    fault: str = ""
    collected: str = ""
    untouched: bool = False
    group: str = ""
    along: tuple[tuple[str, str], ...] = ()

    @property
    def same_as(self) -> tuple[object, ...]:
        """What two downloads of one hand-in have in common."""
        return (
            self.source,
            self.notebook,
            self.digest,
            self.order if self.source in ("canvas", "blackboard") else 0,
            self.along,
        )


class Ledger:
    """The hand-ins of one student for one assignment."""

    def __init__(self, course: Course, assignment: str, student: str) -> None:
        self.folder = collected(course) / assignment / student
        self._submitted = course.submitted(student, assignment)
        self._course = course
        self.hand_ins = self._load()
        self._fresh: set[str] = set()

    def add(self, hand_in: HandIn, data: bytes, along: Iterable[bytes] = ()) -> bool:
        """Keep a notebook and what was handed in along with it; tell whether it is new."""
        if any(known.same_as == hand_in.same_as for known in self.hand_ins):
            return False
        self._keep(_file(hand_in.digest), data)
        for content in along:
            self._keep(_beside(digest_of(content)), content)
        self.hand_ins.append(hand_in)
        self._fresh.add(hand_in.digest)
        self._save()
        return True

    def current(self, notebook: str) -> HandIn | None:
        """Return the newest hand-in of a notebook.

        One that can be read comes before one that cannot, one that was worked on before one as it was released.
        """
        of_it = [hand_in for hand_in in self.hand_ins if hand_in.notebook == notebook]
        able = [hand_in for hand_in in of_it if not hand_in.fault] or of_it
        able = [hand_in for hand_in in able if not hand_in.untouched] or able
        return reduce(_newer, able) if able else None

    def take_over(self, other: Ledger) -> None:
        """Take in all that another student handed in, who turned out to be the same person."""
        for hand_in in other.hand_ins:
            along = ((other.folder / _beside(digest)).read_bytes() for _, digest in hand_in.along)
            self.add(hand_in, (other.folder / _file(hand_in.digest)).read_bytes(), along)
        self.hand_ins.sort(key=lambda hand_in: hand_in.collected)
        if other.hand_ins:
            self._save()

    def submit(self, notebooks: Collection[str]) -> bool:
        """Put the newest of each notebook where it is graded, with what came along; tell whether anything changed."""
        newest = [found for name in notebooks if (found := self.current(name))]
        changed = [self._place(hand_in) for hand_in in newest]
        changed += self._place_along({path: digest for hand_in in newest for path, digest in hand_in.along})
        times = [hand_in.time for hand_in in newest if hand_in.time]
        return self._stamp(max(times, default=""), any(changed)) or any(changed)

    def _place(self, hand_in: HandIn) -> bool:
        target = self._submitted / f"{hand_in.notebook}.ipynb"
        if target.is_symlink() or (target.exists() and not target.is_file()):
            raise CourseError(f"{self._course.relative(target)} is a link or a folder: remove it first.")
        there = target.read_bytes() if target.exists() else None
        digest = digest_of(there) if there is not None else ""
        if digest == hand_in.digest:
            return False
        if there is not None and digest not in {known.digest for known in self.hand_ins}:
            if hand_in.digest not in self._fresh:
                return False  # somebody has put or corrected it by hand since: that stays
            self._adopt(hand_in.notebook, digest, there)
        self._submitted.mkdir(parents=True, exist_ok=True)
        write_bytes(target, (self.folder / _file(hand_in.digest)).read_bytes())
        return True

    def _place_along(self, wanted: Mapping[str, str]) -> list[bool]:
        """Put files beside the notebooks, and take away those of earlier hand-ins; what somebody put by hand stays."""
        known = {one for hand_in in self.hand_ins for one in hand_in.along}
        changed = []
        for path in sorted({path for path, _ in known}):
            target, digest = self._submitted / path, wanted.get(path, "")
            try:
                there = digest_of(target.read_bytes()) if self._is_inside(target) else ""
                if there != digest and (not there or (path, there) in known):
                    changed.append(True)
                    self._put(target, digest)
            except OSError as error:
                where = self._course.relative(target)
                raise CourseError(f"{where} cannot be written: {error.strerror}.") from error
        return changed

    def _is_inside(self, target: Path) -> bool:
        """Whether a file is there. CourseError where a link or a folder is in its place, or above it."""
        between = [path for path in target.parents if self._submitted in path.parents]
        if target.is_symlink() or target.is_dir() or any(path.is_symlink() for path in between):
            raise CourseError(f"{self._course.relative(target)} is a link or a folder: remove it first.")
        return target.exists()

    def _put(self, target: Path, digest: str) -> None:
        if not digest:
            target.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, (self.folder / _beside(digest)).read_bytes())

    def _adopt(self, notebook: str, digest: str, data: bytes) -> None:
        """Keep what lies in `submitted/` and was not collected, before something newer takes its place."""
        self._keep(_file(digest), data)
        path = self._course.relative(self._submitted / f"{notebook}.ipynb")
        self.hand_ins.insert(0, HandIn(digest, notebook, "found", path, collected=now()))
        self._save()

    def _stamp(self, time: str, changed: bool) -> bool:
        path = self._submitted / TIMESTAMP
        there = path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
        if there == time or not (changed or (time and not there)):
            return False
        if time:
            write_atomically(path, f"{time}\n")
        else:
            path.unlink(missing_ok=True)
        return True

    def _keep(self, name: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_bytes(self.folder / name, data)

    def _save(self) -> None:
        text = json.dumps([asdict(hand_in) for hand_in in self.hand_ins], indent=1, ensure_ascii=False)
        write_atomically(self.folder / LIST, f"{text}\n")

    def _load(self) -> list[HandIn]:
        path = self.folder / LIST
        if not path.is_file():
            return []
        try:
            return [_hand_in(item) for item in json.loads(path.read_text(encoding="utf-8"))]
        except (ValueError, TypeError) as error:
            raise CourseError(
                f"{self._course.relative(path)} is damaged ({error}): put back a copy."
            ) from error


def collected(course: Course) -> Path:
    """Return the folder of all that was ever handed in: beside the submissions."""
    return course.log_folder.with_name("collected")


def every(course: Course, assignment: str) -> Iterator[tuple[str, Ledger]]:
    """Give the ledgers of all who have handed in an assignment, with the students."""
    for path in sorted((collected(course) / assignment).glob(f"*/{LIST}")):
        yield path.parent.name, Ledger(course, assignment, path.parent.name)


def groups(course: Course, assignment: str) -> dict[str, str]:
    """Return the groups whose work counts for students, by student."""
    return {
        student: hand_in.group for student, hand_in in latest(course, assignment).items() if hand_in.group
    }


def latest(course: Course, assignment: str) -> dict[str, HandIn]:
    """Return the newest hand-in of each student who has one, by student."""
    found = {}
    for student, ledger in every(course, assignment):
        newest = [ledger.current(name) for name in {hand_in.notebook for hand_in in ledger.hand_ins}]
        if known := [hand_in for hand_in in newest if hand_in]:
            found[student] = max(known, key=lambda hand_in: (hand_in.source != "found", hand_in.order))
    return found


def digest_of(data: bytes) -> str:
    """Return the digest that a notebook is known by."""
    return hashlib.sha256(data).hexdigest()


def now() -> str:
    """Return the time as the ledger writes it."""
    return datetime.now(UTC).strftime(TIME_FORMAT)


def _newer(one: HandIn, other: HandIn) -> HandIn:
    """Return the later of two hand-ins, of which `other` was collected later."""
    if one.source == other.source and one.source in ("canvas", "blackboard", "brightspace") and one.order:
        return max(other, one, key=lambda hand_in: hand_in.order)
    if one.time and other.time:
        return max(other, one, key=lambda hand_in: (hand_in.time, hand_in.order))
    return other


def _file(digest: str) -> str:
    return f"{digest[:20]}.ipynb"


def _beside(digest: str) -> str:
    return f"{digest[:20]}.along"


def _hand_in(item: Any) -> HandIn:
    known = {field.name for field in fields(HandIn)}
    along = tuple((str(path), str(digest)) for path, digest in item.get("along", ()))
    return HandIn(**{name: value for name, value in item.items() if name in known} | {"along": along})
