"""From an assignment to the instructor's notebook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from assignments.library.draws import Draw
from assignments.library.model import Assignment, Function, Written
from assignments.library.own import Own

_COPIED = [Path(__file__).with_name(f"{name}.py") for name in ("checks", "reporting")]
CHECKS, REPORTING = (
    path.read_text(encoding="utf-8").partition("# --- copied from here on\n")[2].strip("\n")
    for path in _COPIED
)
FOLDED = {"source_hidden": True}

HOW_IT_WORKS = """\
## How it works

- Write each function where it says `YOUR CODE HERE`. Use NumPy and the standard library only
  (`numpy.typing`, `np.ma` and `np.testing` are NumPy; SciPy is not).
- The cells below each function test it, one property each. They are folded: a click on the bar shows the code. Run
  them as often as you like: a line below each says whether it passed, or what is wrong. Run it again for a hint.
- Every property has points of its own. A function with one fault loses the points for that fault, not all of them.
  More tests of the same kind run after you hand in, with other numbers.
- Add cells of your own wherever you want. Leave the test cells as they are.
- **To hand in**: restart the kernel, run all cells, look at the sum in the last one, save, and hand in this file under its
  own name, `{name}.ipynb`."""
TOLERANCE = """
- A number a is right for b when |a - b| <= 1e-9 (1 + |b|). An epsilon of 1e-8 in a divisor or of 1e-7 in a logarithm breaks that.
  Such a small error costs *values*, and no item that looks at something else."""
ABOUT_SETUP = (
    "Run this cell first. It imports {imports} and defines the checks that the tests use. Use them in your own "
    "tests as well. A click on its bar shows it."
)
ABOUT_TALLY = "## What you have so far\n\nRun this cell to see it, after the tests."
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(assignment: Assignment, draw: Draw | None = None) -> NotebookNode:
    """Return the instructor's notebook; with a draw, its hidden numbers are those of one class."""
    own = Own(draw, notebook(assignment)) if draw else None
    made = nbformat.v4.new_notebook(cells=list(_cells(assignment, own)), metadata=KERNEL)
    known = {"mistakes": assignment.mistakes} if assignment.mistakes else {}
    made.metadata["autograder"] = {**known, "written": digest(made)}
    return made


def digest(made: NotebookNode) -> str:
    """Return a digest of what a person might edit in a notebook: texts, code, points and marks, no outputs."""
    kept = [
        [cell.cell_type, cell.source, cell.metadata.get("nbgrader"), cell.metadata.get("autograder")]
        for cell in made.cells
    ]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _cells(assignment: Assignment, own: Own | None) -> Iterator[NotebookNode]:
    head = [
        f"# {assignment.name[:2]} {assignment.title}",
        assignment.story,
        HOW_IT_WORKS.format(name=assignment.name),
        f"## What holds for every function\n\n{assignment.conventions.strip()}{TOLERANCE}",
        f"## Points\n\n{_table(assignment)}",
    ]
    yield _cell("markdown", "about-assignment", "\n\n".join(part.strip() for part in head))
    imported = " and ".join(
        "NumPy" if name == "numpy" else f"`{name}`" for name in _imported(assignment.imports)
    )
    about = ABOUT_SETUP.format(imports=imported)
    yield _cell("markdown", "about-setup", f"{about}\n\n{assignment.about_provided.strip()}".strip())
    yield _folded("setup", _setup(assignment))
    for part in assignment.parts:
        yield from _function(part, own) if isinstance(part, Function) else _written(part)
    yield _cell("markdown", "about-tally", ABOUT_TALLY)
    yield _folded("tally", _tally(assignment))


def _setup(assignment: Assignment) -> str:
    """Return what every notebook begins with: imports, checks, what the assignment provides, and the report."""
    needed = [f"import {name}" for name in ("linecache", "sys", "traceback")]
    imports = sorted({*assignment.imports.split("\n"), *needed} - {"", "import numpy as np"})
    head = "\n".join(imports) + "\n\nimport numpy as np"
    return "\n\n\n".join(part for part in (head, CHECKS, assignment.provided.strip("\n"), REPORTING) if part)


def _tally(assignment: Assignment) -> str:
    points = {part.name: part.all_points for part in assignment.parts}
    functions = {part.name: points.pop(part.name) for part in assignment.parts if isinstance(part, Function)}
    rows = "".join(f'    "{name}": {worth},\n' for name, worth in functions.items())
    return f"points = {{\n{rows}}}\ntally(points, by_a_person={sum(points.values())})"


def _imported(imports: str) -> list[str]:
    names = [line.split()[1] for line in imports.split("\n") if line.startswith("import ")]
    return sorted(names, key=lambda name: name != "numpy")


def _function(function: Function, own: Own | None) -> Iterator[NotebookNode]:
    yield _cell("markdown", f"about-{function.name}", function.about.strip())
    yield _cell("code", function.name, function.source(), solution=True)
    for item in function.items:
        source = own.test(function, item) if own else function.test(item, None)
        cell = _folded(f"{function.name}-{item.name}", source, points=item.points)
        if item.forbidden:
            cell.metadata["autograder"] = {"forbidden": list(item.forbidden)}
        yield cell


def _written(written: Written) -> Iterator[NotebookNode]:
    yield _cell("markdown", f"about-{written.name}", written.question.strip())
    yield _cell("markdown", written.name, written.answer.strip(), solution=True, points=written.points)


def _folded(name: str, source: str, *, points: int | None = None) -> NotebookNode:
    """Return a code cell that opens with its code out of sight."""
    cell = _cell("code", name, source, points=points)
    cell.metadata["jupyter"] = dict(FOLDED)
    return cell


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
        points = part.all_points
        total += points
        of_which = [f"{item.name} {item.points}" for item in part.items] if isinstance(part, Function) else []
        rows.append(f"| `{part.name}` | {points} | {', '.join(of_which) or f'read by a person {points}'} |")
    return "\n".join([*rows, f"| **all** | **{total}** | |"])
