"""The class list: from a CSV file of whatever system, and from the gradebook, which remembers it.

Read are the gradebook export of Canvas (`Student, ID, SIS User ID, SIS Login ID, Section`), the participants list
and the grading worksheet of Moodle (`Identifier, Full name, Email address, ID number`), nbgrader's own
(`id, first_name, last_name, email, lms_user_id`), and any file with such columns under such names.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.classroom import gradebook
from autograder.classroom.collect.people import Person, is_safe
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError

_COLUMNS = {
    "id": ("student_id", "id", "sis login id", "sis user id", "id number", "username", "login", "netid"),
    "first_name": ("first_name", "first name", "firstname", "given name"),
    "last_name": ("last_name", "last name", "lastname", "surname", "family name"),
    "name": ("student", "name", "full name", "fullname", "student name"),
    "email": ("email", "email address", "e-mail", "mail"),
    "number": ("lms_user_id", "canvas id", "canvas user id"),
    "participant": ("identifier",),
}
_CANVAS_HEADERS = ({"student", "id"}, {"id", "sis login id"})  # either says that `ID` is Canvas's number
_NOT_STUDENTS = ("points possible", "student, test", "test student")


def read(path: Path) -> list[Person]:
    """Read a class list; raise CourseError naming the line that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read as a class list: {error}.") from error
    table = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    header = [name.strip().casefold() for name in next(table, [])]
    columns = _find_columns(header)
    if not {"id", "email", "number", "name", "last_name"} & columns.keys():
        raise CourseError(
            f"{path} has no column for an id, a name or an e-mail address: {', '.join(header)}."
        )
    people = [
        _person(path, table.line_num, {field: row[place].strip() for field, place in columns.items()})
        for row in table
        if len(row) == len(header) and _is_student(row)
    ]
    _refuse_doubles(path, people)
    return people


def known(course: Course) -> list[Person]:
    """Return the students that the gradebook knows, and those who have a folder in `submitted/`."""
    folders = (path for path in course.submitted("", "").glob("*") if path.is_dir() and is_safe(path.name))
    return merge([Person(path.name) for path in folders], _in_gradebook(course))


def _in_gradebook(course: Course) -> list[Person]:
    with gradebook.opened(course) as book:
        return [
            Person(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                student.lms_user_id or "",
            )
            for student in book.students
        ]


def merge(old: Iterable[Person], new: Iterable[Person]) -> list[Person]:
    """Return all students, what is newly said of one before what was known."""
    people = {person.id: person for person in old}
    for person in new:
        before = people.get(person.id, Person(person.id))
        people[person.id] = Person(
            person.id,
            person.first_name or before.first_name,
            person.last_name or before.last_name,
            person.email or before.email,
            person.number or before.number,
            person.participant or before.participant,
        )
    return list(people.values())


def save(course: Course, people: Iterable[Person]) -> int:
    """Put students into the gradebook, in one transaction; return how many were not there."""
    with gradebook.opened(course) as book:
        known = {student.id: student for student in book.students}
        added = 0
        for person in people:
            if person.id not in known:
                added += 1
                known[person.id] = _add(book, person.id)
            _update(known[person.id], person)
        book.db.commit()
    return added


def _add(book: Any, student: str) -> Any:
    from nbgrader.api import Student

    row = Student(id=student)
    book.db.add(row)
    return row


def _update(row: Any, person: Person) -> None:
    for name, value in (
        ("first_name", person.first_name),
        ("last_name", person.last_name),
        ("email", person.email),
        ("lms_user_id", person.number),
    ):
        if value and getattr(row, name) != value:
            setattr(row, name, value)


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.split("\n", 1)[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Dialect


def _find_columns(header: list[str]) -> dict[str, int]:
    names = dict(_COLUMNS)
    if any(known <= set(header) for known in _CANVAS_HEADERS):
        names |= {"number": ("id",), "id": tuple(name for name in names["id"] if name != "id")}
    places = {
        field: [header.index(name) for name in options if name in header] for field, options in names.items()
    }
    return {field: found[0] for field, found in places.items() if found}


def _is_student(row: list[str]) -> bool:
    return any(cell.strip() for cell in row) and row[0].strip().casefold() not in _NOT_STUDENTS


def _person(path: Path, line: int, row: Mapping[str, str]) -> Person:
    first, last = row.get("first_name", ""), row.get("last_name", "")
    if not first and not last:
        first, last = _split(row.get("name", ""))
    email, number = row.get("email", ""), row.get("number", "")
    name = "-".join(filter(None, (first, last))).casefold().replace(" ", "-")
    student = row.get("id") or email.split("@")[0] or name
    if not is_safe(student):
        raise CourseError(
            f"{path}, line {line}: {student!r} cannot be a student's id: letters, digits and .@_- may."
        )
    return Person(student, first, last, email, number, row.get("participant", "").rpartition(" ")[2])


def _split(name: str) -> tuple[str, str]:
    """Split `Doe, Jane` or `Jane Doe` into first and last name."""
    if ", " in name:
        last, first = name.split(", ", 1)
        return first, last
    first, _, last = name.rpartition(" ")
    return first, last


def _refuse_doubles(path: Path, people: list[Person]) -> None:
    for student, times in Counter(person.id.casefold() for person in people).items():
        if times > 1:
            raise CourseError(
                f"{path} lists {student!r} {times} times: each student needs an id of their own."
            )
