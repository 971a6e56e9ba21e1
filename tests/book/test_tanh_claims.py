"""What the chapter on tanh says in numbers is true of the functions behind its plots."""

import math
from statistics import NormalDist

import mpmath
import numpy as np
import pytest
from activations import hard_sigmoid, hard_tanh, sigmoid, sigmoid_grad, tanh, tanh_grad
from plots import centring as centring_plots
from plots import cost as cost_plots
from plots import depth as depth_plots
from plots import overflow as overflow_plots
from plots import tanh as tanh_plots

Z = np.linspace(-20, 20, 401)


def _valley(a):
    values = np.linalg.eigvalsh(a.T @ a / len(a))
    return values[-1] / values[0]


# The curve and its slope


def test_tanh_is_the_sigmoid_twice_as_fast_twice_as_high_and_one_down():
    np.testing.assert_allclose(tanh_plots.STAGES["2 sigmoid(2z) - 1"](Z), tanh(Z), atol=1e-15)
    np.testing.assert_allclose(sigmoid(Z), (1 + tanh(Z / 2)) / 2, atol=1e-15)


def test_slope_at_zero_is_one_against_a_quarter():
    assert (tanh_grad(0.0), sigmoid_grad(0.0)) == (1.0, 0.25)


def test_slopes_cross_where_the_closed_form_says():
    closed = 2 * np.arccosh((1 + np.sqrt(3)) / 2)
    assert tanh_plots.equal_slope() == pytest.approx(closed, abs=1e-9)
    assert closed == pytest.approx(1.66, abs=0.005)
    assert tanh_grad(closed - 0.01) > sigmoid_grad(closed - 0.01)
    assert tanh_grad(closed + 0.01) < sigmoid_grad(closed + 0.01)


@pytest.mark.parametrize("z", [0.3, 5.0, 40.0])
def test_stable_derivative_has_full_relative_precision(z):
    with mpmath.workdps(50):
        exact = 1 - mpmath.tanh(mpmath.mpf(z)) ** 2
    e = np.exp(-2 * abs(z))
    assert 4 * e / (1 + e) ** 2 == pytest.approx(float(exact), rel=1e-14)


def test_tanh_rounds_to_one_from_about_nineteen_on():
    assert np.tanh(18.5) < 1
    assert np.tanh(19.1) == 1


def test_the_quotient_is_off_by_3_3e_5_at_1e_minus_12_in_the_quiz_and_under_the_plot():
    quotient = next(iter(overflow_plots.TANH))
    assert overflow_plots.relative_error(quotient, np.array([1e-12]))[0] == pytest.approx(3.3e-5, abs=5e-7)
    assert "3.3 \N{MULTIPLICATION SIGN} 10⁻⁵, at z = 10⁻¹²" in overflow_plots.describe_error(formula=quotient)


# Centred outputs


def test_eigenvalues_of_two_alike_units():
    v, m = 0.3, 0.7
    hessian = 2 * np.array([[v + m**2, m**2], [m**2, v + m**2]])
    np.testing.assert_allclose(hessian @ [1, 1], 2 * (v + 2 * m**2) * np.ones(2))
    np.testing.assert_allclose(hessian @ [1, -1], 2 * v * np.array([1, -1]))


def test_valley_of_a_hundred_sigmoid_units_is_nearly_six_hundred_and_of_tanh_round():
    z = np.random.default_rng(0).normal(size=(20_000, 100))
    a = sigmoid(z[:, 0])
    predicted = 1 + 100 * a.mean() ** 2 / a.var()
    assert predicted == pytest.approx(578, rel=0.02)
    assert _valley(sigmoid(z)) == pytest.approx(predicted, rel=0.2)
    assert _valley(tanh(z)) < 1.5


@pytest.mark.parametrize("activation", ["tanh", centring_plots.NORMALIZED])
def test_centred_outputs_make_a_round_valley(activation):
    assert centring_plots.steepness_ratio(activation) < 1.5
    assert all(centring_plots.excess(activation, share)[-1] < 1e-5 for share in (0.3, 0.5, 0.7, 0.9))


def test_sigmoid_outputs_make_a_valley_in_which_a_small_rate_crawls_and_a_large_one_tacks():
    assert centring_plots.steepness_ratio("sigmoid") == pytest.approx(15, abs=0.5)
    assert centring_plots.excess("sigmoid", 0.3)[-1] > 0.01
    steps = np.diff(centring_plots.path("sigmoid", 0.9), axis=0) @ np.ones(2)
    assert np.all(steps[:-1] * steps[1:] < 0)


@pytest.mark.parametrize("activation", list(centring_plots.HIDDEN))
def test_the_path_takes_the_steps_of_the_real_gradient(activation):
    a = centring_plots.hidden_outputs(activation)
    _, y = centring_plots.diabetes_bmi()
    y = (y - y.mean()) / y.std()
    path = centring_plots.path(activation, 0.5)
    lr = 1.0 / np.linalg.eigvalsh(centring_plots.hessian(activation))[-1]
    gradient = 2 / len(y) * a.T @ (a @ path[4] - y)
    np.testing.assert_allclose(path[5], path[4] - lr * gradient, atol=1e-12)


def test_normalising_the_next_layer_centres_its_inputs():
    rng = np.random.default_rng(1)
    a, W = sigmoid(rng.normal(size=(50, 4))), rng.normal(size=(4, 3))
    z = a @ W + rng.normal(size=3)
    np.testing.assert_allclose(z - z.mean(axis=0), (a - a.mean(axis=0)) @ W, atol=1e-12)


# Depth


def test_seven_in_a_hundred_normalised_units_are_saturated():
    border = math.atanh(math.sqrt(0.9))
    assert border == pytest.approx(1.82, abs=0.005)
    assert 2 * NormalDist().cdf(-border) == pytest.approx(0.069, abs=0.0005)


def test_tanh_keeps_a_fifth_of_the_gradient_at_xavier_and_the_sigmoid_next_to_nothing():
    assert depth_plots.saturated_shares("tanh", 1.0).mean() < 0.01
    assert depth_plots.gradient_norms("tanh", 1.0)[0] == pytest.approx(0.2, abs=0.05)
    assert 1e-20 < depth_plots.gradient_norms("sigmoid", 1.0)[0] < 1e-18


def test_half_the_size_fades_and_four_times_the_size_saturates_and_explodes():
    assert depth_plots.gradient_norms("tanh", 0.5)[0] < 1e-7
    assert depth_plots.saturated_shares("tanh", 4.0).mean() == pytest.approx(0.6, abs=0.05)
    assert depth_plots.gradient_norms("tanh", 4.0)[0] > 1e3
    assert depth_plots.saturated_shares("tanh", 8.0).mean() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("scale", [4.0, 8.0])
def test_units_that_are_not_saturated_carry_the_gradient_that_explodes(scale, monkeypatch):
    value, slope, steepest = depth_plots.FUNCTIONS["tanh"]
    carried = []
    for saturated in (True, False):

        def kept(z, saturated=saturated):
            return np.where((slope(z) < 0.1 * steepest) == saturated, slope(z), 0)

        monkeypatch.setitem(depth_plots.FUNCTIONS, "tanh", (value, kept, steepest))
        carried.append(depth_plots.gradient_norms.__wrapped__("tanh", scale)[0])
    assert carried[0] < 1e-20
    assert carried[1] > 1e3


def test_the_gradient_sent_back_agrees_with_finite_differences():
    zs, weights = depth_plots.layers("tanh", 1.5, depth=4)
    upstream = np.random.default_rng(4).normal(size=zs[-1].shape)
    upstream /= np.linalg.norm(upstream)

    def top(change):
        z = zs[0] + change
        for W in weights[1:]:
            z = tanh(z) @ W
        return float(np.sum(tanh(z) * upstream))

    direction = np.random.default_rng(5).normal(size=zs[0].shape)
    delta = upstream * tanh_grad(zs[3])
    for z, W in zip(zs[2::-1], weights[:0:-1], strict=True):
        delta = (delta @ W.T) * tanh_grad(z)
    slope = (top(1e-6 * direction) - top(-1e-6 * direction)) / 2e-6
    assert np.sum(delta * direction) == pytest.approx(slope, rel=1e-6)
    assert np.linalg.norm(delta) == pytest.approx(depth_plots.gradient_norms("tanh", 1.5, 4)[0])


def test_slopes_at_three_that_the_text_and_the_quiz_give():
    assert tanh_grad(3.0) == pytest.approx(0.010, abs=0.0005)
    assert sigmoid_grad(3.0) == pytest.approx(0.045, abs=0.0005)


# Straight pieces


def test_the_usual_slopes_are_the_books_hard_functions():
    np.testing.assert_allclose(tanh_plots.straight("hard tanh", 1.0, Z), hard_tanh(Z), atol=1e-15)
    np.testing.assert_allclose(tanh_plots.straight("hard sigmoid", 2 / 3, Z), hard_sigmoid(Z), atol=1e-15)


def test_largest_errors_named_in_the_text():
    assert tanh_plots.largest_error("hard tanh", 1.0) == pytest.approx(1 - np.tanh(1), abs=1e-6)
    assert tanh_plots.largest_error("hard tanh", 1.0) < 0.24
    assert tanh_plots.largest_error("hard sigmoid", 2 / 3) == pytest.approx(0.069, abs=0.001)


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
def test_hard_sigmoid_has_half_the_error_of_hard_tanh(share):
    tanh_error = tanh_plots.largest_error("hard tanh", share)
    assert tanh_plots.largest_error("hard sigmoid", share) == pytest.approx(tanh_error / 2, rel=1e-4)


def test_the_best_share_of_the_slope_is_near_seven_tenths():
    shares = np.linspace(0.6, 0.8, 41)
    errors = [tanh_plots.largest_error("hard tanh", share) for share in shares]
    assert shares[int(np.argmin(errors))] == pytest.approx(0.7, abs=0.015)


def test_measured_costs_that_the_text_names():
    tanh_cost, hard = cost_plots.relative_cost("tanh"), cost_plots.relative_cost("hard tanh")
    assert tanh_cost / hard == pytest.approx(4, abs=0.5)
    assert cost_plots.relative_cost("tanh from exponentials") / hard == pytest.approx(10, abs=1)


# Stability


def test_where_the_formulas_stop_being_numbers():
    quotient, doubled, stable = overflow_plots.TANH
    assert overflow_plots.first_nan(quotient) == 710
    assert overflow_plots.first_nan(doubled) == 355
    assert overflow_plots.first_nan(stable) is None


def test_quotients_of_exponentials_lose_digits_near_zero_and_expm1_does_not():
    tiny = np.logspace(-12, -9, 61)
    quotient, doubled, stable = overflow_plots.TANH
    assert 1e-6 < overflow_plots.relative_error(quotient, tiny).max() < 1e-3
    assert 1e-6 < overflow_plots.relative_error(doubled, tiny).max() < 1e-3
    assert overflow_plots.relative_error(quotient, tiny[:1])[0] == pytest.approx(3e-5, abs=0.5e-5)
    assert overflow_plots.relative_error(stable, np.r_[tiny, 0.5, 5.0, 1e4]).max() < 1e-15


# Recurrent state


@pytest.mark.parametrize("weight", [1.1, 1.25, 1.5])
def test_a_recurrent_tanh_unit_settles_where_relu_explodes(weight):
    h = tanh_plots.state(weight, "tanh", steps=300)[-1]
    assert h == pytest.approx(np.tanh(weight * h), abs=1e-9)
    assert tanh_plots.state(weight, "ReLU")[-1] == pytest.approx(weight**29)
