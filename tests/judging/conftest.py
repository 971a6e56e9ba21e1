from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.outcome import Cell, Outcome
from autograder.judging.session import Session, judge_submission

QUICK = Limits(call=2.0, patience=0.3, cell=2.0, submission=60.0, memory=256 << 20)


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as template:
        yield template


def cells(*sources: str | tuple[str, str]) -> list[Cell]:
    """Make cells: a plain text is the student's; ("test", text) and ("setup", text) are the instructor's."""
    made = [Cell("setup", "setup", "import numpy as np")]
    for number, source in enumerate(sources, 1):
        kind, text = ("student", source) if isinstance(source, str) else source
        made.append(Cell(kind, f"{kind}-{number}", text))
    return made


@pytest.fixture
def judge(warm: Warm) -> Callable[..., list[Outcome]]:
    """Judge cells given as texts and return their outcomes, the setup cell's left out."""

    def run(*sources: str | tuple[str, str], limits: Limits = QUICK) -> list[Outcome]:
        return list(judge_submission(warm, cells(*sources), limits)[1:])

    return run


@pytest.fixture
def attempt() -> Callable[..., object]:
    """Call the function `attack` of a cell in a worker of the template; return its result or error's name."""

    def run(template: Warm, source: str, *args: object, limits: Limits = QUICK) -> object:
        with Session(template, limits) as session:
            session.judge(cells(source))
            call = session.call("attack", *args)
            return call.error.name if call.error else call.result

    return run
