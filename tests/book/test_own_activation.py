"""The page of one's own activation: its numbers against NumPy's, its words, its speed, and what it refuses."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from activations import ACTIVATIONS
from scipy.special import erf, expit

from tests.support.browser import Watched

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pages")]
Z = np.array([-40, -6, -3.5, -1.7, -0.9, -0.2, 0.1, 0.4, 1.3, 2.2, 4.8, 7, 40.0])
RUN = """([text, z]) => {
  const [value, slope] = [new Float64Array(z.length), new Float64Array(z.length)];
  lab.formula(text).run(Float64Array.from(z), value, slope);
  return [[...value], [...slope]];
}"""
# Formula: value and derivative by NumPy, worked out by hand.
FORMULAS = {
    "z * sigmoid(1.7 z)": lambda z: (z * expit(1.7 * z), expit(1.7 * z) * (1 + 1.7 * z * expit(-1.7 * z))),
    "max(0.1 z, z)": lambda z: (np.maximum(0.1 * z, z), np.where(z > 0, 1, 0.1)),
    "z if z > 0 else 0.5 z^2": lambda z: (np.where(z > 0, z, 0.5 * z**2), np.where(z > 0, 1, z)),
    "z / (1 + abs(z))": lambda z: (z / (1 + abs(z)), (1 + abs(z)) ** -2),
    "log1p(abs(z)) * sign(z)": lambda z: (np.log1p(abs(z)) * np.sign(z), 1 / (1 + abs(z))),
    "exp(-z^2) + sin(3z)": lambda z: (
        np.exp(-(z**2)) + np.sin(3 * z),
        -2 * z * np.exp(-(z**2)) + 3 * np.cos(3 * z),
    ),
    "np.tanh(np.log1p(np.exp(-abs(z))))": lambda z: (
        np.tanh(np.log1p(np.exp(-abs(z)))),
        -np.sign(z) * expit(-abs(z)) * (1 - np.tanh(np.log1p(np.exp(-abs(z)))) ** 2),
    ),
    "sqrt(z^2 + 1) - 2^(z/8)": lambda z: (
        np.sqrt(z**2 + 1) - 2 ** (z / 8),
        z / np.sqrt(z**2 + 1) - math.log(2) / 8 * 2 ** (z / 8),
    ),
    "z erf(z / sqrt(2)) - 0.3 cosh(z/20)": lambda z: (
        z * erf(z / math.sqrt(2)) - 0.3 * np.cosh(z / 20),
        erf(z / math.sqrt(2)) + z * math.sqrt(2 / math.pi) * np.exp(-(z**2) / 2) - 0.015 * np.sinh(z / 20),
    ),
    "clip(atan(2 z), -1, π/4) - -z": lambda z: (
        np.clip(np.arctan(2 * z), -1, math.pi / 4) + z,
        1 + 2 / (1 + 4 * z**2) * ((np.arctan(2 * z) > -1) & (np.arctan(2 * z) < math.pi / 4)),
    ),
}
GRADIENT = """([text, hidden]) => {
  const { Network, points, ROWS } = lab.network;
  const network = new Network(lab.formula(text), points("two moons"), { hidden, units: 5, scale: 1.2 });
  for (let i = 0; i < 20; i++) network.step(0.2);
  network.gradient();
  const plain = (layer) => Object.fromEntries(Object.entries(layer).map(([k, v]) => [k, v.length ? [...v] : v]));
  return {
    x: network.data.x.map((column) => [...column.slice(0, ROWS)]),
    y: [...network.data.y.slice(0, ROWS)],
    loss: network.loss,
    layers: network.layers.map(plain),
    report: network.report(1),
  };
}"""
FLOW = """text => {
  const stack = lab.network.stack(1.3);
  const weights = stack.layers.map((layer) => [...layer.weights]);
  const norms = lab.network.flow(lab.formula(text), stack);
  return { weights, norms, rows: stack.rows, inputs: [...stack.inputs], above: [...stack.above] };
}"""


@pytest.fixture(scope="module")
def tab(site, browser):
    with Watched(browser) as watched:
        watched.page.goto((site.folder / "chapters" / "your-own.html").as_uri())
        watched.page.locator(".lab-ready").wait_for()
        yield watched
        assert watched.faults == []


@pytest.mark.parametrize("text", FORMULAS)
def test_values_and_derivatives_are_numpys(tab, text):
    value, slope = tab.page.evaluate(RUN, [text, Z.tolist()])
    wanted_value, wanted_slope = FORMULAS[text](Z)
    np.testing.assert_allclose(value, wanted_value, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(slope, wanted_slope, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"prelu"}))
def test_functions_of_the_book_are_the_books_and_so_are_their_facts(tab, name):
    entry, text = ACTIVATIONS[name], "z" if name == "identity" else f"{name}(z)"
    value, slope = tab.page.evaluate(RUN, [text, Z.tolist()])
    np.testing.assert_allclose(value, entry.function(Z), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(slope, entry.derivative(Z), rtol=1e-6, atol=1e-12)
    # JSON knows no infinity.
    found = tab.page.evaluate(
        "text => JSON.stringify(lab.facts(lab.formula(text)), (_, v) => Number.isFinite(v) || typeof v !== 'number' "
        "? v : String(v))",
        text,
    )
    found, facts = json.loads(found), entry.facts
    for key in ("lowest", "highest", "left", "right"):
        assert float(found[key]) == pytest.approx(getattr(facts, key), abs=1e-6), key
    assert (found["rises"], found["centred"], found["convex"]) == (
        facts.monotone,
        facts.zero_centred,
        facts.convex,
    )
    assert [jump["place"] for jump in found["jumps"]] == pytest.approx(list(facts.jumps))
    kinks = [[kink["place"], kink["left"], kink["right"]] for kink in found["kinks"]]
    assert np.ravel(kinks) == pytest.approx(
        np.ravel([[k.place, k.left, k.right] for k in facts.kinks]), abs=1e-6
    )
    assert found["fails"] is None


@pytest.mark.parametrize(
    ("text", "hidden"), [("z * sigmoid(1.7 z)", 2), ("tanh(z)", 3), ("max(0.1 z, z)", 1)]
)
def test_gradients_of_the_network_are_numpys(tab, text, hidden):
    got = tab.page.evaluate(GRADIENT, [text, hidden])
    activation, y = FORMULAS.get(text) or (lambda z: (np.tanh(z), 1 - np.tanh(z) ** 2)), np.array(got["y"])
    weights = [np.reshape(at["weights"], (at["inputs"], at["units"])) for at in got["layers"]]
    outputs, slopes = [np.array(got["x"]).T], []
    for W, at in zip(weights, got["layers"], strict=True):
        z = outputs[-1] @ W + at["biases"]
        value, slope = activation(z)
        outputs.append(value)
        slopes.append(slope)
    logits = z[:, 0]
    assert got["loss"] == pytest.approx(np.mean(np.logaddexp(0, logits) - y * logits), rel=1e-9)
    delta = ((expit(logits) - y) / len(y))[:, None]
    for number in reversed(range(len(weights))):
        at = got["layers"][number]
        gradient = outputs[number].T @ delta
        np.testing.assert_allclose(np.ravel(gradient), at["weightSteps"], rtol=1e-6, atol=1e-10)
        np.testing.assert_allclose(delta.sum(axis=0), at["biasSteps"], rtol=1e-6, atol=1e-10)
        size = math.hypot(np.linalg.norm(gradient), np.linalg.norm(delta.sum(axis=0)))
        assert got["report"][number]["gradient"] == pytest.approx(size, rel=1e-6)
        if number:
            delta = delta @ weights[number].T * slopes[number - 1]
            assert got["report"][number - 1]["saturated"] == np.mean(abs(slopes[number - 1]) < 0.1)


def test_gradient_through_thirty_layers_is_numpys(tab):
    got = tab.page.evaluate(FLOW, "z * sigmoid(1.7 z)")
    as_rows = lambda values: np.reshape(values, (32, got["rows"])).T  # noqa: E731
    a, above, slopes = as_rows(got["inputs"]), as_rows(got["above"]), []
    matrices = [np.reshape(weights, (32, 32)) for weights in got["weights"]]
    for W in matrices:
        a, slope = FORMULAS["z * sigmoid(1.7 z)"](a @ W)
        slopes.append(slope)
    norms = []
    for W, slope in zip(matrices[::-1], slopes[::-1], strict=True):
        delta = above * slope
        norms.insert(0, np.linalg.norm(delta))
        above = delta @ W.T
    assert len(norms) == 30
    np.testing.assert_allclose(got["norms"], norms, rtol=1e-6)


def test_units_that_are_dead_are_counted(tab):
    report = tab.page.evaluate(GRADIENT, ["-1 - relu(-1000 - z^2)", 1])["report"]
    assert (report[0]["dead"], report[0]["units"], report[0]["saturated"]) == (5, 5, 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("sigmod(z)", "Did you mean sigmoid?"),
        ("(z + 1", "“)” is missing before the end"),
        ("z *", "is missing before the end"),
        ("max(z)", "max takes 2 or more arguments, not 1"),
        ("alert(1)", "“alert” is not known"),
        ("z; fetch", "“;” has no place in a formula"),
        ("constructor(z)", "“constructor” is not known"),
        ("", "Write a formula in z"),
        ("z" + "+z" * 150, "at most 200 characters"),
    ],
)
def test_what_is_no_formula_is_named_and_the_last_one_stays(tab, text, complaint):
    page = tab.page
    field = page.get_by_label("Your activation, a formula in z")
    field.fill("tanh(z)")
    field.fill(text)
    assert complaint in page.locator("#lab-a-problem").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator("#lab-network-a").inner_text() == "tanh(z)"
    field.fill("z * sigmoid(1.7 z)")
    assert page.locator("#lab-a-problem").inner_text() == ""


def test_training_bends_the_boundary_and_is_told_when_it_stops(site, browser):
    with Watched(browser) as tab:
        page = tab.page
        page.goto((site.folder / "chapters" / "your-own.html").as_uri() + "#a=gelu(z)&b=z")
        assert page.get_by_label("Your activation, a formula in z").input_value() == "gelu(z)"
        train = page.get_by_role("button", name="Train")
        before = page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
        train.press("Enter")
        page.wait_for_function("lab.page.sides[0].network.steps > 300")
        page.get_by_role("button", name="Pause").press("Space")
        assert page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()") != before
        said = page.get_by_role("status").filter(has_text="gelu(z): step").inner_text()
        bent, straight = page.evaluate("lab.page.sides.map((side) => side.network.loss)")
        assert bent < 0.7 * straight
        assert "z: step" in said
        assert "0 units dead" in said
        page.get_by_role("button", name="One step").click()
        assert page.evaluate(
            "lab.page.sides[0].network.steps % 2 === 1 || lab.page.sides[0].network.steps > 300"
        )
        page.get_by_role("button", name="Start again").click()
        assert page.evaluate("lab.page.sides.map((side) => side.network.steps)") == [0, 0]
        assert tab.faults == []


def test_training_goes_in_jumps_where_motion_is_unwanted(site, browser):
    with Watched(browser, reduced_motion="reduce") as tab:
        tab.page.goto((site.folder / "chapters" / "your-own.html").as_uri())
        tab.page.get_by_role("button", name="Train").click()
        assert tab.page.evaluate("lab.page.sides[0].network.steps") == 100
        assert tab.page.get_by_role("button", name="Train").is_visible()


def test_a_frame_of_training_fits_a_screen_of_sixty_frames_a_second(tab):
    times = tab.page.evaluate(
        "() => Array.from({ length: 90 }, () => { const t = performance.now(); lab.page.tick(); "
        "return performance.now() - t; }).sort((a, b) => a - b)"
    )
    assert times[len(times) // 4] < 8, (
        times
    )  # the quick quarter: what the page takes, not what else runs here


def test_page_alone_loads_its_scripts_and_every_chapter_leads_there(site):
    linked = []
    for page in site.pages:
        assert ('src="../_static/lab/' in page.html) == (page.name == "your-own"), page.name
        if 'href="your-own.html#a=' in page.html:
            linked.append(page.name)
    assert len(linked) == 8
