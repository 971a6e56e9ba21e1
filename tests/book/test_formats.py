"""Number formats: the emulated bfloat16, the limits of formulas in each format, and the names in libraries."""

from __future__ import annotations

import json
import re

import mpmath
import numpy as np
import pytest
from activations import ACTIVATIONS
from functions.formats import FORMATS, FORMULAS, Bfloat16, first_failure, largest, round_bfloat16, spacing
from functions.vectors import VECTOR_ACTIVATIONS
from plots.cheat_sheet import card_text, format_table, library_names

from tests.support.site import ROOT

PAGES = {path.stem: path.read_text("utf-8") for path in (ROOT / "chapters").glob("*.md")}
BY_NAME = {formula.shown: formula for formula in FORMULAS}


def test_bfloat16_rounds_to_the_nearest_and_ties_to_even():
    gap = spacing("bfloat16")
    values = [1, 1 + 0.4 * gap, 1 + 0.5 * gap, 1 + 0.6 * gap, 1 + 1.5 * gap, -1 - 0.5 * gap]
    np.testing.assert_array_equal(round_bfloat16(values), np.float32([1, 1, 1, 1 + gap, 1 + 2 * gap, -1]))
    special = round_bfloat16([np.inf, -np.inf, np.nan, 0, 3e38, 3.4e38])
    np.testing.assert_array_equal(np.isfinite(special), [False, False, False, True, True, False])
    assert np.isnan(special[2])


def test_every_bfloat16_number_stays_as_it_is():
    numbers = (np.arange(2**16, dtype=np.uint32) << 16).view(np.float32)
    finite = numbers[np.isfinite(numbers)]
    np.testing.assert_array_equal(round_bfloat16(finite), finite)
    assert finite.max() == np.float32(largest("bfloat16"))


def test_bfloat16_rounds_after_each_operation():
    gap = spacing("bfloat16")
    total = Bfloat16(1) + gap / 4 + gap / 4 + gap / 4  # each addition alone is rounded away
    assert np.asarray(total) == 1
    assert isinstance(np.exp(Bfloat16([1.0])), Bfloat16)
    assert (Bfloat16([1, 2]) > 1).dtype == bool


@pytest.mark.parametrize("name", FORMATS)
def test_a_formula_is_right_before_the_place_of_its_failure_and_wrong_there(name):
    for formula in FORMULAS:
        place = first_failure(formula, name)
        if place is None:
            assert formula.wrong == "never"
            continue
        with np.errstate(all="ignore"):
            values = FORMATS[name]([0.99 * place, place])
            failed = np.asarray(formula.failed(formula.function(values)))
        assert failed.tolist() in ([False, True], [True, True])  # coarse formats have few numbers below
        assert failed[-1]


def test_limits_that_the_text_names():
    loss, mish = (BY_NAME[name] for name in (r"$-\log(1 - s(z))$", "mish', multiplied out"))
    assert [round(first_failure(loss, name), 2) for name in FORMATS] == [36.74, 16.64, 7.63, 5.56]
    assert round(first_failure(mish, "16 bits"), 2) == 2.71
    for text in ("16.64 on, in 16 bits from 7.63, and in bfloat16 from 5.56",):
        assert text in PAGES["sigmoid"]
    assert "fails at 2.71" in PAGES["relu-family"]
    limit = largest("64 bits")
    assert limit / 1e308 == pytest.approx(1.8, abs=0.005)
    assert np.log(limit) == pytest.approx(709.78, abs=0.005)
    assert first_failure(mish, "64 bits") == pytest.approx(177.4, abs=0.1)
    assert float(mpmath.log(mpmath.mpf(2) ** -1075)) == pytest.approx(-745.13, abs=0.005)


def test_range_fails_where_32_bits_do_and_digits_fail_first_of_all():
    exp, one = BY_NAME["$e^z$"], BY_NAME["$s(z) = 1/(1 + e^{-z})$"]
    assert abs(first_failure(exp, "bfloat16") - first_failure(exp, "32 bits")) < 0.5
    assert first_failure(one, "bfloat16") == min(first_failure(one, name) for name in FORMATS)
    assert first_failure(exp, "16 bits") < 12


def test_the_table_has_every_format_and_formula(monkeypatch):
    monkeypatch.setenv("PLOTS_FOR", "page")
    lines = format_table().data.splitlines()
    assert len(lines) == 4 + len(FORMULAS)
    assert {line.count("|") for line in lines} == {len(FORMATS) + 3}


# What libraries call them


def test_every_function_but_maxout_has_its_names_with_versions():
    stored = library_names()
    assert set(stored["versions"]) == {"PyTorch", "Keras", "TensorFlow", "JAX"}
    assert all(re.fullmatch(r"[\d.]+", version) for version in stored["versions"].values())
    assert set(stored["functions"]) >= (set(ACTIVATIONS) | set(VECTOR_ACTIVATIONS)) - {"maxout"}
    for calls in stored["functions"].values():
        assert {"PyTorch"} <= set(calls)
        assert all(call["difference"] <= 1e-6 for call in calls.values())


@pytest.mark.parametrize("name", [*ACTIVATIONS, *VECTOR_ACTIVATIONS])
def test_a_card_names_the_calls(name):
    row = re.search(r"Libraries\n: (.*)", card_text(name))[1]
    for library, entry in library_names()["functions"].get(name, {}).items():
        assert f"{library} `" in row
        assert entry["call"].rpartition(".")[2].removesuffix("()") in row
        assert entry["arguments"] in row


def test_defaults_that_the_text_says_differ():
    functions = library_names()["functions"]
    slopes = {library: call["arguments"] for library, call in functions["leaky_relu"].items()}
    assert slopes == {"PyTorch": "negative_slope=0.01", "Keras": "negative_slope=0.2",
                      "TensorFlow": "alpha=0.2", "JAX": "negative_slope=0.01"}  # fmt: skip
    assert {lib: call["note"] for lib, call in functions["gelu"].items()}["JAX"] == "the tanh form"
    assert json.dumps(functions["gelu"]["PyTorch"]).count("exact") == 1
