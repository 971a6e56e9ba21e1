"""Measures everything about an assignment's tests, with a progress bar; what is done when Ctrl-C comes, counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.judging.forkserver import Warm
from tests.mutation import figures, judged, mutants
from tests.mutation.judged import Judged
from tests.support import answers
from tests.support.answers import Answer


@dataclass
class Measured:
    """What became of an assignment's mutants and of the answers in its table."""

    assignment: str
    results: list[Judged] = field(default_factory=list)
    graded: list[tuple[Answer, frozenset[str]]] = field(default_factory=list)

    @property
    def of_mutants(self) -> figures.OfMutants:
        """The mutants in numbers."""
        return figures.of_mutants(self.results)

    @property
    def of_answers(self) -> figures.OfAnswers:
        """The answers in numbers."""
        return figures.of_answers(self.graded)


def together(measured: Iterable[Measured]) -> Measured:
    """Return several assignments as one, named `all`."""
    everything = Measured("all")
    for one in measured:
        everything.results += one.results
        everything.graded += one.graded
    return everything


def measure(names: Iterable[str]) -> tuple[list[Measured], bool]:
    """Measure assignments; return what was found, and whether it is all of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found: list[Measured] = []
    with Progress(*columns, console=Console(stderr=True)) as progress, Warm() as warm:
        try:
            for name in names:
                found.append(Measured(name))
                task = progress.add_task(name, total=len(mutants.of(name)) + len(answers.load(name)))
                for _ in _steps(found[-1], warm):
                    progress.advance(task)
        except KeyboardInterrupt:
            return found, False
    return found, True


def _steps(measured: Measured, warm: Warm) -> Iterator[None]:
    """Grade one mutant or answer after another."""
    for result in judged.judge(mutants.of(measured.assignment), warm):
        measured.results.append(result)
        yield
    for answer in answers.load(measured.assignment):
        lost = judged.lost(answer.assignment, answer.function, answer.code, warm)
        measured.graded.append((answer, frozenset(lost)))
        yield
