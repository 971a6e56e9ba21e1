"""Who handed in what, read from the names that learning platforms write into their archives.

- Canvas, `lib/content_zipper.rb` (https://github.com/instructure/canvas-lms): in one folder
  `<sortable name><_LATE>_<user>_<upload>_<file>`, or `<LATE_>anon_<code>_<upload>_<file>` where names are hidden;
  texts and links that are no files end in `_<user>_text.html` and `_<user>_link.html`. A file handed in again
  under the same name gets `-1`, `-2`, ... before its ending. A group's work has the group's name in place of the
  person's, with the number of one member.
- Moodle, `mod/assign/classes/downloader.php` (https://github.com/moodle/moodle): a folder
  `<full name>_<participant>_assignsubmission_file` (with a further `_` before version 4.1), or the same as the
  beginning of each file's name; the word for *participant* instead of the name where marking is blind; of group work
  `<group>_<group's number>_...`, and of those in no group `<Default group>_assignsubmission_file`.
- Blackboard, "Download assignments", https://help.blackboard.com/Learn/Instructor: all in one folder,
  `<assignment>_<login>_attempt_<time>_<file>`, beside it `<assignment>_<login>_attempt_<time>.txt`, which begins
  `Name: <full name> (<login>)`.
The others give every hand-in a folder: see `folders.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from autograder.classroom.collect import folders
from autograder.classroom.collect.archive import Entry, Refused
from autograder.classroom.collect.names import (
    NamedFile,
    Source,
    Submitter,
    folded,
    is_junk_name,
    may_hold_notebook,
    notebook_name,
    split_copy,
)

_CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?!20\d\d_[01]\d_)(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)"
)
_HIDDEN = re.compile(r"(?P<late>LATE_)?anon_(?P<number>[^_]+)_(?P<upload>\d+)_(?P<file>.+)(?P<name>)")
_NO_FILE = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<file>(?:text|link)\.html)(?P<upload>)"
)
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<number>\d+))?_(?P<kind>assignsubmission_[a-z0-9]+)(?:_(?P<file>.*))?"
)
_BLACKBOARD = re.compile(
    r"(?P<who>.+)_(?P<word>[^\W\d_]+)_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<text>\.txt))"
)
_NAME_LINE = re.compile(r"\ufeff?[^:\n]{1,40}: *(?P<name>.+?) \((?P<login>[^()\s]+)\)\s*")
# "Participant", in `mod/assign/lang/*/assign.php`, as `clean_filename` leaves it.
_PARTICIPANT = re.compile(
    "participante?s?|participantă|teilnehmer(in)?|teilnehmer(innen|ende)|partecipante|deelnemer|uczestnik|účastník|"
    "sudionik|udeleženec|deltagare|deltager|deltak[ea]r|osallistuja|участник|учасник|учесник|kat\u0131l\u0131mc\u0131|"
    "参与者|参加者|參與者|参与人|참가자|참여자|résztvevő|συμμετέχων|συμμετέχοντας|partaidea|osalej[an]|osaleja|dalībnieks|dalyvis|"
    "مشارك|משתתף|\u0634\u0631\u06a9\u062a\u200c\u06a9\u0646\u0646\u062f\u0647"
)


def recognise(entries: Sequence[Entry]) -> Source:
    """Tell which system an archive is from, by the names in it."""
    notebooks = [entry for entry in entries if may_hold_notebook(entry.name)] or list(entries)
    if any(_moodle_parts(entry) for entry in entries):
        return "moodle"
    if any(entry.name == folders.METADATA for entry in entries):
        return "gradescope"
    tests: dict[Source, Callable[[Entry], object]] = {
        "gradescope": folders.in_gradescope,
        "blackboard": _is_blackboard,
        "sakai": folders.in_sakai,
        "ilias": folders.in_ilias,
        "brightspace": folders.in_brightspace,
    }
    if found := next((source for source, test in tests.items() if _most(notebooks, test)), None):
        return found
    if all(map(folders.like_ilias, notebooks)):
        return "ilias"
    canvas = sum(bool(_canvas_match(entry.name)) for entry in entries)
    return "canvas" if canvas and canvas >= len(entries) / 2 else "files"


def read(
    entries: Sequence[Entry], source: Source, known: Collection[str], zone: tzinfo | None = None
) -> tuple[list[NamedFile], list[Entry]]:
    """Read the names of all files of a platform's archive; return what they say, and the files that say nothing.

    `known` are the names of all assignments and notebooks: `hw-1` may be one, and not the second copy of `hw`.
    """
    readers: dict[Source, Callable[[Sequence[Entry], tzinfo | None], list[NamedFile | Entry]]] = {
        "canvas": _canvas,
        "moodle": _moodle,
        "blackboard": _blackboard,
        "brightspace": folders.brightspace,
        "sakai": folders.sakai,
        "ilias": folders.ilias,
        "gradescope": folders.gradescope,
    }
    named, rest = [], []
    for item in readers[source](entries, zone):
        if isinstance(item, Entry):
            rest.append(item)
        elif not is_junk_name(item.file):
            named.append(with_notebook(item, known))
    return named, rest


def why_nobodys(entry: Entry, source: Source) -> str:
    """Say why a file of a platform's archive is nobody's."""
    if source == "blackboard" and _is_blackboard(entry):
        return "does not say where the login begins: keep Blackboard's .txt files beside it"
    if source == "gradescope" and folders.in_gradescope(entry):
        return f"is nobody's without Gradescope's {folders.METADATA}: keep it beside the folders"
    if source == "sakai" and folders.in_sakai(entry):
        return "is nobody's: Sakai left the names out, so download it without anonymous grading"
    return f"has no name of the kind that {source.title()} gives"


def with_notebook(item: NamedFile, known: Collection[str]) -> NamedFile:
    """Return a file with the notebook that its own name says it is."""
    stem, number, copy = split_copy(notebook_name(item.file), known)
    return replace(item, notebook=stem, order=item.order or number, copy=copy)


def _most(entries: Sequence[Entry], test: Callable[[Entry], object]) -> bool:
    return 2 * sum(bool(test(entry)) for entry in entries) > len(entries)


# Canvas


def _canvas_match(name: str) -> re.Match[str] | None:
    return _HIDDEN.fullmatch(name) or _CANVAS.fullmatch(name) or _NO_FILE.fullmatch(name)


def _canvas(entries: Sequence[Entry], _: tzinfo | None) -> list[NamedFile | Entry]:
    return [_canvas_one(entry) or entry for entry in entries]


def _canvas_one(entry: Entry) -> NamedFile | None:
    match = _canvas_match(entry.name)
    if not match:
        return None
    prefix = entry.name[: match.start("file")]
    submitter = Submitter("canvas", match["name"], match["number"], prefix)
    return NamedFile(entry, submitter, match["file"], "", bool(match["late"]), int(match["upload"] or 0))


# Moodle


def _moodle_parts(entry: Entry) -> tuple[re.Match[str], str] | None:
    """Return the part of a path that Moodle wrote, and the rest of the path."""
    parts = entry.path.split("/")
    for place, part in enumerate(parts):
        if match := _MOODLE.fullmatch(part):
            return match, "/".join(filter(None, [match["file"] or "", *parts[place + 1 :]]))
    return None


def _moodle(entries: Sequence[Entry], _: tzinfo | None) -> list[NamedFile | Entry]:
    found = [(entry, _moodle_parts(entry)) for entry in entries]
    names = {(parts[0]["name"], parts[0]["number"]) for _, parts in found if parts}
    often = Counter(name for name, number in names if number)
    same = next(iter(often), "") if len(often) == 1 and sum(often.values()) > 2 else ""
    return [_moodle_one(entry, parts, same) if parts else entry for entry, parts in found]


def _moodle_one(entry: Entry, parts: tuple[re.Match[str], str], same: str) -> NamedFile:
    """Read one path; `same` is what all are called, if more than two have but one name: then marking was blind."""
    match, rest = parts
    name, number = match["name"], match["number"] or ""
    prefix = "_".join(filter(None, (name, number, match["kind"]))) + "_"
    blind = bool(number) and (name == same or bool(_PARTICIPANT.fullmatch(folded(name))))
    who = Submitter("moodle", name, number, prefix, blind=blind)
    return NamedFile(entry, who, rest.rsplit("/", 1)[-1], "")


# Blackboard


def _is_blackboard(entry: Entry) -> bool:
    return bool(_BLACKBOARD.fullmatch(entry.name))


def _blackboard(entries: Sequence[Entry], zone: tzinfo | None) -> list[NamedFile | Entry]:
    """Read the logins from the texts beside the files: assignments and logins may have any number of `_`."""
    matches = [(entry, _BLACKBOARD.fullmatch(entry.name)) for entry in entries]
    people = {
        match["who"]: found
        for entry, match in matches
        if match and match["text"] and (found := _name_line(entry)) and match["who"].endswith(f"_{found[1]}")
    }
    titles = {who.removesuffix(login) for who, (_, login) in people.items()}
    named: list[NamedFile | Entry] = []
    for entry, match in matches:
        if not match:
            named.append(entry)
        elif match["file"]:
            name, login = people.get(match["who"]) or ("", _login(match["who"], titles))
            when = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S")
            order, time = int(f"{when:%Y%m%d%H%M%S}"), when.replace(tzinfo=zone).astimezone(UTC)
            who = Submitter("blackboard", name or login, ids=(login,))
            item = NamedFile(entry, who, match["file"], "", order=order, time=time)
            named.append(item if login else entry)
    return named


def _login(who: str, titles: Collection[str]) -> str:
    """Return the login behind an assignment's name, nothing where it is not clear where that ends."""
    known = {who.removeprefix(title) for title in titles if who.startswith(title)}
    if len(known) == 1:
        return known.pop()
    return who.partition("_")[2] if who.count("_") == 1 else ""


def _name_line(entry: Entry) -> tuple[str, str] | None:
    try:
        text = entry.read()[:2_000].decode("utf-8", "replace")
    except Refused:
        return None
    match = _NAME_LINE.match(text.splitlines()[0] if text else "")
    return (match["name"], match["login"]) if match else None
