"""The students' notebooks in another language: the same cells, ids and points, with the sentences of a catalogue.

Grading does not care: the judge puts the instructor's cells back by their ids, and reads the student's code only.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
from babel.messages import Catalog
from nbformat import NotebookNode
from translation import language

from .code import texts_of_code, translated_code
from .files import translation_of
from .markdown import texts, translated_markdown

NAMES = re.compile(
    r"[\d*]+|`[\w-]+`|(?:[a-z-]+ \d+(?:, )?)+|[A-Z ]+"
)  # of functions and items, points, marks to find
SHARED = "exercises/shared"  # what several assignments say
FEEDBACK = "exercises/feedback"  # what students read on feedback pages only


def exercise_in(path: Path, root: Path) -> NotebookNode:
    """The notebook in the language of the edition."""
    notebook = nbformat.read(path, as_version=4)
    shared, own = (translation_of(root, language(), name) for name in (SHARED, f"exercises/{path.stem}"))
    for cell in notebook.cells:
        change = translated_markdown if cell.cell_type == "markdown" else translated_code
        cell.source = change(cell.source, lambda text: own(shared(text)))
    return notebook


def exercise_templates(root: Path) -> dict[str, Catalog]:
    """For each assignment, by its name as in `exercises/02-sigmoid`, its messages in order, and those of several."""
    paths = [path for path in sorted((root / "exercises").glob("*/*.ipynb")) if path.stem == path.parent.name]
    said = {path.stem: list(dict.fromkeys(_sentences(nbformat.read(path, as_version=4)))) for path in paths}
    times = Counter(text for texts in said.values() for text in texts)
    own = {
        f"exercises/{name}": _catalogue(text for text in texts if times[text] == 1)
        for name, texts in said.items()
    }
    shared = {SHARED: _catalogue(text for text in times if times[text] > 1)}
    only = [*_known_mistakes(root), *_said_by_hidden_tests(root, times), *_written_questions(root)]
    return shared | own | {FEEDBACK: _catalogue(only)}


def _known_mistakes(root: Path) -> Iterator[str]:
    """What known mistakes are called."""
    for path in sorted((root / "assignments" / "mistakes").glob("*.toml")):
        for mistakes in tomllib.loads(path.read_text("utf-8")).values():
            yield from mistakes


def _said_by_hidden_tests(root: Path, said: Iterable[str]) -> Iterator[str]:
    """What hidden tests say of a function and the notebook's own tests of none: the same for all, without its name."""
    known = {_without_name(text) for text in said}
    for path in sorted((root / "solutions").glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if _is_test(cell)]
        yield from (text for text in map(_without_name, _sentences(notebook)) if text not in known)


def _written_questions(root: Path) -> Iterator[str]:
    """What feedback calls the questions that a person grades, by their ids."""
    for path in sorted((root / "solutions").glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            nbgrader = cell.metadata.get("nbgrader", {})
            if nbgrader.get("grade") and nbgrader.get("solution"):
                yield nbgrader["grade_id"].replace("-", " ").capitalize()


def _is_test(cell: NotebookNode) -> bool:
    nbgrader = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(nbgrader.get("grade")) and not nbgrader.get("solution")


def _without_name(text: str) -> str:
    name, _, rest = text.partition(" ")
    return rest if name.isidentifier() and name.islower() else text


def _catalogue(texts: Iterable[str]) -> Catalog:
    catalogue = Catalog()
    for text in texts:
        catalogue.add(text)
    return catalogue


def _sentences(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        found = texts(cell.source) if cell.cell_type == "markdown" else texts_of_code(cell.source)
        yield from (text for text in found if not NAMES.fullmatch(text))
