"""LaTeX to MathML: faithful for what chapters use, and a refusal for what it does not know."""

# ruff: noqa: RUF001
from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from activations import ACTIVATIONS
from book_mathml import MathError, to_mathml
from functions.vectors import VECTOR_ACTIVATIONS

from tests.support.site import ROOT


def tree(latex, **options):
    return ET.fromstring(to_mathml(latex, **options))


def text(latex, **options):
    return "".join(tree(latex, **options).itertext()).replace("\u2009", " ")


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"\sigma(z)=\frac{1}{1+e^{-z}}", "σ(z)=11+e−z"),
        (r"a < b \& c", "a<b&c"),
        (r"\hat y \bar x \tilde w \vec v", "yˆx¯w˜v→"),
        (r"\underset{w}{\arg\min}", "arg minw"),
        (r"\operatorname*{arg\,max}_k p_k", "arg maxkpk"),
        (r"\mathbb{R}^n \mathcal{L}", "ℝnℒ"),
        (r"\boldsymbol{\theta} \mathbf{x}", "𝜽𝐱"),
        (r"x \in \R", "x∈ℝ"),
    ],
)
def test_symbols(latex, shown):
    assert text(latex, macros={"R": r"\mathbb{R}"}) == shown


def test_latex_is_kept_as_the_alternative_text():
    assert tree('a <\n "b" \\le c').get("alttext") == 'a < "b" \\le c'


def test_star_of_an_optimum_is_not_raised_twice():
    assert [star.text for star in tree(r"\theta^\ast").iter("mo")] == ["\N{ASTERISK OPERATOR}"]


def test_display_and_inline():
    assert tree("x", display=True).get("display") == "block"
    assert tree("x").get("display") is None


@pytest.mark.parametrize("environment", ["align", "align*", "aligned", "split", "gather*", "equation"])
def test_aligned_rows_have_right_and_left_columns_and_no_numbers(environment):
    table = tree(rf"\begin{{{environment}}} a &= b \\ &= c \end{{{environment}}}", display=True).find(
        ".//mtable"
    )
    assert table.get("class") == "aligned"
    assert [[cell.get("class") for cell in row] for row in table] == [["right", "left"]] * 2
    assert "".join(table.itertext()) == "a=b=c"


def test_cases_have_one_tall_brace_and_left_columns():
    math = tree(r"\begin{cases} z & z \ge 0 \\ 0 & \text{otherwise} \end{cases}")
    brace = math.find(".//mo[@form='prefix']")
    assert (brace.text, brace.get("stretchy")) == ("{", "true")
    assert {cell.get("class") for cell in math.iter("mtd")} == {"left"}
    assert "otherwise" in "".join(math.itertext())


def test_upright_letters_are_one_name():
    assert [mi.text for mi in tree(r"\mathrm{ReLU}(z)").iter() if mi.text == "ReLU"] == ["ReLU"]


def test_limits_are_left_to_the_browser():
    assert tree(r"\lim_{z \to 0} f", display=True).find(".//munder/mo").text == "lim"
    assert tree(r"\sum_{i=1}^n x_i").find(".//munderover/mo").text == "∑"


def test_script_on_a_bracket_belongs_to_the_whole_bracket():
    base = tree(r"2\bigl(1 - \sigma(z)\bigr)^2").find(".//msup/mrow")
    assert "".join(base.itertext()) == "(1−σ(z))"


@pytest.mark.parametrize(("latex", "written"), [(r"f'(z)", "f′"), (r"\tanh' z", "tanh′"), (r"f''(z)", "f″")])
def test_a_prime_stands_on_the_line_of_its_letter(latex, written):
    math = tree(latex)
    assert list(math.iter("msup")) == []
    assert "".join(math.find(".//mrow/mrow").itertext()) == written


def test_plus_minus_is_an_operator_with_the_space_of_one():
    signs = [mo for mo in tree(r"x = \pm 1 \pm b").iter("mo") if mo.text == "±"]
    assert [sign.get("form") for sign in signs] == ["prefix", None]


def test_minus_after_a_relation_is_a_sign_and_between_numbers_a_difference():
    forms = [mo.get("form") for mo in tree("x = -b - c").iter("mo") if mo.text == "−"]
    assert forms == ["prefix", None]


def formulas():
    """Every formula of the pages and of the tables of functions."""
    for path in sorted((ROOT / "chapters").rglob("*.md")):
        text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for latex in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+(?:\n[^$\n]+)?)\$", text, re.DOTALL):
            yield "".join(latex)
    for entry in (ACTIVATIONS | VECTOR_ACTIVATIONS).values():
        yield from (entry.formula, entry.derivative_formula)


def test_every_operators_name_is_shown_as_it_is_written():
    seen = set()
    for latex in formulas():
        for name in re.findall(r"\\operatorname\*?\{([^}]*)\}", latex):
            seen.add(name)
            assert name.replace(r"\,", " ") in text(latex), latex
    assert {"expm1", "softmax", "relu"} <= seen


@pytest.mark.parametrize("latex", [r"\operatorname{expm1}(x)", r"\operatorname{log2} x"])
def test_digits_in_a_name_stay_and_the_name_is_one_operator(latex):
    name = re.search(r"\{(\w+)\}", latex)[1]
    assert next(mo.text for mo in tree(latex).iter("mo")) == name


@pytest.mark.parametrize("latex", [r"\log p", r"2 \log p", r"\max(0, z)", r"\operatorname{softmax}(z)_k"])
def test_named_operators_are_spaced_as_names(latex):
    named = next(mo for mo in tree(latex).iter("mo") if (mo.text or "").isalpha())
    assert named.get("lspace") == ("0.167em" if latex.startswith("2") else "0")
    assert named.get("rspace") == ("0" if "(" in latex else "0.167em")


def test_nothing_that_browsers_ignore_is_left():
    written = to_mathml(
        r"\mathbf{w}\!\left(\frac{a}{b}\right) \begin{array}{lr} 1 & 2 \end{array} \textbf{b} \bm{x}",
        display=True,
    )
    assert not re.search(r"columnalign|columnspacing|rowspacing|mathspace|mathvariant=\"(?!normal)", written)


@pytest.mark.parametrize(
    "latex",
    [
        r"\foo x",
        r"\frac{a",
        r"a}",
        r"\begin{foo} a \end{foo}",
        r"a & b",
        r"\frac{1}",
        r"x^{2}^{3}",
        r"\left( a",
        r"\begin{align} a",
        r"\operatorname{a+b} x",
        r"\operatorname{é} x",
    ],
)
def test_what_it_does_not_know_is_refused(latex):
    with pytest.raises(MathError):
        to_mathml(latex)
