"""A group's work is graded once: what a person gives one member is given to all who handed in the same with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.classroom.collect.ledger import every
from autograder.classroom.course import Course
from autograder.classroom.gradebook import opened

_Team = tuple[str, str, list[str]]  # its name, the notebook, its members


def share(course: Course, assignment: str) -> list[str]:
    """Give points and comments of a person to the whole group; return, a line each, what is not clear."""
    teams = list(_teams(course, assignment))
    if not teams:
        return []
    with opened(course) as gradebook:
        there = {one.student_id: one for one in gradebook.assignment_submissions(assignment)}
        notes = [
            note
            for name, notebook, members in teams
            for note in _share(name, [_notebook(there[s], notebook) for s in members if s in there], members)
        ]
        gradebook.db.commit()
    return notes


def _teams(course: Course, assignment: str) -> Iterator[_Team]:
    """Give those who count for an assignment with one and the same file of their group's."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for student, ledger in every(course, assignment):
        for notebook in {hand_in.notebook for hand_in in ledger.hand_ins}:
            if (current := ledger.current(notebook)) and current.group:
                found[current.group, notebook, current.digest].append(student)
    yield from (
        (name, notebook, members) for (name, notebook, _), members in found.items() if len(members) > 1
    )


def _notebook(submission: Any, name: str) -> Any:
    return next(notebook for notebook in submission.notebooks if notebook.name == name)


def _share(team: str, notebooks: Sequence[Any], members: Sequence[str]) -> Iterator[str]:
    grades, comments = defaultdict(list), defaultdict(list)
    for notebook in notebooks:
        for grade in notebook.grades:
            grades[grade.name].append(grade)
        for comment in notebook.comments:
            comments[comment.name].append(comment)
    for cell, found in grades.items():
        given = {(g.manual_score, g.extra_credit or 0.0) for g in found if g.manual_score is not None}
        if len(given) > 1:
            yield f"{team}: {', '.join(members)} were given different points for {cell}: nothing was shared"
        for grade in found if len(given) == 1 else ():
            if grade.manual_score is None:
                [(grade.manual_score, grade.extra_credit)] = given
                grade.needs_manual_grade = False
    for found in comments.values():
        said = {comment.manual_comment for comment in found if comment.manual_comment}
        for comment in found if len(said) == 1 else ():
            [comment.manual_comment] = said
