"""Softmax, its logarithm and its Jacobian against SciPy, mpmath and their own properties."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from activations import log_softmax, softmax, softmax_jacobian
from scipy import special

LOGITS = np.random.default_rng(0).normal(scale=5, size=(3, 4, 4))
EXTREME = np.array([[1e4, 0, -1e4], [-1e4, -1e4, -1e4], [745, -1e4, 0], [710, 710, 709]])


@pytest.mark.parametrize("Z", [LOGITS, LOGITS[0], LOGITS[0, 0], EXTREME], ids=["3d", "2d", "1d", "extreme"])
def test_softmax_agrees_with_scipy_along_the_last_axis(Z):
    np.testing.assert_allclose(softmax(Z), special.softmax(Z, axis=-1), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(log_softmax(Z), special.log_softmax(Z, axis=-1), rtol=1e-12)


def test_log_softmax_agrees_with_mpmath():
    z = [3.5, -20.0, 800.0, 799.25]
    with mp.workdps(50):
        total = mp.log(mp.fsum(mp.exp(mp.mpf(x)) for x in z))
        expected = [float(mp.mpf(x) - total) for x in z]
    np.testing.assert_allclose(log_softmax(z), expected, rtol=1e-14)


def test_log_softmax_survives_where_the_probability_underflows():
    np.testing.assert_array_equal(log_softmax([1000, 0]), [0, -1000])


def test_softmax_does_not_change_when_all_logits_are_shifted():
    np.testing.assert_allclose(softmax(LOGITS + 1000), softmax(LOGITS), rtol=1e-11)


def test_arguments_stay_as_they_were_and_results_are_new_float64():
    Z = np.array([[1, 2], [3, 5]])
    for function in (softmax, log_softmax):
        assert function(Z).dtype == np.float64
        assert function(Z).shape == Z.shape
    np.testing.assert_array_equal(Z, [[1, 2], [3, 5]])
    assert softmax(np.zeros((2, 0))).shape == (2, 0)


def test_jacobian_agrees_with_central_differences():
    z, h = LOGITS[0, 1], 1e-6
    steps = np.eye(len(z)) * h
    expected = np.array([(softmax(z + d) - softmax(z - d)) / (2 * h) for d in steps]).T
    np.testing.assert_allclose(softmax_jacobian(z), expected, rtol=1e-6, atol=1e-9)
