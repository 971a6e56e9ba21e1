"""Whose the notebooks in plain folders are: the level of the folders at which students differ.

Students are named by nbgrader's `<student>/<assignment>/<notebook>`, by any folder between (`homework/`,
`02-sigmoid-main/`, the bundle's own `exercises/02-sigmoid/`), by folders around (sections), by clones of GitHub
Classroom (`02-sigmoid-<login>`), or by the files' own names where all lie together. In Teams's `Version 2/` below is
the second hand-in. Which level it is has to follow from the folders or from the people known; where it does not,
nothing is taken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from autograder.classroom.collect.archive import Entry, shown
from autograder.classroom.collect.names import (
    COPY_OF,
    NamedFile,
    Submitter,
    folded,
    may_hold_notebook,
    notebook_name,
    split_copy,
)
from autograder.classroom.errors import CourseError

# Folders of which every hand-in may have one, in the languages of the class lists.
_NOBODY = re.compile(
    r"homeworks?|hw|exercises?|assignments?|notebooks?|work|src|source|solutions?|answers?|main|master|submissions?|"
    r"submitted|submission attachment\(s\)|attachments|files|downloads?|code|project|final|class|course|hausaufgaben?|"
    r"übung(en)?|aufgaben?|abgaben?|lösung(en)?|devoirs?|exercices?|tareas?|ejercicios|entregas?|compiti|esercizi|"
    r"opdracht(en)?|trabalhos?|exercícios|zadani[ea]|作业|課題|宿題"
)
_BRANCH = re.compile(r"(?P<stem>.+?)[-_ ](?:main|master|submissions?|\d{1,2}-\d{1,2}-\d{4}.*)")
_VERSION = re.compile(
    r"(?:version|versión|versione|versão|versie|wersja|バージョン) ?(?P<number>\d+)"
)  # Teams
_BROWSER = re.compile(r"(?P<stem>.+?) ?\((?P<number>\d{1,3})\)")
Known = Callable[[str], bool]


def read(
    entries: Sequence[Entry],
    assignment: str,
    known: Collection[str],
    is_person: Known,
    others: Collection[str] = (),
) -> list[NamedFile]:
    """Say whose each file is; `known` are the names of all assignments and notebooks, `others` those of other ones.

    Raises CourseError where the folders do not tell, with the levels in question.
    """
    notebooks = [entry for entry in entries if _stem(entry, known) and _stem(entry, known) not in others]
    if _is_flat([entry for entry in entries if may_hold_notebook(entry.name)], known) and not any(
        map(is_person, notebooks[0].folders if notebooks else ())
    ):
        return [_by_file(entry, assignment, known) for entry in entries]
    paths = {entry.folders: _useful(entry.folders, assignment, known, is_person) for entry in entries}
    level = _level({path for entry in notebooks if (path := paths[entry.folders])}, is_person)
    students = {path: path[level] if len(path) > level else "" for path in paths.values()}
    called = _called({*students.values()}, assignment, is_person)
    return [
        _by_folder(entry, called[students[paths[entry.folders]]], known)
        if entry.folders
        else _by_file(entry, assignment, known)
        for entry in entries
    ]


def useful_folders(entry: Entry, assignment: str, known: Collection[str]) -> tuple[str, ...]:
    """Return of a file's folders those that are not an assignment's and that not everybody may have."""
    return _useful(entry.folders, assignment, known, lambda _: False)


def _stem(entry: Entry, known: Collection[str]) -> str:
    """What a notebook, or an archive that may hold one, is called; nothing for any other file."""
    name = notebook_name(entry.name) or (entry.name[:-4] if may_hold_notebook(entry.name) else "")
    return split_copy(name, known)[0]


def _is_flat(notebooks: Sequence[Entry], known: Collection[str]) -> bool:
    """Tell whether files are called by their students: they lie together, and none is called by the assignment."""
    folders = {entry.folders for entry in notebooks}
    names = {_stem(entry, known) for entry in notebooks}
    return len(folders) <= 1 and not names & {*known} and (len(names) > 1 or folders <= {()})


def _useful(
    folders: Sequence[str], assignment: str, known: Collection[str], is_person: Known
) -> tuple[str, ...]:
    """Return of a path the folders that may be a student's: no assignment's, and none that anybody may have."""

    def may_be(part: str) -> bool:
        branch = _BRANCH.fullmatch(part)
        named = {part, branch["stem"] if branch else part}
        nobody = _NOBODY.fullmatch(folded(part)) or _VERSION.fullmatch(folded(part))
        return is_person(part) or not (named & {*known, assignment} or nobody)

    return tuple(part for part in folders if may_be(part))


def _level(folders: Collection[tuple[str, ...]], is_person: Known) -> int:
    """Return which of the useful folders names the student, counted from the outermost."""
    depth = min((len(path) for path in folders), default=0)
    if depth == 0:
        return 0
    if people := [level for level in range(depth) if _are_people(folders, level, is_person)]:
        return people[0] if len(people) == 1 else _refuse(folders, people)
    differing = [level for level in range(depth) if len({path[level] for path in folders}) > 1]
    if not differing:
        return 0 if max(map(len, folders)) == 1 else _refuse(folders, range(depth))
    possible = [level for level in differing if _is_unique(folders, level)] or differing
    return possible[0] if len(possible) == 1 else _refuse(folders, possible)


def _are_people(folders: Collection[tuple[str, ...]], level: int, is_person: Known) -> bool:
    names = {path[level] for path in folders}
    return 2 * sum(map(is_person, names)) >= len(names)


def _is_unique(folders: Collection[tuple[str, ...]], level: int) -> bool:
    """Tell whether no name comes twice below different folders, as `part-1` does with every student."""
    above: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for path in folders:
        above[path[level]].add(path[:level])
    return max(map(len, above.values())) == 1


def _refuse(folders: Collection[tuple[str, ...]], levels: Sequence[int]) -> int:
    example = max(sorted(folders), key=len)
    names = " or ".join(
        repr(shown(example[level], 40)) for level in (levels if len(levels) > 1 else range(len(example)))
    )
    raise CourseError(
        f"in {shown('/'.join(example))}/ it is not clear which folder is the student's ({names}): nothing was "
        "taken. Give the class list with --roster FILE, or a folder that holds one folder for each student."
    )


def _called(names: Collection[str], assignment: str, is_person: Known) -> dict[str, str]:
    """Return what the students are called whose folders have these names, without what an assignment puts in front.

    GitHub Classroom calls a clone `<assignment>-<login>`, and calls an assignment as it likes: so a beginning that all
    share is taken off where people known are left.
    """
    plain = {name: name if is_person(name) else _without(name, assignment) for name in names}
    for branch in ("-main", "-master"):  # of repositories that were downloaded and not cloned
        if all(name.endswith(branch) for name in plain.values() if name):
            plain = {name: student.removesuffix(branch) for name, student in plain.items()}
    strangers = [name for name in plain if name and not is_person(plain[name])]
    same = common_start(strangers, "-_")
    if same and all(is_person(name.removeprefix(same)) for name in strangers):
        plain |= {name: name.removeprefix(same) for name in strangers}
    return plain


def common_start(names: Sequence[str], ends: str) -> str:
    """Return how several names all begin, up to one of the signs `ends`; nothing for a single name."""
    first, last = min(names, default=""), max(names, default="")
    same = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return first[: max(first.rfind(sign, 0, same) for sign in ends) + 1]


def _by_folder(entry: Entry, student: str, known: Collection[str]) -> NamedFile:
    stem, order, copy = split_copy(notebook_name(entry.name), known)
    versions = [int(match["number"]) for part in entry.folders if (match := _VERSION.fullmatch(folded(part)))]
    order = max(versions, default=order)
    return NamedFile(entry, Submitter("files", student), entry.name, stem, order=order, copy=copy)


def _by_file(entry: Entry, assignment: str, known: Collection[str]) -> NamedFile:
    notebook = notebook_name(entry.name)
    if _stem(entry, known) in known:
        return NamedFile(entry, Submitter("files", ""), entry.name, notebook)
    stem = notebook or entry.name.split(".", 1)[0]
    again = _BROWSER.fullmatch(stem)  # `ada-1` may be a student's name, but `ada (1)` is a second download
    student = _without(again["stem"] if again else stem, assignment)
    order = int(again["number"]) if again else 0
    return NamedFile(
        entry, Submitter("files", student), entry.name, assignment if notebook else "", order=order
    )


def _without(stem: str, assignment: str) -> str:
    """Take the assignment's name out of `ada_02-sigmoid`, `02-sigmoid_ada` or `Ada - Copy of 02-sigmoid`."""
    name = re.escape(assignment)
    for pattern in (rf"{name}[-_ ]+(.+)", rf"(.+?)[-_ ]+(?i:{COPY_OF}[ _]+)?{name}"):
        if match := re.fullmatch(pattern, stem):
            return match[1]
    return stem
