"""Classes made up for the report's tests: no gradebook, no files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from html.parser import HTMLParser

from autograder.classroom.collect.people import Person
from autograder.classroom.gradebook.graded import RubricItem
from autograder.classroom.gradebook.records import GradedCell, Mark, NotebookGrades, Records, SubmissionRecord
from autograder.classroom.report.classes import Arrival, Class, Paper

BOOK = "hw"
DUE = datetime(2026, 3, 9, 12)
CELLS = (
    GradedCell(BOOK, "f-values", 4, False),
    GradedCell(BOOK, "f-shape", 2, False),
    GradedCell(BOOK, "explain", 4, True),
)
EMPTY = {"engine": "autograder 1", "layers": ("landlock", "seccomp"), "digests": ["d"]}


def mark(points: float | None, *, by_hand: bool = False) -> Mark:
    return Mark(None if by_hand else points, points if by_hand else None, None, by_hand and points is None)


def item(name: str, passed: bool | None, *reasons: str, **example: object) -> RubricItem:
    title = {"f-values": "The right numbers", "f-shape": "The shape of z"}.get(name, "Written answer")
    function = "explain" if passed is None else "f"
    shown = {
        "call": "f(1.0)",
        "returned": "2.0",
        "problem": "the sign is wrong",
        "raised": False,
        "traceback": "",
    }
    return RubricItem(name, title, function, passed, reasons, {**shown, **example} if example else None)


def made_up(points: dict[str, tuple[float, float, float | None]], people: Iterable[str] = ()) -> Class:
    """A class of students by their points for the three cells; whoever loses some has the sign wrong."""
    records, hand_ins, graded = {}, {}, {}
    for place, (student, (values, shape, explain)) in enumerate(points.items()):
        when = DUE - timedelta(hours=7) + place * timedelta(hours=1)
        marks = {"f-values": mark(values), "f-shape": mark(shape), "explain": mark(explain, by_hand=True)}
        records[student] = SubmissionRecord(student, when, DUE, {BOOK: NotebookGrades(marks=marks)})
        hand_ins[student] = Arrival(student, when, when > DUE, "graded")
        wrong = {"problem": "the sign is wrong"}
        items = [
            item(
                "f-values",
                values == 4,
                *(() if values == 4 else ("f is wrong",)),
                **({} if values == 4 else wrong),
            ),
            item(
                "f-shape",
                shape == 2,
                *(() if shape == 2 else ("f has a shape",)),
                **({} if shape == 2 else wrong),
            ),
            item("explain", None),
        ]
        graded[student] = Paper(
            student,
            "A title",
            {(BOOK, one.name): one for one in items},
            {"f": "def f(z):\n    return -z"},
            **EMPTY,
        )
    known = Records(BOOK, DUE, CELLS, records)
    everyone = {*points, *people}
    return Class(known, {student: Person(student) for student in everyone}, hand_ins, graded)


class Structure(HTMLParser):
    """What a page is built of; fails on a tag that is closed wrongly."""

    VOID = frozenset({"meta", "rect", "line", "br", "img", "input", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += data

    @property
    def ids(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "id"]
