"""What is written into the gradebook for graded submissions, as nbgrader writes it, many at a time.

The same rows as from nbgrader's `SaveAutoGrades` and `AssignLatePenalties`: a student and a submission are made
where there are none, the judge's points are entered, a person's points, comments and extra credit stay. One thing is
otherwise: nbgrader asks a person again for all that was graded by hand; here only where the answer itself has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, bindparam, case, func, null, or_, select, update

from autograder.classroom.gradebook.structure import Shape, Structure

Penalty = Callable[[str, float, float], float | None]
"""The course's rule for being late: student, score, seconds late, to points to take off or None."""


@dataclass(frozen=True)
class SubmissionGrades:
    """One graded submission.

    `points` has each notebook's points by graded cell (None: for a person to give), or None for a notebook that
    was not handed in; `untouched` the answers left as released, by notebook; `unchanged` the graded cells whose
    answers are those that were graded before. `handed_in_at` is in UTC without a zone, None where it is not known.
    """

    student: str
    handed_in_at: datetime | None
    points: dict[str, dict[str, float | None] | None]
    untouched: dict[str, frozenset[str]]
    unchanged: dict[str, frozenset[str]]


@dataclass(frozen=True)
class _Place:
    """One notebook of an entry and its row in the database."""

    student: str
    id: str
    shape: Shape
    points: dict[str, float | None] | None
    untouched: frozenset[str]
    unchanged: frozenset[str]


def write(
    structure: Structure, connection: Any, entries: Sequence[SubmissionGrades], penalty: Penalty
) -> dict[str, str]:
    """Write entries of different students; return the id of each one's submission. The caller commits."""
    submissions = structure.place(connection, {entry.student: entry.handed_in_at for entry in entries})
    notebooks = structure.notebooks(connection, submissions.values())
    places = [place for entry in entries for place in _places(structure, entry, submissions, notebooks)]
    _write_points(connection, places)
    _write_missing(connection, [place.id for place in places if place.points is None])
    _write_comments(connection, places)
    late = structure.seconds_late(connection, submissions)
    scores = _notebook_scores(structure, connection, list(submissions.values())) if late else {}
    handed_in = [place for place in places if place.points is not None]
    _write_penalties(connection, handed_in, scores, late, penalty)
    return submissions


def totals(
    structure: Structure, connection: Any, submissions: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return the score of each submission as the gradebook has it, and the penalty that comes off it."""
    found = dict.fromkeys(submissions, (0.0, 0.0))
    for submission, score, penalty in _notebook_scores(structure, connection, submissions).values():
        found[submission] = found[submission][0] + score, found[submission][1] + penalty
    return found


def _notebook_scores(
    structure: Structure, connection: Any, submissions: Sequence[str]
) -> dict[str, tuple[str, float, float]]:
    """Each submitted notebook's submission, score and penalty.

    nbgrader's own `score` has the database look through all grades of the course for each notebook: its indexes
    begin with the cell and with the assignment's notebook, so a query has to name those.
    """
    from nbgrader.api import Grade
    from nbgrader.api import SubmittedNotebook as Notebook

    cells = [cell for shape in structure.shapes.values() for cell in shape.graded.values()]
    query = (
        select(Notebook.id, Notebook.assignment_id, func.sum(Grade.score), Notebook.late_submission_penalty)
        .join(Grade, Grade.notebook_id == Notebook.id)
        .where(Notebook.notebook_id.in_([shape.id for shape in structure.shapes.values()]))
        .where(Notebook.assignment_id.in_(submissions), Grade.cell_id.in_(cells))
        .group_by(Notebook.id, Notebook.assignment_id, Notebook.late_submission_penalty)
    )
    return {number: (s, score, penalty or 0.0) for number, s, score, penalty in connection.execute(query)}


def _places(
    structure: Structure,
    entry: SubmissionGrades,
    submissions: dict[str, str],
    notebooks: dict[tuple[str, str], str],
) -> Iterator[_Place]:
    for name, points in entry.points.items():
        number = notebooks[submissions[entry.student], name]
        untouched, unchanged = (cells.get(name, frozenset()) for cells in (entry.untouched, entry.unchanged))
        yield _Place(entry.student, number, structure.shapes[name], points, untouched, unchanged)


def _write_points(connection: Any, places: Sequence[_Place]) -> None:
    """Enter the judge's points; what a person has graded, a person is to look at again where the answer has changed."""
    from nbgrader.api import Grade

    table = Grade.__table__
    again = or_(table.c.needs_manual_grade, bindparam("changed", type_=Boolean))
    by_hand = case((table.c.manual_score.is_not(null()), again), else_=bindparam("open", type_=Boolean))
    one = (
        update(table)
        .where(table.c.notebook_id == bindparam("notebook"), table.c.cell_id == bindparam("cell"))
        .values(auto_score=bindparam("points"), needs_manual_grade=by_hand)
    )
    rows = [
        {
            "notebook": place.id,
            "cell": place.shape.graded[name],
            "points": points,
            "open": points is None,
            "changed": name not in place.unchanged,
        }
        for place in places
        for name, points in (place.points or {}).items()
        if name not in place.shape.tasks
    ]
    if rows:
        connection.execute(one, rows)


def _write_missing(connection: Any, notebooks: list[str]) -> None:
    """A notebook that was not handed in, while others were, has no points."""
    from nbgrader.api import Grade

    table = Grade.__table__
    if notebooks:
        none = update(table).values(auto_score=0.0, needs_manual_grade=False)
        connection.execute(none.where(table.c.notebook_id.in_(notebooks)))


def _write_comments(connection: Any, places: Sequence[_Place]) -> None:
    from nbgrader.api import Comment

    table = Comment.__table__
    one = (
        update(table)
        .where(table.c.notebook_id == bindparam("notebook"), table.c.cell_id == bindparam("cell"))
        .values(auto_comment=bindparam("text"))
    )
    rows = [
        {"notebook": place.id, "cell": cell, "text": "No response." if name in place.untouched else None}
        for place in places
        if place.points is not None
        for name, cell in place.shape.commented.items()
    ]
    if rows:
        connection.execute(one, rows)


def _write_penalties(
    connection: Any,
    places: Sequence[_Place],
    scores: dict[str, tuple[str, float, float]],
    late: dict[str, float],
    penalty: Penalty,
) -> None:
    """Take points off for being late, by the course's rule and within what there is to take."""
    from nbgrader.api import SubmittedNotebook as Notebook

    table = Notebook.__table__
    rows = []
    for place in places:
        score = scores[place.id][1] if place.id in scores else 0.0
        off = penalty(place.student, score, late[place.student]) if place.student in late else None
        rows.append({"number": place.id, "off": None if off is None else min(max(off, 0.0), score)})
    one = update(table).where(table.c.id == bindparam("number"))
    if rows:
        connection.execute(one.values(late_submission_penalty=bindparam("off")), rows)
