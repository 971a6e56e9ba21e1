"""What the chapter on choosing says in numbers is true of the functions behind its plots and of the stored runs."""

from dataclasses import replace

import numpy as np
import pytest
from activations import ACTIVATIONS, relu, sigmoid, softmax, softplus
from experiments import deep_digits as deep_digits
from experiments import mixing as mixing
from experiments import plane_network as plane_network
from experiments.data import standardize
from experiments.deep_digits import BATCH, NAMES, DeepNetwork, data
from plots import comparison as comparison
from plots import initialisation as initialisation
from plots import output as output
from plots import scaling as scaling
from sklearn.datasets import load_breast_cancer

# Outputs


def test_identity_predicts_negative_areas_and_the_others_do_not():
    assert output.lowest("identity", 0.0) < 0
    assert all(output.lowest(name, 0.0) >= 0 for name in ("ReLU", "softplus", "exp"))


@pytest.mark.parametrize("start", [-3.0, -2.0, -1.0])
def test_a_relu_output_that_starts_negative_never_learns(start):
    w, b, _ = output.fitted("ReLU", start)
    assert (w, b) == (0.1, start)
    assert output.fitted("ReLU", 0.0)[2] < 0.01


def test_softplus_has_the_smallest_error_and_exp_is_too_steep_at_the_large_end():
    errors = {name: output.fitted(name, 0.0)[2] for name in output.OUTPUTS}
    assert min(errors, key=errors.get) == "softplus"
    x, y = output.tumour_sizes()
    w, b, _ = output.fitted("exp", 0.0)
    largest = np.argsort(x)[-5:]
    assert np.all(np.exp(w * x + b)[largest] > y[largest])


def _slope(loss, z, k, h=1e-6):
    step = h * np.eye(z.size)[k]
    return (loss(z + step) - loss(z - step)) / (2 * h)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_gradients_at_the_logits_are_predicted_minus_true(k):
    z, shares, labels, count = np.array([0.3, -1.2, 2.0]), np.array([0.2, 0.5, 0.3]), np.array([1, 0, 1]), 3.0
    cases = [
        (lambda z: np.log(np.exp(z).sum()) - shares @ z, softmax(z) - shares),
        (lambda z: np.sum(softplus(z) - labels * z), sigmoid(z) - labels),
        (lambda z: np.sum(np.exp(z) - count * z), np.exp(z) - count),
        (lambda z: np.sum((count - z) ** 2) / 2, z - count),
        (lambda z: np.sum((count - softplus(z)) ** 2) / 2, (softplus(z) - count) * sigmoid(z)),
    ]
    for loss, expected in cases:
        assert _slope(loss, z, k) == pytest.approx(expected[k], abs=1e-7)


def test_the_predicted_scatter_rests_where_it_is_the_one_that_is_seen():
    def loss(u, distance=0.7):
        return distance**2 / (2 * np.exp(2 * u)) + u

    for u in (-1.0, 0.3):
        assert (loss(u + 1e-6) - loss(u - 1e-6)) / 2e-6 == pytest.approx(
            1 - 0.7**2 * np.exp(-2 * u), rel=1e-6
        )
    assert loss(np.log(0.7)) < min(loss(np.log(0.7) + 0.1), loss(np.log(0.7) - 0.1))


def test_softmax_outputs_compete_and_sigmoids_do_not():
    low, high = output.outputs("softmax", -3), output.outputs("softmax", 4)
    assert np.all(high[1:] < low[1:])
    np.testing.assert_array_equal(output.outputs("sigmoids", -3)[1:], output.outputs("sigmoids", 4)[1:])


def test_a_network_used_without_its_activation_is_lost():
    X, y = plane_network.points("two moons")
    params = plane_network.train("two moons", 20, "tanh").params
    right = [
        np.mean((plane_network.predict(params, X[200:], f) >= 0) == y[200:]) for f in ("tanh", "identity")
    ]
    assert right[0] > 0.9
    assert right[1] < 0.7


def test_a_relu_gate_explodes_and_a_sigmoid_gate_forgets_or_holds():
    assert relu(1.1) ** 100 > 1e4
    assert sigmoid(1.1) ** 100 < 1e-12
    assert sigmoid(6.0) ** 100 > 0.75


@pytest.mark.slow
def test_mixtures_end_between_or_beside_what_they_are_mixed_of():
    read = {name: mixing.accuracy(name) for name in mixing.MIXES}
    low, high = min(read["tanh"], read["ReLU"]), max(read["tanh"], read["ReLU"])
    for name in ("tanh and ReLU in turns", "half tanh, half ReLU"):
        assert low - 0.005 < read[name] < high + 0.005
    assert read["ReLU and swish in turns"] == pytest.approx(read["ReLU"], abs=0.005)


@pytest.mark.parametrize("name", ["tanh and ReLU in turns", "half tanh, half ReLU"])
def test_gradient_of_a_mixed_network_agrees_with_a_central_difference(name):
    X, y = (part[:32] for part in data())
    network = mixing.network(name, 0)
    exact = network.gradients(X, y)[0][0][3, 5]
    values, losses = network.hidden[0].parameters[0], []
    for step in (1e-5, -2e-5):
        values[3, 5] += step
        losses.append(network.loss(X, y))
    assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(exact, rel=1e-4)


# Initialisation


def test_factor_that_keeps_the_variance_is_one_for_selu_and_two_for_relu():
    z, weight = np.polynomial.hermite_e.hermegauss(199)
    weight = weight / weight.sum()
    factor = {
        name: 1 / (weight @ ACTIVATIONS[name].function(z) ** 2) for name in ("selu", "relu", "leaky_relu")
    }
    assert factor["selu"] == pytest.approx(1, abs=0.005)
    assert factor["relu"] == pytest.approx(2, abs=1e-9)
    assert factor["leaky_relu"] == pytest.approx(2 / (1 + 0.01**2), abs=1e-9)


def _factor(name, derivative=False):
    z = np.linspace(-12, 12, 240_000)
    weight = np.exp(-(z**2) / 2)
    entry = ACTIVATIONS[name]
    values = entry.derivative(z) if derivative else entry.function(z)
    return float(weight.sum() / (weight @ values**2))


def test_factors_up_and_down_are_those_of_the_text():
    up = {name: _factor(name) for name in ("tanh", "elu", "swish")}
    assert up == pytest.approx({"tanh": 2.54, "elu": 1.55, "swish": 2.81}, abs=0.005)
    assert _factor("tanh", derivative=True) < 2.2 < up["tanh"]  # 2.54 makes a gradient grow
    assert _factor("relu", derivative=True) == pytest.approx(2, abs=1e-4)
    assert _factor("sigmoid", derivative=True) > 6 * _factor("sigmoid")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rate", "variances", "read"),
    [
        ("tanh", 0.3, (1, 2.54), (0.98, 0.97)),
        ("elu", 0.1, (2, 1.55), (0.98, 0.98)),
        ("swish", 0.3, (2, 2.81), (0.98, 0.98)),
    ],
)
def test_the_round_number_reads_as_well_as_the_computed_one(name, rate, variances, read, monkeypatch):
    for variance, right in zip(variances, read, strict=True):
        monkeypatch.setitem(deep_digits.VARIANCE, name, variance)
        assert deep_digits.train(name, 10, rate).accuracy == pytest.approx(right, abs=0.006)


def test_rescaled_inputs_allow_a_larger_rate_and_have_a_valley_six_times_as_long():
    X, _ = load_breast_cancer(return_X_y=True)
    low, high = X.min(axis=0), X.max(axis=0)
    spread = {name: np.linalg.eigvalsh(2 * a.T @ a / len(a)) for name, a in
              (("rescaled", (X - low) / (high - low)), ("standardised", standardize(X)))}  # fmt: skip
    steepest = {name: values[-1] for name, values in spread.items()}
    valley = {name: values[-1] / values[0] for name, values in spread.items()}
    assert steepest["rescaled"] < steepest["standardised"]
    assert valley["rescaled"] / valley["standardised"] == pytest.approx(6, abs=0.5)


def test_relu_keeps_differences_with_he_and_loses_them_with_xavier():
    assert initialisation.output_spreads("ReLU", "Xavier", 30)[-1] < 1e-5
    assert initialisation.output_spreads("ReLU", "He", 30)[-1] == pytest.approx(0.2, abs=0.05)


def test_tanh_fades_less_with_he_but_its_gradient_grows():
    xavier, he = (initialisation.output_spreads("tanh", scheme, 30)[-1] for scheme in ("Xavier", "He"))
    assert 0.05 < xavier < he
    assert (
        initialisation.gradients("tanh", "He", 30)[0] > 1 > initialisation.gradients("tanh", "Xavier", 30)[0]
    )


@pytest.mark.parametrize("scheme", list(initialisation.SCHEMES))
def test_no_scheme_saves_the_sigmoid(scheme):
    assert initialisation.output_spreads("sigmoid", scheme, 30)[-1] < 1e-14
    assert initialisation.gradients("sigmoid", scheme, 30)[0] < 1e-14


# Scaling


def test_columns_of_the_tumours_differ_in_size():
    means = load_breast_cancer(return_X_y=True)[0].mean(axis=0)
    assert means.min() == pytest.approx(0.004, abs=0.0005)
    assert means.max() == pytest.approx(881, abs=0.5)


@pytest.mark.parametrize("steps", scaling.STEPS)
def test_standardised_inputs_are_ahead_and_rescaled_ones_second(steps):
    standardised, rescaled, measured = (
        scaling.best(name, steps)[0] for name in ("standardised", "rescaled", "as measured")
    )
    assert standardised < rescaled < measured


def test_centring_the_rescaled_inputs_makes_up_most_of_what_they_lag_behind(monkeypatch):
    lag = scaling.best("rescaled", 100)[0] - scaling.best("standardised", 100)[0]
    X, y = scaling.tumours("rescaled")
    monkeypatch.setattr(scaling, "tumours", lambda _: (X - X.mean(axis=0), y))
    left = scaling.best("centred", 100)[0] - scaling.losses("standardised")[99].min()
    assert 0 < left < lag / 2
    assert X.std(axis=0).max() > 2 * X.std(axis=0).min()


def test_inputs_as_measured_need_a_rate_about_a_million_times_smaller():
    ratio = scaling.best("standardised", 300)[1] / scaling.best("as measured", 300)[1]
    assert 1e5 < ratio < 1e7
    assert scaling.best("as measured", 300)[0] > 3 * scaling.best("standardised", 300)[0]


def test_unscaled_inputs_saturate_a_layer_of_tanh():
    X, W = scaling.tumours("as measured")[0], np.random.default_rng(0).normal(0, 30**-0.5, (30, 50))
    assert np.mean(1 - np.tanh(X @ W) ** 2 < 0.1) > 0.95
    assert np.mean(1 - np.tanh(scaling.tumours("standardised")[0] @ W) ** 2 < 0.1) < 0.1


# The comparison


FLAT = ("Step", "Sign")


def test_every_activation_is_compared():
    assert list(comparison.runs(2)) == [*(entry.title for entry in ACTIVATIONS.values()), "Maxout"]


def test_step_and_sign_train_the_output_layer_only():
    for title, two in (("Step", 0.73), ("Sign", 0.78)):
        for layers in comparison.LAYERS:
            assert comparison.runs(layers)[title]["gradients"][:-1] == [0] * layers
        assert comparison.runs(2)[title]["accuracy"] == pytest.approx(two, abs=0.005)
        assert comparison.runs(10)[title]["accuracy"] < 0.15


def test_with_two_layers_fourteen_end_between_96_and_99_per_cent():
    runs = {title: run for title, run in comparison.runs(2).items() if title not in FLAT}
    assert sum(0.96 < run["accuracy"] < 0.99 for run in runs.values()) == 14
    assert runs["Identity"]["accuracy"] == pytest.approx(0.979, abs=0.0005)
    assert runs["Hard sigmoid"]["accuracy"] == pytest.approx(0.927, abs=0.0005)
    losses = {title: run["losses"][-1] for title, run in runs.items()}
    assert sorted(losses, key=losses.get)[-2:] == ["Sigmoid", "Hard sigmoid"]


def test_with_ten_layers_the_sigmoids_guess_and_softplus_comes_last_of_those_that_learn():
    runs = {title: run for title, run in comparison.runs(10).items() if title not in FLAT}
    ordered = sorted(runs, key=lambda title: runs[title]["accuracy"])
    assert set(ordered[:2]) == {"Sigmoid", "Hard sigmoid"}
    assert ordered[2] == "Softplus"
    for title in ordered[:2]:
        assert runs[title]["accuracy"] == pytest.approx(0.08, abs=0.005)
    assert 1e-7 < runs["Sigmoid"]["gradients"][0] < 1e-6
    assert runs["Hard sigmoid"]["gradients"][0] < runs["Sigmoid"]["gradients"][0]


def _ten_softplus_layers(mean):
    """Share of the new images that ten layers of softplus, less this number, read at a rate of 0.3."""
    network, rng = deep_digits.DeepNetwork("softplus", 10, 0), np.random.default_rng(1)
    (X, y), entry = deep_digits.data(), ACTIVATIONS["softplus"]
    for layer in network.hidden:
        layer.activation = replace(entry, function=lambda z: entry.function(z) - mean)
    for _ in range(deep_digits.STEPS + 1):
        rows = rng.choice(deep_digits.TRAIN, deep_digits.BATCH, replace=False)
        network.step(X[rows], y[rows], 0.3)
    return np.mean(network.forward(X[deep_digits.TRAIN :]).argmax(axis=1) == y[deep_digits.TRAIN :])


@pytest.mark.slow
def test_softplus_less_its_mean_learns_where_it_fails_as_it_is():
    z = np.linspace(-12, 12, 240_000)
    mean = np.average(ACTIVATIONS["softplus"].function(z), weights=np.exp(-(z**2) / 2))
    with np.errstate(all="ignore"):
        assert _ten_softplus_layers(0) < 0.5
    assert _ten_softplus_layers(mean) > 0.95


def test_idle_outputs_tell_little_by_themselves():
    runs = comparison.runs(10)
    assert runs["ReLU"]["idle"][-1] > 0.5
    assert runs["ReLU"]["accuracy"] > 0.95
    assert runs["Sigmoid"]["idle"][-1] < 0.001


@pytest.mark.parametrize("layers", comparison.LAYERS)
def test_tanh_hard_tanh_and_selu_do_best(layers):
    values = {title: run["accuracy"] for title, run in comparison.runs(layers).items()}
    assert set(sorted(values, key=values.get)[-3:]) == {"Tanh", "Hard tanh", "SELU"}


def test_with_two_layers_relu_fits_more_closely_and_reads_new_images_worse_than_tanh():
    relu_run, tanh_run = comparison.runs(2)["ReLU"], comparison.runs(2)["Tanh"]
    assert relu_run["losses"][-1] < tanh_run["losses"][-1]
    assert relu_run["accuracy"] < tanh_run["accuracy"]


@pytest.mark.parametrize("name", NAMES)
def test_gradient_of_the_deep_network_agrees_with_a_central_difference(name):
    X, y = (part[:BATCH] for part in data())
    network = DeepNetwork(name, 2, seed=0)
    exact = network.gradients(X, y)[0]
    for values, gradient in zip(network.hidden[0].parameters, exact, strict=True):
        place = np.unravel_index(values.size // 3, values.shape)
        losses = []
        for step in (1e-5, -2e-5):
            values[place] += step
            losses.append(network.loss(X, y))
        assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(gradient[place], rel=1e-4, abs=1e-8)
        values[place] += 1e-5
