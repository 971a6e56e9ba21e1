"""Who is in the class: one person under all names, and who left stays out."""

from __future__ import annotations

from datetime import datetime

import pytest

from autograder.classroom import gradebook
from autograder.classroom.collect.ledger import Ledger
from autograder.classroom.course import load_course
from tests.support import class_state, courses
from tests.support.archives import write_zip
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"
LIST = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
    '"Doe, Jane",101,S1,jd1,A\n"M\u00fcller, J\u00fcrgen",102,S2,jm2,A\n'
)


@pytest.fixture
def class_list(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


def _students(course):
    return sorted(class_state.students(course))


CANVAS = {f"doejane_101_5001_{FILE}": "jd", f"m\u00fcllerj\u00fcrgen_102_5002_{FILE}": "jm"}
MOODLE = {
    f"Jane Doe_1_assignsubmission_file/{FILE}": "jd",
    f"J\u00fcrgen M\u00fcller_2_assignsubmission_file/{FILE}": "jm",
}


@pytest.mark.parametrize("files", [CANVAS, MOODLE])
def test_a_list_that_comes_late_makes_one_of_each(files, collect, arrived, notebook, released, class_list):
    files = {name: notebook(text) for name, text in files.items()}
    collect(files)
    before = arrived()
    done = collect(files, "--roster", class_list)
    assert (done.status, arrived()) == (2, before), "nothing is changed before a person has agreed"
    assert "is jd1 (Jane Doe), known by" in done.out
    assert "with --yes" in done.err
    done = collect(files, "--roster", class_list, "--yes")
    assert (done.status, done.err) == (0, "")
    assert "0 collected, 2 unchanged" in done.out
    assert arrived() == {"jd1": "jd", "jm2": "jm"}
    assert _students(released) == ["jd1", "jm2"]
    assert not list((released / "class/collected" / TINY).glob("*doe*"))


def test_what_was_graded_by_hand_goes_along(graded, autograder, tmp_path):
    _grade_by_hand(graded, "ada", 2.0)
    path = tmp_path / "list.csv"
    path.write_text("student_id,username,first name,last name\nking-1,ada,Ada,King\nb2,ben,Ben,Lee\n")
    assert autograder(graded, "roster", "read", str(path), "--yes").status == 0
    assert _students(graded) == ["b2", "king-1"]
    assert _points(graded, "king-1") == 5.0
    done = autograder(graded, "grade", TINY)
    assert "0 graded, 2 unchanged" in done.out
    assert _points(graded, "king-1") == 5.0
    assert "b2" in autograder(graded, "roster").out


def test_two_people_of_one_name_are_not_made_one(collect, notebook, arrived, tmp_path):
    collect({f"Jane Doe_1_assignsubmission_file/{FILE}": notebook("?")})
    path = tmp_path / "list.csv"
    path.write_text("Full name,Email address\nJane Doe,jane1@x.edu\nJane Doe,jane2@x.edu\n")
    done = collect({}, "--roster", str(path), "--yes")
    assert "jane-doe could be jane1 or jane2" in done.err
    assert arrived() == {"jane-doe": "?"}


def test_two_who_were_both_graded_by_hand_are_not_made_one(graded, autograder):
    _grade_by_hand(graded, "ada", 2.0)
    _grade_by_hand(graded, "ben", 1.0)
    done = autograder(graded, "roster", "merge", "ada", "ben")
    assert (done.status, "have both been graded by hand" in done.err) == (2, True)
    assert _students(graded) == ["ada", "ben"]


def test_merging_keeps_every_hand_in_and_grades_the_newest(collect, notebook, released, arrived, autograder):
    collect({f"Jane Doe_1_assignsubmission_file/{FILE}": notebook("old")})
    collect({f"jdoe/{FILE}": notebook("new")}, time=datetime(2026, 3, 3))
    assert autograder(released, "roster", "merge", "jane-doe", "jdoe").status == 0
    assert arrived() == {"jdoe": "new"}
    ledger = Ledger(load_course(released), TINY, "jdoe")
    assert sorted(hand_in.source for hand_in in ledger.hand_ins) == ["files", "moodle"]
    collect({f"Jane-Doe/{FILE}": notebook("newest")}, time=datetime(2026, 3, 4))
    assert arrived() == {"jdoe": "newest"}, "the old id leads to the student"


def test_renaming_keeps_files_and_points(graded, autograder):
    _grade_by_hand(graded, "ada", 2.0)
    assert autograder(graded, "roster", "rename", "ada", "a.king").status == 0
    assert _students(graded) == ["a.king", "ben"]
    assert _points(graded, "a.king") == 5.0
    assert "0 graded, 2 unchanged" in autograder(graded, "grade", TINY).out


@pytest.mark.parametrize("how", ["drop", "nbgrader"])
def test_who_left_stays_out(how, graded, autograder):
    autograder(graded, "grade", TINY)
    if how == "drop":
        assert autograder(graded, "roster", "drop", "ben").status == 0
    else:
        with gradebook.opened(load_course(graded)) as book:
            book.remove_student("ben")  # as `nbgrader db student remove --force` does
    done = autograder(graded, "grade", TINY)
    assert "ben" not in done.out
    assert _students(graded) == ["ada"]
    assert "ben" in autograder(graded, "roster").out
    assert autograder(graded, "export", str(graded / "grades.csv")).status == 0
    assert "ben" not in (graded / "grades.csv").read_text()
    folder = graded / "class/submitted/ben" / TINY
    archive = write_zip(
        graded / "again.zip", {f"{s}/{FILE}": (folder / FILE).read_bytes() for s in ("ada", "ben")}
    )
    done = autograder(graded, "collect", str(archive), TINY)
    assert "1 left out who left the class (ben)" in done.out
    (graded / "list.csv").write_text("username\nada\nben\n")
    done = autograder(graded, "collect", str(archive), TINY, "--roster", str(graded / "list.csv"))
    assert "ben has left, though the list has them" in done.err
    assert _students(graded) == ["ada"]
    assert (graded / "class/submitted/ben").is_dir()


def test_who_comes_back_has_what_a_person_gave(graded, autograder):
    _grade_by_hand(graded, "ada", 2.0)
    autograder(graded, "roster", "add", "ada", "--last-name", "King", "--email", "a@x.edu")
    autograder(graded, "roster", "drop", "ada")
    assert autograder(graded, "roster", "add", "ada", "--first-name", "Ada").status == 0
    autograder(graded, "grade", TINY, "--force")
    assert _points(graded, "ada") == 5.0
    assert class_state.students(graded)["ada"][:3] == ("Ada", "King", "a@x.edu")


def test_a_gradebook_begun_anew_has_lost_nobody(graded, autograder):
    (graded / "class/gradebook.db").unlink()
    autograder(graded, "release")
    assert autograder(graded, "grade", TINY).status == 0
    assert _students(graded) == ["ada", "ben"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["drop", "adda"], "Did you mean 'ada'?"),
        (["rename", "ada", "ben"], "is somebody else already"),
        (["rename", "ada", "../x"], "cannot be a student's id"),
        (["merge", "ada"], "wants 2 of them"),
        (["merge", "ada", "ada"], "one and the same"),
        (["add", "=x"], "cannot be a student's id"),
    ],
)
def test_what_cannot_be_done_is_told(arguments, why, graded, autograder):
    done = autograder(graded, "roster", *arguments)
    assert (done.status, why in done.err) == (2, True)
    assert _students(graded) == ["ada", "ben"]


def _grade_by_hand(course, student, points):
    with gradebook.opened(load_course(course)) as book:
        grade = book.find_grade("explain", TINY, TINY, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def _points(course, student):
    with gradebook.opened(load_course(course)) as book:
        return book.find_submission(TINY, student).score


def test_the_demo_course_is_listed(graded, autograder):
    courses.hand_in(graded, "cleo")
    done = autograder(graded, "roster")
    assert [line.split()[0] for line in done.out.splitlines()[2:]] == ["ada", "ben", "cleo", "3"]
