"""An assignment that was done in another language: grading sees the code, and no difference."""

import sys
from functools import cache

import nbformat
import pytest
from translation import speaking

from autograder.judging.forkserver import Warm
from autograder.judging.grading import grade
from autograder.judging.reading import read_notebook
from autograder.judging.restoring import restore
from tests.grading import real
from tests.support import answers

sys.path.append(str(answers.ROOT / "chapters" / "site"))
from catalogues.exercises import exercise_in

WRONG = ("step", "sigmoid", "sigmoid_grad", "log_loss")


@cache
def chinese(name: str) -> nbformat.NotebookNode:
    with speaking("zh_CN"):
        return exercise_in(answers.ROOT / "exercises" / name / f"{name}.ipynb", answers.ROOT)


@pytest.mark.parametrize("name", answers.assignments())
def test_a_notebook_in_another_language_is_whole_and_has_nothing_to_put_right(name: str) -> None:
    filled = answers.fill(chinese(name), answers.reference(name))
    kept = restore(real.assignment(name), read_notebook(nbformat.writes(filled).encode()))
    assert kept.notes == ()
    english = restore(real.assignment(name), read_notebook(real.submission(name)))
    assert [piece.origin for piece in kept.cells] == [piece.origin for piece in english.cells]


@pytest.mark.slow
def test_answers_in_another_language_get_the_same_points_and_the_same_reasons(warm: Warm) -> None:
    name = "02-sigmoid"
    wrong = {one.function: one.code for one in answers.load(name) if not one.right and one.function in WRONG}
    code = answers.reference(name) | wrong
    given = (answers.fill(notebook, code) for notebook in (chinese(name), real.released(name)))
    ours, theirs = (grade(real.assignment(name), nbformat.writes(one).encode(), warm) for one in given)
    assert real.lost(ours) == real.lost(theirs) != frozenset()
    assert [(one.id, one.points, one.reasons) for one in ours.feedback] == [
        (one.id, one.points, one.reasons) for one in theirs.feedback
    ]
