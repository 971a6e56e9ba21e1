"""The commonest mistakes: what is wrong with an answer, in the judge's words, and an answer that shows it.

One mistake in a function costs several rubric items, so mistakes are grouped by the function and by how its
outputs are wrong, and each group names the items that it cost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.classroom.gradebook.graded import RubricItem
from autograder.classroom.report.classes import Paper

NOT_WRITTEN = "it is not written yet"
_NUMBER = re.compile(r"(?<![A-Za-z])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_WRONG = re.compile(r"the numbers? (?:is|are) wrong(?: in \d+ of \d+ places)?")
_COUNTED = re.compile(r"<n>(?:, <n>)+")


@dataclass(frozen=True)
class Case:
    """One submission with a mistake: the items lost by it, and the call that shows it, if there is one."""

    student: str
    answer: str
    lost: list[RubricItem]

    @property
    def shown(self) -> RubricItem:
        """The item that shows the mistake best: the first one with a call to try."""
        return next((item for item in self.lost if item.example), self.lost[0])


@dataclass
class Mistake:
    """A mistake that submissions share: `how` it goes wrong, in words."""

    function: str
    how: str
    cases: list[Case] = field(default_factory=list)

    @property
    def items(self) -> list[tuple[str, int]]:
        """The titles of the items that it cost, with the number of submissions, commonest first."""
        return Counter(item.title for case in self.cases for item in case.lost).most_common()

    @property
    def message(self) -> str:
        """What the tests say about it, most often."""
        said = Counter(reason for case in self.cases for reason in case.shown.reasons)
        return said.most_common(1)[0][0] if said else ""

    @property
    def names_function(self) -> bool:
        """Whether the words begin with the function's name."""
        return self.how.startswith(f"{self.function} ")

    @property
    def says_more(self) -> bool:
        """Whether the tests say more than how it goes wrong."""
        said = self.message.rstrip(".")
        return bool(said) and not said.startswith("Your code raised ") and said != self.how.rstrip(".")

    @property
    def typical(self) -> Case:
        """The case to show: of the answers that occur most often, the shortest, and the first of those by name."""
        often = Counter(_squeezed(case.answer) for case in self.cases)
        return min(
            self.cases,
            key=lambda case: (-often[_squeezed(case.answer)], len(case.answer), case.student),
        )


def find(submissions: Iterable[Paper]) -> list[Mistake]:
    """Return the mistakes of a class, those that most submissions share first."""
    found: dict[tuple[str, str], Mistake] = {}
    for work in submissions:
        for (function, kind), lost in _lost(work).items():
            mistake = found.setdefault((function, kind), Mistake(function, how(lost[0])))
            mistake.cases.append(Case(work.student, work.answers.get(function, ""), lost))
    return sorted(
        found.values(),
        key=lambda mistake: (-len(mistake.cases), -len(mistake.items), mistake.function, mistake.how),
    )


def _lost(work: Paper) -> dict[tuple[str, str], list[RubricItem]]:
    """The items that a submission lost, by function and kind of mistake."""
    lost: dict[tuple[str, str], list[RubricItem]] = {}
    for item in work.items.values():
        if item.passed is False:
            lost.setdefault((item.function, _kind(how(item))), []).append(item)
    return lost


def how(item: RubricItem) -> str:
    """How an item went wrong: by its counterexample if it has one, else by what the judge said first."""
    reason = item.reasons[0] if item.reasons else "a check failed"
    if reason.startswith("It is not written yet"):
        return NOT_WRITTEN
    if not item.example:
        return reason
    if item.example.get("raised"):
        return f"it raises {_exception(str(item.example.get('returned', '')))}"
    problem = str(item.example.get("problem") or reason)  # how many places are wrong is chance
    return "the numbers are wrong" if _WRONG.fullmatch(problem) else problem


def _exception(text: str) -> str:
    """The name of an exception in `ValueError: text`."""
    name = text.split(":", 1)[0].strip()
    return name if name.isidentifier() else "an exception"


def _kind(words: str) -> str:
    """The same words for the same kind of mistake, whatever the numbers and shapes in it."""
    return _COUNTED.sub("<n>", _NUMBER.sub("<n>", words)) if "ln 10" not in words else words


def _squeezed(code: str) -> str:
    return " ".join(code.split())
