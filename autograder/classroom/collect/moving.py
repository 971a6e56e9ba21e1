"""Making one student of two, and giving a student another id: everything handed in and graded goes along."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry, SubmittedAssignment
from sqlalchemy import update

from autograder.classroom import files
from autograder.classroom.collect import roster
from autograder.classroom.collect.ledger import HandIn, Ledger, collected, digest_of, latest, now
from autograder.classroom.collect.names import as_canvas, words
from autograder.classroom.collect.people import Person
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.gradebook import history, opened


@dataclass(frozen=True)
class Move:
    """A student `old` who is the same person as `new`, and how that is known."""

    old: str
    new: Person
    how: str

    def __str__(self) -> str:
        """Say it in one line."""
        name = f" ({self.new.name})" if self.new.name else ""
        return f"{self.old} is {self.new.id}{name}, known by {self.how}"


def find(
    course: Course, assignment: str, people: Sequence[Person], listed: Sequence[Person]
) -> tuple[list[Move], list[str]]:
    """Return who of the people known is called otherwise in a list, and whom it is not clear of.

    Everything is compared that is known: number, login, address, matriculation number, Moodle's number in what was
    collected for the `assignment`, and the name.
    """
    numbers = latest(course, assignment) if assignment else {}
    ids = {person.id for person in listed}
    moves, unclear = [], []
    for person in people:
        if person.id in ids:
            continue
        hand_in = numbers.get(person.id)
        number = hand_in.number if hand_in and hand_in.source == "moodle" else ""
        found = {
            new.id: (new, how) for new in listed if (how := _same(replace(person, participant=number), new))
        }
        if len(found) == 1:
            [(new, how)] = found.values()
            moves.append(Move(person.id, new, how))
        elif found:
            unclear.append(
                f"{person.id} could be {' or '.join(sorted(found))}: see `autograder roster merge`"
            )
    return moves, unclear


def _same(known: Person, new: Person) -> str:
    """Say by what two entries are known to be one person; nothing if they are not, or contradict each other."""
    if known.number and new.number and known.number != new.number:
        return ""
    if known.number and known.number == new.number:
        return f"Canvas's number {known.number}"
    if common := known.identifiers & new.identifiers:
        return sorted(common)[0]
    if known.email and new.email:
        return ""
    if known.participant and new.participant:
        return f"Moodle's number {new.participant}" if known.participant == new.participant else ""
    return "name" if _same_name(known, new) else ""


def _same_name(known: Person, new: Person) -> bool:
    if not new.name:
        return False
    orders = ({words(new.name), words(f"{new.last_name} {new.first_name}")}) - {()}
    if words(known.name or known.id) in orders:
        return True
    joined = {as_canvas(new.name), as_canvas(f"{new.last_name} {new.first_name}")}
    return bool(known.number) and as_canvas(known.name) in joined


def merge(course: Course, moves: Iterable[Move]) -> None:
    """Carry out moves. Raises CourseError, before anything is changed, where two people's points would meet."""
    moves = list(moves)
    with opened(course) as gradebook:
        for move in moves:
            _require_one_grading(gradebook, move.old, move.new.id)
        gradebook.db.rollback()
        history.create_table(gradebook.engine)
        for move in moves:  # what is killed between a student's rows and files is found again by the old id
            _move_rows(gradebook, move)
            gradebook.db.commit()
            _move_files(course, move.old, move.new.id)


def drop(course: Course, student: str) -> None:
    """Take a student out of the class; files stay, and what a person graded by hand is noted for their return."""
    with opened(course) as gradebook:
        given = _given(gradebook, student)
        roster.enter(gradebook, [roster.in_gradebook(gradebook).get(student, Person(student))])
        gradebook.remove_student(student)
        roster.mark_dropped(gradebook, student, given)
        gradebook.db.commit()


def add(course: Course, person: Person) -> None:
    """Put a student into the class; points that a person had given them before they left are theirs again."""
    before = {one.id: one for one in (*roster.known(course), *roster.gone(course))}
    with opened(course) as gradebook:
        given = roster.given(gradebook, person.id)
        roster.enter(gradebook, [before[person.id].updated(person) if person.id in before else person])
        gradebook.db.commit()
        for one in given:
            _give(gradebook, person.id, one)
        gradebook.db.commit()


def _submissions(gradebook: Any, student: str) -> list[Any]:
    found: list[Any] = gradebook.db.query(SubmittedAssignment).filter_by(student_id=student).all()
    return found


def _given(gradebook: Any, student: str) -> list[dict[str, Any]]:
    """Return what a person has given a student: points, extra credit and comments, by cell."""
    found = []
    for one in _submissions(gradebook, student):
        for notebook in one.notebooks:
            where = {"assignment": one.assignment.name, "notebook": notebook.name}
            for grade in notebook.grades:
                if grade.manual_score is not None or grade.extra_credit:
                    points = {"manual_score": grade.manual_score, "extra_credit": grade.extra_credit}
                    found.append({**where, "cell": grade.name, **points})
            for comment in notebook.comments:
                if comment.manual_comment:
                    found.append({**where, "cell": comment.name, "comment": comment.manual_comment})
    return found


def _give(gradebook: Any, student: str, given: dict[str, Any]) -> None:
    try:
        gradebook.update_or_create_submission(given["assignment"], student)
        where = (given["cell"], given["notebook"], given["assignment"], student)
        if "comment" in given:
            gradebook.find_comment(*where).manual_comment = given["comment"]
        else:
            grade = gradebook.find_grade(*where)
            grade.manual_score, grade.extra_credit = given["manual_score"], given["extra_credit"]
    except MissingEntry:  # the assignment has changed since
        return


def _require_one_grading(gradebook: Any, old: str, new: str) -> None:
    mine, theirs = ({one["assignment"] for one in _given(gradebook, student)} for student in (old, new))
    if both := sorted(mine & theirs):
        raise CourseError(
            f"{old} and {new} have both been graded by hand in {', '.join(both)}: remove the points of one in the "
            "formgrader first. Nothing was changed."
        )


def _move_rows(gradebook: Any, move: Move) -> None:
    """Give a student's submissions, and the record of their gradings, to another; the caller commits."""
    people = roster.in_gradebook(gradebook)
    known, there = (people.get(student, Person(student)) for student in (move.old, move.new.id))
    roster.enter(gradebook, [there.updated(known).updated(move.new)])
    theirs = {one.assignment.name for one in _submissions(gradebook, move.new.id)}
    by_hand = {one["assignment"] for one in _given(gradebook, move.new.id)}
    for one in _submissions(gradebook, move.old):
        name = one.assignment.name
        if name in theirs:
            gradebook.remove_submission(name, move.old if name in by_hand else move.new.id)
        if name not in by_hand:
            one.student_id = move.new.id
    gradebook.db.flush()
    gradebook.db.expire_all()
    table = history.TABLE
    gradebook.db.execute(update(table).where(table.c.student == move.old).values(student=move.new.id))
    history.move_extensions(gradebook.db, move.old, move.new.id)
    roster.forget(gradebook, move.old)
    if any(row.id == move.old for row in gradebook.students):
        gradebook.remove_student(move.old)


def _move_files(course: Course, old: str, new: str) -> None:
    for assignment in course.assignments():
        source, target = Ledger(course, assignment, old), Ledger(course, assignment, new)
        place, goal = course.submitted(old, assignment), course.submitted(new, assignment)
        for path in sorted(place.glob("*.ipynb")) if goal.is_dir() else ():
            data = path.read_bytes()
            hand_in = HandIn(digest_of(data), path.stem, "found", course.relative(path), collected=now())
            if not path.is_symlink() and digest_of(data) not in {h.digest for h in source.hand_ins}:
                target.add(hand_in, data)
        target.take_over(source)
        aside = target.folder / f"submitted-by-{old}"
        for step in (course.submitted, course.autograded, course.feedback):
            _move_folder(
                step(old, assignment), step(new, assignment), aside if step == course.submitted else None
            )
        if target.hand_ins:
            target.submit(sorted({hand_in.notebook for hand_in in target.hand_ins}))
        shutil.rmtree(collected(course) / assignment / old, ignore_errors=True)
    for step in (course.submitted, course.autograded, course.feedback):
        with_nothing = step(old, "x").parent
        if with_nothing.is_dir() and not any(
            p for p in with_nothing.rglob("*") if p.is_file() and p.name[0] != "."
        ):
            shutil.rmtree(with_nothing)


def _move_folder(source: Path, target: Path, aside: Path | None) -> None:
    """Move a folder; where there is one already, what was handed in is put aside, and what was made is made again."""
    files.recover(source)
    if source.is_dir() and target.exists() and aside is None:
        shutil.rmtree(source)
    elif source.is_dir():
        goal = aside if target.exists() and aside else target
        goal.parent.mkdir(parents=True, exist_ok=True)
        source.rename(goal)
