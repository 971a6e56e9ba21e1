"""Whose each file of an archive is, and which of them are the notebooks to be graded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from autograder.classroom.collect import layout, platforms
from autograder.classroom.collect.archive import Entry, Refused, in_entry, shown
from autograder.classroom.collect.names import NamedFile, Source, Submitter, folded, is_junk
from autograder.classroom.collect.people import UNKNOWN, ClassList, Person, newcomer
from autograder.classroom.errors import CourseError, Result
from autograder.classroom.files import TIMESTAMP

_GROUP = re.compile(
    r"(group|team|gruppe|groupe|équipe|grupo|equipo|gruppo|squadra|groep|grupa|skupina|组|小组|グループ)\W*\w{1,3}"
)
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass
class Sorted:
    """What an archive holds: each student's notebooks and what lies beside them, what could not be placed, and how many
    files no one needs.

    `groups` has the names of the groups whose work students have, by student; `gone` are those who handed in and have
    left the class.
    """

    source: Source
    notebooks: dict[str, list[NamedFile]] = field(default_factory=dict)
    along: dict[str, list[NamedFile]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    refused: list[Result] = field(default_factory=list)
    left_out: int = 0

    def refuse(self, what: str, why: str) -> None:
        """Note, for one line, what is not taken and why."""
        self.refused.append(Result(shown(what), "failed", why))


@dataclass(frozen=True)
class Wanted:
    """What is collected: an assignment, the names of its notebooks and those of all other assignments."""

    assignment: str
    notebooks: Collection[str]
    others: Collection[str] = ()

    @property
    def known(self) -> set[str]:
        """All names that say what a notebook is, and not whose."""
        return {self.assignment, *self.notebooks, *self.others}


def sort(
    entries: Sequence[Entry],
    wanted: Wanted,
    people: ClassList,
    *,
    source: Source | None,
    open_class: bool,
    zone: tzinfo | None = None,
) -> Sorted:
    """Find out whose each file is. In an `open_class` whoever is unknown is a new student.

    Raises CourseError where the folders do not tell who the students are.
    """
    useful = [entry for entry in entries if not is_junk(entry.path)]
    if [entry.name.lower()[-4:] for entry in useful] == [".zip"] and platforms.recognise(useful) == "files":
        useful = [entry for entry in _whole(useful[0]) if not is_junk(entry.path)]
    result = Sorted(source or platforms.recognise(useful))
    for entry in useful:
        if entry.fault:
            result.refuse(entry.path, entry.fault)
    named = _name([entry for entry in useful if not entry.fault], wanted, people, result, zone)
    named = [one for item in named for one in _unpacked(item, wanted, result)]
    groups: dict[Submitter, list[NamedFile]] = defaultdict(list)
    for item in named:
        for who in (item.submitter, *item.others):
            groups[replace(who, prefix="")].append(item)
    for student, files in _owners(groups, people, result, open_class).items():
        _choose(student, files, wanted, result)
    return result


def _whole(entry: Entry) -> list[Entry]:
    """Return the files of a download that lies by itself in a folder or an archive, without that archive's name."""
    try:
        return [replace(one, path=one.path.removeprefix(f"{entry.path}/")) for one in in_entry(entry)]
    except Refused as refusal:
        raise CourseError(f"{shown(entry.path)} {refusal}.") from refusal


def _name(
    entries: Sequence[Entry], wanted: Wanted, people: ClassList, result: Sorted, zone: tzinfo | None
) -> list[NamedFile]:
    """Read what the files' names say; what says nothing is refused."""
    if result.source == "files":

        def is_person(name: str) -> bool:
            who = Submitter("files", name)
            return people.find(who)[0] is not None or bool(people.group(who)[0])

        return layout.read(entries, wanted.assignment, wanted.known, is_person, wanted.others)
    named, strangers = platforms.read(entries, result.source, wanted.known, zone)
    for entry in strangers:
        result.refuse(entry.path, platforms.why_nobodys(entry, result.source))
    real = [item for item in named if item.submitter.name != "studenttest" or result.source != "canvas"]
    result.left_out += len(named) - len(real)  # Canvas's own test student
    return real


def _unpacked(item: NamedFile, wanted: Wanted, result: Sorted) -> list[NamedFile]:
    """Return what a person handed in: of a zip archive with notebooks the files in it, else the file itself."""
    if not item.file.lower().endswith(".zip"):
        return [item]
    try:
        inside = [entry for entry in in_entry(item.entry) if not is_junk(entry.path)]
    except Refused as refusal:
        result.refuse(
            item.submitter.name or item.entry.path,
            f"handed in an archive, {shown(item.file)}, that {refusal}",
        )
        return []
    faults = [entry for entry in inside if entry.fault]
    for entry in faults:
        result.refuse(entry.path, entry.fault)
    files = [
        platforms.with_notebook(replace(item, entry=entry, file=entry.name), wanted.known)
        for entry in inside
        if not entry.fault
    ]
    return files if _has_notebook(files) else [] if faults else [item]


def _owners(
    groups: dict[Submitter, list[NamedFile]], people: ClassList, result: Sorted, open_class: bool
) -> dict[str, list[NamedFile]]:
    """Return whose each bundle of files is; two bundles of one student are nobody's."""
    owners: dict[str, list[Submitter]] = defaultdict(list)
    for who, files in groups.items():
        members, why = _owner(who, files, people, open_class)
        if here := [person for person in members if person.id not in people.gone]:
            members = here
        elif members:
            result.gone += [person.id for person in members]
            continue
        if not members:
            result.refuse(who.name or files[0].entry.path, why if _has_notebook(files) else _instead(files))
        for person in members:
            result.people[person.id] = person
            owners[person.id].append(who)
            if len(members) > 1:
                result.groups[person.id] = who.name
    return {
        student: groups[whos[0]]
        for student, whos in owners.items()
        if not _is_contested(student, whos, result)
    }


def _owner(
    who: Submitter, files: Sequence[NamedFile], people: ClassList, open_class: bool
) -> tuple[list[Person], str]:
    """Return the student whom an archive names, or the members of the group that it names, or why neither."""
    members, why = people.group(who)
    if members or why:
        return members, why
    if who.group:
        return [], "is a group's work: give the list of groups with --groups FILE"
    if who.source == "moodle" and not who.number:
        return [], "is the work of whoever is in no group: put those into groups, or take it in by hand"
    person, why = people.find(who)
    if person is None and open_class and why == UNKNOWN and _has_notebook(files):
        person, why = _newcomer(who, people)
    return ([people.learn(person, who)], "") if person else ([], why)


def _newcomer(who: Submitter, people: ClassList) -> tuple[Person | None, str]:
    if who.source in ("moodle", "brightspace") and _GROUP.fullmatch(folded(who.name)):
        return None, "may be a group's work: give the list of groups with --groups FILE, or the class list"
    person = newcomer(who)
    if person is None:
        return None, "is no name that a student can have" if who.name else "does not say whose it is"
    if person.id not in people.people:
        if people.claimed(person.id):
            return None, f"would be called {person.id!r}, as somebody else is already: give the class list"
        people.add(person)
    return people.people[person.id], ""  # two newcomers of one name are found out below


def _is_contested(student: str, claims: list[Submitter], result: Sorted) -> bool:
    if len(claims) == 1:
        return False
    names = " and ".join(sorted(shown(f"{who.name} {who.number}".strip()) for who in claims))
    result.refuse(student, f"is handed in for by {names}: nothing of either was taken")
    del result.people[student]
    result.groups.pop(student, None)
    return True


def _has_notebook(files: Sequence[NamedFile]) -> bool:
    return any(item.notebook for item in files)


def _choose(student: str, files: list[NamedFile], wanted: Wanted, result: Sorted) -> None:
    """Pick a student's notebooks, each with the name it is graded under."""
    found, why = _match(files, wanted)
    if found and not (why := _several_folders(found, wanted)):
        result.notebooks[student] = found
        folders = [item.entry.folders for item in found]
        others = [item for item in files if not item.notebook and not item.file.lower().endswith(_ARCHIVES)]
        along = [item for item in others if any(map(item.is_below, folders))]
        result.along[student] = along
        result.left_out += len(files) - len(found) - len(along)
    else:
        result.refuse(student, why)


def _match(files: list[NamedFile], wanted: Wanted) -> tuple[list[NamedFile], str]:
    exact = [item for item in files if item.notebook in wanted.notebooks]
    names = sorted({item.notebook for item in files if item.notebook})
    if exact or not names:
        return exact, f"{_instead(files)}: ask for the notebook"
    listed = " and ".join(f"{shown(name)}.ipynb" for name in names)
    other = next((name for name in names if name in wanted.others), "")
    if other or len(names) > 1 or len(wanted.notebooks) > 1:
        return [], f"handed in {listed}, not {wanted.assignment}.ipynb"
    only = next(iter(wanted.notebooks))
    return [replace(item, notebook=only) for item in files if item.notebook], ""


def _several_folders(files: Sequence[NamedFile], wanted: Wanted) -> str:
    """Say that a student has the same notebook in several folders, which may be several people's."""
    if files[0].submitter.source != "files":
        return ""
    for notebook in wanted.notebooks:
        mine = [item.entry for item in files if item.notebook == notebook]
        folders = {layout.useful_folders(entry, wanted.assignment, wanted.known) for entry in mine}
        if len(folders) > 1:
            names = " and ".join(sorted(shown("/".join(folder)) for folder in folders))
            return f"has {shown(notebook)}.ipynb in several folders, {names}: leave the one that counts"
    return ""


def _instead(files: Sequence[NamedFile]) -> str:
    """Say what somebody handed in who handed in no notebook."""
    item = next((item for item in files if item.file != TIMESTAMP), files[0])
    name = shown(item.file)
    if item.file.lower().endswith(_ARCHIVES):
        kind = item.file.rpartition(".")[2].lower()
        todo = (
            ""
            if kind == "zip"
            else f", a {kind} archive, which is not read here: unpack it, hand it in as zip"
        )
        return f"handed in an archive, {name}{todo}"
    return f"handed in {name}, no notebook"
