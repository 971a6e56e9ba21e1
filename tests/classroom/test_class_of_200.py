"""A class of 200: two sections, groups, a list that comes late, written answers graded by hand, a test that changes."""

from __future__ import annotations

import csv

import nbformat
import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from tests.support import class_state
from tests.support.archives import write_zip
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"
NAMES = [(f"First{chr(97 + n // 20)}", f"Last{chr(97 + n % 20)}") for n in range(200)]
TEAMS = {f"Team {t}": range(5 * t, 5 * t + 5) for t in range(20)}  # the first hundred work in groups


def _groups(path):
    rows = [
        (
            "name",
            "canvas_user_id",
            "user_id",
            "login_id",
            "sections",
            "group_name",
            "canvas_group_id",
            "group_id",
        )
    ]
    for n, (first, last) in enumerate(NAMES):
        team = next((name for name, members in TEAMS.items() if n in members), "")
        rows.append((f"{last}, {first}", 1000 + n, "", "", f"S{n % 2}", team, team and 7, ""))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def _list(path):
    """The list that comes late: other ids, some students in both sections, in Excel's own encoding."""
    rows = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        ("    Points Possible", "", "", "", ""),
    ]
    for n, (first, last) in enumerate(NAMES):
        for section in {f"S{n % 2}", f"S{n % 3 % 2}"}:
            rows.append((f"{last}, {first}", str(1000 + n), f"m{n}", f"u{n}", section))
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return str(path)


@pytest.fixture
def archive(released, notebook, tmp_path):
    files = {f"team{t}_{1000 + 5 * t + t % 5}_{9000 + t}_{FILE}": notebook(f"Team {t}") for t in range(20)}
    for n in range(100, 200):
        first, last = NAMES[n]
        files[f"{last.lower()}{first.lower()}_{1000 + n}_{9000 + n}_{FILE}"] = notebook(str(n))
    return str(write_zip(tmp_path / "submissions.zip", files))


def test_a_term_of_a_class_of_200(released, autograder, arrived, archive, judged, tmp_path):
    groups = _groups(tmp_path / "groups.csv")
    assert autograder(released, "collect", archive, TINY, "--groups", groups).err == ""
    assert len(arrived()) == 200
    assert autograder(released, "grade", TINY).status == 0
    assert len(judged) == 120  # a hundred alone, twenty groups

    _give(released, sorted(class_state.students(released))[::7])
    assert "0 graded, 200 unchanged" in autograder(released, "grade", TINY).out
    given = _by_hand(released)
    assert given > 29, "what one member is given, the group has"
    before = _scores(released)

    done = autograder(released, "roster", "read", _list(tmp_path / "late.csv"), "--yes")
    assert (done.status, done.err) == (0, "")
    assert "200 students in the list, 0 new in the class" in done.out
    assert sorted(class_state.students(released)) == sorted(f"u{n}" for n in range(200))
    after = _scores(released)
    assert sorted(after.values()) == sorted(before.values()), "nobody's points are lost or doubled"
    remarks = arrived()
    for n in range(200):
        team = next((name for name, members in TEAMS.items() if n in members), str(n))
        assert remarks[f"u{n}"] == team
    for members in TEAMS.values():
        assert len({after[f"u{n}"] for n in members}) == 1, "one grading for a group"

    _change_a_test(released)
    autograder(released, "release", TINY)
    assert autograder(released, "grade", TINY).status == 0
    assert len(judged) == 240
    assert (_by_hand(released), _scores(released)) == (given, after)


def _give(course, students):
    """Grade the written answers of some by hand."""
    with gradebook.opened(load_course(course)) as book:
        for student in students:
            grade = book.find_grade("explain", TINY, TINY, student)
            grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
    return len(students)


def _by_hand(course):
    with gradebook.opened(load_course(course)) as book:
        grades = [
            grade
            for one in book.assignment_submissions(TINY)
            for grade in one.notebooks[0].grades
            if grade.name == "explain"
        ]
        return sum(grade.manual_score == 2.0 and not grade.needs_manual_grade for grade in grades)


def _scores(course):
    with gradebook.opened(load_course(course)) as book:
        return {one.student_id: one.score for one in book.assignment_submissions(TINY)}


def _change_a_test(course):
    path = course / "solutions" / TINY / FILE
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.nbgrader.grade_id == "double-values")
    cell.source += "\nassert double(3) == 6, 'wrong'"
    nbformat.write(notebook, path)
