"""What a person gives: to an answer on the page, on appeal, and from one member of a group to all.

It is written into nbgrader's own columns, as the formgrader writes it; what another person gave meanwhile stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbgrader.api import MissingEntry
from sqlalchemy import or_, update

from autograder.classroom.by_hand.questions import ByHand, Question
from autograder.classroom.collect.ledger import every
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import graded, opened
from autograder.classroom.gradebook.graded import Answer


class Meanwhile(Exception):
    """Somebody else has graded the answer since it was shown: `given` is what they gave."""

    def __init__(self, given: ByHand) -> None:
        super().__init__("somebody else has graded this answer meanwhile")
        self.given = given


def save(course: Course, question: Question, student: str, given: ByHand, seen: ByHand) -> bool:
    """Write what a person gives; return whether a person has still to look at the answer.

    Raises Meanwhile, and writes nothing, where the gradebook no longer holds what this person has `seen`.
    """
    with opened(course) as book:
        grade, comment = _found(book, question, student)
        require_possible(given.points, float(grade.max_score))
        waits = given.points is None and grade.auto_score is None
        values = {"manual_score": given.points, "needs_manual_grade": waits}
        if not _swapped(book.db, grade, "manual_score", seen.points, values) or not _swapped(
            book.db,
            comment,
            "manual_comment",
            seen.comment or None,
            {"manual_comment": given.comment or None},
        ):
            book.db.rollback()
            raise Meanwhile(ByHand(grade.manual_score, comment.manual_comment or ""))
        book.db.commit()
        return bool(waits)


def _found(book: Any, question: Question, student: str) -> tuple[Any, Any]:
    place = (question.cell, question.notebook, question.assignment, student)
    try:
        return book.find_grade(*place), book.find_comment(*place)
    except MissingEntry as error:
        raise CourseError("the gradebook no longer has this answer: load the page again.") from error


def require_possible(points: float | None, most: float) -> None:
    """Raise CourseError unless an item of so many points can be given these."""
    if points is not None and not 0 <= points <= most:
        raise CourseError(f"{points:g} is not between 0 and {most:g} points: nothing was saved.")


def _swapped(db: Any, row: Any, name: str, seen: object, values: Mapping[str, object]) -> bool:
    """Write values into a row in one step with the look at what it holds; tell whether that was what was seen."""
    table = type(row).__table__
    column = table.c[name]
    as_seen = column.is_not_distinct_from(seen)
    if seen is None and name == "manual_comment":  # the formgrader writes an emptied comment as an empty text
        as_seen = or_(as_seen, column == "")
    done = db.execute(update(table).where(table.c.id == row.id, as_seen).values(**values))
    return bool(done.rowcount == 1)


def decide(
    course: Course, assignment: str, student: str, item: str, points: float, why: str
) -> tuple[float, float]:
    """Give a student other points for an item, and say why below the answer; return the points before and after.

    A person's points stay when the hand-in is graded again. Raises CourseError, with nothing changed, where there is no
    such item or it has not so many points.
    """
    notebook, answer = _item(course, assignment, student, item)
    with opened(course) as book:
        grade = book.find_grade(item, notebook, assignment, student)
        require_possible(points, float(grade.max_score))
        before = float(grade.score)
        grade.manual_score, grade.needs_manual_grade = points, False
        comment = book.find_comment(answer, notebook, assignment, student)
        said = f"{item}: {points:g} points. {why}"
        comment.manual_comment = "\n".join(filter(None, (comment.manual_comment, said)))
        book.db.commit()
    return before, points


def _item(course: Course, assignment: str, student: str, item: str) -> tuple[str, str]:
    """The notebook that has the item, and the answer that it belongs to or stands after."""
    known = []
    for path in sorted(course.autograded(student, assignment).glob("*.ipynb")):
        answer = ""
        cells = graded.read_one(path).cells
        answers = {cell.name for cell in cells if isinstance(cell, Answer)}
        for cell in cells:
            if isinstance(cell, Answer):
                answer = cell.name
            elif cell.name == item and answer:
                return path.stem, cell.function if cell.function in answers else answer
            else:
                known.append(cell.name)
    if not known:
        raise CourseError(f"no hand-in of {student!r} for {assignment} is graded: nothing was changed.")
    raise CourseError(f"{assignment} has no item {item!r}. It has: {', '.join(known)}.")


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
            for note in _share(
                name,
                [one for s in members if s in there for one in there[s].notebooks if one.name == notebook],
                members,
            )
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
