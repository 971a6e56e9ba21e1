"""Hidden numbers of a class's own: as good as the public ones, and none of them public."""

import re
from unittest import mock

import pytest

from assignments.library import writing
from assignments.library.draws import Draw
from assignments.library.notebook import notebook
from autograder.classroom.release.write import NOT_DRAWN
from tests.support import answers, plain_grading

SOURCES = writing.sources()
DRAWN = sorted(SOURCES.keys() - NOT_DRAWN)
DRAWS = range(10)

pytestmark = pytest.mark.slow


def plan(made):
    """Return what the plain grader runs of a notebook."""
    return [
        (cell.id, cell.source, bool(cell.metadata.nbgrader.grade))
        for cell in made.cells
        if cell.cell_type == "code"
    ]


def chosen(name, number):
    """Return some answers of an assignment, others for each draw: ten draws see all of them."""
    table = answers.load(name)
    right, others = ([answer for answer in table if answer.right == kind] for kind in (True, False))
    return right[number % 4 :: 4] + others[number % 10 :: 10]


@pytest.mark.parametrize("number", DRAWS)
@pytest.mark.parametrize("name", DRAWN)
def test_right_answers_keep_their_points_and_wrong_ones_but_a_few_lose_the_same_items(name, number):
    cells = plan(notebook(SOURCES[name], Draw(f"{name} {number}")))
    with mock.patch.object(plain_grading, "_plan", return_value=cells):
        assert plain_grading.grade(name, {}).lost == frozenset()
        differing = {
            str(answer): sorted(lost ^ answer.loses)
            for answer in chosen(name, number)
            if (lost := plain_grading.grade(name, {answer.function: answer.code}).lost) != answer.loses
        }
    assert not [answer for answer in chosen(name, number) if answer.right and str(answer) in differing]
    assert len(differing) <= 1, differing  # a draw may happen to miss what one wrong answer does


def hidden_rows(made):
    """Return the rows of inputs in hidden tests that tell something: three numbers or more, not all whole."""
    hidden = "\n".join(
        region
        for cell in made.cells
        for region in re.findall(r"BEGIN HIDDEN TESTS\n(.*?)\n### END", cell.source, re.DOTALL)
    )
    shown = "\n".join(cell.source.partition("### BEGIN HIDDEN")[0] for cell in made.cells)
    found = re.findall(r"\[([-\d.e, ]+)\]", " ".join(hidden.split()))
    known = set(re.findall(r"\[([-\d.e, ]+)\]", " ".join(shown.split())))
    rows = {row.strip(" ,") for row in found if row not in known}
    return {row for row in rows if row.count(",") >= 2 and re.search(r"\.\d*[1-9]", row)}


@pytest.mark.parametrize("name", ["01-linear-regression", "02-sigmoid", "05-maxout", "08-choosing"])
def test_no_hidden_row_of_numbers_is_public(name):
    public = hidden_rows(notebook(SOURCES[name]))
    assert public
    assert hidden_rows(notebook(SOURCES[name], Draw(f"{name} of a class"))) & public == set()


@pytest.mark.parametrize("name", SOURCES)
def test_what_students_see_is_the_same(name):
    made, public = notebook(SOURCES[name], Draw("of a class")), notebook(SOURCES[name])
    for ours, theirs in zip(made.cells, public.cells, strict=True):
        assert ours.source.partition("### BEGIN HIDDEN")[0] == theirs.source.partition("### BEGIN HIDDEN")[0]
