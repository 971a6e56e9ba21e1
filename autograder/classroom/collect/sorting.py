"""Whose each file of an archive is, and which of them are the notebooks to be graded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from autograder.classroom.collect.entry import Entry, shown
from autograder.classroom.collect.naming import Named, Source, Submitter, is_junk, name_all, recognise
from autograder.classroom.collect.people import UNKNOWN, ClassList, Person, newcomer
from autograder.classroom.results import Result

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")


@dataclass
class Sorted:
    """What an archive holds: each student's notebooks, what could not be placed, and how many files no one needs."""

    source: Source
    notebooks: dict[str, list[Named]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
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


def sort(
    entries: Sequence[Entry], wanted: Wanted, people: ClassList, *, source: Source | None, open_class: bool
) -> Sorted:
    """Find out whose each file is. In an `open_class` whoever is unknown is a new student."""
    useful = [entry for entry in entries if not is_junk(entry)]
    result = Sorted(source or recognise(useful))
    for entry in useful:
        if entry.fault:
            result.refuse(entry.path, entry.fault)
    useful = [entry for entry in useful if not entry.fault]
    known = {wanted.assignment, *wanted.notebooks, *wanted.others}
    named, strangers = name_all(useful, result.source, wanted.assignment, known)
    for entry in strangers:
        result.refuse(entry.path, f"has no name of the kind that {result.source.title()} gives")
    groups: dict[Submitter, list[Named]] = defaultdict(list)
    for item in named:
        groups[_without_prefix(item.submitter)].append(item)
    owners = _owners(groups, people, result, open_class)
    for student, submitter in owners.items():
        _choose(student, groups[submitter], wanted, result)
    return result


def _without_prefix(who: Submitter) -> Submitter:
    return Submitter(who.source, who.name, who.number)


def _owners(
    groups: dict[Submitter, list[Named]], people: ClassList, result: Sorted, open_class: bool
) -> dict[str, Submitter]:
    """Return whose each group of files is; two groups of one student are nobody's."""
    owners: dict[str, list[Submitter]] = defaultdict(list)
    for who, files in groups.items():
        person, why = people.find(who)
        if person is None and open_class and why == UNKNOWN and _has_notebook(files):
            person, why = _newcomer(who, people)
        if person is None:
            result.refuse(who.name or files[0].entry.path, _why_unknown(files, why))
        else:
            result.people[person.id] = people.learn(person, who)
            owners[person.id].append(who)
    return {student: who[0] for student, who in owners.items() if not _is_contested(student, who, result)}


def _newcomer(who: Submitter, people: ClassList) -> tuple[Person | None, str]:
    person = newcomer(who)
    if person is None:
        return None, "is no name that a student can have" if who.name else "does not say whose it is"
    if person.id not in people.people:
        people.add(person)
    return people.people[person.id], ""  # two newcomers of one name are found out below


def _is_contested(student: str, claims: list[Submitter], result: Sorted) -> bool:
    if len(claims) == 1:
        return False
    names = " and ".join(sorted(shown(f"{who.name} {who.number}".strip()) for who in claims))
    result.refuse(student, f"is handed in for by {names}: nothing of either was taken")
    del result.people[student]
    return True


def _has_notebook(files: Sequence[Named]) -> bool:
    return any(item.notebook for item in files)


def _why_unknown(files: Sequence[Named], why: str) -> str:
    return why if _has_notebook(files) else _instead(files)


def _choose(student: str, files: list[Named], wanted: Wanted, result: Sorted) -> None:
    """Pick a student's notebooks, each with the name it is graded under."""
    found, why = _match(files, wanted)
    if found:
        result.notebooks[student] = found
        result.left_out += len(files) - len(found)
    else:
        result.refuse(student, why)


def _match(files: list[Named], wanted: Wanted) -> tuple[list[Named], str]:
    exact = [item for item in files if item.notebook in wanted.notebooks]
    names = sorted({item.notebook for item in files if item.notebook})
    if exact or not names:
        return exact, f"{_instead(files)}: ask for the notebook"
    listed = " and ".join(f"{shown(name)}.ipynb" for name in names)
    other = next((name for name in names if name in wanted.others), "")
    if other or len(names) > 1 or len(wanted.notebooks) > 1:
        return [], f"handed in {listed}, not {wanted.assignment}.ipynb"
    only = next(iter(wanted.notebooks))
    return [_renamed(item, only) for item in files if item.notebook], ""


def _renamed(item: Named, notebook: str) -> Named:
    return Named(item.entry, item.submitter, item.file, notebook, item.late, item.order)


def _instead(files: Sequence[Named]) -> str:
    """Say what somebody handed in who handed in no notebook."""
    item = next((item for item in files if item.file != "timestamp.txt"), files[0])
    name = shown(item.file)
    if item.file.lower().endswith(_ARCHIVES):
        return f"handed in an archive, {name}"
    return f"handed in {name}, no notebook"
