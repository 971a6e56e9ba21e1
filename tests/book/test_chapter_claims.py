"""What the chapters' prose says in numbers is true of the functions behind their plots."""

import mpmath
import numpy as np
import pytest
from activations import sigmoid, sigmoid_grad
from experiments import two_faults as two_faults
from experiments.data import diabetes_bmi, diabetes_cholesterol, few_tumours, iris_separable, standardize
from plots import bend as bend_plots
from plots import descent as descent_plots
from plots import difference as difference_plots
from plots import gradient_flow as gradient_flow_plots
from plots import log_loss as log_loss_plots
from plots import regression as regression_plots
from plots import separable as separable_plots
from plots import sigmoid as sigmoid_plots
from plots import slow_start as slow_start_plots

PROBLEMS = [descent_plots.ONE_FEATURE, descent_plots.TWO_FEATURES]


def _with_ones(column):
    return np.column_stack([column, np.ones(len(column))])


# Landing page


@pytest.mark.parametrize("units", [1, 2, 6, 20])
def test_identity_units_never_come_nearer_than_a_line(units):
    assert bend_plots.largest_miss(units, "identity") == pytest.approx(1.13, abs=0.005)


def test_twenty_relu_units_come_within_three_hundredths():
    assert bend_plots.largest_miss(20, "ReLU") == pytest.approx(0.03, abs=0.005)


# Linear regression


def test_best_line_has_the_loss_and_range_that_the_text_gives():
    _, y = diabetes_bmi()
    lowest = regression_plots.line_loss(*regression_plots.least_squares_line())
    assert lowest == pytest.approx(3890, abs=1)
    assert np.sqrt(lowest) == pytest.approx(62, abs=0.5)
    assert (y.min(), y.max(), len(y)) == (25, 346, 442)


def test_a_standardised_feature_makes_the_contours_circles():
    hessian = descent_plots.quadratic(descent_plots.ONE_FEATURE)[0]
    np.testing.assert_allclose(hessian, 2 * np.eye(2), atol=1e-12)


def test_a_contour_circle_has_the_loss_written_on_it():
    w, b = regression_plots.least_squares_line()
    lowest = regression_plots.line_loss(w, b)
    assert regression_plots.line_loss(w + 30, b - 40) == pytest.approx(lowest + 2500)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_descent_converges_below_the_bound_and_diverges_above(problem):
    bound = descent_plots.largest_learning_rate(problem)
    _, below = descent_plots.descent_path(problem, 0.98 * bound, steps=400)
    _, above = descent_plots.descent_path(problem, 1.02 * bound, steps=400)
    assert below[-1] < 1e-3 * below[0]
    assert above[-1] > 1e3 * above[0]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_descent_path_takes_the_steps_of_the_real_gradient(problem):
    if problem == descent_plots.ONE_FEATURE:
        X, y = regression_plots.bmi_problem()
        X = _with_ones(X)
    else:
        X, y = diabetes_cholesterol()
    path, excess = descent_plots.descent_path(problem, 0.1)
    gradient = 2 / len(y) * X.T @ (X @ path[3] - y)
    np.testing.assert_allclose(path[4], path[3] - 0.1 * gradient)
    lowest = descent_plots.quadratic(problem)[2]
    assert np.mean((X @ path[3] - y) ** 2) - lowest == pytest.approx(excess[3])


def test_learning_rate_bounds_and_valleys_named_in_the_text():
    assert descent_plots.largest_learning_rate(PROBLEMS[0]) == pytest.approx(1)
    assert 0.5 < descent_plots.largest_learning_rate(PROBLEMS[1]) < 0.54
    bmi, _ = diabetes_bmi()
    raw = _with_ones(bmi)
    eigenvalues = np.linalg.eigvalsh(2 / len(raw) * raw.T @ raw)
    assert 2 / eigenvalues[1] == pytest.approx(0.0014, abs=0.00005)
    assert eigenvalues[1] / eigenvalues[0] == pytest.approx(26_000, rel=0.02)
    largest = np.linalg.eigvalsh(descent_plots.quadratic(PROBLEMS[1])[0])[1]
    assert largest == pytest.approx(3.79, abs=0.005)


def test_the_best_projection_has_its_error_at_a_right_angle():
    weights = np.linspace(0, 1.6, 161)
    lengths = [np.sum(regression_plots.projection_error(w)[0] ** 2) for w in weights]
    assert weights[np.argmin(lengths)] == pytest.approx(0.8)
    assert regression_plots.projection_error(0.8)[1] == pytest.approx(0, abs=1e-12)


def test_normal_equations_lose_twice_the_digits():
    gaps, normal, orthogonal = regression_plots.conditioning_errors()
    normal_slope, orthogonal_slope = (
        -np.polyfit(np.log10(gaps[:7]), np.log10(e[:7]), 1)[0] for e in (normal, orthogonal)
    )
    assert 1.6 < normal_slope < 2.4
    assert 0.6 < orthogonal_slope < 1.4
    assert not normal[7] < 0.1
    assert orthogonal[7] < 1e-6


def test_errors_of_differences_have_the_orders_of_the_text():
    error = {h: abs(difference_plots.central(h) - difference_plots.EXACT) for h in difference_plots.STEPS}
    one_sided = [abs(difference_plots.forward(h) - difference_plots.EXACT) for h in (1e-2, 1e-3)]
    assert error[1e-1] / error[1e-2] == pytest.approx(100, rel=0.05)
    assert one_sided[0] / one_sided[1] == pytest.approx(10, rel=0.05)
    assert 1e-7 <= min(error, key=error.get) <= 1e-4
    assert error[difference_plots.STEPS[-1]] > 0.05


def test_a_central_difference_of_a_quadratic_has_no_truncation_error():
    assert (3 * (2 + 8.0) ** 2 - 3 * (2 - 8.0) ** 2) / 16 == 12


@pytest.mark.parametrize("layers", [2, 3, 4, 5, 6, 8])
def test_a_stack_bends_with_relu_and_never_with_the_identity(layers):
    assert bend_plots.bends(bend_plots.stack_output(layers, "identity")) == 0
    assert bend_plots.bends(bend_plots.stack_output(layers, "ReLU")) > layers


def test_six_relu_layers_have_the_corners_that_the_quiz_counts():
    assert bend_plots.bends(bend_plots.stack_output(6, "ReLU")) == 16


# Sigmoid


@pytest.mark.parametrize("threshold", [4, 4.75, 5.5, 6])
def test_slope_of_the_sigmoid_in_the_threshold_plot(threshold):
    h = 1e-5
    up, down = (sigmoid_plots.threshold_loss(threshold + step, "sigmoid") for step in (h, -h))
    assert sigmoid_plots.threshold_slope(threshold, "sigmoid") == pytest.approx(
        (up - down) / (2 * h), abs=1e-8
    )


@pytest.mark.parametrize("threshold", [4, 4.75, 5.5, 6])
def test_the_step_stands_on_a_level_tread(threshold):
    # petal lengths are whole millimetres, so the loss can change at those places only
    tread = sigmoid_plots.threshold_loss(threshold + np.linspace(0.002, 0.048, 7), "step")
    assert len(set(tread)) == 1


def test_the_fit_is_the_lowest_frame_of_the_boundary_plot():
    frames = {
        (scale, shift): sigmoid_plots.boundary_scores(scale, shift)[0]
        for scale in (0.1, 0.25, 0.5, 1, 2, 4)
        for shift in (-4, -2, 0, 2, 4)
    }
    assert min(frames, key=frames.get) == (1, 0)
    for scale, shift in ((0.99, 0), (1.01, 0), (1, 0.05), (1, -0.05)):
        assert sigmoid_plots.boundary_scores(scale, shift)[0] > frames[1, 0]


@pytest.mark.parametrize("shift", [-4, -2, 0, 2, 4])
def test_mistakes_do_not_depend_on_the_scale(shift):
    assert len({sigmoid_plots.boundary_scores(scale, shift)[1] for scale in (0.1, 0.25, 0.5, 1, 2, 4)}) == 1


def test_gradients_vanish_and_explode_as_the_text_says():
    factor = gradient_flow_plots.shrink_per_layer
    assert 0.2 < factor(30, "Xavier") < 0.26
    assert 0.5 < factor(30, "4 times Xavier") < 0.8
    assert factor(30, "16 times Xavier") > 1.1
    assert gradient_flow_plots.layer_gradients(30, "Xavier")[0] == pytest.approx(4e-20, rel=0.05)
    assert sigmoid_grad(8.0) == pytest.approx(0.0003, abs=0.00005)
    assert 0.1 - 4e-20 == 0.1


def test_gradient_norm_of_the_first_layer_by_differences():
    rng = np.random.default_rng(11)
    X, y = rng.normal(size=(64, 50)), rng.integers(0, 2, 64)
    first, second = (rng.normal(0, 50**-0.5, (50, 50)) for _ in range(2))
    readout = rng.normal(0, 50**-0.5, 50)

    def loss(weights):
        z = sigmoid(sigmoid(X @ weights) @ second) @ readout
        return np.mean(np.logaddexp(0, z) - y * z)

    total, h = 0.0, 1e-4
    for place in np.ndindex(first.shape):
        nudge = np.zeros_like(first)
        nudge[place] = h
        total += ((loss(first + nudge) - loss(first - nudge)) / (2 * h)) ** 2
    assert np.sqrt(total) == pytest.approx(gradient_flow_plots.layer_gradients(2, "Xavier")[0], rel=1e-4)


def test_near_eleven_times_xavier_gradients_keep_their_size_and_most_units_are_saturated(monkeypatch):
    monkeypatch.setitem(gradient_flow_plots.GAINS, "eleven times", 11.0)
    assert gradient_flow_plots.shrink_per_layer(20, "eleven times") == pytest.approx(1, abs=0.05)
    rng = np.random.default_rng(11)
    a = rng.normal(size=(64, 50))
    for _ in range(20):
        z = a @ (11 * rng.normal(0, 50**-0.5, (50, 50)))
        a = sigmoid(z)
    assert np.mean(np.abs(z) > 4) > 0.5


def test_positive_inputs_move_both_weights_the_same_way_and_arrive_later():
    assert [gradient_flow_plots.same_sign_share(shift) for shift in (1, 1.5, 2)] == [1, 1, 1]
    assert gradient_flow_plots.same_sign_share(0) < 0.6
    left = [
        np.linalg.norm(gradient_flow_plots.online_path(s)[-1] - gradient_flow_plots.GOAL)
        for s in (0, 1, 1.5, 2)
    ]
    assert left == sorted(left)
    assert left[0] < 0.05
    assert left[-1] > 1


def test_centring_sigmoid_inputs_allows_nearly_five_hundred_times_the_learning_rate():
    a = sigmoid(np.random.default_rng(0).normal(size=(10_000, 100)))
    steepest = [np.linalg.eigvalsh(x.T @ x)[-1] for x in (a, a - a.mean(axis=0))]
    assert 450 < steepest[0] / steepest[1] < 500


def test_the_badly_wrong_unit_learns_slowly_with_the_squared_error_only():
    until = slow_start_plots.steps_until
    assert until("squared error", 6) is None
    assert slow_start_plots.outputs("squared error", 6)[-1] > 0.99
    assert (until("log loss", 6), until("log loss", 2)) == (57, 43)
    assert sigmoid(6.0) == pytest.approx(0.998, abs=0.0005)
    assert sigmoid_grad(6.0) == pytest.approx(0.0025, abs=0.00005)
    for loss, (_, _, slope) in slow_start_plots.LOSSES.items():
        value = (lambda z: sigmoid(z) ** 2) if loss == "squared error" else (lambda z: np.logaddexp(0, z))
        assert slope(1.3) == pytest.approx((value(1.3 + 1e-6) - value(1.3 - 1e-6)) / 2e-6, rel=1e-8)


def test_a_product_of_1075_halves_is_the_first_that_is_zero():
    assert np.prod(np.full(1074, 0.5)) > 0 == np.prod(np.full(1075, 0.5))


@pytest.mark.slow
def test_slope_is_the_worse_fault_and_centring_alone_does_not_help():
    read = {name: two_faults.accuracy(name) for name in two_faults.VARIANTS}
    assert max(read["sigmoid"], read["centred"]) < 0.15
    assert 0.8 < read["slope 1"] < 0.9
    assert read["centred, slope 1"] > 0.97


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.1, 0.3, 3.0])
def test_no_other_rate_saves_the_centred_sigmoid_with_a_slope_of_a_quarter(rate):
    assert two_faults.accuracy("centred", rate) < 0.15


def test_the_variants_have_the_faults_that_they_are_named_for():
    z = np.random.default_rng(0).normal(size=100_000)
    for name, variant in two_faults.VARIANTS.items():
        entry = variant.activation()
        assert (abs(entry.function(z).mean()) < 0.01) == ("centred" in name)
        assert entry.derivative(0.0) == (1 if "slope 1" in name else 0.25)


def test_formulas_of_the_log_loss_fail_where_the_text_says():
    failures = [log_loss_plots.first_failure(formula) for formula in log_loss_plots.FORMULAS]
    assert failures == [37, 710, None]


def test_the_textbook_sigmoid_reaches_one_at_53_log_2_and_zero_below_the_overflow():
    edge = 53 * np.log(2)
    with np.errstate(over="ignore"):
        values = 1 / (1 + np.exp(-np.array([edge - 1e-3, edge + 1e-3, -709.0, -1000.0])))
    assert values[0] < 1
    assert values[1] == 1
    assert 0 < values[2] < 2e-308
    assert values[3] == 0
    assert np.log(np.finfo(float).max) == pytest.approx(709.78, abs=0.005)


@pytest.mark.parametrize("z", [1.0, 36.7, 37.0, 709.0, 710.0, 1e4, -37.0, -1e4])
def test_logaddexp_agrees_with_fifty_digits(z):
    with mpmath.workdps(50):
        exact = float(mpmath.log1p(mpmath.exp(mpmath.mpf(z))))
    assert np.logaddexp(0, z) == pytest.approx(exact, rel=1e-15, abs=1e-300)


@pytest.mark.parametrize("z", [-8, -6, -4, -2, 0, 2, 4])
def test_tangents_of_the_two_losses(z):
    h = 1e-5
    for now, up, down in zip(*(log_loss_plots.losses(x) for x in (z, z + h, z - h)), strict=True):
        assert now[1] == pytest.approx((up[0] - down[0]) / (2 * h), abs=1e-8)


def test_on_separable_data_the_loss_falls_for_ever_and_the_weights_grow_like_a_logarithm():
    lengths = [separable_plots.length(steps, "none") for steps in separable_plots.STEPS]
    losses = [separable_plots.log_loss(steps, "none") for steps in separable_plots.STEPS]
    gains = np.diff(lengths)
    assert np.all((gains > 1.5) & (gains < 3.5))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 1e-4
    decayed = [separable_plots.length(steps, "0.01") for steps in separable_plots.STEPS]
    assert decayed[-1] == pytest.approx(decayed[-2], abs=1e-6)


def test_scaling_a_separating_line_makes_every_term_of_the_loss_smaller():
    X, y = iris_separable()
    w, b = separable_plots.states("none")[100]
    z = standardize(X) @ w + b
    assert np.all((z > 0) == y)
    assert np.all(np.logaddexp(0, 2 * z) - 2 * y * z < np.logaddexp(0, z) - y * z)


def _few(steps, decay):
    A, y, rest, labels = few_tumours(60)
    w, b = np.zeros(30), 0.0
    for _ in range(steps):
        error = (sigmoid(A @ w + b) - y) / len(y)
        w, b = w - 0.3 * (A.T @ error + decay * w), b - 0.3 * error.sum()
    z, held = A @ w + b, rest @ w + b
    return np.mean(np.logaddexp(0, z) - y * z), np.mean(np.logaddexp(0, held) - labels * held)


def test_few_tumours_are_overfitted_and_weight_decay_holds_it_back():
    train, held = zip(*(_few(steps, 0.0) for steps in (100, 1000, 10_000)), strict=True)
    assert list(train) == sorted(train, reverse=True)
    assert held[0] < held[1] < held[2]
    assert held[2] > 2 * held[0]
    assert _few(10_000, 0.01)[1] < 1.2 * held[0]


def test_the_chapter_fits_its_irises_as_the_text_says():
    assert sigmoid_plots.boundary_scores(1, 0) == (pytest.approx(0.1028, abs=1e-4), 6)
    X, y = sigmoid_plots.iris_petals()
    X, w, b = standardize(X), np.zeros(2), 0.0
    for _ in range(2000):
        error = sigmoid(X @ w + b) - y
        w, b = w - X.T @ error / len(y), b - error.mean()
    z = X @ w + b
    assert np.mean(np.logaddexp(0, z) - y * z) == pytest.approx(0.1028, abs=1e-4)
