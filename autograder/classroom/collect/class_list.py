"""Class lists as systems export them: every row that can be used is used, every other one is told with its line.

Read are the gradebook exports and lists of groups of Canvas, the participants and the grading worksheets of Moodle in
its languages, the exports of Blackboard, Brightspace, Sakai, Gradescope and GitHub Classroom, nbgrader's own
(`id, first_name, last_name, email, lms_user_id`), and any file with such columns: see `columns.py`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from autograder.classroom import columns, tables
from autograder.classroom.collect.names import folded, id_of_name, safe_id, seen, short_digest, words
from autograder.classroom.collect.people import Person, split_name
from autograder.classroom.errors import CourseError

_WHO = frozenset(("id", "login", "sis", "email", "number", "name", "last_name", "first_name", "participant"))
_PARTICIPANT = re.compile(r"\D.*\s(\d+)")


@dataclass
class Listed:
    """The people of a class list, and what is to be said of its rows."""

    people: list[Person] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    line: int
    person: Person


def read(path: Path) -> Listed:
    """Read a class list; raise CourseError if no column says who somebody is, or no row can be used."""
    table = tables.read(path)
    where, places = columns.header_of(table.rows)
    if not _WHO & places.keys():
        header = next((row for row in table.rows if any(row)), [])
        raise CourseError(
            f"{path} has no column for an id, a name or an e-mail address: {', '.join(header)[:200]}."
        )
    listed = Listed(notes=list(table.notes))
    rows = []
    for line, cells in zip(table.lines[where + 1 :], table.rows[where + 1 :], strict=True):
        try:
            if person := _row(cells, table.rows[where], places, partial(_note, listed, path, line)):
                rows.append(_Row(line, person))
        except CourseError as error:
            _note(listed, path, line, f"{error}: this row was left out")
    rows = _with_sections(rows)
    listed.people = _one_each(_distinct_ids(rows), lambda text: listed.notes.append(f"{path}: {text}"))
    if not listed.people:
        raise CourseError(f"{path} lists no students{': ' + listed.notes[-1] if listed.notes else ''}")
    return listed


def _note(listed: Listed, path: Path, line: int, text: str) -> None:
    listed.notes.append(f"{path}, line {line}: {text}")


def _row(
    cells: list[str], header: list[str], places: dict[str, list[int]], note: Callable[[str], None]
) -> Person | None:
    """Return whom a row is about, None for a row about nobody; raise CourseError for one that cannot be used."""
    if cells[0].startswith("    ") and not any(
        cells[at] for at in places.get("number", ()) if at < len(cells)
    ):
        return None  # Canvas's row of points possible, in any language
    cells = [tables.unguarded(_plain(seen(cell))) for cell in cells]
    if not any(cells) or any(columns.NOBODY.fullmatch(cell.casefold()) for cell in cells[:6]):
        return None
    while len(cells) > len(header) and not cells[-1]:
        cells.pop()
    if len(cells) != len(header):
        note(f"has {len(cells)} cells, the header has {len(header)}")
        if len(cells) > len(header) and not _is_in_place(cells, places):
            raise CourseError("its cells may be in other columns (a comma that is not in quotation marks?)")
    named = [cells[at] for name in _WHO for at in places.get(name, ()) if at < len(cells)]
    if any("\n" in cell for cell in named):
        raise CourseError("it goes on in the next line (a quotation mark that is never closed?)")
    if any(re.fullmatch(r"\d+[.,]\d+E\+\d+", cell) for cell in cells):
        raise CourseError("a spreadsheet has cut off a long number (as in 1.2E+14): export the list again")
    row = {
        name: next((cells[at] for at in found if at < len(cells) and cells[at]), "")
        for name, found in places.items()
    }
    if columns.TEACHES.search(row.get("role", "")) and not columns.STUDIES.search(row["role"]):
        note(f"is no student ({row['role']})")
        return None
    groups = [cells[at] for at in places.get("group", ()) if at < len(cells)]
    return _person(row, groups)


def _plain(cell: str) -> str:
    """Return a cell without what programs make of numbers that are none: `="0012"`, `101.0`."""
    cell = cell.strip().strip("\u00a0")
    match = re.fullmatch(r'="(.*)"|(\d+)\.0', cell)
    return (match[1] or match[2] or "") if match else cell


def _is_in_place(cells: list[str], places: dict[str, list[int]]) -> bool:
    """Tell whether a row that is too long has its addresses and numbers where the header has them."""
    checks = {"email": lambda text: "@" in text, "number": str.isdigit}
    found = [(cells[at], check) for name, check in checks.items() for at in places.get(name, ()) if cells[at]]
    return bool(found) and all(check(text) for text, check in found)


def _person(row: dict[str, str], groups: list[str]) -> Person:
    first, last = row.get("first_name", ""), row.get("last_name", "")
    if not first and not last:
        first, last = split_name(row.get("name", ""))
    participant = _participant(row)
    own = row.get("id", "") or row.get("participant", "")
    own, login, sis = (text.removeprefix("#") for text in (own, row.get("login", ""), row.get("sis", "")))
    email, number = row.get("email", ""), row.get("number", "")
    name = " ".join(filter(None, (first, last)))
    called = own or login or sis or email.split("@")[0]
    if not (called if "@" in email or called != email else "") and not (name or number or participant):
        raise CourseError("names nobody")
    if called[:1] in tuple("=+-@./\\"):
        raise CourseError(f"{called!r} cannot be a student's id: letters, digits and .@_- may")
    student = safe_id(called) or id_of_name(name)
    student = student or (f"participant-{participant}" if participant else safe_id(number))
    if not student:
        raise CourseError(f"{called or name!r} cannot be a student's id: letters, digits and .@_- may")
    also = tuple({called, own} - {student, login, sis, ""})
    section = row.get("section", "")
    return Person(student, first, last, email, number, participant, login, sis, also, tuple(_groups(groups)),
                  (section,) if section else ())  # fmt: skip


def _participant(row: dict[str, str]) -> str:
    """Take out of a row whom Moodle means in it; what heads that column heads ids and logins in some languages, too."""
    for name in ("participant", "id", "login"):
        text = row.get(name, "")
        match = _PARTICIPANT.fullmatch(text) if name == "participant" else None
        if number := match[1] if match else columns.participant_in(text):
            row[name] = ""
            return number
    return ""


def _groups(texts: Iterable[str]) -> Iterable[str]:
    """Give the groups that cells name; Moodle's list of participants has several in one cell."""
    for text in texts:
        parts = {text, *(part.strip() for part in re.split(r"[,;]", text))}
        yield from (part for part in sorted(parts) if not columns.NO_GROUP.fullmatch(part))


def _with_sections(rows: list[_Row]) -> list[_Row]:
    """Part a cell that names several sections (`A and B`, `A, B`), if each of them stands alone in some other row."""
    alone = {section for row in rows for section in row.person.sections}
    return [
        replace(row, person=replace(row.person, sections=tuple(parts)))
        if len(parts := [part for text in row.person.sections for part in columns.AND.split(text)]) > 1
        and alone.issuperset(parts)
        else row
        for row in rows
    ]


def _distinct_ids(rows: list[_Row]) -> list[_Row]:
    """Keep apart two people whose ids differ only in signs that cannot name a folder."""
    texts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        texts[folded(row.person.id)].add(_called(row.person))
    return [
        row
        if len(texts[folded(row.person.id)]) == 1 or folded(row.person.id) == _called(row.person)
        else replace(
            row, person=replace(row.person, id=f"{row.person.id}-{short_digest(_called(row.person))}")
        )
        for row in rows
    ]


def _called(person: Person) -> str:
    """What a row's id was made of."""
    texts = (*person.also, person.login, person.sis, person.email.split("@")[0])
    made = (text for text in texts if text and safe_id(text) == person.id)
    return folded(next(made, person.id))


def _one_each(rows: list[_Row], note: Callable[[str], None]) -> list[Person]:
    """Make one of the rows of one student; rows that contradict each other are nobody's."""
    by_id: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_id[folded(row.person.id)].append(row)
    people = []
    for same in by_id.values():
        if why := _contradiction([row.person for row in same]):
            lines = " and ".join(str(row.line) for row in same)
            note(f"lines {lines} both say {same[0].person.id!r} and differ in {why}: none of them was taken")
            continue
        person = same[0].person
        for row in same[1:]:
            person = _joined(person, row.person)
        people.append(person)
    return _without_shared(people, note)


def _contradiction(people: list[Person]) -> str:
    for name in ("number", "sis", "login", "email", "participant"):
        if len({folded(text) for person in people if (text := getattr(person, name))}) > 1:
            return columns.IN_WORDS.get(name, name)
    return "name" if len({frozenset(words(person.name)) for person in people if person.name}) > 1 else ""


def _joined(one: Person, other: Person) -> Person:
    groups, sections = {*one.groups, *other.groups}, {*one.sections, *other.sections}
    return replace(
        one.updated(other), also=one.also, groups=tuple(sorted(groups)), sections=tuple(sorted(sections))
    )


def _without_shared(people: list[Person], note: Callable[[str], None]) -> list[Person]:
    """Take away what two people have in common and what should be one's alone: nobody is known by it."""
    for name in ("email", "number", "participant", "login", "sis"):
        often = Counter(folded(text) for person in people if (text := getattr(person, name)))
        shared = {text for text, times in often.items() if times > 1}
        if shared:
            note(f"{', '.join(sorted(shared)[:5])}: said of several students, so nobody is known by it")
        nothing: dict[str, Any] = {name: ""}
        people = [replace(p, **nothing) if folded(getattr(p, name)) in shared else p for p in people]
    return people
