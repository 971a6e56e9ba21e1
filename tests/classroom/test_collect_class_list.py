"""Collecting with a class list: ids, names and addresses, and nobody who is not on it."""

from __future__ import annotations

import pytest

from tests.support import class_state
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"


ROSTERS = {
    "Canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Old (7)\n    Points Possible,,,,,10\n"
    '"Doe, Jane",101,S1,jd1,A,1\n"M\u00fcller, J\u00fcrgen",102,S2,jm2,A,2\n"Student, Test",999,,t,A,\n',
    "own": "student_id;first name;last name;email;canvas id\njd1;Jane;Doe;jane@x.edu;101\n"
    "jm2;J\u00fcrgen;M\u00fcller;;\n",
    "Canvas, names apart": "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section\n"
    "Doe,Jane,101,S1,jd1,A\nM\u00fcller,J\u00fcrgen,102,S2,jm2,A\n",
    "e-mail": "Name,E-mail\nJane Doe,jd1@x.edu\nJ\u00fcrgen M\u00fcller,jm2@x.edu\n",
}


@pytest.mark.parametrize("kind", ROSTERS)
def test_a_class_list_gives_ids_and_lets_nobody_else_in(kind, collect, arrived, notebook, released, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTERS[kind], encoding="utf-8-sig")
    done = collect(
        {
            f"doejane_101_5001_{FILE}": notebook("jd"),
            f"m\u00fcllerj\u00fcrgen_102_5002_{FILE}": notebook("jm"),
            f"stranger_666_5003_{FILE}": notebook("x"),
        },
        "--roster",
        str(roster),
    )
    assert arrived() == {"jd1": "jd", "jm2": "jm"}
    assert (done.status, done.err) == (1, "stranger: is not in the class list\n")
    assert class_state.students(released)["jm2"][3] == "102"


def test_the_gradebook_remembers_the_class_list(collect, arrived, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTERS["own"], encoding="utf-8")
    collect({f"doejane_101_5001_{FILE}": notebook("1")}, "--roster", str(roster))
    collect(
        {
            f"Jane Doe_9_assignsubmission_file/{FILE}": notebook("2"),
            "x_9_assignsubmission_file/a.pdf": b"%PDF",
        }
    )
    assert arrived() == {"jd1": "2"}


@pytest.mark.parametrize("name", ["jd1", "JD1", "jane@x.edu", "Jane Doe", "doe-jane", "Doe, Jane", "101"])
def test_students_are_found_by_id_name_or_address(name, collect, arrived, notebook, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTERS["own"], encoding="utf-8")
    collect({f"{name}.ipynb": notebook("a"), "jm2.ipynb": notebook("b")}, "--roster", str(roster))
    assert arrived() == {"jd1": "a", "jm2": "b"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "has no column for an id"),
        ("id\n../../etc\n", "cannot be a student's id"),
        ("id\n=cmd()\n", "cannot be a student's id"),
        ("id,email\nada,a@x.edu\nAda,b@x.edu\n", "lines 2 and 3 both say 'ada' and differ in e-mail address"),
    ],
)
def test_a_class_list_that_cannot_be_used_is_refused_in_one_line(
    text, why, collect, arrived, notebook, tmp_path
):
    roster = tmp_path / "roster.csv"
    roster.write_text(text)
    done = collect({"ada.ipynb": notebook()}, "--roster", str(roster))
    assert (done.status, arrived(), len(done.err.splitlines())) == (2, {}, 1)
    assert why in done.err


# Nothing is lost
