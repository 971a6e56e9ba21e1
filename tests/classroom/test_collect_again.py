"""Collecting again: nothing twice, nothing lost, what was corrected by hand kept."""

from __future__ import annotations

from datetime import datetime

from autograder.classroom import gradebook
from autograder.classroom.collect.ledger import Ledger
from autograder.classroom.course import load_course
from tests.support import courses
from tests.support.archives import write_zip
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"


def test_the_same_archive_again_changes_nothing(collect, notebook, released):
    files = {f"doejane_101_5001_{FILE}": notebook("1"), f"doejane_101_6001_{TINY}-1.ipynb": notebook("2")}
    collect(files)
    before = courses.snapshot(released)
    assert "0 collected, 1 unchanged" in collect(files).out
    assert courses.snapshot(released) == before


def test_every_hand_in_is_kept(collect, notebook, released):
    for number in (1, 2, 3):
        collect({f"doejane_101_500{number}_{TINY}-{number}.ipynb": notebook(str(number))})
    ledger = Ledger(load_course(released), TINY, "doejane-101")
    assert [hand_in.original for hand_in in ledger.hand_ins] == [
        f"doejane_101_500{number}_{TINY}-{number}.ipynb" for number in (1, 2, 3)
    ]
    assert len(list(ledger.folder.glob("*.ipynb"))) == 3


def test_what_was_put_in_by_hand_is_kept_aside_when_something_newer_comes(
    collect, arrived, notebook, released
):
    courses.hand_in(released, "ada", "def double(x):\n    return 2 * x  # by hand")
    collect({"ada/x.ipynb": notebook("newer")})
    assert arrived() == {"ada": "newer"}
    ledger = Ledger(load_course(released), TINY, "ada")
    kept = [(ledger.folder / f"{hand_in.digest[:20]}.ipynb").read_text() for hand_in in ledger.hand_ins]
    assert ["by hand" in text for text in kept] == [True, False]


def test_what_was_corrected_by_hand_stays_when_the_same_archive_comes_again(
    collect, arrived, notebook, released
):
    files = {"ada/x.ipynb": notebook("handed in")}
    collect(files)
    courses.hand_in(released, "ada", "def double(x):\n    return 2 * x  # corrected")
    assert "0 collected, 1 unchanged" in collect(files).out
    assert arrived() == {"ada": "corrected"}


def test_a_file_that_cannot_be_read_never_displaces_one_that_can(collect, arrived, notebook):
    collect({f"doejane_101_5001_{FILE}": notebook("whole")})
    collect({f"doejane_101_6001_{FILE}": notebook(valid=False), f"solo_1_1_{FILE}": notebook(valid=False)})
    assert arrived() == {"doejane-101": "whole", "solo-1": "broken"}


def test_late_is_seen_from_the_due_date_where_times_are_known(collect, notebook, released):
    with gradebook.opened(load_course(released)) as book:
        book.find_assignment(TINY).duedate = datetime(2026, 3, 2, 9)
        book.db.commit()
    assert "1 late" in collect({f"Jane Doe_1_assignsubmission_file/{FILE}": notebook()}).out


def test_collecting_waits_for_no_other_command(released, collect, notebook):
    from autograder.classroom import files

    with files.locked(released / "class" / "submitted"):
        done = collect({"ada.ipynb": notebook()})
    assert (done.status, "another autograder is at work" in done.err) == (2, True)


def test_an_unknown_time_zone_and_an_assignment_that_is_not_there_are_told(released, autograder, tmp_path):
    archive = write_zip(tmp_path / "a.zip", {})
    done = autograder(released, "collect", str(archive), TINY, "--timezone", "Atlantis")
    assert (done.status, "no time zone 'Atlantis'" in done.err) == (2, True)
    done = autograder(released, "collect", str(archive), "09-nothing")
    assert (done.status, "has no assignment '09-nothing'" in done.err) == (2, True)


def test_an_assignment_that_is_not_released_is_told(course, autograder, tmp_path):
    archive = write_zip(tmp_path / "a.zip", {})
    done = autograder(course, "collect", str(archive), TINY)
    assert (done.status, "`autograder release" in done.err) == (2, True)
