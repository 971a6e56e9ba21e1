"""What a hostile student does to the cells of the notebook: edits by name, from JSON data to JSON data."""

from __future__ import annotations

import copy
import zlib
from typing import Any

Notebook = dict[str, Any]

SCRIPT = "<script>redteamScript()</script><img src=x onerror=redteamHandler()>"


def nbgrader_metadata(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell's nbgrader metadata, empty where there is none."""
    return cell["metadata"].get("nbgrader", {})


def is_test(cell: dict[str, Any]) -> bool:
    """Say whether the instructor made this cell to test code."""
    return cell["cell_type"] == "code" and bool(nbgrader_metadata(cell).get("grade"))


def tests(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the test cells of a notebook."""
    return [cell for cell in notebook["cells"] if is_test(cell)]


def answers(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the cells for written answers."""
    return [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown" and nbgrader_metadata(cell).get("solution")
    ]


def code_cell(source: str, **metadata: Any) -> dict[str, Any]:
    """Return a code cell as a student's Jupyter writes it."""
    number = zlib.crc32(f"{source}{metadata}".encode("utf-8", "surrogatepass"))
    return {
        "cell_type": "code",
        "id": f"red{number:08x}",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


# ---- edit the notebook ---------------------------------------------------------------


def delete_tests(notebook: Notebook) -> Notebook:
    notebook["cells"] = [cell for cell in notebook["cells"] if not is_test(cell)]
    return notebook


def replace_tests(notebook: Notebook) -> Notebook:
    for cell in tests(notebook):
        cell["source"] = "pass"
    return notebook


def unlock_tests(notebook: Notebook) -> Notebook:
    for cell in tests(notebook):
        cell["source"] = "pass"
        nbgrader_metadata(cell).update(locked=False, solution=True, checksum="0")
    return notebook


def retype_tests(notebook: Notebook) -> Notebook:
    for number, cell in enumerate(tests(notebook)):
        cell["cell_type"] = ("markdown", "raw")[number % 2]
        del cell["outputs"], cell["execution_count"]
    return notebook


def not_graded(notebook: Notebook) -> Notebook:
    for cell in tests(notebook):
        cell["source"] = "pass"
        nbgrader_metadata(cell).update(grade=False, locked=False)
    return notebook


def duplicate_ids(notebook: Notebook) -> Notebook:
    cells = []
    for cell in notebook["cells"]:
        twin = copy.deepcopy(cell) if is_test(cell) else None
        if twin:
            twin.update(source="pass", id=cell["id"] + "a")
            nbgrader_metadata(twin)["points"] = 100
        after = dict(copy.deepcopy(twin), id=cell["id"] + "b") if twin else None
        cells += [one for one in (twin, cell, after) if one]
    notebook["cells"] = cells
    return notebook


def tests_as_tasks(notebook: Notebook) -> Notebook:
    for cell in tests(notebook):
        nbgrader_metadata(cell).update(task=True, grade=False, solution=False)
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]
    return notebook


def foreign_ids(notebook: Notebook) -> Notebook:
    flags = {"grade": True, "solution": False, "locked": True, "schema_version": 3, "task": False}
    for number, grade_id in enumerate(("bonus-points", "setup", "")):
        meta = {**flags, "points": 100, "grade_id": grade_id}
        notebook["cells"].insert(number, code_cell("pass", nbgrader=meta))
    return notebook


def poison_setup(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        if nbgrader_metadata(cell).get("grade_id") == "setup":
            cell["source"] += (
                "\n\ndef check_close(*args, **kwargs):\n    pass\n\ncheck_floats = check_close\n"
            )
    return notebook


def cells_before_tests(notebook: Notebook) -> Notebook:
    cells = []
    for cell in notebook["cells"]:
        if is_test(cell):
            comment = f"# before {nbgrader_metadata(cell)['grade_id']}\n"
            cells.append(code_cell(comment + "check_close = check_floats = lambda *args: None"))
        cells.append(cell)
    notebook["cells"] = cells
    return notebook


def swap_ids(notebook: Notebook) -> Notebook:
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and nbgrader_metadata(cell)]
    ids = [nbgrader_metadata(cell)["grade_id"] for cell in cells]
    for cell, grade_id in zip(cells, ids[1:] + ids[:1], strict=True):
        nbgrader_metadata(cell)["grade_id"] = grade_id
    return notebook


def reverse_order(notebook: Notebook) -> Notebook:
    notebook["cells"].reverse()
    return notebook


def odd_metadata(notebook: Notebook) -> Notebook:
    nest: Any = {}
    for _ in range(200):
        nest = {"nbgrader": nest}
    odd = [None, [], 3, nest, {"grade_id": ["list"]}, {"grade": "yes", "points": "many", "grade_id": None}]
    for value, cell in zip(odd * 20, tests(notebook), strict=False):
        cell["metadata"]["nbgrader"] = value
    return notebook


def new_schema(notebook: Notebook) -> Notebook:
    return _with_schema(notebook, 99)


def old_schema(notebook: Notebook) -> Notebook:
    return _with_schema(notebook, 0)


def _with_schema(notebook: Notebook, version: int) -> Notebook:
    for cell in notebook["cells"]:
        if nbgrader_metadata(cell):
            nbgrader_metadata(cell)["schema_version"] = version
    return notebook


def other_kernel(notebook: Notebook) -> Notebook:
    notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
    notebook["metadata"]["language_info"] = {"name": "../../../etc/passwd"}
    return notebook


def magic_cells(notebook: Notebook) -> Notebook:
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        if is_test(cell):
            magic = ("%reset -f", "%%capture\npass", "%%script false\nx", "%config Application.x = 1")[
                number % 4
            ]
            cells.append(code_cell(magic))
        cells.append(cell)
    notebook["cells"] = cells
    return notebook


def other_assignment(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        meta = nbgrader_metadata(cell)
        if meta:
            meta["grade_id"] = "other-" + meta["grade_id"]
    return notebook


# ---- forge the result ----------------------------------------------------------------


def forge_outputs(notebook: Notebook) -> Notebook:
    result = {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": "100.0"},
    }
    for cell in tests(notebook):
        cell["outputs"], cell["execution_count"] = [copy.deepcopy(result)], 1
    return notebook


def raise_points(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        if "points" in nbgrader_metadata(cell):
            nbgrader_metadata(cell)["points"] = 1000
    return notebook


def write_grades(notebook: Notebook) -> Notebook:
    grade = {"score": 100, "auto_score": 100, "manual_score": 100, "extra_credit": 100, "passed": True}
    notebook["metadata"].update(nbgrader=grade, autograder=grade, graded=grade)
    for cell in tests(notebook):
        cell["metadata"].update(autograder=grade, tags=["passed"])
        nbgrader_metadata(cell).update(grade)
    return notebook


def memorise_visible(notebook: Notebook) -> Notebook:
    """Fill the first solution cell with a table of the visible tests' calls and expected values."""
    from tests.redteam.memory import table_of_visible_calls

    first = next(cell for cell in notebook["cells"] if nbgrader_metadata(cell).get("solution"))
    first["source"] = table_of_visible_calls([cell["source"] for cell in tests(notebook)]) + first["source"]
    return notebook


def slow_source(notebook: Notebook) -> Notebook:
    sources = [
        " " * 20_000 + "a $ %",
        "%x\n" * 300 + "x = 1\n" * 50_000,
        "x = " + "(" * 5_000 + ")" * 5_000,
        "x" + ".a" * 100_000,
        "x = " + "-" * 100_000 + "1",
        "? " * 50_000 + "= %",
        "[" * 50_000 + "!",
    ]
    notebook["cells"][1:1] = [code_cell(source) for source in sources]
    return notebook


# ---- attack the reader ---------------------------------------------------------------


def script_in_answers(notebook: Notebook) -> Notebook:
    link = "[click](javascript:redteamLink()) <a href='&#106;avascript:redteamLink()'>x</a>"
    for cell in answers(notebook):
        cell["source"] = (
            f"{SCRIPT}\n\n{link}\n\n<svg/onload=redteamHandler()>\n\n<details ontoggle=redteamHandler() open>"
        )
    return notebook


def math_in_answers(notebook: Notebook) -> Notebook:
    for cell in answers(notebook):
        cell["source"] = (
            r"$\href{javascript:redteamLink()}{x} \def\frac#1#2{0} \require{html}\style{position:fixed}{y}$"
        )
    return notebook


def attachments(notebook: Notebook) -> Notebook:
    data = {"text/html": SCRIPT, "image/svg+xml": "<svg onload='redteamHandler()'/>"}
    for cell in answers(notebook):
        cell["attachments"] = {"a.svg": data}
        cell["source"] = "![a](attachment:a.svg) ![b](https://redteam.invalid/track.png)"
    return notebook


# ---- unlucky -------------------------------------------------------------------------


def windows_lines(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return notebook


def delete_one_test(notebook: Notebook) -> Notebook:
    notebook["cells"].remove(tests(notebook)[0])
    return notebook


def duplicate_one_test(notebook: Notebook) -> Notebook:
    where = notebook["cells"].index(tests(notebook)[0])
    notebook["cells"].insert(where, {**copy.deepcopy(notebook["cells"][where]), "id": "copied-by-hand"})
    return notebook
