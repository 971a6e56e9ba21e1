"""How the pages call people, or leave them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.classroom.gradebook.records import Person
from autograder.classroom.pages.text import plain

LONGEST_NAME = 80
MOST_LISTED = 400

_SHORTEST_MASKED = 3  # letters: shorter names are words as well


@dataclass(frozen=True)
class Names:
    """Names for a page. `hidden` pages say how many, and never who."""

    people: Mapping[str, Person]
    hidden: bool = False

    def of(self, student: str) -> str:
        """A student's name as HTML, with the id that folders and the formgrader know."""
        person = self.people.get(student, Person(student))
        name = f"{person.first_name} {person.last_name}".strip()
        own_id = f"<code>{plain(student, LONGEST_NAME)}</code>"
        return f"{plain(name, LONGEST_NAME)} {own_id}" if name else own_id

    def listed(self, students: Iterable[str]) -> str:
        """A list of names that can be opened; nothing where names are hidden."""
        everyone = list(students)
        if self.hidden or not everyone:
            return ""
        names = "\n".join(f"<li>{self.of(student)}</li>" for student in everyone[:MOST_LISTED])
        rest = len(everyone) - MOST_LISTED
        more = f"<li>and {rest} more</li>" if rest > 0 else ""
        return f'<details class="who"><summary>Who</summary>\n<ul>\n{names}\n{more}</ul></details>'

    def masked(self, text: str, student: str) -> str:
        """A text of a student's, without the student's own name where names are hidden."""
        if not self.hidden:
            return text
        person = self.people.get(student, Person(student))
        own = {student, person.first_name, person.last_name, person.email, *re.split(r"[\s._@-]+", student)}
        words = sorted((word for word in own if len(word) >= _SHORTEST_MASKED), key=len, reverse=True)
        pattern = "|".join(map(re.escape, words))
        return (
            re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "\N{HORIZONTAL ELLIPSIS}", text, flags=re.I)
            if words
            else text
        )
