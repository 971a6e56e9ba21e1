"""`autograder collect` and `roster`: what was handed in elsewhere, and who is in the class."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import console
from autograder.classroom.errors import CourseError, did_you_mean, in_a_line
from autograder.commands.common import JSON, argument, close, command

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from autograder.classroom.collect.collecting import Collection
    from autograder.classroom.collect.moving import Move
    from autograder.classroom.collect.people import Person
    from autograder.classroom.course import Course
    from autograder.classroom.errors import Result


@command(
    "collect",
    "Take in a download of submissions from Canvas, Moodle, Blackboard, Brightspace, Sakai, ILIAS or Gradescope, "
    "or a zip or folder of notebooks. Every hand-in is kept in collected/; the newest of each goes to submitted/ "
    "beside it. Nothing is overwritten: collecting the same archive again changes nothing. What is not "
    "clearly one student's is not taken, and named.",
    (
        "autograder collect submissions.zip 02-sigmoid",
        "autograder collect submissions.zip 02-sigmoid --roster class-list.csv",
        "autograder collect submissions.zip 02-sigmoid --groups canvas-groups.csv",
        "autograder collect from-e-mail/ 02-sigmoid",
    ),
    argument("archive", type=Path, metavar="ARCHIVE", help="a zip archive or a folder"),
    argument("assignment", metavar="ASSIGNMENT"),
    argument("--roster", type=Path, metavar="FILE", help="the class list (CSV): nobody else is taken in"),
    argument(
        "--groups",
        type=Path,
        metavar="FILE",
        help="who is in which group (CSV): a group's work goes to all of it",
    ),
    argument(
        "--yes",
        action="store_true",
        help="make one of students whom the class list calls otherwise, without asking",
    ),
    argument(
        "--source",
        choices=["canvas", "moodle", "blackboard", "brightspace", "sakai", "ilias", "gradescope", "files"],
        help="where it is from (default: seen from the names)",
    ),
    argument(
        "--timezone",
        metavar="NAME",
        help="of the times in a zip, as in Europe/Berlin (default: this machine's)",
    ),
)
def _run_collect(course: Course, arguments: argparse.Namespace) -> int:
    from autograder.classroom.collect import archive, class_list, collecting

    zone = _zone(arguments.timezone)
    with archive.opened(arguments.archive, zone) as entries:
        groups = class_list.read(arguments.groups) if arguments.groups else None
        listed = (
            _take_list(course, arguments.roster, arguments.assignment, yes=arguments.yes)
            if arguments.roster
            else None
        )
        for note in groups.notes if groups else []:
            console.complain(note)
        batch = collecting.prepare(
            course,
            arguments.assignment,
            entries,
            source=arguments.source,
            listed=listed,
            groups=groups.people if groups else None,
            zone=zone,
        )
        results, complete = console.follow(collecting.collect(batch), batch.total, "collecting")
    console.show_counts(results, "collected")
    _show_collected(batch, results)
    return close(results, complete, batch.total)


def _zone(name: str | None) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CourseError(f"there is no time zone {name!r}: they are called like Europe/Berlin.") from None


def _show_collected(batch: Collection, results: list[Result]) -> None:
    """Say what a person would want to know at once: who is late, who handed in again, who is new."""
    from autograder.classroom.collect.ledger import collected

    where = batch.course.relative(collected(batch.course))
    groups = len({*batch.sorted.groups.values()})
    facts = [
        (groups, "group" if groups == 1 else "groups"),
        (len(batch.sorted.gone), f"left out who left the class ({', '.join(batch.sorted.gone)})"),
        (len(batch.late), "late"),
        (len(batch.again), f"handed in again (older ones are kept in {where}/)"),
        (batch.newcomers, "new in the gradebook"),
        (batch.sorted.left_out, "other files left out"),
    ]
    told = ", ".join(f"{number} {what}" for number, what in facts if number)
    if told and results:
        print(told)

    for line in batch.remarks:
        console.say(line)


@command(
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
    argument("word", nargs="?", choices=["read", "add", "drop", "merge", "rename"], metavar="WORD"),
    argument("what", nargs="*", metavar="STUDENT|FILE"),
    *(
        argument(f"--{name}", default="", metavar="TEXT", help="of the student who is added")
        for name in ("first-name", "last-name", "email", "number", "group")
    ),
    argument("--yes", action="store_true", help="do not ask"),
    JSON,
)
def _run_roster(course: Course, arguments: argparse.Namespace) -> None:
    words = {
        "read": (_read, 1),
        "add": (_add, 1),
        "drop": (_drop, 1),
        "merge": (_merge, 2),
        "rename": (_merge, 2),
    }
    if arguments.word is None:
        return _list(course, as_json=arguments.json)
    do, needed = words[arguments.word]
    many = len(arguments.what)
    if many < needed or (many > needed and arguments.word != "drop"):
        raise CourseError(f"`autograder roster {arguments.word}` wants {needed} of them: see --help.")
    from autograder.classroom import files
    from autograder.classroom.gradebook import require_writable

    require_writable(course)
    with files.locked(course.submitted("", "")):
        return do(course, arguments)


def _take_list(course: Course, path: Path, assignment: str = "", *, yes: bool) -> list[Person]:
    """Read a class list and make one of whoever it calls otherwise, when a person agrees; return its people.

    Raises CourseError if nobody agrees: then nothing has been changed.
    """
    from autograder.classroom.collect import class_list, moving, roster

    found = class_list.read(path)
    for note in found.notes:
        console.complain(note)
    moves, unclear = moving.find(course, assignment, roster.known(course), found.people)
    for line in unclear:
        console.complain(line)
    if moves:
        _agree(moves, yes)
        moving.merge(course, moves)
    gone = {person.id for person in roster.gone(course)}
    for student in sorted(gone & {person.id for person in found.people}):
        console.complain(f"{student} has left, though the list has them: `autograder roster add {student}`")
    people = [person for person in found.people if person.id not in gone]
    if others := sorted({person.id for person in roster.known(course)} - {person.id for person in people}):
        console.say(f"not in the list: {in_a_line(others, 20)} (`autograder roster drop` takes them out)")
    return people


def _agree(moves: list[Move], yes: bool) -> None:
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


def _list(course: Course, *, as_json: bool) -> None:
    from autograder.classroom.collect import roster
    from autograder.classroom.gradebook import opened

    people = sorted(roster.known(course), key=lambda person: person.id)
    with opened(course) as gradebook:
        gone = sorted(roster.left(gradebook))
    if as_json:
        console.print_json({"students": people, "left": gone})
        return
    console.show_people(people)
    console.say(f"{len(people)} students" + (f"; {len(gone)} have left: {', '.join(gone)}" if gone else ""))


def _read(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.collect import roster

    listed = _take_list(course, Path(arguments.what[0]), yes=arguments.yes)
    people = roster.update_people(listed, roster.known(course))
    new = roster.save(course, [person for person in people if person.id in {one.id for one in listed}])
    console.say(f"{len(listed)} students in the list, {new} new in the class")


def _add(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.collect import moving
    from autograder.classroom.collect.names import is_safe
    from autograder.classroom.collect.people import Person

    [student] = arguments.what
    if not is_safe(student):
        raise CourseError(f"{student!r} cannot be a student's id: letters, digits and .@_- may.")
    groups = (arguments.group,) if arguments.group else ()
    person = Person(
        student, arguments.first_name, arguments.last_name, arguments.email, arguments.number, groups=groups
    )
    moving.add(course, person)
    console.say(f"{student} is in the class")


def _drop(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.collect import moving

    for student in arguments.what:
        _require(course, student)
    for student in arguments.what:
        moving.drop(course, student)
        console.say(
            f"{student} has left; their files stay, and `autograder roster add {student}` brings them back"
        )


def _merge(course: Course, arguments: argparse.Namespace) -> None:
    from autograder.classroom.collect import moving, roster
    from autograder.classroom.collect.names import is_safe
    from autograder.classroom.collect.people import Person

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


def _require(course: Course, student: str) -> None:
    from autograder.classroom.collect import roster

    everybody = [person.id for person in roster.known(course)]
    if student not in everybody:
        raise CourseError(f"{student!r} is not in the class.{did_you_mean(student, everybody)}")
