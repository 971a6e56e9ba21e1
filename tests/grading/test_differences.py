"""A difference between two results is named in words, and never by the right result itself."""

import math

import numpy as np
import pytest

from autograder.judging.mistakes.differences import compare

Z = np.array([-1.5, 0.25, 2.0])
RIGHT = 1 / (1 + np.exp(-Z))
SQUARE = np.array([[1.0, 2.0], [3.0, 5.0]])


def describe(got: object, right: object, rows: int = 0) -> str | None:
    found = compare(got, right, rows)
    return found and found.words


@pytest.mark.parametrize(
    ("got", "right", "words"),
    [
        (None, RIGHT, "nothing was returned"),
        (math.sin, RIGHT, "a function was returned"),
        ("0.5", RIGHT, "it is a str"),
        ("softmax", "sigmoid", "not an answer to this question"),
        (["sigmoid"], "sigmoid", "it is a list, not a text"),
        (None, "sigmoid", "nothing was returned"),
        ([0.1, 0.2, 0.3], RIGHT, "it is a list"),
        (RIGHT[:2], RIGHT, "its shape is (2,)"),
        (RIGHT[:, None], RIGHT, "as many entries as it should"),
        (np.ones((2, 3)), np.ones((3, 2)), "transposed"),
        (SQUARE.T, SQUARE, "transposed"),
        (np.array([np.nan, 0.5, 1.0]), RIGHT, "NaN"),
        (np.array([0.1, np.inf, 1.0]), RIGHT, "infinity"),
        (-RIGHT, RIGHT, "the sign is wrong"),
        (2 * RIGHT, RIGHT, "twice what is right"),
        (-RIGHT / 2, RIGHT, "minus half of what is right"),
        (RIGHT / np.log(10), RIGHT, "logarithm to base 10"),
        (RIGHT * 1.7, RIGHT, "constant factor of 1.7"),
        (RIGHT + 1, RIGHT, "too large by 1 everywhere"),
        (RIGHT[::-1], RIGHT, "in other places"),
        (np.zeros(3), RIGHT, "zero everywhere"),
        (np.array([0, 0, 1]), np.array([0.2, 0.9, 1.3]), "fractions are cut off"),
        (RIGHT + 1e-5 * Z, RIGHT, "nearly right"),
        (RIGHT**2 + 0.3 * Z, RIGHT, "the numbers are wrong"),
        (np.array([0.0, 9.0, 2.0]), np.array([0.0, 1.0, 2.0]), "in 1 of 3 places"),
        (np.array([1, 0, 1]), np.array([1.0, 0.0, 1.0]), "they are integers, not floats"),
        (np.array([True, False]), np.array([1, 0]), "they are booleans, not integers"),
        (3.0, 4.0, "the number is wrong"),
        ((1.0,), (1.0, 2.0), "not a tuple of 2 values"),
        ((1.0, -2.0), (1.0, 2.0), "its second value: the sign is wrong"),
        ((-1.0, -2.0), (1.0, 2.0), "its first and second values: the sign is wrong"),
        (np.array(["a", "b"]), np.array([1.0, 2.0]), "does not hold numbers"),
    ],
)
def test_the_difference_is_named(got: object, right: object, words: str) -> None:
    assert words in (describe(got, right) or "")


@pytest.mark.parametrize(
    ("got", "right"),
    [
        (RIGHT, RIGHT),
        (RIGHT + 1e-11, RIGHT),
        (0.5, np.array(0.5)),
        (np.float64(1), 1.0),
        ((1.0, RIGHT), (1.0, RIGHT)),
        ("sigmoid", "sigmoid"),
    ],
)
def test_equal_results_have_no_difference(got: object, right: object) -> None:
    assert describe(got, right) is None


def test_a_sum_in_place_of_a_mean_is_named_when_the_rows_are_known() -> None:
    assert "a sum in place of a mean" in (describe(7 * RIGHT, RIGHT, rows=7) or "")
