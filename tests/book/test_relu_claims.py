"""What the chapter on the ReLU family says in numbers is true of the functions and runs behind its plots."""

import math
import re

import mpmath
import numpy as np
import pytest
from activations import ACTIVATIONS, SELU_ALPHA, SELU_SCALE, gelu, hard_tanh, relu, selu
from experiments import digit_network as digit_network
from functions.vectors import VECTOR_ACTIVATIONS as VECTORS
from plots import comparison as comparison_plots
from plots import cost as cost_plots
from plots import depth as depth_plots
from plots import dying as dying_plots
from plots import family_table as family_table
from plots import gelu as gelu_plots
from plots import killing as killing_plots
from plots import kink as kink_plots
from plots import overflow as overflow_plots
from plots import relu as relu_plots
from plots import shape as shape_plots

from tests.support.site import ROOT

# ReLU


@pytest.mark.parametrize("slope", [-0.25, 0, 0.25, 1, 1.25])
def test_subgradients_are_the_slopes_whose_line_is_nowhere_above(slope):
    z = np.linspace(-3, 3, 601)
    below = bool(np.all(relu(z) >= slope * z))
    assert below == (0 <= slope <= 1)
    assert ("not a subgradient" in relu_plots.describe_subgradient(slope=slope)) != below


def test_root_two_times_xavier_keeps_relus_gradient_level():
    level = depth_plots.gradient_norms("ReLU", 1.41)
    assert 0.1 < level[0] < 10
    assert depth_plots.gradient_norms("ReLU", 1.0)[0] < 1e-3
    assert depth_plots.gradient_norms("ReLU", 2.0)[0] > 1e3


@pytest.mark.parametrize("bias", [-2, -0.5, 0, 1, 2])
def test_share_of_zeros_is_near_that_of_a_normal_distribution(bias):
    measured, normal = relu_plots.zero_share(bias)
    assert normal == pytest.approx(float(mpmath.ncdf(-bias)), abs=1e-12)
    assert measured == pytest.approx(normal, abs=0.03)


def test_more_than_a_third_of_the_trained_outputs_are_zero_and_none_of_tanh():
    assert digit_network.train("ReLU", 0.3).zero_share > 1 / 3
    assert digit_network.train("tanh", 0.3).zero_share == 0


def test_measured_costs_that_the_text_names():
    times = {name: cost_plots.relative_cost(name) for name in cost_plots.FAMILY}
    assert all(3 <= times[name] <= 10 for name in ("tanh", "ELU", "swish", "softplus", "mish"))
    assert times["GELU, exact"] > 10


# Training on digits


@pytest.mark.parametrize("activation", ["ReLU", "leaky ReLU", "tanh", "PReLU"])
def test_a_training_step_follows_the_gradient_of_the_loss(activation):
    X, y = digit_network.digits()[0][:40], digit_network.digits()[1][:40]

    def network():
        return digit_network.Network(activation, 0.25, seed=3)

    def loss(net):
        logits = net.bend(X @ net.W + net.b)[0] @ net.V + net.c
        top = logits.max(axis=1)
        return float(np.mean(np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - logits[range(40), y]))

    stepped, before = network(), network()
    stepped.step(X, y, lr=1.0)
    for name in ("W", "b", "V", "c", "alpha"):
        gradient = getattr(before, name) - getattr(stepped, name)
        direction = np.random.default_rng(8).normal(size=gradient.shape)
        values = []
        for sign in (1, -1):
            moved = network()
            setattr(moved, name, getattr(moved, name) + sign * 1e-6 * direction)
            values.append(loss(moved))
        assert np.sum(gradient * direction) == pytest.approx((values[0] - values[1]) / 2e-6, abs=1e-6)


def test_nearly_all_units_live_up_to_one_and_nearly_all_die_at_two():
    assert dying_plots.silent_shares("ReLU", 1.0)[1] < 0.1
    assert dying_plots.silent_shares("ReLU", 1.5)[1] == pytest.approx(0.75, abs=0.05)
    assert dying_plots.silent_shares("ReLU", 2.0)[1] > 0.9


@pytest.mark.parametrize("lr", [0.5, 1.25, 1.5, 1.75])
def test_no_dead_relu_unit_comes_back(lr):
    assert np.all(np.diff(digit_network.train("ReLU", lr, calm=150).silent) >= 0)


def test_a_unit_is_killed_by_one_step_and_does_not_move_again():
    highest, moved = killing_plots.history()
    steps = killing_plots.killing_steps()
    times = []
    for unit in np.flatnonzero(steps > 3):
        step = steps[unit]
        assert highest[step - 1, unit] > 0 > highest[step, unit]
        assert np.all(moved[step:, unit] == 0)
        if np.any(moved[: step - 1, unit] > 0):
            times.append(moved[step - 1, unit] / killing_plots.usual_step(unit))
    assert np.median(times) > 5
    assert np.bincount(steps[steps > 0]).max() >= 4


def test_without_the_mean_of_the_pixels_no_unit_dies(monkeypatch):
    X, y, X_test, y_test = digit_network.digits()
    centred = X - X.mean(axis=0), y, X_test - X.mean(axis=0), y_test
    monkeypatch.setattr(digit_network, "digits", lambda: centred)
    for lr in (1.5, 2.0):
        run = digit_network.train.__wrapped__("ReLU", lr, steps=150)
        assert run.silent[-1] == 0
        assert run.accuracy[-1] >= 0.98


def test_a_positive_bias_at_the_start_keeps_no_more_units_alive(monkeypatch):
    begin, dead = digit_network.Network.__init__, []
    for bias in (0.0, 0.1, 1.0):

        def biased(self, *arguments, bias=bias):
            begin(self, *arguments)
            self.b = self.b + bias

        monkeypatch.setattr(digit_network.Network, "__init__", biased)
        train = digit_network.train.__wrapped__
        runs = [train("ReLU", lr, steps=150, seed=seed) for lr in (1.25, 1.5, 1.75) for seed in range(4)]
        dead.append(np.mean([run.silent[-1] for run in runs]))
    assert dead[1] == pytest.approx(dead[0], abs=0.05)
    assert dead[2] > dead[0] + 0.1


@pytest.mark.parametrize(
    ("function", "kink", "slope"), [(hard_tanh, -1, 0.5), (hard_tanh, 1, 0.5), (selu, 0, 1.4)]
)
def test_at_a_kink_that_bends_the_other_way_no_line_stays_below(function, kink, slope):
    z = kink + np.array([-5.0, -0.1, 0.1, 5.0])
    assert np.any(function(z) < function(float(kink)) + slope * (z - kink))


def test_the_history_of_killed_units_is_that_of_the_training_run():
    run = digit_network.train("ReLU", killing_plots.RATE, calm=150)
    share = np.mean(killing_plots.history()[0] <= 0, axis=1)[::10]
    np.testing.assert_allclose(run.silent[: share.size], share)


def test_derivatives_from_the_output_cost_less_than_half():
    cost = cost_plots.derivative_cost()
    for name in ("sigmoid", "tanh"):
        from_z, from_output = cost[name]
        assert from_z > 1
        assert from_output <= 0.5
    assert {name for name, (_, kept) in cost.items() if kept is None} >= {"swish", "GELU, exact"}


def test_steps_until_the_loss_is_small_are_those_of_the_text():
    until = comparison_plots.steps_until
    assert [until(name, 2) for name in ("ReLU", "Tanh", "Sigmoid")] == [60, 100, None]
    assert [until(name, 10) for name in ("ReLU", "Tanh", "Sigmoid")] == [180, 80, None]
    rates = {name: comparison_plots.runs(10)[name]["rate"] for name in ("ReLU", "Tanh")}
    assert rates == {"ReLU": 0.1, "Tanh": 0.3}


def test_swish_takes_most_values_twice_so_that_its_slope_is_no_function_of_the_output():
    z = np.linspace(-8, 8, 4001)
    for name in ("swish", "gelu", "mish"):
        values, slopes = ACTIVATIONS[name].function(z), ACTIVATIONS[name].derivative(z)
        left, right = z < -2.0, (z > -1.0) & (z < 0)
        near = np.abs(values[left][:, None] - values[right]).argmin(axis=1)
        assert np.any(np.abs(slopes[left] - slopes[right][near]) > 0.1), name


def test_hard_swish_has_the_lowest_point_and_the_jumps_of_the_text():
    z = np.linspace(-6, 6, 120_001)
    hard = z * np.clip(z / 6 + 1 / 2, 0, 1)
    assert (z[hard.argmin()], hard.min()) == (pytest.approx(-1.5, abs=1e-3), pytest.approx(-3 / 8, abs=1e-6))
    assert hard.min() < ACTIVATIONS["swish"].facts.lowest
    slope = np.diff(hard) / np.diff(z)
    sides = [slope[np.searchsorted(z, place) + offset] for place in (-3, 3) for offset in (-2, 1)]
    assert sides == pytest.approx([0, -0.5, 1.5, 1], abs=1e-3)


def test_leaky_units_come_back_and_go_on_learning():
    _, stormy, end = dying_plots.silent_shares("leaky ReLU", 2.0)
    assert end < stormy
    leaky, plain = (digit_network.train(name, 1.75, calm=150) for name in ("leaky ReLU", "ReLU"))
    assert leaky.accuracy[-1] > 0.9
    assert plain.accuracy[-1] == pytest.approx(0.25, abs=0.03)


def test_learned_slopes_spread_and_stay_near_their_start():
    for start in (0, 0.25, 1):
        alpha = digit_network.train("PReLU", 0.3, steps=600, alpha=start, every=100).alpha[-1]
        assert abs(np.median(alpha) - start) < 0.25
        assert np.ptp(alpha) > 0.5


def test_mish_dips_deeper_than_swish_at_three_times_its_cost():
    assert ACTIVATIONS["mish"].facts.lowest < ACTIVATIONS["swish"].facts.lowest
    assert cost_plots.relative_cost("mish") / cost_plots.relative_cost("swish") == pytest.approx(3, abs=0.25)


# Shapes


@pytest.mark.parametrize("name", list(shape_plots.SHAPES))
@pytest.mark.parametrize("parameter", [0.25, 1.5])
def test_each_shapes_derivative_is_that_of_its_function(name, parameter):
    shape = shape_plots.SHAPES[name]
    z = np.array([-4.0, -1.3, -0.2, 0.4, 2.1])
    slope = (shape.function(z + 1e-6, parameter) - shape.function(z - 1e-6, parameter)) / 2e-6
    np.testing.assert_allclose(shape.derivative(z, parameter), slope, atol=1e-8)


@pytest.mark.parametrize("beta", [0.5, 1, 4, 16])
def test_gap_between_softplus_and_relu_is_log_two_over_beta(beta):
    z = np.linspace(-5, 5, 1001)
    gap = shape_plots.SHAPES["softplus"].function(z, beta) - relu(z)
    assert gap.max() == pytest.approx(np.log(2) / beta)
    assert z[gap.argmax()] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(gap, np.log1p(np.exp(-beta * np.abs(z))) / beta, atol=1e-15)


def test_swish_runs_from_half_the_identity_to_relu():
    z = np.linspace(-5, 5, 101)
    swish = shape_plots.SHAPES["swish"].function
    np.testing.assert_array_equal(swish(z, 0.0), z / 2)
    assert np.abs(swish(z, 50.0) - relu(z)).max() < 0.006


def test_swish_dips_where_the_text_says():
    u = float(mpmath.findroot(lambda u: 1 + u * (1 - 1 / (1 + mpmath.exp(-u))), -1.3))
    assert u == pytest.approx(-1.278, abs=5e-4)
    assert u / (1 + np.exp(-u)) == pytest.approx(-0.278, abs=5e-4)
    said = shape_plots.Explored("swish").describe(parameter=1).replace("\N{MINUS SIGN}", "-")
    assert "dips to -0.28 at z = -1.28" in said


def test_far_to_the_right_the_family_is_on_the_diagonal_and_selu_climbs_faster():
    far = {name: ACTIVATIONS[name] for name in shape_plots.FAMILY}
    gaps = {name: abs(float(entry.function(40.0)) - 40) for name, entry in far.items()}
    assert [name for name, gap in gaps.items() if gap > 1e-9] == ["selu"]
    assert far["selu"].derivative(40.0) == pytest.approx(1.05, abs=0.005)


def test_the_maximum_is_leaky_relu_only_up_to_a_slope_of_one():
    z = np.array([-1.0, 1.0])
    leaky = shape_plots.SHAPES["leaky ReLU"].function
    np.testing.assert_array_equal(np.maximum(0.25 * z, z), leaky(z, 0.25))
    assert np.all(np.maximum(1.5 * z, z) != leaky(z, 1.5))


@pytest.mark.parametrize(
    ("name", "gaps"), [("relu", 1), ("leaky_relu", 1), ("selu", 1), ("elu", 0), ("swish", 0)]
)
def test_no_line_joins_the_two_sides_of_a_derivative_that_jumps(name, gaps):
    _, slopes = shape_plots.with_gap(ACTIVATIONS[name].derivative)
    assert np.isnan(slopes).sum() == gaps


# SELU


def test_selu_constants_are_the_fixed_point_of_mean_and_variance():
    with mpmath.workdps(40):
        i1, i2 = (mpmath.exp(mpmath.mpf(t) ** 2 / 2) * mpmath.ncdf(-t) for t in (1, 2))
        half = mpmath.mpf(1) / 2
        alpha = 1 / mpmath.sqrt(2 * mpmath.pi) / (half - i1)
        scale = 1 / mpmath.sqrt(half + alpha**2 * (i2 - 2 * i1 + half))
    assert pytest.approx(float(alpha), rel=1e-15) == SELU_ALPHA
    assert pytest.approx(float(scale), rel=1e-15) == SELU_SCALE


def test_selu_keeps_mean_and_variance_of_normal_inputs():
    nodes, weights = np.polynomial.legendre.leggauss(400)
    mean = square = 0.0
    for low, high in ((-12, 0), (0, 12)):
        z = low + (high - low) * (nodes + 1) / 2
        w = weights * (high - low) / 2 * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        mean, square = mean + w @ selu(z), square + w @ selu(z) ** 2
    assert (mean, square) == pytest.approx((0, 1), abs=1e-12)


def test_selu_stays_near_its_fixed_point_where_relu_fades():
    means, variances = depth_plots.moments("SELU", 1.0)
    assert np.abs(means).max() < 0.1
    assert 0.7 < variances.min() < variances.max() < 1.4
    assert depth_plots.moments("ReLU", 1.0)[1][-1] < 1e-6
    assert 0.05 < depth_plots.moments("ReLU", 2.0)[1][-1] < 2
    assert depth_plots.moments("SELU", 2.0)[1][-1] > 10


# GELU and mish


def test_largest_errors_of_the_gelu_approximations():
    errors = [np.abs(gelu_plots.approximation_error(form)).max() for form in gelu_plots.APPROXIMATIONS]
    assert errors == pytest.approx([4.73e-4, 2.03e-2], rel=0.01)


def test_the_slope_of_gelus_gate_gives_the_factor_of_its_approximations():
    z = 1e-6
    assert math.erf(z / math.sqrt(2)) / z == pytest.approx(math.sqrt(2 / math.pi), rel=1e-9)
    assert 2 * math.sqrt(2 / math.pi) == pytest.approx(1.596, abs=0.0005)


def test_one_plus_erf_is_exactly_zero_from_8_4_on_and_erfc_is_not():
    zero = [z for z in np.arange(-9.0, -8.0, 0.01) if 1 + math.erf(z / math.sqrt(2)) == 0]
    assert max(zero) == pytest.approx(-8.4, abs=0.05)
    assert gelu(-9.0) < 0
    assert gelu(-9.0) == pytest.approx(float(-9 * mpmath.ncdf(-9)), rel=1e-12)


@pytest.mark.parametrize("z", [709.0, 710.0])
def test_naive_formulas_of_the_family_fail_above_709_78(z):
    z = np.float64(z)
    with np.errstate(all="ignore"):
        masked = (z > 0) * z + (z <= 0) * (np.exp(z) - 1)
        values = [masked, np.log(1 + np.exp(z)), z * np.exp(z) / (1 + np.exp(z))]
    finite = np.isfinite(values)
    assert finite.tolist() == ([True, True, False] if z < 709.5 else [False] * 3)


def test_mish_derivative_in_squared_exponentials_fails_at_177_and_a_half():
    squares, softplus = overflow_plots.MISH
    assert overflow_plots.first_nan(squares) == 177.5
    assert overflow_plots.first_nan(softplus) is None
    assert overflow_plots.relative_error(squares, np.arange(0.5, 177, 0.5)).max() < 1e-14


@pytest.mark.parametrize("z", [-30.0, -2.0, 0.5, 30.0, 500.0])
def test_the_stable_form_of_mishs_derivative_is_right(z):
    with mpmath.workdps(60):
        exact = mpmath.diff(lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))), mpmath.mpf(z))
    assert overflow_plots.value("tanh of softplus", z) == pytest.approx(float(exact), rel=1e-9)


# Gradient checks


@pytest.mark.parametrize("h", [0.02, 0.05, 0.1])
def test_a_check_across_the_kink_sees_a_half_and_a_bit(h):
    assert kink_plots.central("ReLU", 0.01, h) == pytest.approx(0.5 + 0.01 / (2 * h))


def test_a_check_on_one_side_is_right_up_to_rounding():
    assert kink_plots.check_error("ReLU", np.array([1e-2, 1e-3, 1e-5])).max() < 1e-10
    assert kink_plots.check_error("softplus", 1e-5) < 1e-10


def test_rounding_is_about_fifteen_orders_smaller_than_the_error_across_the_kink():
    error = abs(kink_plots.central("ReLU", 0.01, 0.02) - 1)
    rounding = 2.0**-53 * relu(0.03) / (2 * 0.02)
    assert error == pytest.approx(0.25)
    assert np.log10(error / rounding) == pytest.approx(15, abs=0.8)


# The table


def test_years_are_the_same_in_the_story_and_in_the_table():
    story = re.findall(
        r"^\| (\d{4}) \| ([^|]+) \|", (ROOT / "chapters/relu-family.md").read_text("utf-8"), re.M
    )
    titles = {
        entry.title.lower().removesuffix(" (silu)"): entry for entry in (ACTIVATIONS | VECTORS).values()
    }
    told = [
        (titles[name.lower()].source.year, int(year))
        for year, names in story
        for name in re.sub(r"\{ref\}`([^<]+) <[^>]+>`", r"\1", names).split(", ")
    ]
    assert len(told) >= 13
    assert all(year == right for right, year in told), told
    assert [year for _, year in told] == sorted(year for _, year in told)


def test_the_table_has_the_whole_family_with_the_facts_of_the_functions():
    rows = {row[0]: row for row in family_table.family_rows()}
    assert len(rows) == len(shape_plots.FAMILY) == 9
    assert rows["SELU"][2] == "\N{MINUS SIGN}1.76"
    assert rows["ELU"][3:6] == ("no", "yes", "yes")
    assert all(row[4] == ("yes" if ACTIVATIONS[name].facts.monotone else "no")
               for name, row in zip(shape_plots.FAMILY, rows.values(), strict=True))  # fmt: skip
