"""What students do to a file besides answering: each edit takes a notebook and gives it back, or a text."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tests.support import answers


def _cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if answers.grade_id(cell) == name)


def _append(notebook: NotebookNode, name: str, code: str) -> NotebookNode:
    cell = _cell(notebook, name)
    cell.source = f"{cell.source}\n\n\n{code}"
    return notebook


def cut_off(notebook: NotebookNode) -> str:
    """Lose the second half of the file."""
    text = nbformat.writes(notebook)
    return text[: len(text) // 2]


def delete_test(notebook: NotebookNode) -> NotebookNode:
    """Delete a test cell."""
    notebook.cells.remove(_cell(notebook, "sigmoid-values"))
    return notebook


def duplicate_test(notebook: NotebookNode) -> NotebookNode:
    """Copy a test cell and paste it below, as Jupyter does it: with its grade id."""
    cell = _cell(notebook, "sigmoid-shape")
    copy = nbformat.from_dict({**cell, "id": "pasted"})
    notebook.cells.insert(notebook.cells.index(cell) + 1, copy)
    return notebook


def weaken_tests(notebook: NotebookNode) -> NotebookNode:
    """Replace the tests of the sign by comments."""
    for cell in notebook.cells:
        if answers.grade_id(cell).startswith("sign-"):
            cell.source = "# looks fine to me"
    return notebook


def loop_forever(notebook: NotebookNode) -> NotebookNode:
    """Reduce a large z by steps that are too small to change it."""
    looping = (
        "_sigmoid = sigmoid\n\n\ndef sigmoid(z):\n    while np.any(np.abs(z) > 700):\n        z = z * 1.0\n"
    )
    return _append(notebook, "sigmoid", f"{looping}    return _sigmoid(z)")


def write_to_stderr(notebook: NotebookNode) -> NotebookNode:
    """Leave a note of progress on stderr, once in each test of predict."""
    noting = "_predict = predict\n\n\ndef predict(X, w, b):\n    import sys\n\n"
    return _append(
        notebook, "predict", f'{noting}    print("predicting", file=sys.stderr)\n    return _predict(X, w, b)'
    )


def print_along(notebook: NotebookNode) -> NotebookNode:
    """Print what goes in."""
    return _append(
        notebook, "step", "_step = step\n\n\ndef step(z):\n    print('z =', z)\n    return _step(z)"
    )


def add_helper(notebook: NotebookNode) -> NotebookNode:
    """Add a cell with a function of one's own and use it."""
    place = notebook.cells.index(_cell(notebook, "sign"))
    notebook.cells.insert(place, new_code_cell("def as_float(truth):\n    return truth * 1.0", id="helper"))
    _cell(notebook, "sign").source = "def sign(z):\n    return as_float(z > 0) - as_float(z < 0)"
    return notebook


EDITS: dict[str, Callable[[NotebookNode], NotebookNode | str]] = {
    edit.__name__: edit
    for edit in (
        cut_off,
        delete_test,
        duplicate_test,
        weaken_tests,
        loop_forever,
        write_to_stderr,
        print_along,
        add_helper,
    )
}
