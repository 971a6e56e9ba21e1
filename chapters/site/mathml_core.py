"""MathML as `latex2mathml` writes it, brought to what browsers lay out well.

MathML Core, which browsers follow, leaves out `columnalign`, most of `mathvariant` and the named spaces, and
takes the form of an operator from its place alone.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET

_SPACES = {
    "thinmathspace": "0.167em",
    "thickmathspace": "0.278em",
    "negativethinmathspace": "-0.167em",
    "negativemediummathspace": "-0.222em",
    "negativethickmathspace": "-0.278em",
}
_LIMITS = {"lim", "max", "min", "sup", "inf", "\N{N-ARY SUMMATION}", "\N{N-ARY PRODUCT}"}
_NAMES = {"argmax": "arg\u2009max", "argmin": "arg\u2009min"}
_ACCENTS = {
    "^": "\N{MODIFIER LETTER CIRCUMFLEX ACCENT}",
    "~": "\N{SMALL TILDE}",
    "\N{HORIZONTAL BAR}": "\N{OVERLINE}",
    "\N{MACRON}": "\N{MACRON}",
    "\N{RIGHTWARDS ARROW}": "\N{RIGHTWARDS ARROW}",
    "\N{DOT ABOVE}": "\N{DOT ABOVE}",
    "\N{DIAERESIS}": "\N{DIAERESIS}",
}
_SCRIPTED = {
    "msub": "munder",
    "msup": "mover",
    "msubsup": "munderover",
    "munder": "munder",
    "mover": "mover",
    "munderover": "munderover",
}


def to_core(element: ET.Element) -> None:
    """Rewrite the tree below `element` in place."""
    for child in element:
        to_core(child)
    _join_upright_letters(element)
    _flatten_operator(element)
    _table(element)
    _letters(element)
    _limits(element)
    _accent(element)
    for name in ("width", "lspace", "rspace"):
        if element.get(name) in _SPACES:
            element.set(name, _SPACES[element.get(name, "")])
    if element.text and set(element.text) <= set("\N{PRIME}\N{DOUBLE PRIME}"):
        element.tag = "mo"
    if element.text == "\N{INFINITY}":
        element.tag = "mi"
    if element.text == "\N{PLUS-MINUS SIGN}":
        element.tag = "mo"
    if element.tag == "mo" and element.text == "*":  # is raised already, and far too high as a superscript
        element.text = "\N{ASTERISK OPERATOR}"
    if (
        element.tag == "mo"
        and element.text in ("|", "/", ".", "\N{PRIME}", "\N{DOUBLE PRIME}")
        and element.get("form") is None
    ):
        element.attrib |= {"lspace": "0", "rspace": "0"}
    _signs(element)
    _group_before_script(element)
    _space_named_operators(element)


def put_primes_on_the_line(math: ET.Element) -> None:
    """A prime is drawn raised already: as a superscript it would be tiny, and far up."""
    for script in math.iter("msup"):
        base, prime = script
        if prime.tag == "mo" and set(prime.text or "") <= set("\N{PRIME}\N{DOUBLE PRIME}"):
            script.tag = "mrow"
            if base.tag == "mo":
                prime.set("rspace", base.get("rspace", "0"))
                base.set("rspace", "0")


def _join_upright_letters(row: ET.Element) -> None:
    """`ReLU` in upright type is one name, not four variables."""
    last: ET.Element | None = None
    for child in list(row):
        upright = child.tag == "mi" and child.get("mathvariant") == "normal" and (child.text or "").isalpha()
        if upright and last is not None:
            last.text = (last.text or "") + (child.text or "")
            last.attrib.pop("mathvariant", None)
            row.remove(child)
        else:
            last = child if upright else None


def _flatten_operator(element: ET.Element) -> None:
    if element.tag == "mo" and len(element):
        element.text = "".join(_text(child) for child in element)
        for child in list(element):
            element.remove(child)


def _text(element: ET.Element) -> str:
    if element.tag == "mspace":
        return "\N{THIN SPACE}"
    return (element.text or "") + "".join(_text(child) for child in element)


def _table(element: ET.Element) -> None:
    if element.tag == "mtd":
        side = element.attrib.pop("columnalign", None)
        if side in ("left", "right"):
            element.set("class", side)
    elif element.tag == "mtable":
        aligned = element.attrib.pop("columnspacing", "").startswith("0em") or element.get("displaystyle")
        element.attrib.pop("rowspacing", None)
        if aligned:
            element.set("class", "aligned")


def _letters(element: ET.Element) -> None:
    variant = element.get("mathvariant")
    if variant is None or (variant == "normal" and element.tag == "mi"):
        return
    del element.attrib["mathvariant"]
    if element.tag == "mtext":
        element.set("class", variant)
    elif variant != "normal":
        element.text = "".join(_letter(character, variant) for character in element.text or "")


def _letter(character: str, variant: str) -> str:
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "")
    style = variant.replace("-", " ").upper().replace("DOUBLE STRUCK", "DOUBLE-STRUCK")
    for candidate in (f"MATHEMATICAL {style} {name}", f"{style} {name}"):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return character


def _limits(element: ET.Element) -> None:
    """Limits stand below in display, beside in text: the browser decides for `munder`, never for `msub`."""
    if element.tag in ("msub", "msup", "msubsup") and len(element):
        base = element[0]
        if base.tag == "mo" and (base.text in _LIMITS or base.get("movablelimits")):
            element.tag = _SCRIPTED[element.tag]
            base.set("movablelimits", "true")


def _signs(row: ET.Element) -> None:
    """A minus after a relation or an opening bracket is a sign, without the space around a difference."""
    before: ET.Element | None = None
    for child in row:
        if child.tag == "mo" and child.text in ("+", "-", "\N{MINUS SIGN}", "\N{PLUS-MINUS SIGN}"):
            operand = before is not None and (
                before.tag not in ("mo", "mspace") or _is_bracket(before, ")]}|")
            )
            if not operand:
                child.set("form", "prefix")
        before = child


def _group_before_script(row: ET.Element) -> None:
    """In `(a + b)^2` the square belongs to the whole bracket, which also sets how tall its two sides are."""
    opened: list[int] = []
    children = list(row) if row.tag in ("mrow", "mtd", "math", "mstyle", "msqrt") else []
    for index, child in enumerate(children):
        closing = child[0] if child.tag in ("msub", "msup", "msubsup") and len(child) else child
        if _is_bracket(child, "([{"):
            opened.append(index)
        elif _is_bracket(closing, ")]}") and opened:
            start = opened.pop()
            if closing is not child:
                group = ET.Element("mrow")
                group.extend([*children[start:index], closing])
                for member in children[start:index]:
                    row.remove(member)
                child[0] = group
                children[start:index] = [group] * (index - start)


def _is_bracket(element: ET.Element, marks: str) -> bool:
    return element.tag == "mo" and (element.text or " ") in marks


def _accent(element: ET.Element) -> None:
    if element.tag in ("mover", "munder") and len(element) == 2 and element[1].text in _ACCENTS:
        mark = element[1]
        element.set("accent" if element.tag == "mover" else "accentunder", "true")
        mark.text = _ACCENTS[mark.text or ""]
        mark.attrib = {} if mark.text in "\N{OVERLINE}\N{MACRON}" else {"stretchy": "false"}


def _space_named_operators(row: ET.Element) -> None:
    """A thin space between log, max or softmax and what stands beside it, none before a parenthesis."""
    children = list(row)
    if row.tag not in ("mrow", "mtd", "math", "mstyle", "msqrt"):
        return
    for index, child in enumerate(children):
        core = _core(child)
        if core is None:
            continue
        before = children[index - 1] if index else None
        after = children[index + 1] if index + 1 < len(children) else None
        core.tag, core.text = "mo", _NAMES.get(core.text or "", core.text)
        core.attrib |= {
            "lspace": "0.167em" if before is not None and not _is_mark(before, ")]}|") else "0",
            "rspace": "0.167em" if after is not None and not _is_mark(after) else "0",
        }


def _core(element: ET.Element) -> ET.Element | None:
    inner = element[0] if element.tag in _SCRIPTED and len(element) else element
    letters = re.sub(r"[\u2006\u2009]", "", inner.text or "")
    named = inner.tag in ("mo", "mi") and re.fullmatch(r"[a-zA-Z][a-zA-Z0-9]+", letters)
    return inner if named else None


def _is_mark(element: ET.Element, closers: str = "") -> bool:
    """Whether this begins (or, with `closers`, ends) in an operator or a space other than those brackets."""
    while element.tag in ("msub", "msup", "msubsup", "mrow") and len(element):
        element = element[-1 if closers and element.tag == "mrow" else 0]
    return element.tag in ("mo", "mspace") and (element.text or " ") not in closers
