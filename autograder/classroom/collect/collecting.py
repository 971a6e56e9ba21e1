"""Take in an archive of submissions: nothing in it is trusted, and nothing that is already here is lost."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import partial

from autograder.classroom import beside, files
from autograder.classroom.collect import roster
from autograder.classroom.collect.archive import Entry, Refused, shown
from autograder.classroom.collect.ledger import (
    TIME_FORMAT,
    HandIn,
    Ledger,
    collected,
    conflict_in,
    digest_of,
    is_untouched,
    latest,
    now,
    released_answers,
)
from autograder.classroom.collect.names import NamedFile, Source
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.collect.sorting import Sorted, Wanted, sort
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, Result, State, attempt, not_released
from autograder.classroom.files import TIMESTAMP
from autograder.classroom.gradebook import opened, require_writable, submissions
from autograder.judging.reading import Unreadable, read_notebook

_CANVAS_NUMBER = re.compile(r"-\d{1,3}(?=\.[^./]+$)")
_ROOM = 64 << 20  # bytes that stay free on the disk


@dataclass
class Collection:
    """One run of collecting: what is to be taken, and what came of it.

    `remarks` says, a line each, which of a student's several files counts, and which cannot be read.
    """

    course: Course
    assignment: str
    sorted: Sorted
    notebooks: list[str]
    entries: list[Entry]
    due: datetime | None
    listed: list[Person] = field(default_factory=list)
    newcomers: int = 0
    remarks: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many results there will be."""
        return len(self.sorted.notebooks) + len(self.sorted.refused)


def prepare(
    course: Course,
    assignment: str,
    entries: list[Entry],
    *,
    source: Source | None,
    listed: list[Person] | None,
    groups: list[Person] | None = None,
    zone: tzinfo | None = None,
) -> Collection:
    """Find out whose each file is, before anything is written.

    `listed` is the class list, if there is one: then nobody else is taken in. `groups` says who is in which group.
    Raises CourseError if the assignment was not released, the gradebook cannot be written, the folders do not tell
    whose they are, or the disk has too little room.
    """
    course.require_assignment(assignment)
    require_writable(course)
    notebooks, due = _released(course, assignment)
    people = roster.update_people(listed or [], roster.known(course))
    people = roster.with_groups(groups or [], people)
    others = [name for name in course.assignments() if name != assignment]
    found = sort(
        entries,
        Wanted(assignment, notebooks, others),
        ClassList(_with_participants(course, assignment, people), roster.gone(course)),
        source=source,
        open_class=listed is None,
        zone=zone,
    )
    taken = [*found.notebooks.values(), *found.along.values()]
    _require_room(course, [item.entry for items in taken for item in items])
    return Collection(course, assignment, found, notebooks, entries, due, listed or [])


def _with_participants(course: Course, assignment: str, people: list[Person]) -> list[Person]:
    """Give everybody the number that they had in Moodle when they handed in this assignment before."""
    known = {s: h.number for s, h in latest(course, assignment).items() if h.source == "moodle"}
    return [
        person if person.participant else replace(person, participant=known.get(person.id, ""))
        for person in people
    ]


def collect(run: Collection) -> Iterator[Result]:
    """Take the notebooks in and yield what became of each student's; one that cannot be taken stops no other."""
    yield from run.sorted.refused
    with files.locked(run.course.submitted("", "")):
        taken = [run.sorted.people[student] for student in run.sorted.notebooks]
        run.newcomers = roster.save(run.course, roster.update_people(taken, run.listed))
        times = _timestamps(run)
        for student, items in run.sorted.notebooks.items():
            yield attempt(student, partial(_take, run, student, items, times.get(student)))


def _take(run: Collection, student: str, items: list[NamedFile], time: datetime | None) -> State:
    ledger = Ledger(run.course, run.assignment, student)
    before = list(ledger.hand_ins)
    read, refusals = [], []
    for item in sorted(items, key=_order):
        try:
            read.append((item, item.entry.read()))
        except Refused as refusal:
            refusals.append(f"{shown(item.file)} {refusal}")
    for item, data in read:
        along = _along(run, student, item)
        digests = tuple((path, digest_of(content)) for path, content in along.items())
        hand_in = replace(_hand_in(run, student, item, data, time), along=digests)
        ledger.add(hand_in, data, along.values())
    for name in run.notebooks:
        current = ledger.current(name)
        run.remarks += (
            [f"{student}: {shown(current.original)}: {current.fault}"] if current and current.fault else []
        )
        run.remarks += [f"{student}: {mark}" for mark in _conflicts(current, read)]
        run.remarks += _choice(
            student, name, [(item, data) for item, data in read if item.notebook == name], ledger
        )
    changed = ledger.submit(run.notebooks)
    _count(run, student, ledger, before)
    if refusals:
        raise CourseError("; ".join(refusals))
    return "done" if changed or len(ledger.hand_ins) > len(before) else "unchanged"


def _along(run: Collection, student: str, notebook: NamedFile) -> dict[str, bytes]:
    """Read what was handed in along with a notebook and counts, by its path from there; remark on what does not."""
    folders = notebook.entry.folders
    below = [item for item in run.sorted.along[student] if item.is_below(folders)]
    items = {item.path_below(folders): item for item in sorted(below, key=_order)}
    if (
        notebook.submitter.source == "canvas"
    ):  # what is handed in again is `own-1.csv`: code asks for either name
        items = {_CANVAS_NUMBER.sub("", path): item for path, item in items.items()} | items
    names = beside.names_of_instructors(run.course, run.assignment)
    found = {}
    for path in beside.counted({path: item.entry.size for path, item in items.items()}, names):
        try:
            found[path] = items[path].entry.read()
        except Refused as refusal:
            run.remarks.append(f"{student}: {shown(path)} {refusal}")
    return found


def _conflicts(current: HandIn | None, read: list[tuple[NamedFile, bytes]]) -> Iterator[str]:
    """Say that the notebook that counts has the marks of a merge in a cell, and where."""
    data = next((data for _, data in read if current and digest_of(data) == current.digest), b"")
    if current and not current.fault and data:
        for number, cell in enumerate(read_notebook(data).cells, 1):
            if line := conflict_in(cell.source):
                yield f"cell {number} has the marks of a merge (<<<<<<<) in line {line}: ask for it settled"


def _order(item: NamedFile) -> tuple[int, datetime]:
    return item.order, item.time or item.entry.time or datetime.min.replace(tzinfo=UTC)


def _choice(student: str, notebook: str, read: list[tuple[NamedFile, bytes]], ledger: Ledger) -> list[str]:
    """Say which of several different files counts. Raises CourseError where it is not clear."""
    digests = {digest_of(data): item for item, data in reversed(read)}
    current = ledger.current(notebook)
    if len(digests) < 2 or current is None or current.digest not in digests:
        return []
    edited = {h.digest for h in ledger.hand_ins if not h.untouched and not h.fault} & digests.keys()
    others = [item for digest, item in digests.items() if digest in edited]
    copies = any(item.copy for item in others)
    canvas = bool(others) and others[0].submitter.source == "canvas"  # times are of the download there
    told = {item.order if canvas else _order(item)[1] if copies else _order(item) for item in others}
    names = _apart(digests)
    if len(told) < len(others):
        both = " and ".join(sorted(names[digest] for digest in digests if digest in edited))
        raise CourseError(f"handed in {both}, both worked on, and nothing tells which counts: ask")
    rest = sorted(
        f"{names[digest]}{'' if digest in edited else ' as released'}"
        for digest in digests
        if digest != current.digest
    )
    return [f"{student}: {names[current.digest]} counts, beside {', '.join(rest)}"]


def _apart(digests: Mapping[str, NamedFile]) -> dict[str, str]:
    """Return what to call files, each by its own name, or by its path where several have one name."""
    often = Counter(item.file for item in digests.values())
    return {
        digest: shown(item.file if often[item.file] == 1 else item.entry.path)
        for digest, item in digests.items()
    }


def _hand_in(run: Collection, student: str, item: NamedFile, data: bytes, time: datetime | None) -> HandIn:
    """Note what is known of a file; the number of a group, or of the member who handed in, is not the student's."""
    when = time if item.submitter.source == "files" and time else _time(item)
    who, group, person = item.submitter, run.sorted.groups.get(student, ""), run.sorted.people[student]
    own = person.participant if who.source == "moodle" else person.number
    return HandIn(
        digest=digest_of(data),
        notebook=item.notebook,
        source=who.source,
        original=item.entry.path,
        prefix=who.prefix,
        number=own if group else who.number,
        order=item.order,
        late=item.late,
        time=when.strftime(TIME_FORMAT) if when else "",
        fault=_unreadable(data),
        collected=now(),
        untouched=is_untouched(data, released_answers(run.course, run.assignment, item.notebook)),
        group=group,
    )


def _time(item: NamedFile) -> datetime | None:
    """Return when a file was handed in; some platforms write the time of the download into a zip."""
    told = item.submitter.source in ("canvas", "sakai", "brightspace")
    return item.time if told else item.time or item.entry.time


def _unreadable(data: bytes) -> str:
    try:
        read_notebook(data)
    except Unreadable as error:
        return str(error)
    return ""


def _timestamps(run: Collection) -> dict[str, datetime]:
    """Return the times in nbgrader's `timestamp.txt`, by student."""
    found: dict[str, datetime] = {}
    by_folder = {entry.folders: entry for entry in run.entries if entry.name == TIMESTAMP}
    for student, items in run.sorted.notebooks.items():
        entry = by_folder.get(items[0].entry.folders)
        if entry and items[0].submitter.source == "files":
            with suppress(Refused):
                text = entry.read()[: submissions.LONGEST_TIME].decode("utf-8", "replace")
                if time := submissions.parse_time(text.strip()):
                    found[student] = time.replace(tzinfo=UTC)
    return found


def _count(run: Collection, student: str, ledger: Ledger, before: list[HandIn]) -> None:
    hand_in = ledger.current(run.notebooks[0]) if run.notebooks else None
    if hand_in and is_late(hand_in, run.due):
        run.late.append(student)
    known, now_known = (Counter(h.notebook for h in hand_ins) for hand_ins in (before, ledger.hand_ins))
    if any(often > max(known[name], 1) for name, often in now_known.items()):
        run.again.append(student)


def is_late(hand_in: HandIn, due: datetime | None) -> bool:
    """Tell whether a hand-in is late: by its time if that and the due date (UTC, without a zone) are known, else by its
    mark.
    """
    return datetime.strptime(hand_in.time, TIME_FORMAT) > due if due and hand_in.time else hand_in.late


def _released(course: Course, assignment: str) -> tuple[list[str], datetime | None]:
    """Return the names of an assignment's notebooks, and when it is due (None: never)."""
    with opened(course) as gradebook:
        row = next((row for row in gradebook.assignments if row.name == assignment), None)
        if row is None or not row.notebooks:
            raise not_released(assignment)
        return sorted(notebook.name for notebook in row.notebooks), row.duedate


def _require_room(course: Course, entries: list[Entry]) -> None:
    place = next(path for path in (collected(course), *collected(course).parents) if path.exists())
    need = 2 * sum(entry.size for entry in entries if not entry.fault) + _ROOM
    if (free := shutil.disk_usage(place).free) < need:
        raise CourseError(
            f"{need >> 20} MB are needed and {free >> 20} MB are free on the disk: make room first."
        )
