"""Which tests can be judged from outside: found by trying, on the instructor's own answers and on a blank submission.

A test is *strict* where the judge gives the instructor's answers the points that they get when the test runs together
with them; otherwise it is *shared*. What was chosen is then graded as it will be: where a test uses a name that another
makes, both are shared. Nothing is ever graded in another way than the one that was chosen here or by hand.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from autograder.classroom import beside, ways
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.grade.rules import Settings
from autograder.judging.assignment import Assignment, BadAssignment, SourceCell, parse_assignment
from autograder.judging.forkserver import Warm
from autograder.judging.grading import judge_cells, points_of_test
from autograder.judging.limits import Limits
from autograder.judging.outcome import Outcome
from autograder.judging.reading import read_notebook
from autograder.judging.restoring import restore

Way = Literal["strict", "shared"]
Fault = Literal[
    "",
    "fails on your own answer",
    "fails beside tests that are judged the other way",
    "passes when blank",
]
_SHARES_NAMES = "it shares names with a test that has to be shared", "define the names in a locked cell"
_LOOKS = (
    (r"^\s*del ", "it takes a function of the student's away", ""),
    (
        r"\bpatch\b|\bmock\b",
        "it patches the student's module",
        "call the function with other arguments instead",
    ),
    (r"\b(globals|locals|dir|vars)\(|\bIn\b|\b_ih\b|get_ipython", "it reads the notebook's own names", ""),
    (
        r"\bplt\.|\.gca\(|\.axes\b|\.lines\b|\.patches\b",
        "it looks at a figure",
        "have the answer return the numbers drawn",
    ),
)
_ADVICE = (
    (
        "does not have the attribute",
        "it patches the student's module",
        "call the function with other arguments instead",
    ),
    ("name 'In' is not defined", "it reads the history of cells", "test what the cells define"),
    ("'await' outside function", "it awaits at the top level", "use asyncio.run(...) in the test"),
    (
        "cannot be used",
        "it looks at a value that stays with the student's code",
        "have the answer return numbers or text",
    ),
    ("cannot be passed", "it passes a value that stays with the test", "pass numbers, text or arrays"),
    ("No such file", "it shares a file with the student's code", "give the file along with the assignment"),
    (
        "is not defined",
        "it reads a name that only the student's process has",
        "define the name in a locked cell",
    ),
)


@dataclass(frozen=True)
class Checked:
    """One test cell as `check` found it: made here, shown by `autograder check` and `autograder release`.

    `way` is how it can be judged; `reason` says in a line why it cannot be strict, `advice` what would make it so.
    `fault` is what is wrong with the test itself. `points` are those of the instructor's own answer and of a blank one;
    `loses` says that some are lost only because other tests are judged the other way.
    """

    id: str
    way: Way
    max_points: float
    points: float
    blank_points: float
    reason: str = ""
    advice: str = ""
    loses: bool = False

    @property
    def fault(self) -> Fault:
        """What is wrong with the test, whichever way it is judged."""
        if self.loses:
            return "fails beside tests that are judged the other way"
        if self.points < self.max_points:
            return "fails on your own answer"
        return "passes when blank" if self.blank_points > 0 else ""


@dataclass(frozen=True)
class Findings:
    """What `autograder check` says of one notebook; `shared` names the tests that are chosen to be shared."""

    assignment: str
    notebook: str
    tests: tuple[Checked, ...]
    shared: frozenset[str]

    @property
    def unlike(self) -> list[Checked]:
        """The tests that are judged in another way than was found here."""
        return [test for test in self.tests if (test.way == "shared") != (test.id in self.shared)]

    @property
    def reasons(self) -> dict[str, str]:
        """Why each test that has to be shared is."""
        return {test.id: test.reason for test in self.tests if test.way == "shared"}


def check_assignments(course: Course, names: Sequence[str]) -> Iterator[Findings]:
    """Try the tests of these assignments, a notebook after the other. CourseError, CannotConfine."""
    settings = Settings(course)
    for name in names:
        course.require_assignment(name)
        with Warm(trusted=settings.trusted, packages=settings.packages(name)) as warm:
            chosen = ways.shared_tests(course, name)
            for path in sorted(course.source(name).glob("*.ipynb")):
                try:
                    files, kept = beside.instructors(course, name)
                    source = path.read_bytes()
                    assignment = parse_assignment(path.stem, source, settings.stubs, files=files, own=kept)
                except BadAssignment as error:
                    raise CourseError(str(error)) from error
                tests = check(assignment, warm, settings.limits)
                yield Findings(name, path.stem, tests, frozenset(chosen.get(path.stem, {})))


def check(assignment: Assignment, warm: Warm, limits: Limits | None = None) -> tuple[Checked, ...]:
    """Try each test of an assignment both ways, then all of them together as chosen."""
    limits = limits or Limits()
    tests = {cell.id: cell for cell in assignment.graded if cell.role == "test"}
    strict = _tried(assignment, frozenset(), warm, limits)
    shared = _tried(assignment, frozenset(tests), warm, limits)
    found = {name: _checked(cell, strict[name], shared[name]) for name, cell in tests.items()}
    while 0 < len(chosen := _shared(found)) < len(found):
        mixed = _tried(assignment, chosen, warm, limits)
        needed = _needed(tests, found, mixed)
        if not needed:
            return tuple(_beside(found[name], mixed[name]) for name in tests)
        for name in needed:
            points = shared[name].points, shared[name].blank
            found[name] = Checked(name, "shared", tests[name].points, *points, *_SHARES_NAMES)
    return tuple(found.values())


@dataclass(frozen=True)
class _Tried:
    """One test judged one way: on the instructor's answers and on a blank submission."""

    outcome: Outcome | None
    points: float
    blank: float


def _checked(cell: SourceCell, strict: _Tried, shared: _Tried) -> Checked:
    if strict.points >= shared.points and (strict.blank <= shared.blank):
        return Checked(cell.id, "strict", cell.points, strict.points, strict.blank)
    reason, advice = _why(cell, strict)
    return Checked(cell.id, "shared", cell.points, shared.points, shared.blank, reason, advice)


def _shared(found: Mapping[str, Checked]) -> frozenset[str]:
    return frozenset(name for name, test in found.items() if test.way == "shared")


def _beside(test: Checked, mixed: _Tried) -> Checked:
    """The test with what it gives beside the others."""
    return replace(test, points=mixed.points, blank_points=mixed.blank, loses=mixed.points < test.points)


def _needed(
    tests: Mapping[str, SourceCell], found: Mapping[str, Checked], mixed: Mapping[str, _Tried]
) -> set[str]:
    """The strict tests that have to be shared because others are: those that lose what a shared one made, and those
    that made what a shared one loses.
    """
    lost = {name for name, test in found.items() if mixed[name].points < test.points}
    strict = {name for name, test in found.items() if test.way == "strict"}
    order = list(tests)
    makers = {
        maker
        for name in lost - strict
        for maker in strict & {*order[: order.index(name)]}
        if _made(tests[maker].source) & _words(tests[name].source)
    }
    return (lost & strict) | makers


def _made(source: str) -> set[str]:
    """The names that a cell makes."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return defined | {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def _words(source: str) -> set[str]:
    return set(re.findall(r"\w+", source))


def _why(cell: SourceCell, strict: _Tried) -> tuple[str, str]:
    error = strict.outcome.error if strict.outcome else None
    if error is None:
        return "from outside a blank submission gets points for it", "have it fail where nothing is written"
    for pattern, reason, advice in _LOOKS:
        if re.search(pattern, cell.source, re.MULTILINE):
            return reason, advice
    for part, reason, advice in _ADVICE:
        if part in error.message:
            return reason, advice
    return f"from outside: {error.name}: {error.message}".split("\n")[0][:120].rstrip(": "), ""


def _tried(assignment: Assignment, shared: frozenset[str], warm: Warm, limits: Limits) -> dict[str, _Tried]:
    cells = tuple(replace(cell, shared=cell.id in shared) for cell in assignment.cells)
    chosen = replace(assignment, cells=cells)
    own = _outcomes(chosen, [cell.source for cell in cells], warm, limits)
    blank = _outcomes(chosen, [cell.released for cell in cells], warm, limits)
    tried = {}
    for cell in chosen.graded:
        points = [points_of_test(cell, outcomes.get(cell.id)) or 0.0 for outcomes in (own, blank)]
        tried[cell.id] = _Tried(own.get(cell.id), *points)
    return tried


def _outcomes(
    assignment: Assignment, sources: Sequence[str], warm: Warm, limits: Limits
) -> dict[str, Outcome]:
    submission = restore(assignment, read_notebook(_as_notebook(assignment, sources)))
    outcomes, _ = judge_cells(assignment, submission, warm, limits)
    return {outcome.cell.id: outcome for outcome in outcomes if outcome.cell.kind == "test"}


def _as_notebook(assignment: Assignment, sources: Sequence[str]) -> bytes:
    """The assignment as somebody hands it in who wrote these cells."""
    cells: list[dict[str, Any]] = []
    for cell, source in zip(assignment.cells, sources, strict=True):
        flags = {"grade": cell.grade, "solution": cell.solution, "locked": cell.locked, "points": cell.points}
        metadata = {"nbgrader": {"grade_id": cell.id, "schema_version": 3, **flags}} if cell.id else {}
        written = {"cell_type": cell.cell_type, "metadata": metadata, "source": source}
        cells.append(written | ({"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}))
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()
