"""An instructor's week with a class of forty, from the bundle to the regrade, by the commands and the browser."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.demo_class.students import ASSIGNMENT, points
from tests.support import answers, courses
from tests.support.archives import write_zip
from tests.support.browser import Watched, chromium
from tests.support.formgrader import grade_by_hand, log_in
from tests.support.jupyter import jupyter_lab
from tests.support.small_class import WRITTEN

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("week")]

SIZE = 40
FIRST = ["Ada", "Ben", "Chloe", "Dev", "Emil", "Fatima", "Gus", "Hana", "Ida", "Jo"]
LAST = ["Moreau", "Nowak", "O'Neil", "Petrov", "Quispe", "Rød", "Sánchez", "Tanaka", "Uddin", "Vogel"]
FILE = f"{ASSIGNMENT}.ipynb"


@dataclass
class Student:
    """One of the class: what they hand in first and last, and the points that the judge must give for the last."""

    number: int
    id: str
    first: str
    last: str
    answer: answers.Answer
    again: bool  # handed in nothing but the released notebook at first
    late: bool

    @property
    def canvas_name(self) -> str:
        return re.sub(r"\W", "", f"{self.last}{self.first}").lower()

    @property
    def due_points(self) -> float:
        return sum(worth for cell, worth in points().items() if cell not in self.answer.loses)


@dataclass
class Week:
    """The course, its class, and what one step hands to the next."""

    course: Path
    place: Path
    run: Callable[..., str]
    students: list[Student]
    by_hand: dict[str, float] = field(default_factory=dict)


def _students():
    chosen = [answer for answer in answers.load(ASSIGNMENT) if "while " not in answer.code]
    return [
        Student(
            number=1000 + place,
            id=f"s{place:03}",
            first=FIRST[place % 10],
            last=LAST[place // 10],
            answer=chosen[place * len(chosen) // SIZE],
            again=place % 8 == 0,
            late=place % 9 == 0,
        )
        for place in range(SIZE)
    ]


@pytest.fixture
def week(tmp_path, autograder):
    course = courses.copy_course(tmp_path / "course")
    for folder in ("solutions", "exercises"):
        for other in (course / folder).iterdir():
            if other.name != ASSIGNMENT:
                shutil.rmtree(other)

    def run(*arguments, status=0):
        done = autograder(course, *arguments)
        assert done.status == status, done.err
        return done.out

    return Week(course, tmp_path, run, _students())


def test_the_week(week, tmp_path):
    blank = _give_out(week)
    _collect(week, blank)
    _grade(week)
    _grade_by_hand(week)
    _look(week)
    _give_back(week)
    before = _export(week)
    _change_a_test(week, before)


def _give_out(week):
    week.run("release")
    week.run("bundle", str(week.place / "for-students.zip"), "--without-book")
    with zipfile.ZipFile(week.place / "for-students.zip") as archive:
        return archive.read(f"exercises/{ASSIGNMENT}/{FILE}").decode()


def _notebook(blank, student):
    notebook = nbformat.reads(blank, as_version=4)
    filled = answers.fill(
        notebook, answers.reference(ASSIGNMENT) | {student.answer.function: student.answer.code}
    )
    for cell in filled.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in WRITTEN:
            cell.source = f"Far out the curve is flat, says {student.first}."
    return nbformat.writes(filled).encode()


def _collect(week, blank):
    """Two downloads: before the deadline, when some had handed in the blank notebook, and after it."""
    early, final = {}, {}
    for student in week.students:
        done = _notebook(blank, student)
        name, late = student.canvas_name, "_LATE" if student.late else ""
        if student.again:
            early[f"{name}_{student.number}_{student.number + 5000}_{FILE}"] = blank.encode()
            final[f"{name}{late}_{student.number}_{student.number + 7000}_{ASSIGNMENT}-1.ipynb"] = done
        else:
            final[f"{name}{late}_{student.number}_{student.number + 5000}_{FILE}"] = done
            if not student.late:
                early[f"{name}_{student.number}_{student.number + 5000}_{FILE}"] = done
    roster = week.place / "from-canvas.csv"
    with roster.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{ASSIGNMENT} (77)"])
        writer.writerow(["    Points Possible", "", "", "", "", "100"])
        for student in week.students:
            writer.writerow([f"{student.last}, {student.first}", student.number, "", student.id, "A", ""])
    first = str(write_zip(week.place / "early.zip", early))
    last = str(write_zip(week.place / "final.zip", final))
    late, again = sum(s.late for s in week.students), sum(s.again for s in week.students)
    week.run("collect", first, ASSIGNMENT, "--roster", str(roster))
    said = week.run("collect", last, ASSIGNMENT)
    assert f"{late} late, {again} handed in again" in said
    assert f"0 collected, {SIZE} unchanged, 0 failed" in week.run("collect", last, ASSIGNMENT)
    assert len(list((week.course / "class" / "submitted").iterdir())) == SIZE


def _scores(week):
    return {
        student: score.points
        for student, score in records.scores(load_course(week.course), ASSIGNMENT).items()
    }


def _grade(week):
    assert f"{SIZE} graded, 0 unchanged, 0 failed" in week.run("grade", ASSIGNMENT, "--jobs", "2")
    assert _scores(week) == {student.id: student.due_points for student in week.students}


def _grade_by_hand(week):
    """Two submissions in the formgrader, the others but one in the gradebook, where the formgrader writes them."""
    with (
        jupyter_lab(week.course, week.place / "lab") as lab,
        chromium() as browser,
        Watched(browser) as watched,
    ):
        log_in(watched.page, lab)
        for student in week.students[:2]:
            marks = {WRITTEN[0]: (4.5, f"Good, {student.first}."), WRITTEN[1]: (3, "See the chapter.")}
            grade_by_hand(watched.page, lab, ASSIGNMENT, student.id, marks)
            week.by_hand[student.id] = 7.5
    with gradebook.opened(load_course(week.course)) as book:
        for student in week.students[2:-1]:
            for cell in WRITTEN:
                grade = book.find_grade(cell, ASSIGNMENT, ASSIGNMENT, student.id)
                grade.manual_score, grade.needs_manual_grade = 4.0, False
            week.by_hand[student.id] = 8.0
        book.db.commit()


def _total(week, student):
    return student.due_points + week.by_hand.get(student.id, 0)


def _look(week):
    week.run("report")
    page = (week.course / "class" / "report" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert f"{SIZE} submissions" in page or f">{SIZE}<" in page


def _give_back(week):
    week.run("feedback", ASSIGNMENT, "--zip", "canvas")
    with zipfile.ZipFile(week.course / "class" / f"feedback-{ASSIGNMENT}-canvas.zip") as archive:
        names = {tuple(re.findall(r"(?<=_)\d+(?=_)", name)[:2]): name for name in archive.namelist()}
        student = week.students[0]
        page = archive.read(names[str(student.number), str(student.number + 7000)]).decode()
    assert len(names) == SIZE
    assert f"Good, {student.first}." in page
    assert f"{_total(week, student):g}</strong> of 100 points" in page


def _export(week):
    path = week.place / "to-canvas.csv"
    said = week.run(
        "export", str(path), "--format", "canvas", "--template", str(week.place / "from-canvas.csv")
    )
    assert "1 left as they were: a person has still to grade something" in said
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[2:]
    exported = {row[3]: row[5] for row in rows}
    expected = {student.id: f"{_total(week, student):g}" for student in week.students[:-1]}
    assert exported == expected | {week.students[-1].id: ""}
    week.run("export", str(week.place / "grades.csv"))
    with (week.place / "grades.csv").open(newline="", encoding="utf-8") as file:
        late = {row["student_id"] for row in csv.DictReader(file) if row["late"]}
    assert late == {student.id for student in week.students if student.late}
    return _scores(week)


def _change_a_test(week, before):
    """Ask less in one item: whoever lost it for the value at zero gets its points."""
    path = week.course / "solutions" / ASSIGNMENT / FILE
    notebook = nbformat.read(path, as_version=4)
    cell = next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "step-values"
    )
    cell.source = 'assert step(np.array([2.0]))[0] == 1, "step gives wrong numbers."'
    nbformat.write(notebook, path)
    said = week.run("grade", ASSIGNMENT, "--dry-run", "--jobs", "2")
    assert _scores(week) == before
    changes = re.findall(
        r"^(s\d{3}) .*?│ +([+-][\d.]+) │ other tests: step-values 0 -> 4 *$", said, flags=re.MULTILINE
    )
    listed = dict(changes)
    week.run("release")
    week.run("grade", ASSIGNMENT, "--jobs", "2")
    gains = {student: points - before[student] for student, points in _scores(week).items()}
    assert {student: float(gain) for student, gain in listed.items()} == {s: g for s, g in gains.items() if g}
    waiting = records.scores(load_course(week.course), ASSIGNMENT)
    assert [student for student in waiting if waiting[student].by_hand] == [week.students[-1].id]
    lost = {student.id for student in week.students if "step-values" in student.answer.loses}
    assert 0 < len(listed) < SIZE
    assert set(listed) <= lost
    history = week.run("history", next(iter(listed)), ASSIGNMENT)
    assert history.count(" points\n") == 2
    assert "step-values: 0 -> " in history
    assert json.loads((week.course / "exercises" / ASSIGNMENT / FILE).read_text())["cells"]
