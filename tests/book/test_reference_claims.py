"""The reference pages: complete, in step with the functions, and right in what they say in numbers and in code."""

from __future__ import annotations

import math
import re

import activations
import numpy as np
import pytest
import scipy.special
from activations import ACTIVATIONS, gelu, hard_sigmoid, hard_tanh, sigmoid, tanh
from functions.practice import PRACTICE
from functions.vectors import VECTOR_ACTIVATIONS
from plots.cheat_curves import describe, with_gaps
from plots.cheat_sheet import card_text, comparison_rows, markdown, practice_of, values_text
from pybtex.database import parse_file

from tests.support.site import ROOT

CHAPTERS = ROOT / "chapters"
PAGES = {path.stem: path.read_text("utf-8") for path in CHAPTERS.glob("*.md")}
ENTRIES = ACTIVATIONS | VECTOR_ACTIVATIONS
WORKS = parse_file(CHAPTERS / "references.bib").entries
MINUS = "\N{MINUS SIGN}"
FAR = np.concatenate([np.linspace(-12, 12, 97) + 0.0001, [-1e4, -1000, -710, 710, 1000, 1e4]])


# The cheat sheet


def test_every_function_has_a_card_with_advice_in_the_order_of_the_table():
    assert re.findall(r'^card\("(\w+)"\)$', PAGES["cheat-sheet"], re.MULTILINE) == list(ENTRIES)
    assert set(PRACTICE) == set(ACTIVATIONS)
    assert len(comparison_rows()) == len(ACTIVATIONS)


@pytest.mark.parametrize("name", ENTRIES)
def test_a_card_says_everything_that_it_promises(name):
    text = card_text(name)
    for word in (
        "Values",
        "Limits",
        "Zero-centred",
        "Monotone",
        "Smooth",
        "Kinks",
        "Cost",
        "Use",
        "First weights",
        "Read",
    ):
        assert f"{word}\n: " in text, word
    assert ENTRIES[name].formula in text
    assert ENTRIES[name].derivative_formula in text


@pytest.mark.parametrize("name", ENTRIES)
def test_a_card_leads_to_a_section_that_exists(name):
    labels = re.findall(r"^\(([\w-]+)\)=$", "\n".join(PAGES.values()), re.MULTILINE)
    assert practice_of(name).section in labels
    assert f"cheat-{name.replace('_', '-')}" in labels


@pytest.mark.parametrize("name", [n for n in PRACTICE if re.match(r"`[^`]+`", PRACTICE[n].compute)])
def test_code_to_compute_with_is_right_far_out(name):
    code = re.match(r"`([^`]+)`", PRACTICE[name].compute)[1].replace("- y * z", "")
    assert set(re.findall(r"[a-z_.]+(?=\()", code)) <= {f"np.{f}" for f in dir(np)} | {"scipy.special.erfc"}
    alpha = {"prelu": 0.25, "leaky_relu": 0.01}.get(name, 1.0)
    with np.errstate(all="ignore"):
        values = eval(code, {"np": np, "scipy": scipy, "z": FAR, "alpha": alpha})
    np.testing.assert_allclose(values, ACTIVATIONS[name].function(FAR), rtol=1e-9, atol=1e-9)


def test_intervals_are_closed_where_the_bound_is_reached():
    shown = {name: values_text(entry).replace(MINUS, "-") for name, entry in ACTIVATIONS.items()}
    assert (shown["step"], shown["sign"]) == ("{0, 1}", "{-1, 0, 1}")
    assert (shown["sigmoid"], shown["tanh"], shown["softplus"]) == ("(0, 1)", "(-1, 1)", "(0, ∞)")
    assert (shown["hard_sigmoid"], shown["hard_tanh"], shown["relu"]) == ("[0, 1]", "[-1, 1]", "[0, ∞)")
    assert (shown["elu"], shown["swish"], shown["gelu"]) == ("(-1, ∞)", "[-0.28, ∞)", "[-0.17, ∞)")


def test_what_jumps_has_no_steepest_slope():
    rows = {re.search("`(.*?) <", row[0])[1]: row[5] for row in comparison_rows()}
    assert (rows["Step"], rows["Sign"], rows["ReLU"]) == ("jump", "jump", "1")
    assert "Steepest\n: a jump" in card_text("step")


def test_distances_to_other_functions():
    z = np.linspace(-12, 12, 240_001)
    assert np.abs(hard_sigmoid(z) - sigmoid(z)).max() == pytest.approx(0.07, abs=0.001)
    assert np.abs(hard_tanh(z) - tanh(z)).max() == pytest.approx(0.24, abs=0.002)
    by_tanh = z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    assert 0.0004 < np.abs(gelu(z) - by_tanh).max() < 0.0005
    assert 0.02 < np.abs(gelu(z) - z * sigmoid(1.702 * z)).max() < 0.021


def test_first_weights_are_those_of_the_chapter_on_choosing():
    table = re.search(r"\| activation \| initialiser \|.*?\n\n", PAGES["choosing"], re.DOTALL)[0].lower()
    titles = {entry.title.lower().removesuffix(" (silu)"): name for name, entry in ENTRIES.items()}
    seen = set()
    for functions, scheme in re.findall(r"^\| ([^|]+) \| (\w+)", table, re.MULTILINE)[1:]:
        for title in functions.split(", "):
            assert practice_of(titles[title]).initialiser.lower().startswith(scheme), title
            seen.add(titles[title])
    assert seen >= set(ENTRIES) - {"step", "sign", "log_softmax"}


def test_a_notebook_shows_no_markup_of_pages(monkeypatch):
    text = card_text("relu")
    monkeypatch.setenv("PLOTS_FOR", "page")
    assert markdown(lambda: text).data == text
    monkeypatch.delenv("PLOTS_FOR")
    assert "{ref}`relu`; Fukushima (1969) {footcite:p}`fukushima1969`" in text
    assert "relu; Fukushima (1969)\n" in markdown(lambda: text).data
    assert "{" not in markdown(lambda: "\n".join(row[0] for row in comparison_rows())).data


def test_plots_have_a_gap_at_every_jump_and_no_slope_there():
    z, values = with_gaps(ACTIVATIONS["step"].function, [0.0])
    gap = np.flatnonzero(np.isnan(values))
    assert z[gap].tolist() == [0.0]
    assert (values[gap - 1], values[gap + 1]) == (0, 1)
    assert "At -2 and 2 its derivative (dashed) is 0.00 and 1.00." in describe("relu").replace(MINUS, "-")


# Bibliography and glossary


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_the_source_of_a_function_is_the_work_in_the_bibliography(entry):
    work = WORKS[entry.source.key]
    assert work.fields["year"] == str(entry.source.year)
    first = " ".join(work.persons["author"][0].last_names)
    assert entry.source.authors.split(",")[0].split(" and ")[0] == first.replace(r"{\"u}", "ü")


def test_every_work_is_cited_and_can_be_found():
    cited = {entry.source.key for entry in ENTRIES.values()}
    for text in PAGES.values():
        cited |= {key for keys in re.findall(r"\{footcite:\w\}`([^`]+)`", text) for key in keys.split(",")}
    assert cited == set(WORKS)
    for key, work in WORKS.items():
        assert {"doi", "isbn", "url"} & set(work.fields), key


def test_glossary_is_in_order_and_every_term_is_there_once():
    terms = re.findall(r"^([A-Za-z].*)$", PAGES["glossary"].split("```{glossary}")[1], re.MULTILINE)
    assert terms == sorted(set(terms), key=str.lower)
    assert len(terms) > 60


def test_every_function_of_the_book_is_listed_in_all():
    assert {entry.function.__name__ for entry in VECTOR_ACTIVATIONS.values()} <= set(activations.__all__)


# A matrix of weights, whatever its index, and what stands right after it.
BEFORE_DATA = re.compile(r"(?<![A-Za-z\\])W(?:[_^](?:\{[^}]*\}|\w))*\s*(?:\\,\s*)?[axhXAHZ](?![A-Za-z])")


def test_rows_are_samples_in_every_product_with_weights():
    texts = {path: path.read_text("utf-8") for path in (ROOT / "chapters").rglob("*.md")}
    texts |= {path: path.read_text("utf-8") for path in (ROOT / "assignments").rglob("*.py")}
    assert len(texts) > 15
    assert {
        path.name: BEFORE_DATA.findall(text) for path, text in texts.items() if BEFORE_DATA.search(text)
    } == {}
    after = re.findall(r"(?<![A-Za-z])[axhXAH](?:_\w)?\s*W(?![a-z])", "\n".join(texts.values()))
    assert len(after) > 10


@pytest.mark.parametrize("formula", ["z = Wa", r"W_1 x + b", r"W^{(l)} a", r"W\,h", "W_{ij}a_j"])
def test_columns_are_noticed(formula):
    assert BEFORE_DATA.search(formula)
