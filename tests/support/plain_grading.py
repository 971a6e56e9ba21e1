"""A fast grader without any protection: runs a notebook's cells in this process, as Jupyter would.

It answers one question about the answers table: what does each answer lose when the tests mean what they say?
It also tells what stock nbgrader takes away, which scores a cell zero as soon as it writes to stderr.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import signal
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

from nbformat import NotebookNode

from tests.support import answers

SECONDS_PER_CELL = 0.5  # of processor time, so that a busy machine changes nothing


class OutOfTime(BaseException):
    """A cell ran too long. Not an Exception, so that an answer cannot catch it by accident."""


@dataclass
class Marks:
    """What went wrong, by `grade_id` of the test cell."""

    errors: dict[str, BaseException] = field(default_factory=dict)
    noisy: set[str] = field(default_factory=set)

    @property
    def lost(self) -> frozenset[str]:
        """The cells that failed."""
        return frozenset(self.errors)

    @property
    def lost_in_stock(self) -> frozenset[str]:
        """The cells that stock nbgrader scores zero: failed, or wrote a warning."""
        return frozenset(self.errors) | self.noisy


def grade(assignment: str, code: Mapping[str, str]) -> Marks:
    """Run the instructor's notebook with the given solution cells replaced, and return the marks."""
    return run(
        assignment, [(name, code.get(name, source), graded) for name, source, graded in _plan(assignment)]
    )


def run(assignment: str, cells: Iterable[tuple[str, str, bool]]) -> Marks:
    """Run cells, each a `grade_id`, its source and whether it is graded, and return the marks."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    marks = Marks()
    for name, source, graded in cells:
        error, noisy = _run(source, f"<{assignment} {name}>", namespace)
        if graded and error is not None:
            marks.errors[name] = error
        if graded and noisy:
            marks.noisy.add(name)
    return marks


def failures(notebook: NotebookNode) -> dict[str, str]:
    """Return what each failing test cell of a student's notebook says, by `grade_id`, when all cells are run."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    said = {}
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            error, _ = _run(cell.source, f"<student's cell {place}>", namespace)
            if error is not None and _is_graded(cell):
                said[answers.grade_id(cell)] = str(error)
    return said


@cache
def _plan(assignment: str) -> list[tuple[str, str, bool]]:
    notebook = answers.source_notebook(assignment)
    return [
        (answers.grade_id(cell), cell.source, _is_graded(cell))
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _is_graded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _run(source: str, filename: str, namespace: dict[str, Any]) -> tuple[BaseException | None, bool]:
    """Run one cell; return its error, if any, and whether it wrote to stderr."""
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)  # so that inspect.getsource works
    stderr = io.StringIO()
    namespace.pop("__warningregistry__", None)  # as IPython does: a warning shows in every cell
    with (
        contextlib.redirect_stderr(stderr),
        contextlib.redirect_stdout(io.StringIO()),
        _warnings_as_in_jupyter() as shown,
    ):
        error = _error_of(_compiled(source, filename), namespace)
    return error, bool(shown or stderr.getvalue())


def _error_of(code: CodeType, namespace: dict[str, Any]) -> BaseException | None:
    try:
        with _time_limit(SECONDS_PER_CELL):
            exec(code, namespace)
    except (Exception, SystemExit, OutOfTime) as error:
        return error
    return None


@cache
def _compiled(source: str, filename: str) -> CodeType:
    return compile(source, filename, "exec")


@contextlib.contextmanager
def _warnings_as_in_jupyter() -> Iterator[list[warnings.WarningMessage]]:
    """Collect the warnings that Jupyter would write to stderr."""
    with warnings.catch_warnings(record=True) as shown:
        warnings.resetwarnings()
        warnings.simplefilter("default")
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        yield shown


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise OutOfTime(f"longer than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
