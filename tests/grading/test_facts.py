"""What is said where no known mistake fits: exactly what was seen, by the names that the assignment uses, in order."""

from functools import cache

import numpy as np
import pytest

from autograder.judging.forkserver import Warm
from autograder.judging.grading import Graded, grade
from autograder.judging.mistakes.differences import alike_drawn, compare_drawn
from tests.grading import real
from tests.grading.pages import page_of

RIGHT = np.random.default_rng(1).normal(0, 0.1, (200, 200))
AGAIN = np.random.default_rng(2).normal(0, 0.1, (200, 200))
WRONG_SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(z))"
NO_ORDER = "def log_loss(z, y):\n    return np.mean(np.log(1 + sigmoid(z)) * (y + 2))"


@cache
def submitted(warm: Warm, name: str, **code: str) -> Graded:
    return grade(real.tested(name), real.submission(name, **code), warm)


def observed(result: Graded, function: str) -> list[str]:
    return [fact for finding in result.findings if finding.function == function for fact in finding.observed]


def test_of_several_results_it_is_said_which_are_wrong_by_their_names(warm: Warm) -> None:
    code = """
def mse_grad(X, w, b, y):
    y_hat = X @ w + b
    return 2 * X.T @ (y_hat - y) / len(y), 2 * np.mean(y_hat)
"""
    result = submitted(warm, "01-linear-regression", mse_grad=code)
    assert observed(result, "mse_grad") == ["`db` is wrong.", "`dw` is right."]


def test_a_place_is_named_only_where_an_entry_stands_for_itself(warm: Warm) -> None:
    """Where the result goes by columns, from 0.9 downwards means nothing."""
    result = submitted(
        warm, "08-choosing", rescale="def rescale(X, low, high):\n    return X / X.max(axis=0)"
    )
    assert observed(result, "rescale") == ["It is wrong in 7 of 10 places."]


def test_what_calls_a_function_that_is_wrong_says_so_first(warm: Warm) -> None:
    result = submitted(warm, "02-sigmoid", sigmoid=WRONG_SIGMOID, log_loss=NO_ORDER)
    assert observed(result, "log_loss")[0] == "It calls `sigmoid`, which is wrong: mend that first."


def test_another_exception_for_a_bad_name_explains_nothing_else(warm: Warm) -> None:
    code = "def hidden_activation(network):\n    return {'mlp': 'tanh', 'cnn': 'tanh'}[network]"
    result = submitted(warm, "08-choosing", hidden_activation=code)
    (finding,) = [finding for finding in result.findings if finding.cause]
    assert finding.items == ("hidden_activation-unknown",)
    assert finding.example is not None
    assert finding.example.right == ""


def test_an_argument_that_changed_is_told_where_the_numbers_are_wrong_too(warm: Warm) -> None:
    code = "def elu(z, alpha=1.0):\n    z[z < 0] = alpha * np.exp(z[z < 0])\n    return z"
    result = submitted(warm, "04-relu-family", elu=code)
    (item,) = [item for item in result.feedback if item.id == "elu-inputs-unchanged"]
    assert "changes" in item.reasons[0]
    assert item.example is None


def test_the_page_says_what_is_wrong_first_and_folds_what_is_right(warm: Warm) -> None:
    page = page_of(submitted(warm, "02-sigmoid", sigmoid=WRONG_SIGMOID, log_loss=NO_ORDER))
    _, first, second, third, *_ = page.split('<section class="question"')
    assert ">sigmoid<" in first
    assert ">log_loss<" in second
    assert 'class="finding"' not in third
    marks = [
        'class="finding"',
        'class="cause"',
        "Try it:",
        'class="rubric"',
        'class="earned"',
        "Your code</summary>",
    ]
    places = [first.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "<details open" not in page


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (AGAIN, None),
        (AGAIN * 1.5, "standard deviation"),
        (AGAIN + 0.02, "mean"),
        (np.random.default_rng(2).uniform(-0.1732, 0.1732, (200, 200)), "normal distribution"),
        (AGAIN[:, :1] * np.ones(200), "the same"),
        (RIGHT * 2, "twice"),
    ],
)
def test_numbers_that_are_drawn_are_compared_by_their_distribution(
    drawn: np.ndarray, words: str | None
) -> None:
    found = compare_drawn(drawn, RIGHT)
    assert (found is None) if words is None else (found is not None and words in found.words)
    assert alike_drawn(drawn, RIGHT) == (words is None)
