"""The activation functions against mpmath at 50 digits, SciPy, and the conventions of the course."""

from __future__ import annotations

import math
import warnings

import activations as a
import numpy as np
import pytest
from activations import ACTIVATIONS
from scipy import special, stats

from assignments.library.references import slopes, values

NAMES = list(ACTIVATIONS)
TAILS = np.array([30, 37.5, 40, 88, 177.5, 355, 709, 710, 745, 746, 1000, 1e4])
WIDE = np.concatenate(
    [-TAILS, TAILS, np.linspace(-12, 12, 97) + 0.0001, [1e-300, -1e-300, 1e-12, -1e-12, 1e-5, -1e-5]]
)
# A difference across 0 says nothing about a function with a kink there.
SLOPED = WIDE[np.abs(WIDE) > 1e-20]


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-9)


def options(name):
    return {"alpha": 0.25} if name == "prelu" else {}


@pytest.mark.parametrize("name", NAMES)
def test_function_agrees_with_mpmath_over_a_wide_range(name):
    close(ACTIVATIONS[name].function(WIDE), values(name, WIDE, **options(name)))


@pytest.mark.parametrize("name", NAMES)
def test_derivative_agrees_with_mpmath_over_a_wide_range(name):
    close(ACTIVATIONS[name].derivative(SLOPED), slopes(name, SLOPED, **options(name)))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "gelu", "elu", "softplus", "swish", "mish"])
def test_tails_keep_their_relative_accuracy(name):
    z = np.array([-36.0, -20, -8, -1e-8, 1e-8, 0.5, 3])
    np.testing.assert_allclose(ACTIVATIONS[name].function(z), values(name, z), rtol=5e-14)


@pytest.mark.parametrize(
    ("function", "oracle"),
    [
        (a.sigmoid, special.expit),
        (a.softplus, lambda z: np.logaddexp(0, z)),
        (a.gelu, lambda z: z * stats.norm.cdf(z)),
        (a.gelu_grad, lambda z: stats.norm.cdf(z) + z * stats.norm.pdf(z)),
        (a.swish, lambda z: z * special.expit(z)),
        (a.sigmoid_grad, lambda z: special.expit(z) * special.expit(-z)),
    ],
)
def test_function_agrees_with_scipy(function, oracle):
    close(function(WIDE), oracle(WIDE))


@pytest.mark.parametrize(
    ("function", "oracle", "given"),
    [
        (a.leaky_relu, "leaky_relu", {"alpha": 0.3}),
        (a.prelu, "prelu", {"alpha": 1.7}),
        (a.prelu, "prelu", {"alpha": -0.5}),
        (a.elu, "elu", {"alpha": 2.5}),
        (a.swish, "swish", {"beta": 0.7}),
    ],
)
def test_parameters_are_used_in_function_and_derivative(function, oracle, given):
    close(function(WIDE, **given), values(oracle, WIDE, **given))
    derivative = getattr(a, f"{function.__name__}_grad")
    close(derivative(SLOPED, **given), slopes(oracle, SLOPED, **given))


def test_prelu_derivative_by_alpha_agrees_with_a_difference_in_alpha():
    close(a.prelu_grad_alpha(WIDE, 0.4), (a.prelu(WIDE, 1.4) - a.prelu(WIDE, 0.4)) / 1.0)


@pytest.mark.parametrize("name", [n for n in NAMES if ACTIVATIONS[n].facts.kinks])
def test_derivative_at_a_kink_is_a_subgradient(name):
    for kink in ACTIVATIONS[name].facts.kinks:
        slope = ACTIVATIONS[name].derivative(np.array(kink.place))
        assert min(kink.left, kink.right) <= slope <= max(kink.left, kink.right)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["function", "derivative"])
def test_result_is_a_new_float64_array_of_the_same_shape(name, part):
    function = getattr(ACTIVATIONS[name], part)
    for z in (np.array(0.5), np.zeros((0, 3)), np.linspace(-2, 2, 24).reshape(2, 3, 4)):
        before = z.copy()
        result = function(z)
        assert isinstance(result, np.ndarray)
        assert (result.dtype, result.shape) == (np.float64, z.shape)
        assert not np.shares_memory(result, z)
        np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["function", "derivative"])
def test_integers_count_as_numbers(name, part):
    function = getattr(ACTIVATIONS[name], part)
    np.testing.assert_array_equal(function([3, -2, 1, -1]), function(np.array([3.0, -2.0, 1.0, -1.0])))


@pytest.mark.parametrize("name", NAMES)
def test_extremes_raise_no_warning(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for part in (ACTIVATIONS[name].function, ACTIVATIONS[name].derivative):
            assert np.isfinite(part(np.array([-1e4, -746, 746, 1e4]))).all()


def test_conventions_at_zero():
    assert a.step(0) == 1
    assert a.sign(0) == 0
    assert a.sigmoid(-1000) == 0
    assert a.softplus(1000) == 1000


def test_tanh_is_a_stretched_sigmoid():
    close(a.tanh(WIDE), 2 * a.sigmoid(2 * WIDE) - 1)


def test_selu_constants_keep_mean_and_variance_of_standard_normals():
    grid = np.linspace(-12, 12, 200_001)
    weight = stats.norm.pdf(grid) * (grid[1] - grid[0])
    assert math.isclose((a.selu(grid) * weight).sum(), 0, abs_tol=1e-9)
    assert math.isclose((a.selu(grid) ** 2 * weight).sum(), 1, rel_tol=1e-9)
