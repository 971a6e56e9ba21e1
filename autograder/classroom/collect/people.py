"""Who is who: everybody that is known, and finding among them whoever an archive or a table names.

A mark must never land under another student's name. So all that is said of somebody is looked at: where it points to
two people, or to a person and a group, it is nobody's, and a person is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.classroom.collect.names import (
    Submitter,
    as_canvas,
    as_moodle,
    folded,
    id_of_name,
    is_safe,
    safe_id,
    seen,
    squeeze,
    words,
)

UNKNOWN = "is not in the class list"


@dataclass(frozen=True)
class Person:
    """A student: `id` names folders and gradebook entries, `number` is Canvas's for the user, `participant` Moodle's
    for the assignment at hand; `login`, `sis` (matriculation number) and `also` (ids of before) are all that they are
    known by, as the lists spell it; `groups` and `sections` are names.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""
    participant: str = ""
    login: str = ""
    sis: str = ""
    also: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        return " ".join(filter(None, (self.first_name, self.last_name)))

    @property
    def sortable_name(self) -> str:
        """The last name first, or the id where no name is known."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.id

    @property
    def identifiers(self) -> frozenset[str]:
        """All texts that stand for this person and, in one class, for nobody else; Canvas's number left out."""
        texts = (self.id, self.login, self.sis, self.email, *self.also)
        return frozenset(folded(text) for text in texts if text)

    def updated(self, new: Person) -> Person:
        """Return the person with what is newly said of them before what was known."""
        texts = ("first_name", "last_name", "email", "number", "participant", "login", "sis")
        known = {name: getattr(new, name) or getattr(self, name) for name in texts}
        ids = {*self.also, *new.also, new.id} - {self.id}
        return replace(
            self,
            **known,
            also=tuple(sorted(ids)),
            groups=new.groups or self.groups,
            sections=tuple(sorted({*self.sections, *new.sections})),
        )


class ClassList:
    """All students known, and the ways to recognise them; `gone` are those of them who have left."""

    def __init__(self, people: Iterable[Person], gone: Sequence[Person] = ()) -> None:
        self.people: dict[str, Person] = {}
        self.gone = {person.id for person in gone}
        self._by: dict[tuple[str, object], set[str]] = defaultdict(set)
        for person in (*gone, *people):
            self.add(person)

    def add(self, person: Person) -> None:
        """Add a student, or replace what is known of one."""
        self.people[person.id] = person
        for clue in _clues_to(person):
            if clue[1]:
                self._by[clue].add(person.id)

    def find(self, who: Submitter) -> tuple[Person | None, str]:
        """Return the student that an archive names, or None and why there is none."""
        left: set[str] = set()
        for kind, text in _clues(who):
            found = {student for student in self._by.get((kind, text), ()) if self._fits(student, who)}
            if found and left and not found & left:
                both = " and ".join(sorted((*left, *found)))
                said = f"{who.name} {who.number}".strip()
                return None, f"could be {both}: {said} fits the one and the other"
            left = (left & found or found) if found else left
        left = self._exactly(left, who) or self._composed(who)
        if len(left) != 1:
            return None, f"could be {' or '.join(sorted(left))}" if left else UNKNOWN
        person = self.people[next(iter(left))]
        why = _why_another(person, who)
        return (None, why) if why else (person, "")

    def group(self, who: Submitter) -> tuple[list[Person], str]:
        """Return the members of the group that an archive names, and why it cannot be that group's after all."""
        of_canvas = who.source == "canvas"
        clue = ("canvas group", as_canvas(who.name)) if of_canvas else ("group", words(who.name))
        members = [self.people[student] for student in sorted(self._by.get(clue, ()))]
        if not members:
            return [], ""
        if self._by.get(("name", words(who.name))):
            return [], f"could be the group or the student {who.name}"
        handed_in = self._by.get(("number", who.number), set()) if of_canvas else set()
        if handed_in and not handed_in & {person.id for person in members}:
            return [], f"has the number of {', '.join(sorted(handed_in))}, who is not in the group {who.name}"
        return members, ""

    def same(self, person: Person) -> list[Person]:
        """Return whom a row of another list may be about: by anything that is one's alone, else by the name."""
        clues = [*_ids(person.identifiers), ("number", person.number), ("name", words(person.name))]
        found = [self._by.get(clue, set()) for clue in clues if clue[1]]
        sure = set().union(*found[:-1]) if person.name else set().union(*found)
        return [self.people[student] for student in sorted(sure or (found[-1] if found else set()))]

    def learn(self, person: Person, who: Submitter) -> Person:
        """Note Canvas's number of a student that was found by name; return the student as known now."""
        if who.source == "canvas" and who.number.isdigit() and not person.number:
            self.add(person := replace(person, number=who.number))
        return person

    def claimed(self, student: str) -> bool:
        """Tell whether an id is somebody's already, now or before."""
        return bool(self._by.get(("id", folded(student))))

    def _fits(self, student: str, who: Submitter) -> bool:
        person = self.people[student]
        known = {"canvas": person.number, "moodle": person.participant}.get(who.source, "")
        return not (known and who.number.isdigit() and known != who.number)

    def _composed(self, who: Submitter) -> set[str]:
        """Return who has an identifier in a name such as `doe_jane_4711` of which all the rest is their name, too.

        Moodle before version 4.1 puts `<group>-` before the name of each member.
        """
        parts = [part for part in re.split(r"[_\s,;()-]+", folded(who.name)) if part]
        if who.source == "moodle":
            splits = [who.name[place + 1 :] for place, sign in enumerate(who.name) if sign == "-"]
            groups = [who.name[: -len(tail) - 1] for tail in splits]
            names = [
                words(t) for t, g in zip(splits, groups, strict=True) if self._by.get(("group", words(g)))
            ]
            return {s for name in names for s in self._by.get(("name", name), ()) if self._fits(s, who)}
        if who.source != "files" or len(parts) < 2:
            return set()
        found = {student for part in parts for student in self._by.get(("id", part), ())}
        found |= {student for part in parts for student in self._by.get(("number", part), ())}
        return found if all(self._is_all_of(student, parts) for student in found) else set()

    def _is_all_of(self, student: str, parts: Sequence[str]) -> bool:
        person = self.people[student]
        return {*parts} <= {*words(person.name), *person.identifiers, person.number}

    def _exactly(self, left: set[str], who: Submitter) -> set[str]:
        """Of people whose names case folding makes one (`Weiß` and `Weiss`), keep whoever is spelled as given."""
        if len(left) < 2 or who.source == "canvas":  # whose file names lack signs that part two names
            return left
        same = {student for student in left if who.name in _spellings(self.people[student])}
        return same if len(same) == 1 else left


def newcomer(who: Submitter) -> Person | None:
    """Return a student made of what an archive says, or None if that gives no usable id.

    Canvas's `doejane_1234` keeps its number, which is the same in all downloads; Moodle's number is another for
    each assignment, so that only the name can tell who it is. Who has a login there is called by it.
    """
    first, last = split_name(who.name)
    if who.source == "canvas":
        joined = "-".join(filter(None, (who.name, who.number)))
        person = Person(safe_id(joined) if joined[:1] not in "=+-@" else "", "", who.name, "", who.number)
    elif who.source == "moodle" and who.blind:
        person = Person(f"participant-{who.number}", participant=who.number)
    elif who.source == "moodle":
        person = Person(id_of_name(who.name), first, last, participant=who.number)
    elif who.source == "files":
        name = seen(who.name).strip()
        person = Person(name if is_safe(name) else "")
    else:
        login, email = _login(who.ids)
        sis = next((text for text in who.ids if text not in (login, email)), "")
        called = login or email.split("@")[0] or sis
        person = Person(safe_id(called) or id_of_name(who.name), first, last, email, login=login, sis=sis)
    return person if is_safe(person.id) else None


def split_name(name: str) -> tuple[str, str]:
    """Split `Doe, Jane` or `Jane Doe` into first and last name; `Doe, Jane, Jr.` keeps its addition with the last."""
    if "," in name:
        last, *rest = [part.strip() for part in name.split(",")]
        first = rest[0] if rest else ""
        if len(rest) > 1:
            last = ", ".join([last, *rest[1:]])
        elif folded(first).rstrip(".") in ("jr", "sr", "ii", "iii", "iv"):
            first, _, last = name.partition(",")[0].rpartition(" ")
            last = f"{last}, {rest[0]}"
        return first, last
    first, _, last = name.strip().rpartition(" ")
    if folded(last).rstrip(".") in ("jr", "sr", "ii", "iii", "iv") and " " in first:
        first, _, before = first.rpartition(" ")
        last = f"{before} {last}"
    return first, last


def _login(ids: Sequence[str]) -> tuple[str, str]:
    """Return of some identifiers the login and the e-mail address."""
    email = next((text for text in ids if "@" in text), "")
    return next((text for text in ids if "@" not in text and not text.isdigit()), ""), email


def _spellings(person: Person) -> set[str]:
    first, last = person.first_name, person.last_name
    names = {
        person.id,
        person.name,
        f"{last}, {first}",
        f"{last} {first}",
        f"{last}{first}",
        f"{first}{last}",
    }
    return names | {as_moodle(name) for name in names}


def _clues_to(person: Person) -> Iterable[tuple[str, object]]:
    """Everything that leads to a person."""
    yield from (("id", text) for text in person.identifiers)
    yield "number", person.number
    yield "participant", person.participant
    yield "local", folded(person.email.split("@")[0])
    first, last = person.first_name, person.last_name
    for name in {f"{first} {last}", f"{last} {first}"}:
        yield "name", words(name)
        yield "name", words(as_moodle(name))
        yield "squeezed", squeeze(name)
        yield "canvas", as_canvas(name)
    for group in person.groups:
        yield "group", words(group)
        yield "group", words(as_moodle(group))
        yield "canvas group", as_canvas(group)


def _clues(who: Submitter) -> list[tuple[str, object]]:
    """Return the clues of a submitter, the surest first."""
    name = words(who.name)
    named: list[tuple[str, object]] = [("name", name)] if name else []
    if len(name) == 1:
        named.append(("squeezed", name[0]))
    if who.source == "canvas":
        return [
            ("number", who.number),
            ("canvas", as_canvas(who.name)),
            *_ids([who.number if not who.name else ""]),
        ]
    if who.source == "moodle":
        blind = (
            [("id", f"participant-{who.number}")] if who.blind else [*named, *_ids([id_of_name(who.name)])]
        )
        return [("participant", who.number), *blind]
    if who.source == "files":
        return [*_ids([who.name]), *named, ("number", who.name), ("local", folded(who.name))]
    return [*_ids(who.ids), *named]


def _ids(texts: Iterable[str]) -> list[tuple[str, object]]:
    return [("id", folded(text)) for text in texts if text]


def _why_another(person: Person, who: Submitter) -> str:
    """Say why somebody who was found by a number is somebody else by name: a group's number may be a person's."""
    if who.blind or who.source not in ("canvas", "moodle") or not (who.name and person.name):
        return ""
    if words(who.name) == words(person.id) or _consists(as_canvas(who.name), person):
        return ""
    return (
        f"has the number {who.number} of {person.name} ({person.id}) and another name: if it is a group's work, "
        "give the list of groups with --groups FILE"
    )


def _consists(name: str, person: Person) -> bool:
    """Tell whether a name is made of a person's words, or has them all and more (a second first name)."""
    own = [as_canvas(word) for word in (*words(person.name), *words(as_moodle(person.name)))]
    return all(word in name for word in own) or _made_of(name, own)


def _made_of(text: str, parts: Sequence[str]) -> bool:
    if not text:
        return True
    return any(
        text.startswith(part) and _made_of(text[len(part) :], [*parts[:place], *parts[place + 1 :]])
        for place, part in enumerate(parts[:12])
        if part
    )
