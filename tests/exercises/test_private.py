"""Hidden numbers of a class's own: as good as the public ones, and none of them public.

Here one draw of each assignment is tried with a part of its answers; `python -m tests.exercises.draws` tries ten with
all of them, and with all mutants.
"""

import pytest

from assignments.library.draws import Draw
from assignments.library.notebook import notebook
from assignments.library.own import hidden_numbers, telling
from tests.exercises import draws
from tests.support import answers

EACH = 4

pytestmark = pytest.mark.slow
each_assignment = pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xdist_group(f"draws-{name}")) for name in draws.SOURCES],
)


@each_assignment
def test_answers_lose_the_same_items_as_with_the_public_numbers(name):
    table = [answer for answer in answers.load(name) if answer.right][1::2]
    table += [answer for answer in answers.load(name) if not answer.right][::EACH]
    found = draws.differing(draws.drawn(name, 0), table)
    assert {str(answer): items for answer, items in found} == {}


@each_assignment
def test_mutants_lose_a_point(name):
    chosen = draws.wrong_mutants(name)[::EACH]
    assert len(draws.surviving(draws.drawn(name, 0), chosen)) <= 0.02 * len(chosen)


@each_assignment
def test_no_number_of_the_public_hidden_tests_is_among_its_own(name):
    assert hidden_numbers(answers.source_notebook(name))
    assert draws.public_numbers(name, [0, 1]) == {0: [], 1: []}


@each_assignment
def test_what_students_see_is_the_same(name):
    public = answers.source_notebook(name)
    for ours, theirs in zip(draws.drawn(name, 0).cells, public.cells, strict=True):
        assert ours.source.partition("### BEGIN HIDDEN")[0] == theirs.source.partition("### BEGIN HIDDEN")[0]


def test_equal_seeds_give_equal_numbers_and_others_give_others():
    name = "02-sigmoid"
    again = notebook(draws.SOURCES[name], Draw(f"{name} 0"))
    assert [cell.source for cell in again.cells] == [cell.source for cell in draws.drawn(name, 0).cells]
    assert len(hidden_numbers(draws.drawn(name, 1)) & hidden_numbers(again)) < 0.25 * len(hidden_numbers(again))


def test_numbers_of_three_digits_tell_something_and_rows_of_three_fractions():
    assert telling("f([1.25, 0.5, 2])") == {"1.25"}
    assert telling("f([0.1, -2.5, 3.2, 4.0])") == {"0.1, -2.5, 3.2, 4.0"}
    assert telling("f([1, 2, 3], 0.5, [0.5, 0.5, 0.5])") == set()
