"""Who is who: the class list, and finding in it whoever an archive names."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.classroom.collect.naming import Submitter

UNKNOWN = "is not in the class list"
SAFE_ID = re.compile(r"[\w][\w.@ +-]{0,99}(?<![. ])")  # what may name a folder, a row and an address


@dataclass(frozen=True)
class Person:
    """A student: `id` names folders and gradebook entries, `number` is Canvas's for the user, `participant` Moodle's
    for the assignment at hand.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""
    participant: str = ""


class ClassList:
    """All students known, and the ways to recognise them.

    A name that fits several students fits none: whoever is taken for somebody else gets their grade.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = {person.id: person for person in people}
        self._by: dict[tuple[str, str], set[str]] = defaultdict(set)
        for person in self.people.values():
            self._enter(person)

    def find(self, who: Submitter) -> tuple[Person | None, str]:
        """Return the student that an archive names, or None and why there is none."""
        for kind, text in _clues(who):
            found = self._by.get((kind, text), set())
            found = {student for student in found if self._fits(student, who)}
            if len(found) == 1:
                return self.people[found.pop()], ""
            if found:
                return None, f"could be {' or '.join(sorted(found))}"
        return None, UNKNOWN

    def add(self, person: Person) -> None:
        """Add a student, or replace what is known of one."""
        self.people[person.id] = person
        self._enter(person)

    def learn(self, person: Person, who: Submitter) -> Person:
        """Note Canvas's number of a student that was found by name; return the student as known now."""
        if who.source == "canvas" and who.number.isdigit() and not person.number:
            self.add(person := replace(person, number=who.number))
        return person

    def _fits(self, student: str, who: Submitter) -> bool:
        person = self.people[student]
        known = {"canvas": person.number, "moodle": person.participant}.get(who.source, "")
        return not (known and who.number.isdigit() and known != who.number)

    def _enter(self, person: Person) -> None:
        first, last = squeeze(person.first_name), squeeze(person.last_name)
        for clue in (
            ("id", squeeze(person.id)),
            ("id", squeeze(person.email)),
            ("number", person.number),
            ("participant", person.participant),
            ("name", first + last),
            ("name", last + first),
        ):
            if clue[1]:
                self._by[clue].add(person.id)


def squeeze(text: str) -> str:
    """Return a name for comparing: no case, no spaces or signs, Unicode's variants made one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFC", folded) if sign.isalnum())


def newcomer(who: Submitter) -> Person | None:
    """Return a student made of what an archive says, or None if that gives no usable id.

    Canvas's `doejane_1234` keeps its number, which is the same in all downloads; Moodle's number is another for
    each assignment, so that only the name can tell who it is.
    """
    first, _, last = who.name.rpartition(" ")
    if who.source == "canvas":
        person = Person("-".join(filter(None, (who.name, who.number))), "", who.name, "", who.number)
    elif who.source == "moodle" and squeeze(who.name) == "participant":
        person = Person(f"participant-{who.number}", participant=who.number)
    elif who.source == "moodle":
        name = re.sub(r"\W+", "-", who.name.casefold()).strip("-")
        person = Person(name, first, last, participant=who.number)
    else:
        person = Person(who.name)
    return person if is_safe(person.id) else None


def is_safe(student: str) -> bool:
    """Tell whether a student's id can name a folder and stand in a spreadsheet without being taken for a formula."""
    return bool(SAFE_ID.fullmatch(student)) and unicodedata.is_normalized("NFC", student)


def _clues(who: Submitter) -> list[tuple[str, str]]:
    """Return the clues of a submitter, the surest first."""
    name = squeeze(who.name)
    if who.source == "canvas":
        return [("number", who.number), ("name", name), ("id", squeeze(f"{who.name}-{who.number}"))]
    if who.source == "moodle":
        return [("participant", who.number), ("name", name), ("id", name)]
    return [("id", name), ("name", name), ("number", who.name)]
