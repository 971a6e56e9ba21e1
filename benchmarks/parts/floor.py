"""The floor: the cells and tests of submissions run in this process, without any care."""

from __future__ import annotations

import io
import json
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from types import CodeType

from autograder.judging.assignment import Assignment
from benchmarks.parts.classes import notebooks_of


def compiled_cells(assignment: Assignment) -> dict[str, CodeType]:
    """The instructor's cells but for the solutions, compiled once for all submissions, by their ids."""
    return {
        cell.id: compile(cell.source, f"<{cell.id}>", "exec")
        for cell in assignment.cells
        if cell.cell_type == "code" and cell.role != "solution" and cell.id
    }


def execute(compiled: dict[str, CodeType], data: bytes) -> int:
    """One notebook, as a process without any care would run it; the number of cells that failed."""
    names: dict[str, object] = {"__name__": "__main__"}
    failed = 0
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for cell in json.loads(data)["cells"]:
            if cell["cell_type"] == "code":
                grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
                try:
                    exec(compiled.get(grade_id) or "".join(cell["source"]), names)
                except Exception:
                    failed += 1
    return failed


def floor_of_class(assignment: Assignment, size: int) -> tuple[float, float]:
    """Seconds that a submission of a class takes: wall clock and processor time."""
    compiled = compiled_cells(assignment)
    notebooks = [notebook.encode() for notebook in notebooks_of(size)]
    with warnings.catch_warnings(action="ignore"):
        execute(compiled, notebooks[0])
        began = time.perf_counter(), time.process_time()
        for notebook in notebooks:
            with suppress(SystemExit):  # some answers end the process: a careless grader would be gone
                execute(compiled, notebook)
    return (time.perf_counter() - began[0]) / size, (time.process_time() - began[1]) / size
