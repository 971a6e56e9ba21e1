"""Exports against the examples that Canvas, Moodle and Gradescope document."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import datetime

import pytest

from autograder.classroom import gradebook
from autograder.classroom.course import load_course
from autograder.classroom.tables import guarded, unguarded
from tests.support.archives import write_zip
from tests.support.courses import TINY, hand_in

# nbgrader's own models warn about the order in which they add a submission.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")

ROSTER = """id,first_name,last_name,email,lms_user_id
jd1,Jane,Doe,jane@x.edu,101
jm2,Jürgen,"Müller, Jr.",juergen@x.edu,102
by3,Bo,Yu,,
no4,No,Show,no@x.edu,104
evil,=HYPERLINK(1),O'Neil,=1+1@x.edu,105
"""


@pytest.fixture
def course(released, autograder, tmp_path):
    """A class collected from Moodle in which each state occurs once; nothing is run."""
    notebook = hand_in(released, "jd1").read_bytes()
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    files = {
        "Jane Doe_4711_assignsubmission_file/00-double.ipynb": notebook,
        "Jürgen Müller, Jr._4712_assignsubmission_file/00-double.ipynb": notebook,
        "Bo Yu_4713_assignsubmission_file/00-double.ipynb": notebook,
    }
    archive = write_zip(tmp_path / "moodle.zip", files, datetime(2026, 3, 2, 10))
    roster = str(tmp_path / "roster.csv")
    done = autograder(released, "collect", str(archive), TINY, "--roster", roster, "--timezone", "UTC")
    assert done.status == 0, done.err
    with gradebook.opened(load_course(released)) as book:
        for student, by_hand, penalty in (("jd1", 1.5, 0.25), ("jm2", None, 0.0)):
            [own] = book.add_submission(TINY, student, timestamp=datetime(2026, 3, 2, 10)).notebooks
            own.late_submission_penalty = penalty
            for grade in own.grades:
                grade.auto_score = float(grade.max_score) if grade.name != "explain" else None
                grade.manual_score = by_hand if grade.name == "explain" else None
                grade.needs_manual_grade = grade.name == "explain" and by_hand is None
        book.db.commit()
    for student in ("jd1", "jm2"):
        (released / "class" / "autograded" / student / TINY).mkdir(parents=True)
    return released


def _export(course, autograder, path, *arguments):
    done = autograder(course, "export", str(path), *arguments)
    assert done.status == 0, done.err
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file)), done.out


def _by(rows, column):
    place = rows[0].index(column)
    return {row[place]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


# Spreadsheets


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "''+1", "'x", "plain", "", "O'Neil, Jr.", 'a "b"', "\r=1"],
)
def test_a_guarded_text_is_no_formula_and_can_be_had_back(text):
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unguarded(guarded(text)) == text


def test_the_long_table_has_penalty_status_and_lateness(course, autograder, tmp_path):
    rows, _ = _export(course, autograder, tmp_path / "g.csv")
    found = _by(rows, "student_id")
    assert {name: row["status"] for name, row in found.items()} == {
        "jd1": "graded",
        "jm2": "to grade by hand",
        "by3": "not graded",
        "no4": "not handed in",
        "evil": "not handed in",
    }
    jane = found["jd1"]
    assert (jane["raw_score"], jane["late_submission_penalty"], jane["score"]) == ("4.5", "0.25", "4.25")
    assert found["evil"]["first_name"] == "'=HYPERLINK(1)"
    assert found["jm2"]["last_name"] == "Müller, Jr."


def test_the_course_table_leaves_empty_what_is_not_final(course, autograder, tmp_path):
    rows, _ = _export(course, autograder, tmp_path / "g.csv", "--format", "course")
    found = _by(rows, "student_id")
    assert {name: (found[name][TINY], found[name]["total"]) for name in ("jd1", "jm2", "by3", "no4")} == {
        "jd1": ("4.25", "4.25"),
        "jm2": ("", ""),
        "by3": ("", ""),
        "no4": ("", ""),
    }
    rows, _ = _export(course, autograder, tmp_path / "g.csv", "--format", "course", "--partial")
    assert _by(rows, "student_id")["jm2"][TINY] == "3"


def test_the_table_of_items_has_a_column_for_each_cell(course, autograder, tmp_path):
    rows, _ = _export(course, autograder, tmp_path / "g.csv", "--format", "items", "--assignment", TINY)
    jane, juergen = (_by(rows, "student_id")[name] for name in ("jd1", "jm2"))
    assert [jane[name] for name in ("double-values", "double-negative", "explain", "score")] == [
        "2",
        "1",
        "1.5",
        "4.25",
    ]
    assert juergen["explain"] == ""


# Canvas: https://community.instructure.com/en/kb/articles/660862-how-do-i-import-grades-in-the-gradebook


def test_canvas_gets_its_two_header_rows_and_finds_students_by_number(course, autograder, tmp_path):
    rows, said = _export(course, autograder, tmp_path / "c.csv", "--format", "canvas")
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", TINY]
    assert rows[1] == ["    Points Possible", "", "", "", "", "5"]
    found = {row[1] or row[3]: row for row in rows[2:]}
    assert found["101"] == ["Doe, Jane", "101", "", "", "", "4.25"]
    assert found["102"] == ["Müller, Jr., Jürgen", "102", "", "", "", ""]
    assert found["by3"][3] == "by3"
    assert found["104"][-1] == ""
    for line in ("1 left empty: a person has still to grade something", "2 left empty: not handed in"):
        assert line in said


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (11),Homework 1 (12),Final Score\n"
    "    Points Possible,,,,,20,10,(read only)\n"
    '"Doe, Jane",101,S1,jane,A,18,,90\n'
    '"Müller, Jürgen",102,S2,jm2,A,,7,80\n'
    '"Yu, Bo",103,S3,bo,A,,3,\n'
    '"Student, Test",999,,test,A,,,\n'
)


def test_canvas_own_export_is_filled_in_and_nothing_else_in_it_is_touched(course, autograder, tmp_path):
    (tmp_path / "from-canvas.csv").write_text(CANVAS, encoding="utf-8-sig")
    rows, said = _export(
        course,
        autograder,
        tmp_path / "c.csv",
        *("--format", "canvas", "--assignment", TINY),
        *("--template", str(tmp_path / "from-canvas.csv"), "--column", "Homework 1"),
    )
    expected = list(csv.reader(CANVAS.splitlines()))
    expected[2][6] = "8.5"  # 4.25 of 5 points is 8.5 of 10
    assert rows == expected
    assert f"{TINY}: scaled from 5 to 10 points" in said
    assert "not in Canvas's file: evil, no4" in said


def test_a_column_that_canvas_does_not_have_is_told(course, autograder, tmp_path):
    (tmp_path / "from-canvas.csv").write_text(CANVAS, encoding="utf-8")
    path, template = str(tmp_path / "c.csv"), str(tmp_path / "from-canvas.csv")
    done = autograder(course, "export", path, "--format", "canvas", "--template", template)
    assert (done.status, f"has no column {TINY}" in done.err, "Homework 1 (12)" in done.err) == (
        2,
        True,
        True,
    )
    assert not (tmp_path / "c.csv").exists()


# Moodle: https://docs.moodle.org/en/Grade_import and https://docs.moodle.org/en/Assignment_settings


def test_moodles_gradebook_finds_students_by_address_or_id_number(course, autograder, tmp_path):
    rows, said = _export(course, autograder, tmp_path / "m.csv", "--format", "moodle")
    assert rows[0] == ["First name", "Last name", "ID number", "Email address", f"Assignment: {TINY} (Real)"]
    found = _by(rows, "ID number")
    assert found["jd1"]["Email address"] == "jane@x.edu"
    assert (found["jd1"][rows[0][-1]], found["jm2"][rows[0][-1]]) == ("4.25", "")
    assert "evil" not in found
    assert "left out, for their ids or addresses would run as formulas: evil" in said


def test_moodles_worksheet_is_made_from_what_was_collected(course, autograder, tmp_path):
    rows, _ = _export(
        course, autograder, tmp_path / "w.csv", "--format", "moodle-worksheet", "--assignment", TINY
    )
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(rows[0])
    found = _by(rows, "Identifier")
    assert set(found) == {"Participant 4711", "Participant 4712", "Participant 4713"}
    jane = found["Participant 4711"]
    assert (jane["Full name"], jane["Grade"], jane["Maximum Grade"]) == ("Jane Doe", "4.25", "5")
    assert found["Participant 4712"]["Grade"] == ""


WORKSHEET = (
    'Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    'Participant 4711,"Jane Doe",,jane@x.edu,"Submitted for grading",,100.00,Yes,"Monday, 2 March 2026",-,\n'
    'Participant 4712,"Jürgen Müller, Jr.",,,"Submitted for grading",55.00,100.00,Yes,-,-,"well done"\n'
    'Participant 4799,"No Show",,no@x.edu,"No submission",,100.00,Yes,-,-,\n'
)


def test_moodles_own_worksheet_is_filled_in_and_nothing_else_in_it_is_touched(course, autograder, tmp_path):
    (tmp_path / "worksheet.csv").write_text(WORKSHEET, encoding="utf-8")
    arguments = (
        "--format",
        "moodle-worksheet",
        "--assignment",
        TINY,
        "--template",
        str(tmp_path / "worksheet.csv"),
    )
    rows, said = _export(course, autograder, tmp_path / "w.csv", *arguments)
    expected = list(csv.reader(WORKSHEET.splitlines()))
    expected[1][5] = "85"
    assert rows == expected
    assert "scaled from 5 to 100 points" in said
    assert "1 left as they were: a person has still to grade something" in said


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("Ja", "Nein"), ("Oui", "Non"), ("はい", "いいえ")])
def test_a_locked_row_of_a_worksheet_is_left_as_it_was_and_named(yes, no, course, autograder, tmp_path):
    lines = WORKSHEET.replace(",Yes,", f",{yes},").splitlines(keepends=True)
    lines[1] = lines[1].replace(f",{yes},", f",{no},")
    (tmp_path / "worksheet.csv").write_text("".join(lines), encoding="utf-8")
    template = ("--assignment", TINY, "--template", str(tmp_path / "worksheet.csv"))
    rows, said = _export(course, autograder, tmp_path / "w.csv", "--format", "moodle-worksheet", *template)
    assert rows == list(csv.reader("".join(lines).splitlines()))
    assert "locked in Moodle, left as they were: jd1" in said


# Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/


def test_gradescope_results_have_a_persons_points_and_the_penalty(course, autograder, tmp_path):
    path = tmp_path / "results.zip"
    assert autograder(course, "export", str(path), "--format", "gradescope", "--assignment", TINY).status == 0
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["jd1/results.json", "jm2/results.json"]
        jane, juergen = (json.loads(archive.read(name)) for name in archive.namelist())
    assert jane["score"] == 4.25
    assert [(test["name"], test["score"], test["max_score"]) for test in jane["tests"]] == [
        ("double-negative", 1.0, 1.0),
        ("double-values", 2.0, 2.0),
        ("explain", 1.5, 2.0),
    ]
    assert juergen["output"] == "1 written answer a person grades."
    assert jane["stdout_visibility"] == "hidden"


# What makes no sense


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--format", "items"), None),
        (("--template", "x.csv"), "--template is for"),
        (("--format", "canvas", "--column", "x"), "--column says"),
        (("--format", "canvas", "--template", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("--assignment", "00-doubel"), "Did you mean '00-double'?"),
    ],
)
def test_arguments_that_make_no_sense_together_are_refused(arguments, why, course, autograder, tmp_path):
    done = autograder(course, "export", str(tmp_path / "x.csv"), *arguments)
    assert (done.status, why is None or why in done.err) == (0 if why is None else 2, True)
