"""Reading a notebook that a student handed in: any bytes, to a list of cells or to one clear line of refusal.

Only what grading needs is taken: each cell's type, source, claimed `grade_id` and points, and the pictures
pasted into a text cell. Outputs are never looked at. nbformat is not used: it validates, migrates and warns,
which is slow on good files and fails on the broken ones that matter here.

Memory is bounded before anything is built: outputs are cut out of the bytes, what is left may be no longer than
`MAX_TEXT`, and its brackets and commas are counted, each of which may become an object.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

CellType = Literal["code", "markdown", "raw"]

MAX_BYTES = 2**28
MAX_TEXT = 40_000_000
MAX_VALUES = 500_000
MAX_CELLS = 5_000
MAX_EMPTY_CELLS = 20_000
MAX_SOURCE = 4_000_000
MAX_ATTACHMENT = 2_000_000
STRIP_OUTPUTS_ABOVE = 1_000_000

# A line that says what a file is when it is no notebook, by its first bytes.
_OTHER_FILES = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<", "a web page (HTML or XML)"),
    (b"\x7fELF", "a program"),
)
_CONFLICT = re.compile(r"^<{7}(?: |\r?$)", re.MULTILINE)  # as git leaves it


class Unreadable(Exception):
    """The bytes are not a notebook that can be graded; the message is one line for student and instructor."""


@dataclass(frozen=True)
class HandedCell:
    """One cell as the student handed it in: nothing in it is believed yet."""

    cell_type: CellType
    source: str
    grade_id: str | None = None
    points: object = None
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Handed:
    """What was handed in: the cells in the student's order, and remarks on how the file was read."""

    cells: tuple[HandedCell, ...]
    notes: tuple[str, ...] = ()


def read_notebook(data: bytes) -> Handed:
    """Reads notebook bytes of any nbformat version from 1 on, in bounded memory.

    Raises `Unreadable` if the bytes are no notebook, are cut off, or are larger than grading takes.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file is too large: {len(data) >> 20} MB (the limit is {MAX_BYTES >> 20} MB).")
    if not data[:1000].strip(_BLANK) and not data.strip(_BLANK):
        raise Unreadable("The file is empty.")
    data, notes = _in_utf8(data)
    text, more = _decode(_bounded(data))
    try:
        notebook = _parse(text)
        cells = tuple(_cells(notebook))
    except RecursionError:
        raise Unreadable("The file is not a notebook: it is nested too deeply.") from None
    _check_size(cells)
    return Handed(cells, (*notes, *more, *_kernel_notes(notebook)))


def _in_utf8(data: bytes) -> tuple[bytes, list[str]]:
    """The file in UTF-8, if it is in UTF-16 or UTF-32: only ASCII's brackets can be counted in bytes."""
    encoding = next((name for mark, name in _WIDE if data.startswith(mark)), "")
    if not encoding:
        return data.removeprefix(b"\xef\xbb\xbf"), []
    _check_length(data)
    text = data.decode(encoding, "replace").lstrip("\ufeff")
    return text.encode("utf-8", "replace"), [
        f"The file was not in UTF-8; it was read as {encoding[:6].upper()}."
    ]


def _bounded(data: bytes) -> bytes:
    """The bytes without outputs where they are large; refuses what would take much memory to read."""
    if len(data) > STRIP_OUTPUTS_ABOVE:
        data = strip_outputs(data)
    _check_length(data)
    if sum(map(data.count, _STRUCTURE)) > MAX_VALUES and _has_many_values(data):
        raise Unreadable(_TOO_MANY)
    return data


def _check_length(data: bytes) -> None:
    if len(data) > MAX_TEXT:
        raise Unreadable(
            f"The notebook is too large without its outputs: {len(data) >> 20} MB (the limit is "
            f"{MAX_TEXT >> 20} MB). Are there large pictures in its text?"
        )


def _has_many_values(data: bytes) -> bool:
    """Whether there may be too many JSON values, by the brackets and commas outside of strings."""
    values = 0
    for tokens, token in enumerate(_TOKEN.finditer(data)):
        values += token.group()[:1] != b'"'
        if values > MAX_VALUES or tokens > 3 * MAX_VALUES:
            return True
    return False


def _decode(data: bytes) -> tuple[str, list[str]]:
    """The text of a file in UTF-8, or else in what old editors saved it in."""
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        for magic, what in _OTHER_FILES:
            if data.startswith(magic):
                raise Unreadable(f"The file is not a notebook: it looks like {what}.") from None
    return data.decode("latin-1"), ["The file was not in UTF-8; it was read as LATIN-1."]


def _parse(text: str) -> dict[str, Any]:
    text = text.strip("\0 \t\r\n")
    try:
        notebook = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise Unreadable(_syntax_message(text, error)) from None
    except ValueError:  # an integer of more digits than Python converts
        raise Unreadable("The file is not a notebook: it holds a number too long to read.") from None
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise Unreadable("The file is not a notebook: it holds no cells.")
    return notebook


def _syntax_message(text: str, error: json.JSONDecodeError) -> str:
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        return (
            f"The notebook holds the marks of a merge (<<<<<<<) in line {line}: settle the conflict, "
            "as with `nbdime mergetool`, and hand it in again."
        )
    for magic, what in _OTHER_FILES:
        if text.startswith(magic.decode("latin-1")):
            return f"The file is not a notebook: it looks like {what}."
    if not text.startswith("{"):
        return "The file is not a notebook: it does not start like one."
    if error.pos >= len(text) - 1 or error.msg.startswith("Unterminated string"):
        return f"The notebook is cut off at line {error.lineno}: the end of the file is missing."
    return f"The notebook is damaged at line {error.lineno}, column {error.colno}: it is not valid JSON."


# The byte-order marks, and where the zero bytes of a leading `{` are.
_WIDE = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
_BLANK = b"\0 \t\r\n"
_STRUCTURE = (b"{", b"[", b",")
_TOO_MANY = "The notebook has too many cells or parts: delete those that are empty."
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z|\\\Z)|[{\[,]', re.DOTALL)
_OUTPUTS = re.compile(rb'(?<!\\)"outputs"\s*+:\s*+\[')
_TO_BRACKET = re.compile(rb'(?:[^"\[\]]++|"(?:[^"\\]++|\\.)*+(?:"|\Z|\\\Z))*+([\[\]]|\Z)', re.DOTALL)
_MOST_BRACKETS = 5_000_000


def strip_outputs(data: bytes) -> bytes:
    """The same JSON text with every list of outputs emptied, without building what is in them."""
    kept: list[bytes] = []
    position = 0
    while found := _OUTPUTS.search(data, position):
        if len(kept) > MAX_EMPTY_CELLS:
            raise Unreadable(_TOO_MANY)
        kept.append(data[position : found.end()])
        position = _closing_bracket(data, found.end())
    kept.append(data[position:])
    return b"".join(kept)


def _closing_bracket(data: bytes, start: int) -> int:
    """Where the list that opened just before `start` ends: the index of its `]` (or the end of the text)."""
    depth = 1
    for _ in range(_MOST_BRACKETS):
        found = _TO_BRACKET.match(data, start)
        if not found or not found[1]:
            return len(data)
        depth += 1 if found[1] == b"[" else -1
        if depth == 0:
            return found.start(1)
        start = found.end()
    raise Unreadable("The notebook's outputs have too many parts: clear them and hand it in again.")


def _cells(notebook: dict[str, Any]) -> list[HandedCell]:
    """The cells of a notebook of format 4, or of all the worksheets of formats 1 to 3."""
    groups = [notebook.get("cells")]
    worksheets = notebook.get("worksheets")
    if isinstance(worksheets, list):
        groups += [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    return [
        _cell(cell) for group in groups if isinstance(group, list) for cell in group if isinstance(cell, dict)
    ]


def _cell(cell: dict[str, Any]) -> HandedCell:
    metadata = _dictionary(_dictionary(cell.get("metadata")).get("nbgrader"))
    grade_id = metadata.get("grade_id")
    return HandedCell(
        cell_type=_cell_type(cell.get("cell_type")),
        source=_source(cell),
        grade_id=grade_id if isinstance(grade_id, str) and grade_id else None,
        points=metadata.get("points"),
        attachments=_attachments(cell["attachments"]) if "attachments" in cell else {},
    )


def _cell_type(claimed: object) -> CellType:
    """Formats 2 and 3 also have `heading`, `html` and `plaintext` cells: text, all of them."""
    if claimed == "code":
        return "code"
    return "raw" if claimed == "raw" else "markdown"


def _source(cell: dict[str, Any]) -> str:
    """The text of a cell as UTF-8 can hold it, with line feeds for line ends."""
    raw = next((cell[key] for key in ("source", "input", "text") if key in cell), "")
    if isinstance(raw, list):
        raw = "".join(part for part in raw if isinstance(part, str))
    if not isinstance(raw, str):
        return ""
    source = raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
    if not source.isascii():
        source = source.removeprefix("\ufeff")
        source = source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    level = cell.get("level")
    if cell.get("cell_type") == "heading" and isinstance(level, int) and 1 <= level <= 6:
        return "#" * level + " " + source
    return source


def _attachments(claimed: object) -> dict[str, dict[str, str]]:
    """Pictures pasted into a text cell: PNG, JPEG and GIF only, each up to two megabytes."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in _dictionary(claimed).items():
        pictures = {
            kind: data
            for kind, data in _dictionary(bundle).items()
            if kind in ("image/png", "image/jpeg", "image/gif")
            and isinstance(data, str)
            and len(data) <= MAX_ATTACHMENT
            and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
        }
        if pictures and re.fullmatch(r"[\w .()-]{1,100}", name):
            kept[name] = pictures
    return kept


def _dictionary(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _check_size(cells: tuple[HandedCell, ...]) -> None:
    used = sum(bool(cell.source.strip()) for cell in cells)
    if used > MAX_CELLS:
        raise Unreadable(f"The notebook has too many cells: {used} (the limit is {MAX_CELLS}).")
    if len(cells) > MAX_EMPTY_CELLS:
        raise Unreadable(f"The notebook has too many cells: {len(cells)}, most of them empty. Delete those.")
    length = sum(len(cell.source) for cell in cells)
    if length > MAX_SOURCE:
        raise Unreadable(f"The notebook's text is too long: {length} characters (the limit is {MAX_SOURCE}).")


def _kernel_notes(notebook: dict[str, Any]) -> list[str]:
    """Says that a notebook set to another language was graded as Python."""
    metadata = _dictionary(notebook.get("metadata"))
    claims = (
        _dictionary(metadata.get("kernelspec")).get("language"),
        _dictionary(metadata.get("language_info")).get("name"),
    )
    language = next((claim for claim in claims if isinstance(claim, str) and claim), "python")
    if language.lower() in ("python", "python3", "ipython"):
        return []
    return ["The notebook was set to another language's kernel; it was graded as Python."]
