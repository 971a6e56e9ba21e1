"""LaTeX mathematics as MathML that browsers lay out themselves, strict about what it does not know.

`latex2mathml` does the parsing. It lets unknown commands through as text, so its tree is checked here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from html import unescape
from string import ascii_lowercase, digits

from latex2mathml.converter import Converter
from mathml_core import put_primes_on_the_line, to_core
from translation import FORMULA, translate

_ENVIRONMENTS = {
    *("align", "align*", "array", "cases", "split", "smallmatrix", "substack"),
    *("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"),
}
_SAME_AS_ALIGN = ("aligned", "align", "alignat", "gather", "gathered", "eqnarray", "equation", "split")
_PARTS = {
    **dict.fromkeys(("mfrac", "msub", "msup", "munder", "mover", "mroot"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}


# The parser takes only letters in the name of an operator: there, digits become letters that no name has.
_HIDDEN = {digit: f"QX{letter}" for digit, letter in zip(digits, ascii_lowercase, strict=False)}


WORDS = re.compile(r"(?<=\\text\{)( *)([^{}]*?)( *)(?=\})")


class MathError(ValueError):
    """LaTeX that cannot be shown faithfully."""


def to_mathml(latex: str, *, display: bool = False, macros: Mapping[str, str] | None = None) -> str:
    r"""The formula as a `<math>` element with the LaTeX as its `alttext`.

    `macros` are names and bodies without arguments, such as {"R": r"\mathbb{R}"}. Raises MathError for
    unknown commands and environments, braces that do not match and `&` outside a table.
    """
    latex = in_words(latex.strip())
    _check_source(latex)
    prefix = "".join(rf"\newcommand{{\{name}}}{{{body}}}" for name, body in (macros or {}).items())
    try:
        math = Converter(display="block" if display else "inline").convert_to_element(prefix + _plain(latex))
    except Exception as error:  # the parser raises many kinds, some of them IndexError
        raise MathError(f"{type(error).__name__} in {latex}") from error
    for element in math.iter():
        element.text = _with_digits(unescape(element.text)) if element.text else None
    _check_result(math, latex)
    to_core(math)
    put_primes_on_the_line(math)
    math.attrib = {"display": "block"} if display else {}
    math.set("alttext", re.sub(r"\s+", " ", latex))
    return re.sub(r" />", "/>", ET.tostring(math, encoding="unicode"))


def in_words(latex: str) -> str:
    """The formulas with the words in them in the language of the edition."""
    return WORDS.sub(lambda words: words[1] + translate(words[2], FORMULA) + words[3], latex)


def _plain(latex: str) -> str:
    r"""Environments that differ from align* only in numbering, and operators that the parser lacks."""
    latex = re.sub(r"\\begin\{alignat\*?\}\{\d+\}", r"\\begin{align*}", latex)
    names = "|".join(_SAME_AS_ALIGN)
    latex = re.sub(rf"\\(begin|end)\{{({names})\*?\}}", r"\\\1{align*}", latex)
    latex = re.sub(r"\\arg\s*\\(max|min)(?![a-zA-Z])", r"\\arg\1", latex)
    return re.sub(r"\\operatorname(\*?)\s*\{([^{}]*)\}", _operator, latex)


def _operator(match: re.Match[str]) -> str:
    """The name in letters and spaces, which is all that the parser takes."""
    name = match[2].replace(r"\,", " ").strip()
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9 ]*", name):
        raise MathError(f"an operator's name is letters and digits, not {name}")
    return rf"\operatorname{match[1]}{{{name.translate(str.maketrans(_HIDDEN))}}}"


def _with_digits(text: str) -> str:
    for digit, letters in _HIDDEN.items():
        text = text.replace(letters, digit)
    return text


def _check_source(latex: str) -> None:
    bare = re.sub(r"\\[\\{}]", "", latex)
    depth = 0
    for mark in re.findall(r"[{}]", bare):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            break
    if depth:
        raise MathError(f"braces do not match in {latex}")
    for name in re.findall(r"\\begin\{([^}]*)\}", latex):
        if name not in _ENVIRONMENTS and name.rstrip("*") not in _SAME_AS_ALIGN:
            raise MathError(f"unknown environment {name} in {latex}")


def _check_result(math: ET.Element, latex: str) -> None:
    shown = "".join(math.itertext())
    if sorted(re.findall(r"\d", re.sub(r"\\begin\{alignat\*?\}\{\d+\}", "", latex))) != sorted(
        re.findall(r"\d", shown)
    ):
        raise MathError(f"digits get lost in {latex}")
    for element in math.iter():
        text = (element.text or "").replace("\\,", "\N{THIN SPACE}")
        if "\\" in text and r"\backslash" not in latex and r"\setminus" not in latex:
            raise MathError(f"unknown command {text} in {latex}")
        if len(element) != _PARTS.get(element.tag, len(element)):
            raise MathError(f"an argument is missing in {latex}")
        if "&" in text and r"\&" not in latex:
            raise MathError(f"& outside a table in {latex}")
        element.text = text or None
