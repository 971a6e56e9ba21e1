"""What the chapter on maxout says in numbers is true of the functions and runs behind its plots."""

import numpy as np
import pytest
from experiments import digit_network as digit_network
from experiments import maxout_network as maxout_network
from functions.maxout_family import maxout, maxout_grad, net_inputs
from plots import convex as convex_plots
from plots import maxout as maxout_plots
from plots import maxout_training as maxout_training_plots


@pytest.fixture
def layer():
    """X (6, 4), W (3, 4, 2), b (3, 2) and an upstream gradient (6, 2) that varies."""
    rng = np.random.default_rng(0)
    return (
        rng.normal(size=(6, 4)),
        rng.normal(size=(3, 4, 2)),
        rng.normal(size=(3, 2)),
        rng.normal(size=(6, 2)),
    )


def unit(*slopes):
    return np.array(slopes, dtype=float).reshape(-1, 1, 1), np.zeros((len(slopes), 1))


# The functions


def test_each_output_is_the_largest_of_its_unit_s_net_inputs(layer):
    X, W, b, _ = layer
    A = maxout(X, W, b)
    assert A.shape == (6, 2)
    for row, column in np.ndindex(A.shape):
        values = [X[row] @ W[piece][:, column] + b[piece, column] for piece in range(3)]
        assert A[row, column] == pytest.approx(max(values), rel=1e-14)


def test_gradients_agree_with_central_differences(layer):
    *arguments, dout = layer
    h = 1e-6
    for which, gradient in enumerate(maxout_grad(*arguments, dout)):
        assert gradient.shape == arguments[which].shape
        for place in np.ndindex(gradient.shape):
            ends = []
            for step in (h, -h):
                moved = [a.copy() for a in arguments]
                moved[which][place] += step
                ends.append(np.sum(dout * maxout(*moved)))
            assert gradient[place] == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-8)


def test_a_tie_pays_one_winner_once():
    W, b = unit(0, 1)
    dX, dW, db = maxout_grad(np.zeros((1, 1)), W, b, np.ones((1, 1)))
    assert db.sum() == 1
    assert 0 <= dX[0, 0] <= 1
    assert np.all(dW == 0)


def test_arguments_stay_as_they_were_and_integers_count_as_numbers(layer):
    X, W, b, dout = layer
    copies = [a.copy() for a in layer]
    maxout(X, W, b)
    maxout_grad(X, W, b, dout)
    for before, after in zip(copies, layer, strict=True):
        np.testing.assert_array_equal(before, after)
    assert maxout([[2]], *(a.astype(int) for a in unit(1, -1))).dtype == np.float64


# Known functions as maxout, and convexity


def test_relu_absolute_value_and_leaky_relu_are_maxout():
    z = np.linspace(-3, 3, 25)[:, None]
    np.testing.assert_array_equal(maxout(z, *unit(0, 1)), np.maximum(z, 0))
    np.testing.assert_array_equal(maxout(z, *unit(1, -1)), np.abs(z))
    np.testing.assert_array_equal(maxout(z, *unit(0.1, 1)), np.where(z >= 0, z, 0.1 * z))


def test_two_pieces_are_a_linear_unit_plus_a_relu(layer):
    X, W, b, _ = layer
    first, second = net_inputs(X, W[:2], b[:2])
    np.testing.assert_allclose(maxout(X, W[:2], b[:2]), first + np.maximum(second - first, 0), rtol=1e-14)


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [(0, 1, "ReLU"), (0.1, 1, "leaky ReLU with slope 0.1"), (-1, 1, "absolute value"), (-1, 0, "mirror")],
)
def test_the_plot_of_two_lines_names_what_the_reader_built(first, second, name):
    assert name in maxout_plots.describe_two_lines(first=first, second=second)


def test_maxout_units_are_convex(layer):
    _, W, b, _ = layer
    rng = np.random.default_rng(1)
    x, y, t = rng.normal(size=(200, 4)), rng.normal(size=(200, 4)), rng.random((200, 1))
    chord = t * maxout(x, W, b) + (1 - t) * maxout(y, W, b)
    assert np.all(maxout(t * x + (1 - t) * y, W, b) <= chord + 1e-12)


@pytest.mark.parametrize("target", list(convex_plots.CONVEX))
@pytest.mark.parametrize("pieces", convex_plots.COUNTS)
def test_tangents_miss_by_no_more_than_the_bound(target, pieces):
    function, derivative, steepest = convex_plots.CONVEX[target]
    z, h = convex_plots.GRID, 1e-5
    np.testing.assert_allclose((function(z + h) - function(z - h)) / (2 * h), derivative(z), atol=1e-8)
    assert np.max((derivative(z + h) - derivative(z - h)) / (2 * h)) <= steepest * (1 + 1e-4)
    assert np.all(convex_plots.highest_tangent(target, pieces) <= function(z) + 1e-12)
    assert convex_plots.tangent_miss(target, pieces) <= convex_plots.tangent_bound(target, pieces) * (
        1 + 1e-9
    )


def test_twice_the_tangents_of_the_half_square_miss_by_a_quarter():
    miss = [convex_plots.tangent_miss("half square", pieces) for pieces in (4, 8)]
    assert miss == pytest.approx([0.28, 0.07], abs=0.005)
    assert miss[0] / miss[1] == pytest.approx(4)
    assert miss[0] == pytest.approx(convex_plots.tangent_bound("half square", 4))


@pytest.mark.parametrize("curve", list(convex_plots.CURVES))
def test_a_curve_is_the_difference_of_two_maxima_of_lines(curve):
    misses = []
    for points in (5, 7, 9, 11, 13, 17, 25, 33):
        first, second, up, down = convex_plots.split(curve, points)
        knots = np.linspace(-3, 3, points)
        joined = np.interp(convex_plots.GRID, knots, convex_plots.CURVES[curve](knots))
        np.testing.assert_allclose(first - second, joined, atol=1e-12)
        for side in (first, second):
            assert np.diff(side, 2).min() > -1e-12
        turns = np.diff(np.diff(convex_plots.CURVES[curve](knots)))
        assert (up, down) == (np.sum(turns > 1e-9) + 1, np.sum(turns < -1e-9) + 1)
        misses.append(convex_plots.split_miss(curve, points))
    assert misses == sorted(misses, reverse=True)
    assert misses[-1] < (0.02 if curve == "wave" else 0.15)


# Cost and gradient


def test_parameters_are_those_of_real_networks():
    network = maxout_network.MaxoutNetwork(2, 64, seed=0)
    total = sum(a.size for a in (network.W, network.b, network.V, network.c))
    counts = maxout_plots.parameter_counts(2, 64)
    assert counts == {"64 ReLUs": 4810, "64 maxout": total, "128 ReLUs": 9610}
    assert network.W.size + network.b.size == 2 * 64 * 65
    assert maxout_training_plots.parameters(2, 64) == total


def test_two_normal_pieces_keep_the_mean_square_and_more_increase_it():
    Z = np.random.default_rng(2).normal(size=(5, 200_000))
    squares = [np.mean(Z[:k].max(axis=0) ** 2) for k in (1, 2, 3, 4, 5)]
    assert squares[1] == pytest.approx(1, abs=0.01)
    assert squares[2] == pytest.approx(1 + np.sqrt(3) / (2 * np.pi), abs=0.01)
    assert squares[1:] == sorted(squares[1:])


def test_pieces_of_the_route_tie_where_the_text_says():
    assert [x for x in (-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3) if maxout_plots.tied(x) > 1] == [
        -1,
        2,
    ]
    value, by_weight, by_bias = maxout_plots.route(0)
    assert value == 0.5
    assert by_weight[by_bias.argmax()] == 0


# Training


@pytest.mark.parametrize("lr", [0.3, 0.5, 0.8, 1.0])
def test_up_to_a_learning_rate_of_one_maxout_is_a_little_ahead_and_hardly_a_piece_is_idle(lr):
    relu, maxout_run = maxout_training_plots.both_runs(lr)
    assert maxout_run.idle[1:].max() < 0.03
    assert 0 < maxout_run.accuracy[-1] - relu.accuracy[-1] < 0.02


@pytest.fixture(scope="module")
def fast():
    """Maxout runs at a rate of 1.25: without bends, as they are, and with clipped gradients; with no bend at 1."""
    run, (lr, calm) = maxout_network.train_maxout, (1.25, maxout_training_plots.CALM)
    with np.errstate(all="ignore"):
        return {
            "no bend at 1": run(maxout_network.IDENTITY, 1.0, calm=calm),
            "no bend": run(maxout_network.IDENTITY, lr, calm=calm),
            "maxout": run(2, lr, calm=calm),
            "clipped": run(2, lr, calm=calm, longest=1.0),
        }


def test_a_network_without_any_bend_reads_as_well_and_fails_at_the_same_rate(fast):
    assert fast["no bend at 1"].accuracy[-1] == pytest.approx(0.98, abs=0.005)
    assert fast["no bend"].accuracy[-1] == pytest.approx(0.17, abs=0.05)
    assert min(fast[name].largest[-1] for name in ("no bend", "maxout")) > 1e50


def test_shorter_steps_take_the_collapse_away_and_the_idle_pieces_with_it(fast):
    assert fast["clipped"].accuracy[-1] > 0.98
    assert fast["clipped"].idle[1:].max() < 0.03
    assert fast["clipped"].largest[-1] < 2


def test_a_flat_side_is_a_brake_and_a_slope_releases_it():
    with np.errstate(all="ignore"):
        runs = {slope: digit_network.train("leaky ReLU", 2.0, steps=150, slope=slope) for slope in (0, 0.25)}
    assert runs[0].largest[-1] < 3
    assert runs[0].silent[-1] > 0.9
    assert runs[0.25].largest[-1] > 1e30


def test_at_a_learning_rate_of_1_25_one_piece_of_each_unit_wins_for_every_image():
    with np.errstate(all="ignore"):
        relu, maxout_run = maxout_training_plots.both_runs(1.25)
    half = list(maxout_run.steps).index(maxout_training_plots.CALM)
    # one piece wins for each image, so with two pieces a half is the most that can be idle: one in each unit
    assert maxout_run.idle[half] == 0.5
    assert maxout_run.accuracy[-1] < 0.5 < relu.accuracy[-1]
    assert relu.silent[half] == pytest.approx(0.25, abs=0.05)


def test_maxout_is_ahead_unit_for_unit_and_a_little_parameter_for_parameter():
    score = maxout_training_plots.mean_accuracy
    for width in maxout_training_plots.WIDTHS:
        assert score(2, width) > score(1, width)
    assert 0 < score(2, 8) - score(1, 16) < 0.02
    sizes = [maxout_training_plots.parameters(kind, width) for kind, width in ((2, 8), (1, 16))]
    assert sizes == [1130, 1210]
    assert max(abs(score(4, width) - score(2, width)) for width in (4, 8, 16, 32)) < 0.02


# Dropout


def test_halved_weights_are_exact_for_the_identity_and_too_low_for_convex_units():
    gaps = {name: np.subtract(*maxout_plots.dropout_outputs(name)) for name in maxout_plots.UNITS}
    assert np.abs(gaps["identity"]).max() < 1e-12
    assert gaps["ReLU"].min() > -1e-12
    assert gaps["maxout, 2 pieces"].min() > -1e-12
    assert gaps["tanh"].min() < -0.01 < 0.01 < gaps["tanh"].max()
