"""How the report's pages call people, or leave them out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.classroom.collect.people import Person

_SHORTEST_MASKED = 3  # letters: shorter names are words as well


@dataclass(frozen=True)
class Names:
    """Names for a page. `hidden` pages say how many, and never who."""

    people: Mapping[str, Person]
    hidden: bool = False

    def called(self, student: str) -> str:
        """A student's name, empty where only the id is known."""
        person = self.people.get(student, Person(student))
        return f"{person.first_name} {person.last_name}".strip()

    def masked(self, text: str, student: str) -> str:
        """A text of a student's, without the student's own name where names are hidden."""
        if not self.hidden:
            return text
        person = self.people.get(student, Person(student))
        own = {student, person.first_name, person.last_name, person.email, *re.split(r"[\s._@-]+", student)}
        words = sorted((word for word in own if len(word) >= _SHORTEST_MASKED), key=len, reverse=True)
        if not words:
            return text
        pattern = "|".join(map(re.escape, words))
        return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "\N{HORIZONTAL ELLIPSIS}", text, flags=re.I)
