"""Every small fault in a solution costs a point, but for those that are listed with a reason.

`python -m tests.mutation.report FILE.html` shows what the tests see and what they do not.
"""

from functools import cache

import pytest

from autograder.judging.forkserver import Warm
from tests.mutation import judged, mutants, survivors
from tests.mutation.figures import of_mutants
from tests.support import answers

LOWEST_RATE = 0.98
EACH = 25

pytestmark = pytest.mark.slow
each_assignment = pytest.mark.parametrize(
    "assignment",
    [pytest.param(name, marks=pytest.mark.xdist_group(f"mutation-{name}")) for name in mutants.assignments()],
)


@cache
def results(assignment: str, warm: Warm) -> tuple[judged.Judged, ...]:
    return tuple(judged.judge(mutants.of(assignment), warm))


@each_assignment
def test_the_solution_itself_loses_nothing(assignment: str, warm: Warm) -> None:
    for function, code in answers.reference(assignment).items():
        assert judged.lost(assignment, function, code, warm) == ()


@each_assignment
def test_the_judge_takes_what_plain_grading_takes(assignment: str, warm: Warm) -> None:
    """A sample of the mutants; those that plain grading finds nothing wrong with are judged anyway."""
    for result in results(assignment, warm)[::EACH]:
        mutant = result.mutant
        assert judged.lost(assignment, mutant.function, mutant.code, warm) == result.loses, mutant.key


@each_assignment
def test_the_cells_that_are_left_out_see_nothing(assignment: str, warm: Warm) -> None:
    """One mutant of every function, in the middle of the list."""
    for function in answers.reference(assignment):
        found = [result for result in results(assignment, warm) if result.mutant.function == function]
        middle = found[len(found) // 2]
        assert judged.lost(assignment, function, middle.mutant.code, warm, whole=True) == middle.loses


@each_assignment
def test_every_mutant_that_survives_is_listed_with_its_reason(assignment: str, warm: Warm) -> None:
    survived = {result.mutant.key for result in results(assignment, warm) if result.survived}
    assert sorted(survived - survivors.of(assignment).keys()) == []


@each_assignment
def test_every_mutant_on_the_list_exists_and_survives(assignment: str, warm: Warm) -> None:
    survived = {result.mutant.key for result in results(assignment, warm) if result.survived}
    assert sorted(survivors.of(assignment).keys() - survived) == []


@each_assignment
def test_at_least_98_percent_of_the_mutants_that_are_wrong_lose_a_point(assignment: str, warm: Warm) -> None:
    assert of_mutants(results(assignment, warm)).rate >= LOWEST_RATE


@each_assignment
def test_mutants_have_names_of_their_own(assignment: str) -> None:
    keys = [mutant.key for mutant in mutants.of(assignment)]
    assert len(set(keys)) == len(keys)


def test_every_survivor_is_of_an_assignment_and_listed_once_with_a_reason() -> None:
    listed = survivors.load()
    assert {survivor.assignment for survivor in listed} <= set(mutants.assignments())
    assert len({survivor.key for survivor in listed}) == len(listed)
    assert all(survivor.why for survivor in listed)
