"""A platform's own file, filled in and written back as it came: Canvas's gradebook, Moodle's grading worksheet.

What Canvas writes and reads is in `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb`,
https://github.com/instructure/canvas-lms.

The first row has `Student` (or `LastName` and `FirstName`), `ID`, the columns of the student information system,
`Section`, then a column for each assignment, called by its name there and, in Canvas's own exports, its number in
brackets. A row without a student may say which columns are posted by hand; the next begins with `    Points Possible`
and says `(read only)`, in the user's language, of columns that are none to fill in. Students are found by `ID`, then by
their SIS columns, then by name. `EX` excuses a student, `N/A` stands where an assignment is not theirs. Numbers have a
comma or a point, by the user's language. An empty cell takes a score away that Canvas has; so a file made from Canvas's
own export keeps whatever this course knows nothing of.

Moodle's is after "Offline grading worksheet" in "Assignment settings", https://docs.moodle.org/en/Assignment_settings:
the columns are those of `mod/assign/gradingtable.php`, and of them `mod/assign/feedback/offline/importgradeslib.php`
needs the identifier (`Participant 123`), the grade and when it was last modified; both at
https://github.com/moodle/moodle. The number after `Participant` is another for each assignment: it comes from the
downloaded submissions, or from here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.classroom import columns, tables
from autograder.classroom.collect.names import Submitter, squeeze
from autograder.classroom.collect.people import ClassList, Person
from autograder.classroom.errors import CourseError, in_a_line
from autograder.classroom.export.marks import Export, Marks, Standing, empty_cells
from autograder.classroom.tables import Table, number

_POINTS = re.compile(r"-?[0-9.,]+%?")
_NAME, _NUMBER, *_ = columns.CANVAS
TEST_STUDENT = squeeze("Student, Test")


@dataclass
class Filling:
    """A platform's own file that is being filled in, and what there is to say about it."""

    table: Table
    kept: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def put(self, mark: Standing, row: list[str], at: int, best: float | None) -> None:
        """Write a student's points into a cell, scaled to the `best` that the platform has; none leave it as it was."""
        value, there = mark.final, row[at].strip()
        if value is None:
            return
        if best and best != mark.max_points:
            value *= best / mark.max_points
            scaled = f"{mark.assignment}: scaled from {number(mark.max_points)} to {number(best)} points"
            self.notes += [scaled] if scaled not in self.notes else []
        new = number(value, self.table.dialect.decimal)
        if points_in(there) not in (None, points_in(new)):
            self.replaced.append(f"{mark.student} {there} -> {new}")
        row[at] = new

    def owners(self, found: Mapping[int, Person | None]) -> dict[int, Person]:
        """Return whose each row is; of two rows that would be one student's, neither is anybody's."""
        often = Counter(person.id for person in found.values() if person)
        double = sorted(student for student, times in often.items() if times > 1)
        self.notes += [f"several rows fit {student}: left as they were" for student in double]
        return {place: person for place, person in found.items() if person and often[person.id] == 1}

    def write(self, path: Path, marks: Iterable[Standing], rows: int) -> Export:
        """Write the file back as it came; `marks` are those of the students and columns that it has."""
        tables.write(
            path, self.table.rows, exact=range(max(map(len, self.table.rows))), dialect=self.table.dialect
        )
        notes = [*self.table.notes, *self.notes, *(f"{many} {words}" for words, many in self.kept.items())]
        if self.replaced:
            notes.append(f"other points were there and are replaced: {in_a_line(self.replaced)}")
        rest = (note.replace("left empty", "left as they were") for note in empty_cells(marks))
        return Export(rows, [*notes, *rest])


def find_by_ids(people: ClassList, who: Submitter, ids: tuple[str, ...]) -> Person | None:
    """Return whose a row is: by the platform's number and the name, else by what the institution calls them."""
    person = people.find(who)[0]
    if person is None and any(ids):
        person = people.find(Submitter("gradescope", "", ids=ids))[0]
    return person


def points_in(text: str) -> float | None:
    """Return the points that a cell holds, None if it holds none: of commas and points the last is the decimal sign."""
    if not _POINTS.fullmatch(text.strip()):
        return None
    *before, last = re.split("[.,]", text.strip().rstrip("%"))
    try:
        return float(f"{''.join(before)}.{last}" if before else last)
    except ValueError:
        return None


def fill_canvas(marks: Marks, template: Path, path: Path, column: str) -> Export:
    """Fill in a file that Canvas exported; `column` names the column of a single assignment if it is called otherwise.

    Points are scaled to those that Canvas has for the assignment, and the file is written back as it came: its
    encoding, delimiter, decimal sign and line ends. Raises CourseError if the file is not such an export, or has no
    column that can be filled in for any of the assignments.
    """
    done = Filling(tables.read(template))
    sheet = _gradebook(template, done)
    places = _places(marks, template, sheet, done, column)
    people = ClassList(marks.people.values())
    owners = done.owners({place: _find_in_canvas(people, row) for place, row in sheet.students.items()})
    for place, person in owners.items():
        for assignment, at in places.items():
            _fill_one(marks.of[person.id, assignment], sheet, done, done.table.rows[place], at)
    seen = {person.id for person in owners.values()}
    known = (mark for mark in marks.rows() if mark.assignment in places and mark.student in seen)
    export = done.write(path, known, len(owners))
    if missing := marks.people.keys() - seen:
        export.notes.append(f"not in Canvas's file: {in_a_line(missing)}")
    if unknown := marks.assignments.keys() - places.keys():
        export.notes.append(f"no column for: {in_a_line(unknown)}")
    return export


@dataclass
class _Gradebook:
    """Canvas's export: the columns' names, the row with their points, and the students' rows by their place."""

    header: list[str]
    possible: list[str] = field(default_factory=list)
    students: dict[int, dict[str, str]] = field(default_factory=dict)


def _fill_one(mark: Standing, sheet: _Gradebook, done: Filling, row: list[str], at: int) -> None:
    if kept := columns.CANVAS_KEPT.get(row[at].strip().casefold()):
        done.kept[kept] += 1
    else:
        done.put(mark, row, at, points_in(sheet.possible[at]) if sheet.possible else None)


def _gradebook(template: Path, done: Filling) -> _Gradebook:
    rows = done.table.rows
    where = next((place for place, row in enumerate(rows) if _is_header(row)), -1)
    if where < 0:
        raise CourseError(
            f"{template} is no export of Canvas's gradebook: it begins with {_NAME} "
            f"(or {', '.join(columns.CANVAS_NAMES)}), {_NUMBER}, ..."
        )
    sheet = _Gradebook([cell.strip() for cell in rows[where]])
    for place, row in enumerate(rows[where + 1 :], where + 1):
        if any(columns.CANVAS_POINTS.strip() in cell for cell in row[:2]):
            sheet.possible = row + [""] * (len(sheet.header) - len(row))
        elif len(row) > len(sheet.header):
            line = done.table.lines[place]
            done.notes.append(f"line {line} has more cells than the header: left as it was")
        elif any(row):
            row += [""] * (len(sheet.header) - len(row))
            known = dict(zip(sheet.header, row, strict=True))
            if known[_NUMBER].strip() and squeeze(_name(known)) != TEST_STUDENT:
                sheet.students[place] = known
    return sheet


def _is_header(row: Sequence[str]) -> bool:
    names = [cell.strip() for cell in row]
    return _NUMBER in names[:4] and (names[0] == _NAME or {*names[:2]} == {*columns.CANVAS_NAMES})


def _name(row: Mapping[str, str]) -> str:
    return row[_NAME] if _NAME in row else ", ".join(row[name] for name in columns.CANVAS_NAMES)


def _find_in_canvas(people: ClassList, row: Mapping[str, str]) -> Person | None:
    number, ids = row[_NUMBER].strip(), tuple(row.get(name, "").strip() for name in columns.CANVAS_SIS)
    person = find_by_ids(people, Submitter("canvas", _name(row), number), ids)
    return None if person and person.number not in ("", number) else person


def _places(marks: Marks, template: Path, sheet: _Gradebook, done: Filling, column: str) -> dict[str, int]:
    """Return where each assignment's column is, of those that may be filled in."""
    if column and len(marks.assignments) != 1:
        raise CourseError("--column is for one assignment: name it with --assignment.")
    wanted = {column or name: name for name in marks.assignments}
    titles = {place: wanted.get(_title(text, wanted), "") for place, text in enumerate(sheet.header)}
    for name, times in Counter(filter(None, titles.values())).items():
        if times > 1:
            same = " and ".join(repr(sheet.header[place]) for place in titles if titles[place] == name)
            raise CourseError(f"{template} has {times} columns for {name}, {same}: say which with --column.")
    found = {name: place for place, name in titles.items() if name}
    closed = [name for name, place in found.items() if _is_read_only(sheet, place)]
    done.notes += [f"{name}: Canvas says that its column is read-only: left as it was" for name in closed]
    if not found or len(closed) == len(found):
        names = " or ".join(wanted)
        why = "says that it is read-only" if closed else "say which it is with --column"
        raise CourseError(
            f"{template} has no column {names} to fill in: {why}. It has: {in_a_line(sheet.header, 40)}"
        )
    return {name: place for name, place in found.items() if name not in closed}


def _is_read_only(sheet: _Gradebook, place: int) -> bool:
    """Canvas writes so in words of the user's language where the points of other columns are."""
    text = sheet.possible[place].strip() if sheet.possible else ""
    return bool(text) and points_in(text) is None


def _title(text: str, wanted: dict[str, str]) -> str:
    match = columns.CANVAS_TITLE.fullmatch(text)
    return text if text in wanted or not match else match["title"]


_PARTICIPANT = re.compile(r"\s*\D*?(?P<number>\d+)\s*")


def fill_worksheet(marks: Marks, template: Path, path: Path) -> Export:
    """Fill in a worksheet that Moodle gave, in whatever language; points are scaled to the maximum grade that it says.

    It is written back as it came: its columns, encoding, delimiter, decimal sign and line ends. Raises CourseError if
    the file is no such worksheet.
    """
    done = Filling(tables.read(template))
    rows = done.table.rows
    sheet = _worksheet(template, rows)
    of = {mark.student: mark for mark in marks.only("a worksheet is of one assignment")}
    people = ClassList(replace(mark.person, participant=mark.participant) for mark in of.values())
    owners = done.owners({place: _find_in_worksheet(people, sheet, rows[place]) for place in sheet.students})
    locked = {person.id: place for place, person in owners.items() if _is_locked(sheet, rows[place])}
    for place, person in owners.items():
        if person.id not in locked:
            best = points_in(rows[place][sheet.best]) if sheet.best is not None else None
            done.put(of[person.id], rows[place], sheet.grade, best)
    seen = {person.id for person in owners.values()}
    export = done.write(path, (of[student] for student in seen - locked.keys()), len(seen))
    if locked:
        export.notes.append(f"locked in Moodle, left as they were: {in_a_line(locked)}")
    if missing := of.keys() - seen:
        export.notes.append(f"not in Moodle's worksheet: {in_a_line(missing)}")
    return export


@dataclass(frozen=True)
class _Worksheet:
    """Moodle's worksheet: where the participants, the grades and the best grade are, and the rows of students."""

    fields: dict[str, int]
    participant: int
    grade: int
    best: int | None
    students: list[int]


def _worksheet(template: Path, rows: Sequence[Sequence[str]]) -> _Worksheet:
    """Find the columns, by what they are called in Moodle's languages or else by what stands in them."""
    where, known = columns.header_of(rows)
    where = max(where, 0)
    header = rows[where] if rows else []
    students = [place for place, row in enumerate(rows) if place > where and len(row) == len(header)]
    cells = [[rows[place][at] for place in students] for at in range(len(header))]
    numbered = [at for at, texts in enumerate(cells) if texts and all(map(_PARTICIPANT.fullmatch, texts))]
    named = [at for at, text in enumerate(header) if columns.is_grade(text)]
    most = [at for at, texts in enumerate(cells) if at and _is_constant(texts) and at not in numbered]
    grade = next(iter([at for at in named if at + 1 in most] or named or [at - 1 for at in most]), None)
    if not numbered or grade is None:
        first, *_, graded = [*columns.WORKSHEET][:5]
        raise CourseError(
            f"{template} is no grading worksheet of Moodle: it has columns {first} (`Participant 1`) and {graded}."
        )
    fields = {field: places[0] for field, places in known.items()}
    best = grade + 1 if grade + 1 in most else None
    return _Worksheet(fields, numbered[0], grade, best, students)


def _is_locked(sheet: _Worksheet, row: Sequence[str]) -> bool:
    """Whether Moodle says that the grade cannot be changed, in the column behind the best grade."""
    after = (sheet.grade if sheet.best is None else sheet.best) + 1
    return after < len(row) and columns.is_no(row[after])


def _is_constant(texts: Sequence[str]) -> bool:
    """Whether a column has the same number throughout, as that with the best grade has."""
    values = {points_in(text) for text in texts}
    return len(values) == 1 and bool(values.pop())


def _find_in_worksheet(people: ClassList, sheet: _Worksheet, row: list[str]) -> Person | None:
    match = _PARTICIPANT.fullmatch(row[sheet.participant])
    number = match["number"] if match else ""
    name = row[sheet.fields["name"]] if "name" in sheet.fields else ""
    ids = tuple(row[sheet.fields[text]] for text in ("sis", "email", "login", "id") if text in sheet.fields)
    person = find_by_ids(people, Submitter("moodle", name, number, blind=not name), ids)
    return None if person and person.participant not in ("", number) else person
