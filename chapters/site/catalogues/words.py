"""Finds the words that code shows to readers: in modules, code cells, templates, scripts and settings."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from jinja2.ext import babel_extract
from myst_nb.core.read import read_myst_markdown_notebook
from translation import FORMULA, QUANTITY

from .code import texts_of_code

CHAPTERS = Path(__file__).parents[2]
MARKS = {"translate": None, "translate_count": (1, 2), "message": None}
# Calls whose words are translated by what is called: which arguments, by place or name, and in which context.
SHOWN: dict[str, dict[int | str, str | None]] = {
    "explore": {"title": None, "caption": None},
    "show": {1: None, "title": None, "caption": None},
    "plot": {"label": None},
    "semilogy": {"label": None},
    "loglog": {"label": None},
    "barh": {"label": None},
    "text": {2: None},
    "set": {"xlabel": QUANTITY, "ylabel": QUANTITY},
    "draw_class_bars": {3: QUANTITY},
    "Slider": {0: QUANTITY, "form": None},
    "Choice": {0: QUANTITY, 1: None},
    "Trace": {0: QUANTITY},
    "Activation": {1: None},
    "VectorActivation": {1: None, 5: None},
    "Practice": {1: None, 3: None, 4: None},
    "Formula": {0: None, 1: None},
}
CALL = re.compile(r'\b(?:translate|message)\(\s*("(?:[^"\\]|\\.)*")')  # in a script
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Found:
    """A message, its plural form if it has one, its context if it has one, and the file it is in."""

    text: str
    plural: str | None
    context: str | None
    file: str


def found(chapters: Path = CHAPTERS) -> Iterator[Found]:
    """Every message, in the order of the files."""
    for path in sorted(chapters.rglob("*.py")):
        if path.name != "translation.py":
            yield from in_python(path.read_text("utf-8"), _name(path, chapters))
    for path in [*sorted((chapters / "functions").glob("*.py")), *sorted(chapters.glob("*.md"))]:
        yield from in_formulas(path.read_text("utf-8"), _name(path, chapters))
    for path in sorted(chapters.glob("*.md")):
        for cell in read_myst_markdown_notebook(path.read_text("utf-8"), path=path).cells:
            if cell.cell_type == "code":
                yield from in_python(cell.source, _name(path, chapters))
    for path in sorted((chapters / "site" / "templates").rglob("*.html")):
        with path.open("rb") as file:
            calls = list(babel_extract(file, MARKS, [], {"silent": "false"}))
        yield from (Found(_first(words), None, None, _name(path, chapters)) for _, _, words, _ in calls)
    for path in sorted((chapters / "site" / "static").rglob("*.js")):
        yield from in_script(path.read_text("utf-8"), _name(path, chapters))
    first_cell = chapters / "site" / "lite" / "first_cell.py"
    for text in texts_of_code(first_cell.read_text("utf-8")):
        yield Found(text, None, None, _name(first_cell, chapters))
    yield from _in_data(chapters)


def in_formulas(source: str, file: str) -> Iterator[Found]:
    """The words within the formulas of a text; two-letter subscripts such as n_in are symbols."""
    for text in re.findall(r"\\text\{ *([^{}]*?) *\}", source):
        if text not in ("in", "out"):
            yield Found(text, None, FORMULA, file)


def in_script(source: str, file: str) -> Iterator[Found]:
    """The messages of a script, those within other calls and template strings too."""
    for text in CALL.findall(source):
        yield Found(json.loads(text), None, None, file)


def in_python(source: str, file: str) -> Iterator[Found]:
    """The messages of a piece of Python."""
    for call in _calls(ast.parse(source)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name == "translate_count":
            one, many = (_constant(part) for part in call.args[:2])
            yield Found(one or "", many, None, file)
        elif name in MARKS:
            context = (
                QUANTITY
                if any(isinstance(part, ast.Name) and part.id == "QUANTITY" for part in call.args)
                else None
            )
            if call.args and (text := _constant(call.args[0])):
                yield Found(text, None, context, file)
        for place, context in SHOWN.get(name, {}).items():
            for text in _strings(_argument(call, place)):
                yield Found(text, None, context, file)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls in a tree in the order in which they stand."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, int):
        return call.args[place] if place < len(call.args) else None
    return next((keyword.value for keyword in call.keywords if keyword.arg == place), None)


def _constant(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _strings(node: ast.expr | None) -> Iterator[str]:
    """A string with words in it, or those of a list or table."""
    if isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from _strings(part)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from _strings(key)
            yield from _strings(value)
    elif node is not None and (text := _constant(node)) and WORD.search(text):
        yield text


def _in_data(chapters: Path) -> Iterator[Found]:
    """The words of the settings, and the notes on names in libraries."""
    settings = yaml.safe_load((chapters.parent / "_config.yml").read_text("utf-8"))
    theme = settings["sphinx"]["config"]["html_theme_options"]
    for text in (settings["title"], theme["search_bar_text"], theme["extra_footer"]):
        yield Found(text, None, None, "../_config.yml")
    citation = yaml.safe_load((chapters.parent / "CITATION.cff").read_text("utf-8"))
    for text in (citation["title"], *(author["name"] for author in citation["authors"])):
        yield Found(text, None, None, "../CITATION.cff")
    names = chapters / "experiments" / "measured" / "library_names.json"
    for calls in json.loads(names.read_text("utf-8"))["functions"].values():
        yield from (
            Found(call["note"], None, None, _name(names, chapters)) for call in calls.values() if call["note"]
        )


def _first(words: str | tuple[str | None, ...]) -> str:
    return words if isinstance(words, str) else words[0] or ""


def _name(path: Path, chapters: Path) -> str:
    return path.relative_to(chapters).as_posix()
