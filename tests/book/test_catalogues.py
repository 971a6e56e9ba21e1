"""Translations are in step with the book, and the check sees what a translator may get wrong."""

import re
import sys
from pathlib import Path

import pytest
from catalogues.checks import faults_of_translation
from catalogues.code import texts_of_code, translated_code
from catalogues.feedback import said_in
from catalogues.markdown import texts, translated_markdown
from catalogues.terms import Terms
from catalogues.words import in_formulas, in_python, in_script
from catalogues.writing import faults_of_writing

from tests.support.site import run_in

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_every_translation_is_in_step_with_the_book():
    done = run_in(ROOT, [sys.executable, "chapters/site/catalogues", "check"])
    assert done.returncode == 0, done.stdout[-8000:]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The loss is {loss:.3f}.", "损失为 {loss:.2f}。"),
        ("The loss is {loss}.", "损失。"),
        ("By {eq}`eq-step` it is 0.", "由{eq}`eq-sign`，它为0。"),
        ("A {term}`likelihood`.", "一个{term}`似然`。"),
        ("Where $z \\ge 0$.", "当$z > 0$时。"),
        ("Call `np.exp`.", "调用`np.log`。"),
        ("See [this](https://example.org/a).", "见[这里](https://example.org/b)。"),
        ("After 300 steps.", "经过30步。"),
        ("After some steps.", "经过300步。"),
        ("**Never** do it.", "绝不要做。"),
    ],
)
def test_a_translation_that_says_something_else_is_a_fault(source, text):
    assert list(faults_of_translation(source, text, formats=True))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{a} after {b:.1f} steps", "走了{b:.1f}步之后是{a}"),
        ("A {term}`likelihood` by {eq}`eq-step`.", "由{eq}`eq-step`得到一个{term}`似然 <likelihood>`。"),
        ("Where $z \\ge 0$ and $x$.", "当$x$且$z \\ge 0$时。"),
        ("It takes two steps to 10,000.", "走2步到10,000。"),
        ("10 % of 1/16", "1/16的10%"),
    ],
)
def test_a_translation_may_put_things_in_another_order(source, text):
    assert list(faults_of_translation(source, text, formats=True)) == []


@pytest.mark.parametrize(
    "text",
    [
        "损失,梯度",
        "损失.",
        "损失 loss 很小",
        "（损失） 很小",
        "(损失)",
        "**损失。**梯度",
        "loss gradient",
        '"损失"',
    ],
)
def test_chinese_that_is_not_written_as_chinese_is_a_fault(text):
    assert list(faults_of_writing("The gradient of the loss.", text, str, names=()))


@pytest.mark.parametrize(
    "text", ["$z$的**损失**（`mse`）：很小。", "一个{term}`单元 <unit>`的{term}`损失 <loss>`很小。"]
)
def test_good_chinese_is_no_fault(text):
    assert list(faults_of_writing("The **loss** (`mse`) of $z$.", text, str, names=())) == []


def test_a_term_is_called_by_its_name_and_the_longest_term_counts():
    terms = Terms.read()
    assert list(terms.faults("An activation function.", "一个激励函数。"))
    assert list(terms.faults("An activation function.", "一个激活函数。")) == []
    assert list(terms.faults("The log loss.", "对数损失。")) == []


def test_a_page_in_another_language_keeps_what_its_blocks_are_made_of():
    source = (
        "# Title\n\n- one\n  two `x`\n\n:::{note}\nInside.\n:::\n\n| a | b |\n|---|---|\n| cell | $z$ |\n"
    )
    assert texts(source) == ["Title", "one two `x`", "Inside.", "a", "b", "cell", "$z$"]
    words = {"Title": "题", "one two `x`": "一`x`", "Inside.": "内。", "cell": "格"}
    assert translated_markdown(source, lambda text: words.get(text, text)) == (
        "# 题\n\n- 一`x`\n\n:::{note}\n内。\n:::\n\n| a | b |\n|---|---|\n| 格 | $z$ |\n"
    )


def test_only_sentences_of_code_are_translated():
    code = 'x = "mlp"  # a name\nassert "is wrong" not in x, f"{x} is bad: {1:.2f}"\nlook("it is wrong")\n'
    assert texts_of_code(code) == ["a name", "{x} is bad: {1:.2f}"]
    assert translated_code(code, lambda text: text.replace("is bad", "不对").replace("a name", "名")) == (
        'x = "mlp"  # 名\nassert "is wrong" not in x, f"{x} 不对: {1:.2f}"\nlook("it is wrong")\n'
    )


def test_words_of_style_sheets_have_their_chinese():
    sheets = {path.name: path.read_text("utf-8") for path in (ROOT / "chapters/site/static").rglob("*.css")}
    chinese = sheets.pop("chinese.css")
    for name, sheet in sheets.items():
        assert re.findall(r'content: *"[^"]*[A-Za-z]{2}', sheet) == [], name
        for variable in re.findall(r'content: *var\((--[\w-]+), *"', sheet):
            assert f"{variable}: " in chinese, name


def test_words_of_scripts_are_found_within_calls_and_templates():
    script = 'const x = `${translate("no number")}: ${f(message("a; b"))}`; translate(name);'
    assert [one.text for one in in_script(script, "")] == ["no number", "a; b"]


def test_sentences_of_the_judge_are_found_and_its_patterns_are_not():
    code = (
        'def f(x):\n    """What it does."""\n    return f"it is {x:.1f} too large", "is not defined", "x"\n'
    )
    assert list(said_in(code)) == ["it is {x:.1f} too large"]


def test_words_are_found_where_they_are_shown():
    code = 'explore(draw, title="A plot", rate=Slider("rate", [1, 2]), kind=Choice("kind", ["soft", "2"]))'
    found = [(one.text, one.context) for one in in_python(code, "")]
    assert found == [("A plot", None), ("rate", "quantity"), ("kind", "quantity"), ("soft", None)]
    assert [one.text for one in in_formulas(r"n_{\text{in}} \text{ for all } z", "")] == ["for all"]
