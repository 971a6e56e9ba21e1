"""What is written into the gradebook for graded submissions, as nbgrader writes it, many at a time, and where it goes.

The same rows as from nbgrader's `SaveAutoGrades` and `AssignLatePenalties`: a student and a submission are made
where there are none, the judge's points are entered, a person's points, comments and extra credit stay. One thing is
otherwise: nbgrader asks a person again for all that was graded by hand; here only where the answer itself has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from nbgrader.api import Comment, Grade, Student
from nbgrader.api import SubmittedAssignment as Assignment
from nbgrader.api import SubmittedNotebook as Notebook
from sqlalchemy import Boolean, bindparam, case, func, insert, null, or_, select, update

from autograder.classroom.gradebook import history

_Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Shape:
    """A notebook of the assignment: ids of its cells by name; tasks are among the graded and the commented."""

    id: str
    graded: dict[str, str]
    commented: dict[str, str]
    tasks: frozenset[str]


class Structure:
    """An assignment as the gradebook knows it, and its submissions' places in it."""

    def __init__(self, gradebook: Any, assignment: str) -> None:
        found = gradebook.find_assignment(assignment)
        self._name, self._id = assignment, found.id
        self.due: datetime | None = found.duedate  # until when everybody can hand in
        self.max_points = float(found.max_score)
        self.shapes: dict[str, Shape] = {notebook.name: _shape(notebook) for notebook in found.notebooks}

    def place(self, connection: Any, handed_in: Mapping[str, datetime | None]) -> dict[str, str]:
        """Make what is missing of students and their submissions; return the submissions' ids by student.

        `handed_in` has the students and when each handed in; None leaves a time that is known.
        """
        self._add_students(connection, handed_in)
        there = self.submissions(connection, handed_in)
        self._set_times(connection, {there[s]: when for s, when in handed_in.items() if s in there and when})
        new = {student: uuid4().hex for student in handed_in if student not in there}
        more = history.granted(connection, self._name) if new else {}
        rows = [
            {
                "id": number,
                "assignment_id": self._id,
                "student_id": student,
                "timestamp": handed_in[student],
                "extension": more.get(student),
            }
            for student, number in new.items()
        ]
        _insert(connection, Assignment, rows)
        return there | new

    def submissions(self, connection: Any, students: Iterable[str]) -> dict[str, str]:
        """Return the ids of the submissions that there are, by student."""
        query = self._of_students(students).add_columns(Assignment.id)
        return dict(connection.execute(query).all())

    def notebooks(self, connection: Any, submissions: Iterable[str]) -> dict[tuple[str, str], str]:
        """Make the submitted notebooks that are missing; return all ids, by submission and notebook's name."""
        submissions = list(submissions)
        names = {shape.id: name for name, shape in self.shapes.items()}
        query = select(Notebook.assignment_id, Notebook.notebook_id, Notebook.id).where(
            Notebook.assignment_id.in_(submissions)
        )
        query = query.where(Notebook.notebook_id.in_(list(names)))
        there = {(s, names[n]): number for s, n, number in connection.execute(query)}
        pairs = ((submission, name) for submission in submissions for name in self.shapes)
        new = {pair: uuid4().hex for pair in pairs if pair not in there}
        self._add_notebooks(connection, new)
        return there | new

    def seconds_late(self, connection: Any, students: Iterable[str]) -> dict[str, float]:
        """Return for those who were late, their extensions counted, by how many seconds."""
        if self.due is None:
            return {}
        rows = connection.execute(
            self._of_students(students).add_columns(Assignment.timestamp, Assignment.extension)
        )
        late = {s: (t - self.due - (x or timedelta())).total_seconds() for s, t, x in rows if t}
        return {student: seconds for student, seconds in late.items() if seconds > 0}

    def deadlines(self, connection: Any) -> dict[str, datetime | None]:
        """Return until when each student who has a submission could hand it in."""
        rows = connection.execute(
            select(Assignment.student_id, Assignment.extension).where(Assignment.assignment_id == self._id)
        )
        return {student: self._until(extra) for student, extra in rows}

    def extended(self, connection: Any) -> dict[str, datetime | None]:
        """Return until when those can hand in who were given more time."""
        more = history.granted(connection, self._name)
        return {student: self._until(extra) for student, extra in more.items()}

    def _until(self, extra: timedelta | None) -> datetime | None:
        return None if self.due is None else self.due + (extra or timedelta())

    def _of_students(self, students: Iterable[str]) -> Any:
        mine = Assignment.assignment_id == self._id
        return select(Assignment.student_id).where(mine, Assignment.student_id.in_(list(students)))

    def _add_students(self, connection: Any, students: Iterable[str]) -> None:
        there = set(connection.scalars(select(Student.id).where(Student.id.in_(list(students)))))
        _insert(connection, Student, [{"id": name} for name in students if name not in there])

    def _set_times(self, connection: Any, times: dict[str, datetime]) -> None:
        table = Assignment.__table__
        one = update(table).where(table.c.id == bindparam("number")).values(timestamp=bindparam("when"))
        _execute(connection, one, [{"number": number, "when": when} for number, when in times.items()])

    def _add_notebooks(self, connection: Any, new: dict[tuple[str, str], str]) -> None:
        """Mirror the assignment's cells, as nbgrader does for a new submission."""
        notebooks, grades, comments = [], [], []
        for (submission, name), number in new.items():
            shape = self.shapes[name]
            notebooks.append(
                {"id": number, "assignment_id": submission, "notebook_id": shape.id, "flagged": False}
            )
            grades += [_cell_row(number, cell, needs_manual_grade=True) for cell in shape.graded.values()]
            comments += [_cell_row(number, cell) for cell in shape.commented.values()]
        _insert(connection, Notebook, notebooks)
        _insert(connection, Grade, grades)
        _insert(connection, Comment, comments)


def _insert(connection: Any, kind: Any, rows: _Rows) -> None:
    _execute(connection, insert(kind.__table__), rows)


def _execute(connection: Any, statement: Any, rows: _Rows) -> None:
    """Carry out a statement for each row; without any, SQLAlchemy would carry it out once."""
    if rows:
        connection.execute(statement, rows)


def _shape(notebook: Any) -> Shape:
    tasks = {cell.name: cell.id for cell in notebook.task_cells}
    return Shape(
        notebook.id,
        {cell.name: cell.id for cell in notebook.grade_cells} | tasks,
        {cell.name: cell.id for cell in notebook.solution_cells} | tasks,
        frozenset(tasks),
    )


def _cell_row(notebook: str, cell: str, **values: Any) -> dict[str, Any]:
    return {"id": uuid4().hex, "notebook_id": notebook, "cell_id": cell, **values}


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
    cells = [cell for shape in structure.shapes.values() for cell in shape.graded.values()]
    query = (
        select(
            Notebook.id,
            Notebook.assignment_id,
            func.sum(Grade.score),
            Notebook.late_submission_penalty,
        )
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
    _execute(connection, one, rows)


def _write_missing(connection: Any, notebooks: list[str]) -> None:
    """A notebook that was not handed in, while others were, has no points."""
    table = Grade.__table__
    if notebooks:
        none = update(table).values(auto_score=0.0, needs_manual_grade=False)
        connection.execute(none.where(table.c.notebook_id.in_(notebooks)))


def _write_comments(connection: Any, places: Sequence[_Place]) -> None:
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
    _execute(connection, one, rows)


def _write_penalties(
    connection: Any,
    places: Sequence[_Place],
    scores: dict[str, tuple[str, float, float]],
    late: dict[str, float],
    penalty: Penalty,
) -> None:
    """Take points off for being late, by the course's rule and within what there is to take."""
    table = Notebook.__table__
    rows = []
    for place in places:
        score = scores[place.id][1] if place.id in scores else 0.0
        off = penalty(place.student, score, late[place.student]) if place.student in late else None
        rows.append({"number": place.id, "off": None if off is None else min(max(off, 0.0), score)})
    one = update(table).where(table.c.id == bindparam("number"))
    _execute(connection, one.values(late_submission_penalty=bindparam("off")), rows)
