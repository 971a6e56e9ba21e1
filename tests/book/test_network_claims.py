"""What the chapter on a network says in numbers is true of the functions behind its plots."""

import numpy as np
import pytest
from activations import ACTIVATIONS
from experiments import plane_network as plane_network
from experiments.plane_network import POINTS, points, train
from plots import approximation as approximation
from plots import optimisers as optimisers
from plots import plane as plane_plots

# A line and a network


def test_a_line_is_wrong_for_one_point_in_seven_on_moons_and_a_coin_on_the_circle():
    assert train("two moons", 0, "sigmoid").test_error == pytest.approx(100 / 7, abs=1.5)
    assert train("a circle", 0, "sigmoid").test_error == pytest.approx(50, abs=5)


@pytest.mark.parametrize("data", plane_network.DATA)
def test_two_hundred_sigmoid_units_follow_the_classes(data):
    run = train(data, 200, "sigmoid")
    assert run.test_error < 8
    assert run.test_error < train(data, 0, "sigmoid").test_error / 2


@pytest.mark.parametrize("units", [1, 200])
def test_identity_stays_a_line(units):
    params = train("two moons", units, "identity").params
    line = np.linspace(-2, 2, 5)[:, None] * [[1.0, 0.3]] + [[0.2, -0.1]]
    z = plane_network.logits(params, line, "identity")
    np.testing.assert_allclose(np.diff(z, 2), 0, atol=1e-9)


def test_three_tanh_units_are_enough_and_five_relu_units_miss_it_from_this_start():
    assert train("two moons", 3, "tanh").test_error < 8
    assert train("two moons", 5, "ReLU").test_error > 12
    assert train("two moons", 20, "ReLU").test_error < 8


@pytest.mark.parametrize(("units", "good"), [(5, 9), (20, 12)])
def test_starts_of_twelve_from_which_relu_units_draw_the_curve(units, good, monkeypatch):
    start = plane_network.start
    errors = []
    for seed in range(12):
        monkeypatch.setattr(plane_network, "start", lambda units, seed=seed: start(units, seed))
        errors.append(train.__wrapped__("two moons", units, "ReLU").test_error)
    assert sum(error < 8 for error in errors) == good


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
def test_from_twenty_units_on_the_mistakes_hardly_change(activation):
    few, many = (train("two moons", units, activation).test_error for units in (20, 200))
    assert few == pytest.approx(many, abs=1.5)


# What a hidden layer can represent


def test_more_bumps_come_nearer_and_medium_edges_beat_hard_ones_at_thirty():
    for edges in ("medium", "hard"):
        misses = [approximation.bump_miss(bumps, edges) for bumps in (1, 2, 8, 15, 30)]
        assert misses == sorted(misses, reverse=True)
    assert approximation.bump_miss(30, "medium") < approximation.bump_miss(30, "hard")


@pytest.mark.parametrize("bumps", [4, 15, 30])
def test_hard_bumps_are_within_twice_the_modulus_everywhere_and_at_the_ends_too(bumps, monkeypatch):
    monkeypatch.setitem(approximation.EDGES, "very hard", 3000.0)
    miss = np.abs(
        approximation.bump_parts(bumps, "very hard").sum(axis=0) - approximation.curve(approximation.X)
    )
    half = 3.0 / bumps
    fine = np.linspace(-3, 3, 6001)
    reach = [np.ptp(approximation.curve(fine[np.abs(fine - x) <= half])) for x in approximation.X]
    modulus = max(reach)
    assert miss.max() <= 2 * modulus
    assert max(miss[0], miss[-1]) <= modulus


def test_a_polynomial_gains_nothing_from_the_third_unit_on_and_the_others_do():
    squares = [approximation.random_miss(units, "z squared") for units in (3, 5, 10, 20, 40)]
    assert squares == pytest.approx([squares[0]] * 5, rel=1e-3)
    last = {name: approximation.random_miss(40, name) for name in ("sigmoid", "tanh", "ReLU")}
    assert max(last, key=last.get) == "ReLU"
    assert last["ReLU"] < squares[0] / 20


def test_relu_falls_most_slowly_because_it_is_broken_and_the_curve_is_not(monkeypatch):
    monkeypatch.setitem(approximation.FUNCTIONS, "softplus", lambda z: np.logaddexp(0, 4 * z) / 4)
    assert approximation.random_miss(40, "ReLU") == pytest.approx(2e-2, rel=0.15)
    assert approximation.random_miss(40, "softplus") == pytest.approx(2e-5, rel=0.15)

    smooth, corners = approximation.curve, np.linspace(-3, 3, 9)
    monkeypatch.setattr(approximation, "curve", lambda x: np.interp(x, corners, smooth(corners)))
    monkeypatch.setattr(approximation, "random_fit", approximation.random_fit.__wrapped__)
    for name in ("ReLU", "sigmoid", "tanh"):
        assert 0.9e-2 < approximation.random_miss(40, name) < 2e-2


# Backpropagation


def _numerical(params, X, y, activation, h=1e-5):
    grads = [np.zeros_like(p) for p in params]
    for p, g in zip(params, grads, strict=True):
        for i in np.ndindex(p.shape):
            old, values = p[i], []
            for moved in (old + h, old - h):
                p[i] = moved
                values.append(plane_network.loss(plane_network.logits(params, X, activation), y))
            p[i] = old
            g[i] = (values[0] - values[1]) / (2 * h)
    return grads


@pytest.mark.parametrize("activation", list(plane_network.HIDDEN))
def test_backpropagation_agrees_with_central_differences_in_eight_digits(activation):
    X, y = points("two moons")
    params = plane_network.start(5)
    grads, _ = plane_network.gradient(params, X[:POINTS], y[:POINTS], activation)
    for ours, check in zip(grads, _numerical(params, X[:POINTS], y[:POINTS], activation), strict=True):
        np.testing.assert_allclose(ours, check, atol=1e-8 * np.abs(check).max())


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "swish"])
def test_slope_of_the_output_is_wrong_except_for_relu(name):
    z = np.linspace(-3, 3, 50)
    relu, other = ACTIVATIONS["relu"], ACTIVATIONS[name]
    np.testing.assert_array_equal(relu.derivative(relu.function(z)), relu.derivative(z))
    assert np.abs(other.derivative(other.function(z)) - other.derivative(z)).max() > 0.04


def test_units_that_start_alike_stay_alike():
    X, y = points("two moons")
    params = [np.full((2, 5), 0.5), np.zeros(5), np.full((5, 1), 0.5), np.zeros(1)]
    for _ in range(50):
        grads, _ = plane_network.gradient(params, X[:POINTS], y[:POINTS], "tanh")
        params = [p - g for p, g in zip(params, grads, strict=True)]
    assert np.ptp(params[0], axis=1) == pytest.approx([0, 0], abs=1e-12)
    assert np.abs(params[0][0, 0] - params[0][1, 0]) > 0.1


# Optimisers and depth


def test_momentum_is_far_ahead_and_adam_behind_on_the_slanted_valley():
    left = {name: optimisers.path(name)[1][40] for name in optimisers.RULES}
    assert left["momentum"] < 1e-6 * left["gradient descent"]
    assert left["Adam"] > left["gradient descent"]
    assert (
        min(optimisers.path("Adam", rate=r)[1][40] for r in (1, 3, 5, 10, 20, 40, 80))
        > left["gradient descent"]
    )
    eigenvalues = np.linalg.eigvalsh(optimisers.quadratic(optimisers.TWO_FEATURES)[0])
    rates = np.linspace(0.3, 0.53, 231)
    slowest = np.abs(1 - rates[:, None] * eigenvalues).max(axis=1)
    assert rates[slowest.argmin()] == pytest.approx(0.5, abs=1e-3)


def _adams_best(hessian, error, first, monkeypatch):
    """The loss that Adam has left after 40 steps, with the best of some rates."""
    monkeypatch.setattr(optimisers, "FIRST", first)
    left = []
    for rate in (1, 3, 5, 10, 20, 40, 80):
        theta, state = error, None
        for _ in range(40):
            theta, state = optimisers.adam_step(theta, hessian @ theta, state, rate)
        left.append(0.5 * theta @ hessian @ theta)
    return min(left)


def test_adam_is_behind_for_its_long_memory_more_than_for_the_slant(monkeypatch):
    descent = optimisers.path("gradient descent")[1][40]
    hessian, best, _, start = optimisers.quadratic(optimisers.TWO_FEATURES)
    eigenvalues, axes = np.linalg.eigh(hessian)
    slanted = hessian, start - best
    turned = np.diag(eigenvalues), axes.T @ (start - best)
    for first, behind in ((0.9, True), (0.5, False)):
        for valley in (slanted, turned):
            left = _adams_best(*valley, first, monkeypatch)
            assert left > 0.9 * descent if behind else left < 1e-3 * descent


def test_adam_first_moves_each_weight_by_the_learning_rate():
    step, _ = optimisers.adam_step(np.zeros(3), np.array([1e-3, -5.0, 1e4]), None, 0.1)
    np.testing.assert_allclose(step, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_a_constant_gradient_adds_up_to_one_over_one_minus_beta():
    theta, state = np.zeros(1), None
    for _ in range(200):
        before = theta
        theta, state = optimisers.momentum_step(theta, np.ones(1), state, 1.0)
    assert before - theta == pytest.approx(1 / (1 - optimisers.MOMENTUM))


def test_adam_is_ahead_on_raw_columns_and_behind_standardised_descent():
    raw, adam = (
        optimisers.best_rates("as measured", name) for name in optimisers.RULES if name != "momentum"
    )
    standardised = optimisers.best_rates("standardised", "gradient descent")
    assert standardised[0] < adam[0] < raw[0] / 2
    assert np.log10(adam[2] / adam[1]) == pytest.approx(2, abs=0.01)
    assert np.log10(raw[2] / raw[1]) < 1.1


def test_each_layer_of_tents_doubles_the_straight_pieces():
    x = np.linspace(0, 1, 2**14 + 1)
    y, pieces = x, []
    for _ in range(8):
        y = 2 * np.maximum(y, 0) - 4 * np.maximum(y - 0.5, 0)
        pieces.append(1 + np.sum(np.abs(np.diff(y, 2)) > 1e-9))
    assert pieces == [2**layers for layers in range(1, 9)]


# The learning rate


def _run(rate, activation):
    return train("two moons", plane_plots.RATE_UNITS, activation, rate, plane_plots.RATE_STEPS)


def test_a_small_rate_falls_at_every_step_and_comes_not_far():
    for activation in plane_plots.LOOKS:
        run = _run(0.01, activation)
        assert np.all(np.diff(run.losses) < 0)
        assert run.test_error > 12


def test_rates_of_one_to_three_fall_fast():
    assert all(_run(rate, name).losses[-1] < 0.25 for rate in (1.0, 3.0) for name in plane_plots.LOOKS)


def test_a_large_rate_throws_relu_far_off_and_tanh_recovers():
    assert _run(30.0, "ReLU").losses.max() > 1e7
    assert _run(30.0, "tanh").losses.max() < 1e3
    assert _run(30.0, "tanh").losses[-1] < 0.1


def test_at_a_rate_of_a_tenth_the_sigmoid_is_last():
    last = {name: _run(0.1, name).losses[-1] for name in plane_plots.LOOKS}
    assert max(last, key=last.get) == "sigmoid"


def test_a_sigmoid_four_times_as_high_keeps_up_at_the_same_rate(monkeypatch):
    def last_loss(name):
        return train.__wrapped__("two moons", 20, name, 0.1, 400).losses[-1]

    others = [last_loss("tanh"), last_loss("ReLU")]
    assert last_loss("sigmoid") > 1.2 * max(others)
    value, slope = plane_network.HIDDEN["sigmoid"]
    monkeypatch.setitem(plane_network.HIDDEN, "sigmoid", (lambda z: 4 * value(z), lambda z: 4 * slope(z)))
    assert min(others) < last_loss("sigmoid") < max(others)


def test_a_relu_with_a_limit_recovers_from_a_rate_of_thirty_as_tanh_does(monkeypatch):
    def run(name):
        with np.errstate(all="ignore"):
            return train.__wrapped__("two moons", 20, name, 30.0, 400)

    assert run("tanh").test_error < 10
    assert run("ReLU").test_error > 20
    monkeypatch.setitem(
        plane_network.HIDDEN, "ReLU", (lambda z: np.clip(z, 0, 1), lambda z: (z > 0) & (z < 1))
    )
    limited = run("ReLU")
    assert limited.losses.max() < 100
    assert limited.test_error < 10
