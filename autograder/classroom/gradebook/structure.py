"""Where an assignment's grades go in nbgrader's database: what it has for each submission, made where it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update

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
        from nbgrader import api

        self._api = api
        found = gradebook.find_assignment(assignment)
        self._id, self._due = found.id, found.duedate
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
        rows = [
            {"id": number, "assignment_id": self._id, "student_id": student, "timestamp": handed_in[student]}
            for student, number in new.items()
        ]
        insert_rows(connection, self._api.SubmittedAssignment, rows)
        return there | new

    def submissions(self, connection: Any, students: Iterable[str]) -> dict[str, str]:
        """Return the ids of the submissions that there are, by student."""
        query = self._of_students(students).add_columns(self._api.SubmittedAssignment.id)
        return dict(connection.execute(query).all())

    def notebooks(self, connection: Any, submissions: Iterable[str]) -> dict[tuple[str, str], str]:
        """Make the submitted notebooks that are missing; return all ids, by submission and notebook's name."""
        submissions = list(submissions)
        kind = self._api.SubmittedNotebook
        names = {shape.id: name for name, shape in self.shapes.items()}
        query = select(kind.assignment_id, kind.notebook_id, kind.id).where(
            kind.assignment_id.in_(submissions)
        )
        query = query.where(kind.notebook_id.in_(list(names)))
        there = {(s, names[n]): number for s, n, number in connection.execute(query)}
        pairs = ((submission, name) for submission in submissions for name in self.shapes)
        new = {pair: uuid4().hex for pair in pairs if pair not in there}
        self._add_notebooks(connection, new)
        return there | new

    def seconds_late(self, connection: Any, students: Iterable[str]) -> dict[str, float]:
        """Return for those who were late, their extensions counted, by how many seconds."""
        if self._due is None:
            return {}
        kind = self._api.SubmittedAssignment
        rows = connection.execute(self._of_students(students).add_columns(kind.timestamp, kind.extension))
        late = {s: (t - self._due - (x or timedelta())).total_seconds() for s, t, x in rows if t}
        return {student: seconds for student, seconds in late.items() if seconds > 0}

    def deadlines(self, connection: Any) -> dict[str, datetime | None]:
        """Return until when each student who has a submission could hand it in."""
        kind = self._api.SubmittedAssignment
        rows = connection.execute(
            select(kind.student_id, kind.extension).where(kind.assignment_id == self._id)
        )
        return {student: self._due and self._due + (extra or timedelta()) for student, extra in rows}

    @property
    def due(self) -> datetime | None:
        """Until when everybody can hand in, None if there is no such time."""
        due: datetime | None = self._due
        return due

    def _of_students(self, students: Iterable[str]) -> Any:
        kind = self._api.SubmittedAssignment
        mine = kind.assignment_id == self._id
        return select(kind.student_id).where(mine, kind.student_id.in_(list(students)))

    def _add_students(self, connection: Any, students: Iterable[str]) -> None:
        kind = self._api.Student
        there = set(connection.scalars(select(kind.id).where(kind.id.in_(list(students)))))
        insert_rows(connection, kind, [{"id": name} for name in students if name not in there])

    def _set_times(self, connection: Any, times: dict[str, datetime]) -> None:
        table = self._api.SubmittedAssignment.__table__
        one = update(table).where(table.c.id == bindparam("number")).values(timestamp=bindparam("when"))
        if times:
            connection.execute(one, [{"number": number, "when": when} for number, when in times.items()])

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
        insert_rows(connection, self._api.SubmittedNotebook, notebooks)
        insert_rows(connection, self._api.Grade, grades)
        insert_rows(connection, self._api.Comment, comments)


def insert_rows(connection: Any, kind: Any, rows: _Rows) -> None:
    """Insert rows, if there are any, into the table of one of nbgrader's classes."""
    if rows:
        connection.execute(insert(kind.__table__), rows)


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
