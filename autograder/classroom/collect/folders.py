"""Who handed in what, where a learning platform gives every hand-in a folder of its own.

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
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from autograder.classroom.collect.archive import Entry, Refused
from autograder.classroom.collect.names import NamedFile, Submitter, may_hold_notebook

METADATA = "submission_metadata.yml"

_BRIGHTSPACE = re.compile(
    r"(?:(?P<number>\d+)-\d+ ?- ?)?(?P<name>[^/]+?) ?- ?"
    r"(?P<time>(?:[^\W\d_]{3,12}\.? \d{1,2},?|\d{1,2}\.? [^\W\d_]{3,12}\.?,?)"
    r" \d{4},? \d{1,2}:?\d\d ?(?:[AaPp]\.?[Mm]\.?)?)(?: - (?P<file>.+))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"
_SAKAI_ONE = r"[^/;]*,[^/;]*?\([^()/]+\)"
_SAKAI = re.compile(
    rf"(?P<people>{_SAKAI_ONE}(?:; ?{_SAKAI_ONE})*)(?:_(?P<word>[^_/]+?)(?:_|(?<=\(s\)))(?P<file>.+))?"
    rf"|(?P<group>.+) \({_ID}\)|(?P<hidden>{_ID} .+)"
)
_SAKAI_PERSON = re.compile(r"(?P<name>.*,.*?) ?\((?P<login>[^()]+)\)")
_FEEDBACK = re.compile(r"feedback|rückmeldung|retroaliment|rétroaction|フィードバック", re.IGNORECASE)
_ILIAS = re.compile(r"(?P<name>.+)_(?P<login>[^_]+)_(?P<number>\d+)")
_LIKE_ILIAS = re.compile(r"[^_]+_.+_[^_]*[^\W\d_][^_]*_\d{3,}")
_ILIAS_TEAM = re.compile(r"(?:team|équipe|equipe|equipo|squadra) \d+", re.IGNORECASE)
_ILIAS_ABOVE = re.compile(
    r"submissions|abgaben|consegne|entregas|remises|soumissions|inzendingen", re.IGNORECASE
)
_ILIAS_LATE = re.compile(
    r"[^-]*(?:late|versp(?:ä|ae?)tet|retard|tard[ií]|ritardo|te laat|fuera de plazo|atrasad)[^-]* - (?P<file>.+)",
    re.IGNORECASE,
)
_GRADESCOPE = re.compile(r"submission_(?P<number>\d+)")


def _part(entry: Entry, pattern: re.Pattern[str]) -> tuple[re.Match[str], str] | None:
    """Return the first part of a path that a pattern describes, and the rest of the path."""
    parts = entry.path.split("/")
    for place, part in enumerate(parts):
        if match := pattern.fullmatch(part):
            return match, "/".join(parts[place + 1 :])
    return None


# Brightspace


def in_brightspace(entry: Entry) -> tuple[re.Match[str], str] | None:
    """Return what Brightspace says in a path, and the rest of the path."""
    found = _part(entry, _BRIGHTSPACE)
    return found if found and (found[1] or found[0]["file"]) else None


def brightspace(entries: Sequence[Entry], zone: tzinfo | None) -> list[NamedFile | Entry]:
    """Read the paths of Brightspace's archive."""
    named: list[NamedFile | Entry] = []
    for entry in entries:
        if found := in_brightspace(entry):
            match, rest = found
            when = _english_time(match["time"])
            who = Submitter("brightspace", match["name"].strip(), match["number"] or "")
            file = rest.rsplit("/", 1)[-1] or match["file"]
            order = int(f"{when:%Y%m%d%H%M}") if when else 0
            time = when and when.replace(tzinfo=zone).astimezone(UTC)
            named.append(NamedFile(entry, who, file, "", order=order, time=time))
        elif entry.name != "index.html":
            named.append(entry)
    return named


def _english_time(text: str) -> datetime | None:
    """Read `Oct 3, 2026 1234 PM` or `3 October, 2026 1234`: the hour and minute run together."""
    match = re.fullmatch(
        r"(?:(?P<first>\d{1,2})\.? )?(?P<month>[^\W\d_]{3})[^\W\d_]*\.?,?(?: (?P<day>\d{1,2}),?)? "
        r"(?P<year>\d{4}),? (?P<hour>\d{1,2}):?(?P<minute>\d\d) ?(?P<half>[AaPp])?.*",
        text,
    )
    if not match or match["month"].lower() not in _MONTHS:
        return None
    hour, day = int(match["hour"]), int(match["first"] or match["day"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    with suppress(ValueError):
        month = _MONTHS.index(match["month"].lower()) + 1
        return datetime(int(match["year"]), month, day, hour, int(match["minute"]))
    return None


# Sakai


def in_sakai(entry: Entry) -> tuple[re.Match[str], str] | None:
    """Return what Sakai says in a path, and the rest of the path."""
    return _part(entry, _SAKAI)


def sakai(entries: Sequence[Entry], _: tzinfo | None) -> list[NamedFile | Entry]:
    """Read the paths of Sakai's archive; feedback is nobody's work, and who is hidden is nobody."""
    times = {entry.folders: _sakai_time(entry) for entry in entries if entry.name == "timestamp.txt"}
    named: list[NamedFile | Entry] = []
    for entry in entries:
        found = in_sakai(entry)
        if not found or found[0]["hidden"]:
            named += [entry] if entry.folders and may_hold_notebook(entry.name) else []
            continue
        match, rest = found
        if _FEEDBACK.search("/".join(rest.split("/")[:-1]) or match["word"] or ""):
            continue
        who, *others = _sakai_people(match)
        above = entry.folders[: len(entry.folders) - rest.count("/")]
        file = rest.rsplit("/", 1)[-1] or match["file"]
        if file:
            named.append(NamedFile(entry, who, file, "", time=times.get(above), others=tuple(others)))
    return named


def _sakai_people(match: re.Match[str]) -> list[Submitter]:
    if match["group"]:
        return [Submitter("sakai", match["group"].strip(), group=True)]
    people = (_SAKAI_PERSON.fullmatch(text.strip()) for text in re.split(r"(?<=\));", match["people"]))
    return [Submitter("sakai", one["name"].strip(" ,"), ids=(one["login"].strip(),)) for one in people if one]


def _sakai_time(entry: Entry) -> datetime | None:
    """Read `2026-10-03T12:34:56.789Z`, or `20261003123456789` of before version 12."""
    with suppress(Refused, ValueError):
        text = entry.read()[:100].decode("ascii", "replace").strip()
        if re.fullmatch(r"\d{14,17}", text):
            return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return None


# ILIAS


def in_ilias(entry: Entry) -> tuple[re.Match[str], str] | None:
    """ILIAS's folders are like many others: what stands above them tells."""
    found = _part(entry, _ILIAS)
    above = any(_ILIAS_ABOVE.fullmatch(part) or _ILIAS_TEAM.fullmatch(part) for part in entry.folders)
    return found if found and above else None


def like_ilias(entry: Entry) -> bool:
    """Tell whether a file lies in a folder with two names, a login and a number, as ILIAS before version 7 has them."""
    return any(_LIKE_ILIAS.fullmatch(part) for part in entry.folders)


def ilias(entries: Sequence[Entry], _: tzinfo | None) -> list[NamedFile | Entry]:
    """Read the paths of ILIAS's archive; a team's work is the team's, whoever of it uploaded it."""
    named: list[NamedFile | Entry] = []
    for entry in entries:
        if found := in_ilias(entry) or _part(entry, _ILIAS):
            match, rest = found
            team = next((part for part in entry.folders if _ILIAS_TEAM.fullmatch(part)), "")
            who = Submitter("ilias", match["name"].replace("_", " "), ids=(match["login"],))
            file = re.sub(r"^\d{14}_", "", rest.rsplit("/", 1)[-1])
            late = _ILIAS_LATE.fullmatch(file)
            own = Submitter("ilias", team, group=True) if team else who
            named.append(NamedFile(entry, own, late["file"] if late else file, "", late=bool(late)))
        elif may_hold_notebook(entry.name):
            named.append(entry)
    return named


# Gradescope


def in_gradescope(entry: Entry) -> bool:
    """Tell whether a file lies in the folder of a submission."""
    return any(_GRADESCOPE.fullmatch(part) for part in entry.folders)


def gradescope(entries: Sequence[Entry], _: tzinfo | None) -> list[NamedFile | Entry]:
    """Read the paths of Gradescope's archive by the list beside its folders."""
    people, times = _submitters(next((entry for entry in entries if entry.name == METADATA), None))
    named: list[NamedFile | Entry] = []
    for entry in entries:
        folder = next((part for part in entry.folders if _GRADESCOPE.fullmatch(part)), "")
        if folder and people.get(folder):
            first, *others = people[folder]
            named.append(
                NamedFile(entry, first, entry.name, "", time=times.get(folder), others=tuple(others))
            )
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
            when = re.match(r" *(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[.\d]* Z", match[2])
            if match[1] == "created_at" and when:
                times[folder] = datetime.strptime(when[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
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
