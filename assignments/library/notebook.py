"""From an assignment to the instructor's notebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from assignments.library.draws import Draw
from assignments.library.model import Assignment, Function, Written

CHECKS = (
    Path(__file__)
    .with_name("checks.py")
    .read_text(encoding="utf-8")
    .partition("# --- copied from here on\n")[2]
)

HOW_IT_WORKS = """\
## How it works

- Write each function where it says `YOUR CODE HERE`. Use NumPy and the standard library only.
- The cells below each function test it. Run them as often as you like: a failing test says in words what is wrong.
  More tests of the same kind run after you hand in, with other numbers.
- Every property has points of its own. A function with one fault loses the points for that fault, not all of them. Each
  test cell opens with the name of its property and says what it means.
- Add cells of your own wherever you want. Leave the test cells as they are.
- **To hand in**: restart the kernel, run all cells, press *Validate* (or run `nbgrader validate {name}.ipynb`),
  save, and hand in this file under its own name."""
ABOUT_SETUP = "Run this cell first. It imports {imports} and defines the checks that the tests use. Use them in your own tests as well."
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(assignment: Assignment, draw: Draw | None = None, mistakes: Any = None) -> NotebookNode:
    """Return the instructor's notebook; with a draw, its hidden numbers are those of one class."""
    made = nbformat.v4.new_notebook(cells=list(_cells(assignment, draw)), metadata=KERNEL)
    own = {"mistakes": mistakes} if mistakes else {}
    made.metadata["autograder"] = {**own, "written": digest(made)}
    return made


def digest(made: NotebookNode) -> str:
    """Return a digest of what a person might edit in a notebook: texts, code, points and marks, no outputs."""
    kept = [
        [cell.cell_type, cell.source, cell.metadata.get("nbgrader"), cell.metadata.get("autograder")]
        for cell in made.cells
    ]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _cells(assignment: Assignment, draw: Draw | None) -> Iterator[NotebookNode]:
    head = [
        f"# {assignment.name[:2]} {assignment.title}",
        assignment.story,
        HOW_IT_WORKS.format(name=assignment.name),
        f"## What holds for every function\n\n{assignment.conventions.strip()}",
        f"## Points\n\n{_table(assignment)}",
    ]
    yield _cell("markdown", "about-assignment", "\n\n".join(part.strip() for part in head))
    imported = " and ".join(
        "NumPy" if name == "numpy" else f"`{name}`" for name in _imported(assignment.imports)
    )
    about = ABOUT_SETUP.format(imports=imported)
    yield _cell("markdown", "about-setup", f"{about}\n\n{assignment.about_provided.strip()}".strip())
    provided = [assignment.imports, CHECKS.strip("\n"), assignment.provided.strip("\n")]
    yield _cell("code", "setup", "\n\n\n".join(part for part in provided if part))
    for part in assignment.parts:
        yield from _function(part, draw) if isinstance(part, Function) else _written(part)


def _imported(imports: str) -> list[str]:
    names = [line.split()[1] for line in imports.split("\n") if line.startswith("import ")]
    return sorted(names, key=lambda name: name != "numpy")


def _function(function: Function, draw: Draw | None) -> Iterator[NotebookNode]:
    yield _cell("markdown", f"about-{function.name}", function.about.strip())
    yield _cell("code", function.name, function.source(), solution=True)
    for item in function.items:
        cell = _cell("code", f"{function.name}-{item.name}", function.test(item, draw), points=item.points)
        if item.forbidden:
            cell.metadata["autograder"] = {"forbidden": list(item.forbidden)}
        yield cell


def _written(written: Written) -> Iterator[NotebookNode]:
    yield _cell("markdown", f"about-{written.name}", written.question.strip())
    yield _cell("markdown", written.name, written.answer.strip(), solution=True, points=written.points)


def _cell(
    kind: str, name: str, source: str, *, solution: bool = False, points: int | None = None
) -> NotebookNode:
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell = make(source, id=name)
    marks = {"grade": points is not None, "grade_id": name, "locked": not solution, "schema_version": 3}
    scored = {} if points is None else {"points": points}
    cell.metadata["nbgrader"] = {**marks, **scored, "solution": solution, "task": False}
    return cell


def _table(assignment: Assignment) -> str:
    """Return the table of points."""
    rows, total = ["| part | points | of which |", "|---|---:|---|"], 0
    for part in assignment.parts:
        points = part.points if isinstance(part, Written) else sum(item.points for item in part.items)
        total += points
        of_which = [f"{item.name} {item.points}" for item in part.items] if isinstance(part, Function) else []
        rows.append(f"| `{part.name}` | {points} | {', '.join(of_which) or f'read by a person {points}'} |")
    return "\n".join([*rows, f"| **all** | **{total}** | |"])
