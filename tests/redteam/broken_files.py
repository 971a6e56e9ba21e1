"""What a hostile student does to the file: bytes that are no notebook, and things that are no file.

The functions of `PLACES` put something else than a file in the file's place; the others return its content.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.redteam.edits import Notebook, code_cell, nbgrader_metadata, tests


def _bytes(notebook: Notebook, **options: Any) -> bytes:
    return json.dumps(notebook, **options).encode("utf-8", "surrogatepass")


def truncated(notebook: Notebook) -> bytes:
    data = _bytes(notebook)
    return data[: len(data) // 2]


def empty(notebook: Notebook) -> bytes:
    return b""


def not_a_notebook(notebook: Notebook) -> bytes:
    return b'[NaN, Infinity, -Infinity, {"cells": 3}]'


def utf_16(notebook: Notebook) -> bytes:
    return json.dumps(notebook).encode("utf-16")


def latin_1(notebook: Notebook) -> bytes:
    return _bytes(notebook).replace(b'"cells"', b'"caf\xe9": "\xff\xfe\x80", "cells"', 1)


def lone_surrogates(notebook: Notebook) -> bytes:
    notebook["metadata"]["title"] = "\ud800"
    notebook["cells"].insert(0, code_cell("x = '\udfff'", name="\udc00"))
    return _bytes(notebook)


def nan_metadata(notebook: Notebook) -> bytes:
    for number, cell in enumerate(tests(notebook)):
        nbgrader_metadata(cell)["points"] = (float("nan"), float("inf"), -5, 10**400)[number % 4]
    return _bytes(notebook)


def format_2(notebook: Notebook) -> bytes:
    cells = [
        {
            "cell_type": "code",
            "input": cell["source"],
            "collapsed": False,
            "language": "python",
            "outputs": [],
        }
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return _bytes({"nbformat": 2, "metadata": {"name": "x"}, "worksheets": [{"cells": cells}]})


def format_99(notebook: Notebook) -> Notebook:
    return {**notebook, "nbformat": 99, "nbformat_minor": 99}


def deep_json(notebook: Notebook) -> bytes:
    return _bytes(notebook).replace(
        b'"cells"', b'"deep": ' + b"[" * 100_000 + b"]" * 100_000 + b', "cells"', 1
    )


def huge_number(notebook: Notebook) -> bytes:
    return _bytes(notebook).replace(b'"cells"', b'"big": ' + b"9" * 1_000_000 + b', "cells"', 1)


def huge_outputs(notebook: Notebook) -> Notebook:
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 60_000_000}
    tests(notebook)[0]["outputs"] = [stream]
    return notebook


def many_cells(notebook: Notebook) -> Notebook:
    notebook["cells"] += [
        {"cell_type": "markdown", "id": f"many{i}", "metadata": {}, "source": f"cell {i}"}
        for i in range(20_000)
    ]
    return notebook


def empty_cells(notebook: Notebook) -> bytes:
    return _bytes(notebook).replace(b'"cells": [', b'"cells": [' + b"{}," * 1_000_000, 1)


def empty_lists(notebook: Notebook) -> bytes:
    return _bytes(notebook).replace(
        b'"metadata": {', b'"metadata": {"x": [' + b"[],{}," * 500_000 + b"0], ", 1
    )


def odd_cells(notebook: Notebook) -> Notebook:
    notebook["cells"][1:1] = [
        None,
        3,
        [],
        {"cell_type": "code", "source": {"a": 1}, "metadata": [], "outputs": "none"},
        {"cell_type": 7, "source": None},
        {},
    ]
    return notebook


def link_to_key(path: Path) -> None:
    os.symlink(Path.home() / ".ssh" / "redteam_key", path)


def directory(path: Path) -> None:
    path.mkdir()


def fifo(path: Path) -> None:
    os.mkfifo(path)


PLACES: dict[str, Callable[[Path], None]] = {f.__name__: f for f in (link_to_key, directory, fifo)}
