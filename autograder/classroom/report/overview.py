"""The course over all assignments: who has what, who is missing where, which items do their work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.classroom.gradebook.records import Person
from autograder.classroom.report.group import Class


@dataclass(frozen=True)
class Standing:
    """One student over the course: the score in each assignment (None: nothing graded), and what is missing."""

    student: str
    scores: tuple[float | None, ...]
    missing: int
    share: float

    @property
    def total(self) -> float:
        """All points together."""
        return sum(score or 0.0 for score in self.scores)


def in_use(classes: Sequence[Class]) -> list[Class]:
    """Those assignments that somebody has handed in."""
    return [group for group in classes if group.hand_ins]


def standings(classes: Sequence[Class], people: dict[str, Person]) -> list[Standing]:
    """Everybody's standing in the assignments that are in use, in alphabetical order of the ids."""
    used = in_use(classes)
    marked = [group.marked for group in used]
    most = sum(group.records.max_points for group in used)
    everyone = people.keys() | {student for group in used for student in group.hand_ins}
    found = []
    for student in sorted(everyone):
        scores = tuple(one[student].score if student in one else None for one in marked)
        missing = sum(student not in group.hand_ins for group in used)
        total = sum(score or 0.0 for score in scores)
        found.append(Standing(student, scores, missing, total / most if most else 0.0))
    return found


def silent(standing: Sequence[Standing], used: int) -> list[str]:
    """Those who have handed in nothing at all."""
    return [one.student for one in standing if used and one.missing == used]


def struggling(standing: Sequence[Standing], used: int, below: float) -> list[str]:
    """Those who hand in, and have less than the part `below` of all points: lowest first."""
    low = [one for one in standing if one.missing < used and one.share < below]
    return [one.student for one in sorted(low, key=lambda one: (one.share, one.student))]
