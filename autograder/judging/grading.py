"""Grading one submission: a pure function of an assignment, the bytes handed in and the judge's settings.

The scores are nbgrader's: a test cell has its points when no error occurs, or the number that is the
value of the *instructor's* last line; a written answer left as it was has zero; another awaits a person.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.judging import writing
from autograder.judging.assignment import Assignment, SourceCell
from autograder.judging.bounds import TimeUp
from autograder.judging.cell_code import parsed
from autograder.judging.forkserver import Warm
from autograder.judging.limits import Limits
from autograder.judging.mistakes import diagnosis
from autograder.judging.mistakes.diagnosis import Finding, Item
from autograder.judging.outcome import Cell, Outcome
from autograder.judging.pieces import Piece
from autograder.judging.reading import Unreadable, read_notebook
from autograder.judging.restoring import Submission, restore
from autograder.judging.sandbox import CannotConfine
from autograder.judging.session import Session

ENGINE = "autograder 1"


@dataclass(frozen=True)
class Graded:
    """What came of one submission.

    `notebook` is a valid nbformat 4.5 notebook with the outcomes as outputs, empty when nothing could be
    graded: then `reason` says why, in one line. `untouched` names the answers left as they were released,
    `layers` the confinement that was on, `digest` the assignment's content, `engine` the rules graded by.
    """

    notebook: bytes = b""
    untouched: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    feedback: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    layers: tuple[str, ...] = ()
    digest: str = ""
    engine: str = ENGINE
    reason: str = ""

    @property
    def score(self) -> float:
        """The points so far, written answers that nobody has graded yet not counted."""
        return sum(item.points or 0.0 for item in self.feedback)


def grade(assignment: Assignment, notebook: bytes, warm: Warm, limits: Limits | None = None) -> Graded:
    """Grades a submission. Any bytes give a result: those that are no notebook one with a `reason`.

    Raises `CannotConfine` when the machine lacks what student code has to be confined by, and nothing that a
    submission does.
    """
    try:
        submission = restore(assignment, read_notebook(notebook))
        return grade_restored(assignment, submission, warm, limits)
    except Unreadable as error:
        return Graded(digest=assignment.digest, reason=str(error))
    except CannotConfine:
        raise
    except (Exception, TimeUp) as error:
        said = f"Grading it ended in {type(error).__name__}: this is a fault of the grader. A person has to look."
        return Graded(digest=assignment.digest, reason=said)


def grade_restored(
    assignment: Assignment, submission: Submission, warm: Warm, limits: Limits | None = None
) -> Graded:
    """Grades a submission whose cells have been restored."""
    limits = limits or Limits()
    outcomes, running = judge_cells(assignment, submission, warm, limits)
    untouched = writing.untouched(submission.cells)
    points = _points(assignment, outcomes, untouched)
    feedback, findings = diagnosis.diagnose(assignment, outcomes, points, warm, limits)
    layers = outcomes[0].layers if outcomes else ()
    record = _record(assignment, submission, feedback, findings, layers)
    by_index = dict(zip(running, outcomes, strict=True))
    return Graded(
        writing.notebook_bytes(submission.cells, by_index, record),
        untouched,
        submission.notes,
        feedback,
        findings,
        layers,
        assignment.digest,
    )


def judge_cells(
    assignment: Assignment, submission: Submission, warm: Warm, limits: Limits
) -> tuple[list[Outcome], list[int]]:
    """Judges the cells of a restored submission that run; returns their outcomes and their places in it."""
    running = [index for index, piece in enumerate(submission.cells) if piece.runs]
    cells = [_cell(assignment, submission.cells[index]) for index in running]
    with Session(warm, limits, assignment.files, assignment.own, assignment.model) as session:
        return _partial_credit(assignment, session.judge(cells)), running


def _cell(assignment: Assignment, piece: Piece) -> Cell:
    assert piece.runs
    source = assignment.by_id.get(piece.id)
    if source is None:
        return Cell(piece.runs, piece.id, piece.source)
    return Cell(piece.runs, piece.id, piece.source, source.forbidden, source.shared)


def _partial_credit(assignment: Assignment, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Drops the values that are no partial credit, so that nbgrader finds a number only where it counts."""
    return [o if o.value is None or _is_credit(assignment, o) else replace(o, value=None) for o in outcomes]


def _is_credit(assignment: Assignment, outcome: Outcome) -> bool:
    """Whether a test's last value is partial credit: in range, and not just what a student returned."""
    source = assignment.by_id.get(outcome.cell.id)
    if source is None or outcome.value is None or not 0 <= outcome.value <= source.points:
        return False
    last = parsed(source.source).body[-1]
    called = {
        node.func.id
        for node in ast.walk(last)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return not called & assignment.functions.keys()


def _points(
    assignment: Assignment, outcomes: Sequence[Outcome], untouched: frozenset[str]
) -> dict[str, float | None]:
    """The points of each graded cell; None while a person has still to grade it."""
    tests = {outcome.cell.id: outcome for outcome in outcomes if outcome.cell.kind == "test"}
    written = {cell.id: 0.0 if cell.id in untouched else None for cell in assignment.graded if cell.manual}
    return {cell.id: points_of_test(cell, tests.get(cell.id)) for cell in assignment.graded} | written


def points_of_test(source: SourceCell, outcome: Outcome | None) -> float | None:
    """The points of a test cell by nbgrader's rules; a graded text cell that is no answer awaits a person."""
    if source.cell_type != "code":
        return None
    if outcome is None or not outcome.passed:
        return 0.0
    return source.points if outcome.value is None else float(outcome.value)


def _record(
    assignment: Assignment,
    submission: Submission,
    feedback: Sequence[Item],
    findings: Sequence[Finding],
    layers: Sequence[str],
) -> dict[str, Any]:
    """What a graded notebook says of how it was graded, in its metadata."""
    return {
        "engine": ENGINE,
        "assignment": assignment.digest,
        "layers": list(layers),
        "shared": [cell.id for cell in assignment.cells if cell.shared],
        "notes": list(submission.notes),
        "feedback": [_plain(item) for item in feedback],
        "findings": [_plain(finding) for finding in findings],
    }


def _plain(said: Item | Finding) -> dict[str, Any]:
    """Its fields as `asdict` gives them, without the copies."""
    return {**vars(said), "example": said.example and vars(said.example)}
