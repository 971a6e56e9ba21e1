"""Who handed in what, read from the names in an archive: Canvas's, Moodle's, or plain folders and files.

The names are those that the systems' own sources write:

- Canvas, `lib/content_zipper.rb` (https://github.com/instructure/canvas-lms): in one folder
  `<sortable name><_LATE>_<user>_<upload>_<file>`, or `<LATE_>anon_<code>_<upload>_<file>` where names are hidden;
  texts and links that are no files end in `_<user>_text.html` and `_<user>_link.html`. A file handed in again
  under the same name gets `-1`, `-2`, ... before its ending.
- Moodle, `mod/assign/classes/downloader.php` (https://github.com/moodle/moodle): a folder
  `<full name>_<participant>_assignsubmission_file` (with a further `_` before version 4.1), or the same as the
  beginning of each file's name; `Participant` instead of the name where marking is blind.
- All else: `<student>/<assignment>/<notebook>` as nbgrader has it, `<student>/<notebook>`, or `<student>.ipynb`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.classroom.collect.entry import Entry

Source = Literal["canvas", "moodle", "files"]

_CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)")
_HIDDEN = re.compile(r"(?P<late>LATE_)?anon_(?P<number>[^_]+)_(?P<upload>\d+)_(?P<file>.+)(?P<name>)")
_NO_FILE = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<file>(?:text|link)\.html)(?P<upload>)"
)
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_(?P<kind>assignsubmission_[a-z0-9]+)(?:_(?P<file>.*))?")
_AGAIN = re.compile(
    r"(?P<stem>.+?)(?:-(?P<canvas>\d{1,3})|[ _]?\((?P<browser>\d{1,3})\)|[-_ ][Cc]opy(?P<copy>\d{0,3}))"
)
_BROWSER = re.compile(r"(?P<stem>.+?) ?\((?P<number>\d{1,3})\)")
_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
_JUNK = re.compile(r"__MACOSX|\.ipynb_checkpoints|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.git|__pycache__")


@dataclass(frozen=True)
class Submitter:
    """Whoever handed something in, as an archive calls them.

    `name` is a person's name as the archive spells it, or a plain file's or folder's; `number` is Canvas's user
    or Moodle's participant; `prefix` is how the name of a file begins that is to find its way back to them.
    """

    source: Source
    name: str
    number: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Named:
    """A file of an archive with what its name says.

    `notebook` is the notebook's name without ending and number, empty for any other file; `order` grows from one
    hand-in to the next.
    """

    entry: Entry
    submitter: Submitter
    file: str
    notebook: str
    late: bool = False
    order: int = 0


def is_junk(entry: Entry) -> bool:
    """Tell whether a file is one that systems and editors leave about."""
    return any(_JUNK.fullmatch(part) for part in entry.path.split("/"))


def recognise(entries: Sequence[Entry]) -> Source:
    """Tell which system an archive is from, by the names in it."""
    if any(_moodle_parts(entry) for entry in entries):
        return "moodle"
    canvas = sum(bool(_canvas_match(entry.name)) for entry in entries)
    return "canvas" if canvas and canvas >= len(entries) / 2 else "files"


def name_all(
    entries: Sequence[Entry], source: Source, assignment: str, known: Collection[str]
) -> tuple[list[Named], list[Entry]]:
    """Read the names of all files; return what they say, and the files whose names say nothing.

    `known` are the names of all assignments and notebooks: `hw-1` may be one, and not the second copy of `hw`.
    """
    if source == "files":
        return _plain(entries, assignment, known), []
    read = _canvas if source == "canvas" else _moodle
    named, rest = [], []
    for entry in entries:
        found = read(entry, known)
        if found:
            named.append(found)
        else:
            rest.append(entry)
    return named, rest


def split_copy(stem: str, known: Collection[str] = ()) -> tuple[str, int]:
    """Split `work-2`, `work (2)` or `work-Copy2` into `work` and 2; a stem without a number has 0."""
    match = None if stem in known else _AGAIN.fullmatch(stem)
    if not match:
        return stem, 0
    return match["stem"], int(match["canvas"] or match["browser"] or match["copy"] or 1)


def _notebook(file: str, known: Collection[str]) -> tuple[str, int]:
    stem = next((file[: -len(end)] for end in _ENDINGS if file.lower().endswith(end)), "")
    return split_copy(stem, known)


def _canvas_match(name: str) -> re.Match[str] | None:
    return _HIDDEN.fullmatch(name) or _CANVAS.fullmatch(name) or _NO_FILE.fullmatch(name)


def _canvas(entry: Entry, known: Collection[str]) -> Named | None:
    match = _canvas_match(entry.name)
    if not match:
        return None
    prefix = entry.name[: match.start("file")]
    submitter = Submitter("canvas", match["name"], match["number"], prefix)
    notebook = _notebook(match["file"], known)[0]
    return Named(entry, submitter, match["file"], notebook, bool(match["late"]), int(match["upload"] or 0))


def _moodle_parts(entry: Entry) -> tuple[re.Match[str], str] | None:
    """Return the part of a path that Moodle wrote, and the rest of the path."""
    parts = entry.path.split("/")
    for place, part in enumerate(parts):
        if match := _MOODLE.fullmatch(part):
            return match, "/".join(filter(None, [match["file"] or "", *parts[place + 1 :]]))
    return None


def _moodle(entry: Entry, known: Collection[str]) -> Named | None:
    found = _moodle_parts(entry)
    if not found:
        return None
    match, rest = found
    prefix = f"{match['name']}_{match['number']}_{match['kind']}_"
    submitter = Submitter("moodle", match["name"], match["number"], prefix)
    file = rest.rsplit("/", 1)[-1]
    notebook, order = _notebook(file, known)
    return Named(entry, submitter, file, notebook, order=order)


def _plain(entries: Sequence[Entry], assignment: str, known: Collection[str]) -> list[Named]:
    """Take the student from the file's name where all notebooks lie together, else from the folder around it."""
    notebooks = {entry.path: _notebook(entry.name, known) for entry in entries}
    folders = {entry.folders for entry in entries if notebooks[entry.path][0]}
    names = {name for name, _ in notebooks.values() if name}
    flat = len(folders) <= 1 and not names & {*known} and (len(names) > 1 or folders <= {()})
    return [
        _plain_one(entry, assignment, *notebooks[entry.path], flat=flat, known=known) for entry in entries
    ]


def _plain_one(
    entry: Entry, assignment: str, notebook: str, order: int, *, flat: bool, known: Collection[str]
) -> Named:
    around = [part for part in entry.folders if part != assignment]
    if not around and notebook in known:
        return Named(entry, Submitter("files", ""), entry.name, notebook)  # nobody's
    if around and not flat:
        return Named(entry, Submitter("files", around[-1]), entry.name, notebook, order=order)
    stem = entry.name.split(".", 1)[0] if not notebook else entry.name[: entry.name.lower().rindex(".ipynb")]
    again = _BROWSER.fullmatch(stem)  # `ada-1` may be a student's name, but `ada (1)` is a second download
    student = _without(again["stem"] if again else stem, assignment)
    order = int(again["number"]) if again else 0
    return Named(entry, Submitter("files", student), entry.name, assignment if notebook else "", order=order)


def _without(stem: str, assignment: str) -> str:
    """Take the assignment's name out of `ada_02-sigmoid` or `02-sigmoid_ada`."""
    for pattern in (rf"{re.escape(assignment)}[-_ ]+(.+)", rf"(.+?)[-_ ]+{re.escape(assignment)}"):
        if match := re.fullmatch(pattern, stem):
            return match[1]
    return stem
