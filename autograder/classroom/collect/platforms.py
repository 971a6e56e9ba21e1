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
- Brightspace, "Download submissions", https://community.d2l.com: a folder, or a file's beginning,
  `<number>-<number> - <full name or group> - Oct 3, 2026 1234 PM`, and `index.html`; the numbers are no person's.
- Sakai, `zipSubmissions` and `zipGroupSubmissions` in `assignment/impl/src/java/org/sakaiproject/assignment/impl/
  AssignmentServiceImpl.java` (https://github.com/sakaiproject/sakai): `<assignment>/<Last, First(login)>/` with the
  attachments in a folder whose name is translated, and `timestamp.txt`; several people's folder names them all, parted
  by `; `. Without folders each file begins `<Last, First(login)>_<name of that folder>_`. A group's folder is
  `<group> (<id>)`, that of someone whose name is hidden `<id> Anonymous`. Times in the zip are those of the download.
- ILIAS, `downloadAllAssignmentFiles` in `Modules/Exercise/classes/class.ilExSubmission.php`
  (https://github.com/ILIAS-eLearning/ILIAS): `<Last>_<First>_<login>_<number>/<file>`, in later versions in
  `Submissions` or `Abgaben`; team work in a folder `Team <number>` around it, under whoever uploaded it. What came late
  has `Late Submission - ` before its name, in ILIAS's language.
- Gradescope, "Exporting submissions", https://help.gradescope.com: `assignment_<number>_export/submission_<number>/...`
  and `submission_metadata.yml`, which says whose each is, and when it came.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from autograder.classroom.collect.archive import Entry, Refused
from autograder.classroom.collect.names import (
    NamedFile,
    Source,
    Submitter,
    folded,
    is_junk,
    may_hold_notebook,
    notebook_name,
    split_copy,
)
from autograder.classroom.columns import PARTICIPANT
from autograder.classroom.files import TIMESTAMP
from autograder.classroom.gradebook.submissions import parse_time

METADATA = "submission_metadata.yml"  # of Gradescope
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
_BRIGHTSPACE = re.compile(
    r"(?:(?P<number>\d+)-\d+ ?- ?)?(?P<name>[^/]+?) ?- ?"
    r"(?P<time>(?:[^\W\d_]{3,12}\.? \d{1,2},?|\d{1,2}\.? [^\W\d_]{3,12}\.?,?)"
    r" \d{4},? \d{1,2}:?\d\d ?(?:[AaPp]\.?[Mm]\.?)?)(?: - (?P<file>.+))?"
)
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"
_SAKAI_ONE = r"[^/;]*,[^/;]*?\([^()/]+\)"
_SAKAI = re.compile(
    rf"(?P<people>{_SAKAI_ONE}(?:; ?{_SAKAI_ONE})*)(?:_(?P<word>[^_/]+?)(?:_|(?<=\(s\)))(?P<file>.+))?"
    rf"|(?P<group>.+) \({_ID}\)|(?P<hidden>{_ID} .+)"
)
_SAKAI_PERSON = re.compile(r"(?P<name>.*,.*?) ?\((?P<login>[^()]+)\)")
_FEEDBACK = re.compile(r"feedback|rückmeldung|retroaliment|rétroaction|フィードバック", re.IGNORECASE)
_ILIAS = re.compile(r"(?P<name>.+)_(?P<login>[^_]+)_(?P<number>\d+)")
# A folder with two names, a login and a number, as ILIAS before version 7 has them.
_LIKE_ILIAS = re.compile(r"[^_]+_.+_[^_]*[^\W\d_][^_]*_\d{3,}")
_ILIAS_TEAM = re.compile(r"(?:team|équipe|equipe|equipo|squadra) \d+", re.IGNORECASE)
_ILIAS_ABOVE = re.compile(
    r"submissions|abgaben|consegne|entregas|remises|soumissions|inzendingen", re.IGNORECASE
)
_ILIAS_LATE = re.compile(
    r"[^-]*(?:late|versp(?:ä|ae?)tet|retard|tard[ií]|ritardo|te laat|fuera de plazo|atrasad)[^-]* - (?P<file>.+)",
    re.IGNORECASE,
)
_GRADESCOPE = re.compile(r"submission_\d+")
_Part = tuple[re.Match[str], str]  # what a platform says in a path, and the rest of the path
_Read = list[NamedFile | Entry]  # what a name says, or a file whose name says nothing


def recognise(entries: Sequence[Entry]) -> Source:
    """Tell which system an archive is from, by the names in it."""
    notebooks = [entry for entry in entries if may_hold_notebook(entry.name)] or list(entries)
    if any(_part(entry, _MOODLE) for entry in entries):
        return "moodle"
    if any(entry.name == METADATA for entry in entries):
        return "gradescope"
    tests: dict[Source, Callable[[Entry], object]] = {
        "gradescope": _in_gradescope,
        "blackboard": lambda entry: _BLACKBOARD.fullmatch(entry.name),
        "sakai": lambda entry: _part(entry, _SAKAI),
        "ilias": _in_ilias,
        "brightspace": _in_brightspace,
    }
    for source, test in tests.items():
        if 2 * sum(bool(test(entry)) for entry in notebooks) > len(notebooks):
            return source
    if all(any(map(_LIKE_ILIAS.fullmatch, entry.folders)) for entry in notebooks):
        return "ilias"
    canvas = sum(bool(_canvas_match(entry.name)) for entry in entries)
    return "canvas" if canvas and canvas >= len(entries) / 2 else "files"


def read(
    entries: Sequence[Entry], source: Source, known: Collection[str], zone: tzinfo | None = None
) -> tuple[list[NamedFile], list[Entry]]:
    """Read the names of all files of a platform's archive; return what they say, and the files that say nothing.

    `known` are the names of all assignments and notebooks: `hw-1` may be one, and not the second copy of `hw`.
    """
    readers: dict[Source, Callable[[Sequence[Entry], tzinfo | None], _Read]] = {
        "canvas": lambda entries, _: [_canvas(entry) or entry for entry in entries],
        "moodle": _moodle,
        "blackboard": _blackboard,
        "brightspace": _brightspace,
        "sakai": _sakai,
        "ilias": _ilias,
        "gradescope": _gradescope,
    }
    named, rest = [], []
    for item in readers[source](entries, zone):
        if isinstance(item, Entry):
            rest.append(item)
        elif not is_junk(item.file):
            named.append(with_notebook(item, known))
    return named, rest


def why_nobodys(entry: Entry, source: Source) -> str:
    """Say why a file of a platform's archive is nobody's."""
    if source == "blackboard" and _BLACKBOARD.fullmatch(entry.name):
        return "does not say where the login begins: keep Blackboard's .txt files beside it"
    if source == "gradescope" and _in_gradescope(entry):
        return f"is nobody's without Gradescope's {METADATA}: keep it beside the folders"
    if source == "sakai" and _part(entry, _SAKAI):
        return "is nobody's: Sakai left the names out, so download it without anonymous grading"
    return f"has no name of the kind that {source.title()} gives"


def with_notebook(item: NamedFile, known: Collection[str]) -> NamedFile:
    """Return a file with the notebook that its own name says it is."""
    stem, number, copy = split_copy(notebook_name(item.file), known)
    return replace(item, notebook=stem, order=item.order or number, copy=copy)


def _part(entry: Entry, pattern: re.Pattern[str]) -> _Part | None:
    """Return the first part of a path that a pattern describes, and the rest of the path."""
    parts = entry.path.split("/")
    for place, part in enumerate(parts):
        if match := pattern.fullmatch(part):
            return match, "/".join(parts[place + 1 :])
    return None


# Canvas


def _canvas_match(name: str) -> re.Match[str] | None:
    return _HIDDEN.fullmatch(name) or _CANVAS.fullmatch(name) or _NO_FILE.fullmatch(name)


def _canvas(entry: Entry) -> NamedFile | None:
    match = _canvas_match(entry.name)
    if not match:
        return None
    prefix = entry.name[: match.start("file")]
    submitter = Submitter("canvas", match["name"], match["number"], prefix)
    late, order = bool(match["late"]), int(match["upload"] or 0)
    return NamedFile(entry, submitter, match["file"], late=late, order=order)


# Moodle


def _moodle(entries: Sequence[Entry], _: tzinfo | None) -> _Read:
    found = [(entry, _part(entry, _MOODLE)) for entry in entries]
    names = {(parts[0]["name"], parts[0]["number"]) for _, parts in found if parts}
    often = Counter(name for name, number in names if number)
    same = next(iter(often), "") if len(often) == 1 and sum(often.values()) > 2 else ""
    return [_moodle_one(entry, parts, same) if parts else entry for entry, parts in found]


def _moodle_one(entry: Entry, parts: _Part, same: str) -> NamedFile:
    """Read one path; `same` is what all are called, if more than two have but one name: then marking was blind."""
    match, rest = parts
    name, number = match["name"], match["number"] or ""
    prefix = "_".join(filter(None, (name, number, match["kind"]))) + "_"
    blind = bool(number) and (name == same or bool(PARTICIPANT.fullmatch(folded(name))))
    who = Submitter("moodle", name, number, prefix, blind=blind)
    return NamedFile(entry, who, rest.rpartition("/")[2] or match["file"] or "")


# Blackboard


def _blackboard(entries: Sequence[Entry], zone: tzinfo | None) -> _Read:
    """Read the logins from the texts beside the files: assignments and logins may have any number of `_`."""
    matches = [(entry, _BLACKBOARD.fullmatch(entry.name)) for entry in entries]
    people = {
        match["who"]: found
        for entry, match in matches
        if match and match["text"] and (found := _name_line(entry)) and match["who"].endswith(f"_{found[1]}")
    }
    titles = {who.removesuffix(login) for who, (_, login) in people.items()}
    named: _Read = []
    for entry, match in matches:
        if not match:
            named.append(entry)
        elif match["file"]:
            name, login = people.get(match["who"]) or ("", _login(match["who"], titles))
            when = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S")
            order, time = int(f"{when:%Y%m%d%H%M%S}"), when.replace(tzinfo=zone).astimezone(UTC)
            who = Submitter("blackboard", name or login, ids=(login,))
            item = NamedFile(entry, who, match["file"], order=order, time=time)
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


# Brightspace


def _in_brightspace(entry: Entry) -> _Part | None:
    found = _part(entry, _BRIGHTSPACE)
    return found if found and (found[1] or found[0]["file"]) else None


def _brightspace(entries: Sequence[Entry], zone: tzinfo | None) -> _Read:
    named: _Read = []
    for entry in entries:
        if found := _in_brightspace(entry):
            match, rest = found
            # `Oct 3, 2026 1234 PM` or `3 October, 2026 1234`: the hour and minute run together
            when = parse_time(re.sub(r"(\d{1,2}):?(\d\d)(?=\D*$)", r"\1:\2", match["time"]))
            who = Submitter("brightspace", match["name"].strip(), match["number"] or "")
            file = rest.rpartition("/")[2] or match["file"]
            order = int(f"{when:%Y%m%d%H%M}") if when else 0
            time = when and when.replace(tzinfo=zone).astimezone(UTC)
            named.append(NamedFile(entry, who, file, order=order, time=time))
        elif entry.name != "index.html":
            named.append(entry)
    return named


# Sakai


def _sakai(entries: Sequence[Entry], _: tzinfo | None) -> _Read:
    """Read the paths of Sakai's archive; feedback is nobody's work, and who is hidden is nobody."""
    times = {entry.folders: _sakai_time(entry) for entry in entries if entry.name == TIMESTAMP}
    named: _Read = []
    for entry in entries:
        found = _part(entry, _SAKAI)
        if not found or found[0]["hidden"]:
            named += [entry] if entry.folders and may_hold_notebook(entry.name) else []
            continue
        match, rest = found
        if _FEEDBACK.search("/".join(rest.split("/")[:-1]) or match["word"] or ""):
            continue
        who, *others = _sakai_people(match)
        above = entry.folders[: len(entry.folders) - rest.count("/")]
        file = rest.rpartition("/")[2] or match["file"]
        if file:
            named.append(NamedFile(entry, who, file, time=times.get(above), others=tuple(others)))
    return named


def _sakai_people(match: re.Match[str]) -> list[Submitter]:
    if match["group"]:
        return [Submitter("sakai", match["group"].strip(), group=True)]
    people = (_SAKAI_PERSON.fullmatch(text.strip()) for text in re.split(r"(?<=\));", match["people"]))
    return [Submitter("sakai", one["name"].strip(" ,"), ids=(one["login"].strip(),)) for one in people if one]


def _sakai_time(entry: Entry) -> datetime | None:
    """Read `2026-10-03T12:34:56.789Z`, or `20261003123456789` of before version 12."""
    try:
        text = entry.read()[:100].decode("ascii", "replace").strip()
    except Refused:
        return None
    time = parse_time(re.sub(r"^(\d{14})\d{0,3}$", r"\1", text))
    return time and time.replace(tzinfo=UTC)


# ILIAS


def _in_ilias(entry: Entry) -> _Part | None:
    """ILIAS's folders are like many others: what stands above them tells."""
    found = _part(entry, _ILIAS)
    above = any(_ILIAS_ABOVE.fullmatch(part) or _ILIAS_TEAM.fullmatch(part) for part in entry.folders)
    return found if found and above else None


def _ilias(entries: Sequence[Entry], _: tzinfo | None) -> _Read:
    """Read the paths of ILIAS's archive; a team's work is the team's, whoever of it uploaded it."""
    named: _Read = []
    for entry in entries:
        if found := _in_ilias(entry) or _part(entry, _ILIAS):
            match, rest = found
            team = next((part for part in entry.folders if _ILIAS_TEAM.fullmatch(part)), "")
            who = Submitter("ilias", match["name"].replace("_", " "), ids=(match["login"],))
            file = re.sub(r"^\d{14}_", "", rest.rpartition("/")[2])
            late = _ILIAS_LATE.fullmatch(file)
            own = Submitter("ilias", team, group=True) if team else who
            named.append(NamedFile(entry, own, late["file"] if late else file, late=bool(late)))
        elif may_hold_notebook(entry.name):
            named.append(entry)
    return named


# Gradescope


def _in_gradescope(entry: Entry) -> str:
    """Return the folder of a submission that a file lies in."""
    return next((part for part in entry.folders if _GRADESCOPE.fullmatch(part)), "")


def _gradescope(entries: Sequence[Entry], _: tzinfo | None) -> _Read:
    """Read the paths of Gradescope's archive by the list beside its folders."""
    people, times = _submitters(next((entry for entry in entries if entry.name == METADATA), None))
    named: _Read = []
    for entry in entries:
        folder = _in_gradescope(entry)
        if people.get(folder):
            first, *others = people[folder]
            named.append(NamedFile(entry, first, entry.name, time=times.get(folder), others=tuple(others)))
        elif entry.name != METADATA:
            named.append(entry)
    return named


def _submitters(metadata: Entry | None) -> tuple[dict[str, list[Submitter]], dict[str, datetime]]:
    """Read who handed in each submission, and when; the results of the tests, which fill the file, are passed over."""
    try:
        text = metadata.read().decode("utf-8", "replace") if metadata else ""
    except Refused:
        text = ""
    found: dict[str, list[Submitter]] = {}
    times: dict[str, datetime] = {}
    folder, inside, person = "", False, {}  # type: tuple[str, bool, dict[str, str]]
    for line in text.splitlines():
        if match := re.fullmatch(r'"?(submission_\d+|\w+)"?:\s*', line):
            folder, inside = match[1], False
        elif match := re.fullmatch(r"  :(\w+):(.*)", line):
            inside = match[1] == "submitters"
            if match[1] == "created_at" and (when := parse_time(match[2])):
                times[folder] = when.replace(tzinfo=UTC)
        elif inside and (match := re.fullmatch(r" {2,6}(-?) *:(name|sid|email): *(.*)", line)):
            if match[1]:
                person = {}
                found.setdefault(folder, []).append(Submitter("gradescope", ""))
            person[match[2]] = _scalar(match[3])
            ids = tuple(filter(None, (person.get("sid", ""), person.get("email", ""))))
            found[folder][-1] = Submitter("gradescope", person.get("name", ""), ids=ids)
    return found, times


def _scalar(text: str) -> str:
    """Return what a plain or quoted word of YAML says."""
    text = text.strip()
    if text[:1] == text[-1:] == "'" and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text[:1] == '"':
        with suppress(ValueError):
            return str(json.loads(re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text)))
    return "" if text in ("null", "~") else text.strip('"')
