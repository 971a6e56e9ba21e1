"""How good the tests are, in numbers: mutants killed, right answers wronged, wrong answers missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.mutation import survivors
from tests.mutation.judged import Judged
from tests.support.answers import Answer


@dataclass(frozen=True)
class OfMutants:
    """`equivalent` survivors are right by the assignment's text; `accepted` ones are not, and have a reason."""

    mutants: int = 0
    killed: int = 0
    equivalent: int = 0

    @property
    def accepted(self) -> int:
        """Survivors that are not equivalent."""
        return self.mutants - self.killed - self.equivalent

    @property
    def rate(self) -> float:
        """The share of mutants killed, of those that are not equivalent."""
        return self.killed / (self.mutants - self.equivalent)


@dataclass(frozen=True)
class OfAnswers:
    """`wronged` counts items that an answer lost though the table says that it is right there; `missed`, items that
    it kept though the table says that it is wrong there."""

    functions: int = 0
    right: int = 0
    wrong: int = 0
    wronged: int = 0
    missed: int = 0


def of_mutants(results: Sequence[Judged]) -> OfMutants:
    """Count what became of mutants."""
    listed = {survivor.key: survivor for survivor in survivors.load()}
    survived = [listed.get(result.mutant.key) for result in results if result.survived]
    return OfMutants(
        mutants=len(results),
        killed=len(results) - len(survived),
        equivalent=sum(survivor is not None and survivor.equivalent for survivor in survived),
    )


def of_answers(graded: Iterable[tuple[Answer, frozenset[str]]]) -> OfAnswers:
    """Count what answers of the table lost, each with the items that it lost."""
    graded = list(graded)
    return OfAnswers(
        functions=len({(answer.assignment, answer.function) for answer, _ in graded}),
        right=sum(answer.right for answer, _ in graded),
        wrong=sum(not answer.right for answer, _ in graded),
        wronged=sum(len(lost - answer.loses) for answer, lost in graded),
        missed=sum(len(answer.loses - lost) for answer, lost in graded),
    )
