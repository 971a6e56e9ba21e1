"""What the chapter on softmax says in numbers is true of the functions and fits behind its plots."""

import mpmath
import numpy as np
import pytest
from activations import log_softmax, sigmoid, softmax, softmax_jacobian
from experiments.data import iris_petals, standardize, wine_alcohol_flavanoids
from plots import softmax as softmax_plots
from plots import softmax_stability as softmax_stability_plots
from plots import temperature as temperature_plots
from plots import wine as wine_plots

LOGITS = np.random.default_rng(0).normal(scale=3, size=(20, 4))


# Probabilities


def test_log_odds_of_a_pair_are_the_difference_of_its_logits():
    p = softmax(LOGITS)
    np.testing.assert_allclose(np.log(p[:, 0] / p[:, 3]), LOGITS[:, 0] - LOGITS[:, 3], rtol=1e-12)


def test_lowering_one_logit_raises_the_share_of_another_as_the_quiz_says():
    assert softmax([3, 3, 0])[2] == pytest.approx(0.02, abs=0.005)
    assert softmax([3, -2, 0])[2] == pytest.approx(0.05, abs=0.005)


def test_two_classes_are_logistic_regression():
    np.testing.assert_allclose(softmax(LOGITS[:, :2])[:, 0], sigmoid(LOGITS[:, 0] - LOGITS[:, 1]), rtol=1e-13)
    assert "lie on each other" in softmax_plots.describe_two_classes(other=-2)


def test_softmax_takes_the_path_of_logistic_regression_at_half_its_learning_rate():
    X, y = iris_petals()
    X, Y = np.column_stack([standardize(X), np.ones(len(y))]), np.eye(2)[y]
    w, W = np.zeros(3), np.zeros((3, 2))
    for _ in range(500):
        w = w - X.T @ (sigmoid(X @ w) - y) / len(y)
        W = W - 0.5 * X.T @ (softmax(X @ W) - Y) / len(y)
    np.testing.assert_allclose(W[:, 1] - W[:, 0], w, rtol=1e-10)


# Shifts


@pytest.mark.parametrize("shift", [-5.0, 2.0, 100.0])
def test_log_sum_exp_moves_with_the_shift_and_softmax_does_not(shift):
    for z in LOGITS:
        moved, before = (softmax_plots.log_sum_exp(v) for v in (z + shift, z))
        assert moved == pytest.approx(before + shift, rel=1e-13)
        assert moved != pytest.approx(before, abs=1)
        np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-11)


def test_log_sum_exp_lies_between_its_bounds_and_has_softmax_for_its_slope():
    h = 1e-6
    for z in LOGITS:
        assert z.max() <= softmax_plots.log_sum_exp(z) <= z.max() + np.log(4)
        slopes = [
            (softmax_plots.log_sum_exp(z + step) - softmax_plots.log_sum_exp(z - step)) / (2 * h)
            for step in h * np.eye(4)
        ]
        np.testing.assert_allclose(slopes, softmax(z), atol=1e-8)


# Stability


def test_formulas_fail_where_the_text_and_the_quiz_say():
    verdicts = {
        name: [softmax_stability_plots.verdict(name, offset) for offset in softmax_stability_plots.OFFSETS]
        for name in softmax_stability_plots.FORMULAS
    }
    nan, wrong, right = "NaN", "wrong", "right"
    assert softmax_stability_plots.OFFSETS == (-800, -746, -744, -20, 0, 710, 800)
    assert verdicts == {
        "as defined": [nan, nan, wrong, right, right, nan, nan],
        "epsilon added to the sum": [wrong, wrong, wrong, wrong, right, nan, nan],
        "logits clipped to ±500": [wrong, wrong, wrong, right, right, wrong, wrong],
        "maximum subtracted": [right] * 7,
    }
    np.testing.assert_allclose(softmax(softmax_stability_plots.GAPS), [0.665, 0.245, 0.090], atol=0.0005)
    np.testing.assert_allclose(softmax_stability_plots.computed("logits clipped to ±500", 710), 1 / 3)


def test_exp_overflows_and_vanishes_at_the_places_in_the_text():
    with np.errstate(over="ignore", under="ignore"):
        assert np.isinf(np.exp(709.79))
        assert np.isfinite(np.exp(709.78))
        assert np.exp(-745.14) == 0
        assert np.exp(-745.13) > 0
    assert np.exp(-20 + softmax_stability_plots.GAPS).sum() == pytest.approx(3e-9, rel=0.05)


def test_log_sum_exp_without_a_shift_still_overflows():
    with np.errstate(over="ignore"):
        assert np.isinf(np.log(np.sum(np.exp([1000.0, 0.0]))))
    assert softmax_plots.log_sum_exp([1000.0, 0.0]) == 1000


def test_an_epsilon_makes_a_wrong_loss_that_is_level():
    def loss(z):
        return -np.log(softmax([z, 0.0])[1] + 1e-12)

    assert loss(1000.0) == pytest.approx(27.63, abs=0.005)
    assert loss(1001.0) == loss(1000.0)
    assert -log_softmax([1000.0, 0.0])[1] == 1000


# Derivatives


def test_rows_of_the_jacobian_add_up_to_zero_and_it_is_a_variance():
    rng = np.random.default_rng(1)
    for z in LOGITS:
        J, p, v = softmax_jacobian(z), softmax(z), rng.normal(size=4)
        np.testing.assert_allclose(J.sum(axis=1), 0, atol=1e-15)
        assert v @ J @ v == pytest.approx(p @ v**2 - (p @ v) ** 2, abs=1e-12)
        np.testing.assert_allclose(J @ v, p * (v - p @ v), atol=1e-14)


def test_the_plotted_jacobian_is_that_of_the_library():
    for a in (-4, 0, 3):
        np.testing.assert_allclose(
            softmax_plots.jacobian_entries(a)[1], softmax_jacobian([a, 1.0, 0.0]), rtol=1e-14
        )


def test_the_diagonal_alone_is_wrong_even_in_sign():
    p, u = softmax([1.0, 1.0, 0.0]), np.array([0.3, 1.0, 2.0])
    whole, diagonal = p * (u - p @ u), p * (1 - p) * u
    np.testing.assert_allclose(whole, softmax_jacobian([1.0, 1.0, 0.0]) @ u)
    assert whole[0] < 0 < diagonal[0]
    assert np.abs(whole - diagonal).min() > 0.01


def test_gradient_of_the_cross_entropy_by_differences():
    y, h = np.arange(20) % 4, 1e-6

    def loss(Z):
        return -np.mean(log_softmax(Z)[np.arange(20), y])

    gradient = (softmax(LOGITS) - np.eye(4)[y]) / 20
    for place in np.ndindex(LOGITS.shape):
        step = np.zeros_like(LOGITS)
        step[place] = h
        assert gradient[place] == pytest.approx(
            (loss(LOGITS + step) - loss(LOGITS - step)) / (2 * h), abs=1e-8
        )


# Wine


def test_the_wine_classifier_makes_the_mistakes_that_the_chapter_prints():
    mistakes, loss, _ = wine_plots.scores(1000, "softmax")
    assert mistakes == 13
    assert loss == pytest.approx(0.194, abs=0.001)
    W, b = wine_plots.fit(1000, "softmax")
    np.testing.assert_allclose(W.sum(axis=1), 0, atol=1e-12)
    assert b.sum() == pytest.approx(0, abs=1e-12)
    assert wine_alcohol_flavanoids()[0].shape == (178, 2)


def test_three_sigmoids_leave_some_wines_to_nobody_and_some_to_two():
    assert wine_plots.scores(1000, "three sigmoids")[2] == (15, 13)


def test_the_three_boundaries_of_softmax_meet_in_one_point():
    for steps in (1, 30, 1000):
        W, b = wine_plots.fit(steps, "softmax")
        A = np.array([W[:, 0] - W[:, 1], W[:, 1] - W[:, 2]])
        meeting = np.linalg.solve(A, [b[1] - b[0], b[2] - b[1]])
        assert np.ptp(meeting @ W + b) < 1e-10
        data = wine_alcohol_flavanoids()[0]
        place = data.mean(axis=0) + meeting * data.std(axis=0)
        for ends in wine_plots.borders(steps, "softmax"):
            assert np.abs(ends - place).max(axis=1).min() < 0.02


# Temperature and attention


def test_cold_leads_to_the_largest_and_hot_to_the_uniform():
    tempered = temperature_plots.tempered
    np.testing.assert_allclose(tempered([2, 1, 0], 1e-3), [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(tempered([2, 2, 0], 1e-3), [0.5, 0.5, 0], atol=1e-12)
    np.testing.assert_allclose(tempered([2, 1, 0], 1e6), 1 / 3, atol=1e-6)
    entropies = [temperature_plots.entropy(tempered([2, 1, 0], t)) for t in temperature_plots.TEMPERATURES]
    assert entropies == sorted(entropies)


def test_two_close_leaders_rule_the_third_out_before_they_part():
    p = temperature_plots.tempered(temperature_plots.PATHS["2, 1.8, 0"], 0.25)
    assert p[2] < 0.001
    assert p[0] < 0.7


@pytest.mark.parametrize("temperature", [0.5, 1, 5])
def test_draws_come_as_often_as_their_probability_says(temperature):
    p = temperature_plots.tempered(list(temperature_plots.WORDS.values()), temperature)
    share = temperature_plots.sampled(temperature, 1000) / 1000
    assert np.all(np.abs(share - p) < 4 * np.sqrt(p * (1 - p) / 1000) + 0.001)


def test_scores_without_the_root_saturate_and_with_it_stay_as_they_are():
    bare = [temperature_plots.attention(d, "as they are") for d in temperature_plots.DIMENSIONS]
    scaled = [temperature_plots.attention(d, "divided by √d") for d in temperature_plots.DIMENSIONS]
    assert [w[0] for w, _ in bare] == sorted(w[0] for w, _ in bare)
    assert bare[-1][1] / bare[0][1] == pytest.approx(0.2, abs=0.05)
    assert all(0.9 < size / scaled[0][1] < 1.3 for _, size in scaled)
    rng = np.random.default_rng(0)
    products = np.sum(rng.normal(size=(20_000, 64)) * rng.normal(size=(20_000, 64)), axis=1)
    assert products.var() == pytest.approx(64, rel=0.05)


# Entropy, and what softmax does to sizes


def test_softmax_exaggerates_large_differences_and_evens_out_small_ones():
    for z, larger in (([1.0, 2.0, 3.0], True), ([0.1, 0.2, 0.3], False), ([101.0, 102.0, 103.0], True)):
        shares = np.array(z) / np.sum(z)
        assert (softmax(np.array(z))[-1] > shares[-1]) == larger


def test_softmax_makes_the_large_larger_above_one_and_evens_out_below():
    small, large = np.sort(np.random.default_rng(0).uniform(0.01, 0.99, (2, 1000)), axis=0)
    for numbers, larger in (((1 / large, 1 / small), True), ((small, large), False)):
        low, high = numbers
        assert np.all((np.exp(high - low) > high / low) == larger)


def test_a_softmax_of_a_softmax_is_always_flatter():
    rng = np.random.default_rng(0)
    for scale in (0.1, 1.0, 10.0):
        p = softmax(scale * rng.normal(size=(500, 4)))
        assert np.all(softmax(p).max(axis=1) <= p.max(axis=1) + 1e-12)


def test_cross_entropy_is_entropy_plus_a_divergence_that_is_never_negative():
    rng = np.random.default_rng(1)
    q, p = (softmax(2 * rng.normal(size=(500, 5))) for _ in range(2))
    entropy, cross = -np.sum(q * np.log(q), axis=1), -np.sum(q * np.log(p), axis=1)
    assert np.all(cross - entropy >= 0)
    np.testing.assert_allclose(cross - entropy, np.sum(q * np.log(q / p), axis=1), atol=1e-12)
    assert np.all(entropy <= np.log(5) + 1e-12)


def test_the_likelihood_of_many_labels_is_the_entropy_and_the_divergence():
    counts, p = np.array([80, 15, 5]), np.array([0.5, 0.3, 0.2])
    n, q = counts.sum(), counts / counts.sum()
    likelihood = mpmath.fprod(mpmath.mpf(share) ** int(count) for share, count in zip(p, counts, strict=True))
    divergence = np.sum(q * np.log(q / p))
    assert float(-mpmath.log(likelihood) / int(n)) == pytest.approx(-np.sum(q * np.log(q)) + divergence)
    others = np.random.default_rng(0).dirichlet(np.ones(3), 1000)
    assert np.all(-np.log(others) @ q > -np.sum(q * np.log(q)))
