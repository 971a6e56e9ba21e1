"""The known mistakes of the course: each is one, each is told from the others, and each is named when it is made."""

import tomllib

import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.limits import Limits
from autograder.judging.mistakes.observing import name_causes, observe
from autograder.judging.mistakes.probes import cells_of, members, probes
from autograder.judging.outcome import Cell
from autograder.judging.session import Session
from tests.grading import real
from tests.support import answers
from tests.support.answers import ROOT

# No visible call shows these: the items about them say so.
UNSEEN = {
    "A temperature above 1 loses its fraction: it may be any positive number.",
    "It uses tanh, whatever activation is asked for.",
    "It draws from NumPy's global generator: draw from `rng`.",
    "It draws from a generator of its own: draw from `rng`.",
}
TABLES = ROOT / "assignments" / "mistakes"


@pytest.mark.parametrize("name", answers.assignments())
def test_every_known_mistake_is_named_when_it_is_made(name: str, warm: Warm) -> None:
    assignment = real.assignment(name)
    public = probes(assignment, warm, Limits())
    unnamed = []
    for function in assignment.mistakes:
        if any(isinstance(probe.right, str) for probe in public[function]):
            continue  # other results may be right there, so that none is called wrong
        found = members(assignment, function, public[function], warm, Limits())
        unseen = {member.cause for member in found if not member.wrong} & UNSEEN
        mistakes = cells_of(assignment, function)
        cells = [Cell("student", c.id, c.source) for c in assignment.cells if c.defines]
        with Session(warm) as session:
            session.load([*cells, *(Cell("student", "", code) for _, code in mistakes)])
            for number, (cause, _) in enumerate(mistakes):
                seen = observe(session, f"mistake_{number}", public[function])
                if cause not in unseen and [n.cause for n in name_causes(seen, found)][:1] != [cause]:
                    unnamed.append(f"{function}: {cause}")
    assert unnamed == []


@pytest.mark.parametrize("name", answers.assignments())
def test_the_notebook_holds_the_table_and_the_release_does_not(name: str) -> None:
    table = tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))
    assert answers.source_notebook(name).metadata["autograder"]["mistakes"] == table
    assert "autograder" not in answers.release_notebook(name).metadata


def test_no_mistake_is_named_for_a_right_answer(warm: Warm) -> None:
    """One that is right but unstable has its mistake."""
    right = [a for a in answers.load("02-sigmoid") if a.right and not a.loses][::6]
    made = [real.submission("02-sigmoid", **{answer.function: answer.code}) for answer in right]
    graded = [grade(real.tested("02-sigmoid"), data, warm) for data in made]
    assert [finding.cause for result in graded for finding in result.findings if finding.cause] == []
