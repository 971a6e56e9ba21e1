"""The roster: everybody in the class, kept in the gradebook, where nbgrader's commands see them too.

nbgrader's table of students has an id, two names, an address and a platform's number. What else is known of somebody,
and that they have left, stands in a table beside it. So whoever `nbgrader db student remove` takes out stays out: they
are in our table and no more in nbgrader's. `nbgrader db student add` brings them back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from nbgrader.api import Student
from sqlalchemy import Boolean, Column, MetaData, String, Table, Text, delete, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from autograder.classroom.collect.names import is_safe
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.course import Course
from autograder.classroom.gradebook import opened

TABLE = Table(
    "autograder_roster",
    MetaData(),
    Column("student", String(128), primary_key=True),
    Column("dropped", Boolean, nullable=False, default=False),
    Column("facts", Text, nullable=False, default="{}"),
)
_OURS = ("login", "sis", "also", "groups", "sections")  # what nbgrader's table has no columns for


def known(course: Course) -> list[Person]:
    """Return the students that the gradebook knows, and those who have a folder in `submitted/`; nobody who left."""
    with opened(course) as gradebook:
        people, gone = in_gradebook(gradebook), left(gradebook)
    folders = (path for path in course.submitted("", "").glob("*") if path.is_dir() and is_safe(path.name))
    own = [Person(path.name) for path in folders if path.name not in gone and path.name not in people]
    return [*people.values(), *own]


def everybody(course: Course) -> dict[str, Person]:
    """Return the students that the gradebook knows, by id."""
    with opened(course) as gradebook:
        return in_gradebook(gradebook)


def remember(gradebook: Any) -> None:
    """Note everybody who is in the gradebook, so that whoever is taken out is missed."""
    _make_table(gradebook)
    rows = _rows(gradebook)
    _insert(gradebook, [{"student": s.id} for s in gradebook.students if s.id not in rows])
    gradebook.db.commit()


def left(gradebook: Any) -> set[str]:
    """Return who has left: dropped, or taken out of the gradebook by hand.

    Of an empty gradebook, which somebody began anew, nobody was taken out.
    """
    there, rows = {student.id for student in gradebook.students}, _rows(gradebook)
    return {student for student, (dropped, _) in rows.items() if student not in there and (dropped or there)}


def gone(course: Course) -> list[Person]:
    """Return who has left, with what was known of them."""
    with opened(course) as gradebook:
        rows = _rows(gradebook)
        return [Person(student, **_facts(rows[student][1])) for student in sorted(left(gradebook))]


def update_people(listed: Iterable[Person], people: Iterable[Person]) -> list[Person]:
    """Return the people known with what a list newly says of them, and those who are new in it."""
    found = {person.id: person for person in people}
    for person in listed:
        found[person.id] = found[person.id].updated(person) if person.id in found else person
    return list(found.values())


def with_groups(listed: Iterable[Person], people: Iterable[Person]) -> list[Person]:
    """Return the people with the groups that a list puts them into, and those in the list who were not known."""
    known = ClassList(people)
    found = dict(known.people)
    for person in listed:
        own = known.same(person)
        if not own:
            found[person.id] = person
        elif len(own) == 1:
            found[own[0].id] = replace(own[0], groups=person.groups)
    return list(found.values())


def save(course: Course, people: Iterable[Person]) -> int:
    """Put students into the gradebook, in one transaction; return how many were not there."""
    with opened(course) as gradebook:
        added = enter(gradebook, people)
        gradebook.db.commit()
    return added


def enter(gradebook: Any, people: Iterable[Person]) -> int:
    """Put students into an open gradebook, return how many were not there; the caller commits."""
    _make_table(gradebook)
    listed = {person.id: person for person in people}
    there = {student.id: student for student in gradebook.students}
    new = [Student(id=student) for student in listed if student not in there]
    gradebook.db.add_all(new)
    for row in (*new, *there.values()):
        if row.id in listed:
            _update(row, listed[row.id])
    noted = {row.student: row.facts for row in gradebook.db.execute(select(TABLE).where(~TABLE.c.dropped))}
    facts = {person.id: _as_facts(person) for person in listed.values()}
    changed = {student: text for student, text in facts.items() if noted.get(student) != text}
    gradebook.db.execute(delete(TABLE).where(TABLE.c.student.in_([*changed])))
    _insert(gradebook, [{"student": student, "facts": text} for student, text in changed.items()])
    gradebook.db.flush()
    return len(new)


def forget(gradebook: Any, student: str) -> None:
    """Remove all that our table has of a student; the caller commits."""
    _make_table(gradebook)
    gradebook.db.execute(delete(TABLE).where(TABLE.c.student == student))


def mark_dropped(gradebook: Any, student: str, given: object) -> None:
    """Note that a student has left, and what a person gave them; the caller commits."""
    facts = {**_rows(gradebook).get(student, (False, {}))[1], "given": given}
    forget(gradebook, student)
    _insert(
        gradebook, [{"student": student, "dropped": True, "facts": json.dumps(facts, ensure_ascii=False)}]
    )


def given(gradebook: Any, student: str) -> Any:
    """Return what a person had given a student who left."""
    return _rows(gradebook).get(student, (False, {}))[1].get("given", [])


def in_gradebook(gradebook: Any) -> dict[str, Person]:
    """Return everybody in an open gradebook, by id."""
    rows = _rows(gradebook)
    return {
        student.id: Person(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
            **{n: v for n, v in _facts(rows.get(student.id, (False, {}))[1]).items() if n in _OURS},
        )
        for student in gradebook.students
    }


def _as_facts(person: Person) -> str:
    facts = {name: value for name, value in asdict(person).items() if name not in ("id", "participant")}
    return json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False)


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {n: tuple(v) if isinstance(v, list) else v for n, v in facts.items() if n != "given"}


def _update(row: Any, person: Person) -> None:
    for name, value in (
        ("first_name", person.first_name),
        ("last_name", person.last_name),
        ("email", person.email),
        ("lms_user_id", person.number),
    ):
        if value and getattr(row, name) != value:
            setattr(row, name, value)


def _rows(gradebook: Any) -> dict[str, tuple[bool, dict[str, Any]]]:
    """Return of everybody in our table whether they were dropped, and what is known of them."""
    if not inspect(gradebook.db.connection()).has_table(TABLE.name):
        return {}
    rows = gradebook.db.execute(select(TABLE.c.student, TABLE.c.dropped, TABLE.c.facts))
    return {student: (dropped, json.loads(facts)) for student, dropped, facts in rows}


def _make_table(gradebook: Any) -> None:
    """Make our table where it is not there yet, also when another run makes it at the same moment."""
    try:
        TABLE.metadata.create_all(gradebook.db.connection())
    except DBAPIError:
        gradebook.db.rollback()
        if not inspect(gradebook.db.connection()).has_table(TABLE.name):
            raise


def _insert(gradebook: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        gradebook.db.execute(insert(TABLE), [{"dropped": False, "facts": "{}", **row} for row in rows])
