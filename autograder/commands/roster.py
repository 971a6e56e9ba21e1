"""`autograder roster`: who is in the class."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.classroom.errors import CourseError
from autograder.commands.common import Commands, add_command, add_json, open_course

if TYPE_CHECKING:
    from autograder.classroom.collect.moving import Move
    from autograder.classroom.collect.people import Person
    from autograder.classroom.course import Course


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `roster` on the command line."""
    command = add_command(
        commands,
        "roster",
        "Who is in the class: without a word, all of them. `read` takes in a class list and makes one of whoever it "
        "calls otherwise; `add`, `drop`, `merge` and `rename` change one student, with all that they handed in and "
        "got. Who is dropped, or taken out with `nbgrader db student remove`, stays out until they are added again.",
        (
            "autograder roster",
            "autograder roster read class-list.csv",
            "autograder roster add ada --first-name Ada --last-name King --email ada@x.edu",
            "autograder roster drop ada",
            "autograder roster merge doejane-101 jdoe",
            "autograder roster rename jane-doe jdoe",
        ),
    )
    command.add_argument(
        "word", nargs="?", choices=["read", "add", "drop", "merge", "rename"], metavar="WORD"
    )
    command.add_argument("what", nargs="*", metavar="STUDENT|FILE")
    for name in ("first-name", "last-name", "email", "number", "group"):
        command.add_argument(f"--{name}", default="", metavar="TEXT", help="of the student who is added")
    command.add_argument("--yes", action="store_true", help="do not ask")
    add_json(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    course = open_course(arguments)
    words = {"read": _read, "add": _add, "drop": _drop, "merge": _merge, "rename": _merge}
    needed = {"read": 1, "add": 1, "drop": 1, "merge": 2, "rename": 2}
    if arguments.word is None:
        return _list(course, as_json=arguments.json)
    if len(arguments.what) < needed[arguments.word] or (
        arguments.word != "drop" and len(arguments.what) > needed[arguments.word]
    ):
        raise CourseError(
            f"`autograder roster {arguments.word}` wants {needed[arguments.word]} of them: see --help."
        )
    from autograder.classroom import files, gradebook

    gradebook.require_writable(course)
    with files.locked(course.submitted("", "")):
        return words[arguments.word](course, arguments)


def take_list(course: Course, path: Path, assignment: str = "", *, yes: bool) -> list[Person]:
    """Read a class list and make one of whoever it calls otherwise, when a person agrees; return its people.

    Raises CourseError if nobody agrees: then nothing has been changed.
    """
    from autograder import console
    from autograder.classroom.collect import class_list, moving, roster

    listed = class_list.read(path)
    for note in listed.notes:
        console.complain(note)
    moves, unclear = moving.find(course, assignment, roster.known(course), listed.people)
    for line in unclear:
        console.complain(line)
    if moves:
        _agree(moves, yes)
        moving.merge(course, moves)
    gone = {person.id for person in roster.gone(course)}
    for student in sorted(gone & {person.id for person in listed.people}):
        console.complain(f"{student} has left, though the list has them: `autograder roster add {student}`")
    people = [person for person in listed.people if person.id not in gone]
    if others := sorted({person.id for person in roster.known(course)} - {person.id for person in people}):
        console.say(f"not in the list: {_some(others)} (`autograder roster drop` takes them out)")
    return people


def _some(students: list[str], most: int = 20) -> str:
    return ", ".join(students[:most]) + (f" and {len(students) - most} more" if len(students) > most else "")


def _agree(moves: list[Move], yes: bool) -> None:
    from autograder import console

    console.say(f"{len(moves)} students are in the class under other names:")
    for move in moves:
        console.say(f"  {move}")
    console.say("Each becomes one student, with all that was handed in and graded.")
    if yes:
        return
    if not sys.stdin.isatty():
        raise CourseError("nothing was changed: look through them, then give the same command with --yes.")
    if input("Do it? [y/N] ").strip().casefold() not in ("y", "yes"):
        raise CourseError("nothing was changed.")


def _list(course: Course, *, as_json: bool) -> int:
    from autograder import console
    from autograder.classroom import gradebook
    from autograder.classroom.collect import roster

    people = sorted(roster.known(course), key=lambda person: person.id)
    with gradebook.opened(course) as book:
        gone = sorted(roster.left(book))
    if as_json:
        console.print_json({"students": people, "left": gone})
        return 0
    console.show_people(people)
    console.say(f"{len(people)} students" + (f"; {len(gone)} have left: {', '.join(gone)}" if gone else ""))
    return 0


def _read(course: Course, arguments: argparse.Namespace) -> int:
    from autograder import console
    from autograder.classroom.collect import roster

    listed = take_list(course, Path(arguments.what[0]), yes=arguments.yes)
    people = roster.update_people(listed, roster.known(course))
    new = roster.save(course, [person for person in people if person.id in {one.id for one in listed}])
    console.say(f"{len(listed)} students in the list, {new} new in the class")
    return 0


def _add(course: Course, arguments: argparse.Namespace) -> int:
    from autograder import console
    from autograder.classroom.collect import moving
    from autograder.classroom.collect.people import Person, is_safe

    [student] = arguments.what
    if not is_safe(student):
        raise CourseError(f"{student!r} cannot be a student's id: letters, digits and .@_- may.")
    groups = (arguments.group,) if arguments.group else ()
    person = Person(
        student, arguments.first_name, arguments.last_name, arguments.email, arguments.number, groups=groups
    )
    moving.add(course, person)
    console.say(f"{student} is in the class")
    return 0


def _drop(course: Course, arguments: argparse.Namespace) -> int:
    from autograder import console
    from autograder.classroom.collect import moving

    for student in arguments.what:
        _require(course, student)
    for student in arguments.what:
        moving.drop(course, student)
        console.say(
            f"{student} has left; their files stay, and `autograder roster add {student}` brings them back"
        )
    return 0


def _merge(course: Course, arguments: argparse.Namespace) -> int:
    from autograder import console
    from autograder.classroom.collect import moving, roster
    from autograder.classroom.collect.people import Person, is_safe

    old, new = arguments.what
    _require(course, old)
    people = {person.id: person for person in roster.known(course)}
    if arguments.word == "merge":
        _require(course, new)
    elif new in people:
        raise CourseError(
            f"{new!r} is somebody else already: to make one of them, `autograder roster merge {old} {new}`."
        )
    elif not is_safe(new):
        raise CourseError(f"{new!r} cannot be a student's id: letters, digits and .@_- may.")
    if old == new:
        raise CourseError("these are one and the same already.")
    moving.merge(course, [moving.Move(old, people.get(new, Person(new)), "you")])
    console.say(f"{old} is {new} now, with all that was handed in and graded")
    return 0


def _require(course: Course, student: str) -> None:
    import difflib

    from autograder.classroom.collect import roster

    everybody = [person.id for person in roster.known(course)]
    if student not in everybody:
        close = difflib.get_close_matches(student, everybody, n=1)
        raise CourseError(
            f"{student!r} is not in the class.{f' Did you mean {close[0]!r}?' if close else ''}"
        )
