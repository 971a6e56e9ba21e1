"""Collecting from learning platforms, zips and folders: who, which file, when, and nothing lost."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import datetime

import pytest

from autograder.classroom.collect.archive import Entry
from autograder.classroom.collect.people import ClassList
from autograder.classroom.collect.sorting import Wanted, sort
from tests.support import class_state
from tests.support.archives import entry, patched
from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"


# Canvas


def test_canvas_names_give_the_student_the_late_mark_and_the_newest_upload(
    collect, arrived, notebook, released
):
    done = collect(
        {
            f"doejane_101_5001_{FILE}": notebook("old"),
            f"doejane_LATE_101_7001_{TINY}-1.ipynb": notebook("new"),
            f"m\u00fcllerj\u00fcrgen_102_5002_{FILE}": notebook("jm"),
            f"smith_jones_103_5003_{FILE}": notebook("sj"),
        }
    )
    assert (done.status, done.err) == (0, "")
    assert "3 collected" in done.out
    assert "1 late, 1 handed in again" in done.out
    assert arrived() == {"doejane-101": "new", "m\u00fcllerj\u00fcrgen-102": "jm", "smith_jones-103": "sj"}
    assert class_state.students(released)["doejane-101"][3] == "101"


def test_canvas_archives_say_nothing_of_the_time(collect, arrived, notebook):
    collect({f"doejane_101_5001_{FILE}": notebook("a")})
    assert arrived(stamps=True) == {"doejane-101": ("a", "")}


def test_hidden_names_on_canvas_are_kept_apart_by_their_code(collect, arrived, notebook):
    done = collect({f"anon_Ab1cD_5001_{FILE}": notebook("a"), f"LATE_anon_x9Yz0_5002_{FILE}": notebook("b")})
    assert arrived() == {"Ab1cD": "a", "x9Yz0": "b"}
    assert "1 late" in done.out


def test_an_older_download_does_not_displace_a_newer_hand_in(collect, arrived, notebook):
    collect({f"doejane_101_7001_{TINY}-1.ipynb": notebook("new")})
    assert "1 collected" in collect({f"doejane_101_5001_{FILE}": notebook("old")}).out
    assert arrived() == {"doejane-101": "new"}


# Moodle


def test_moodle_folders_give_name_and_time(collect, arrived, notebook, released):
    done = collect(
        {
            f"Jane Doe_4711_assignsubmission_file/{FILE}": notebook("jd"),
            f"Zo\u00eb de la Cruz_4712_assignsubmission_file_/work/{TINY} (2).ipynb": notebook("z"),
            "Max Text_4713_assignsubmission_onlinetext/onlinetext.html": b"<p>here</p>",
            "Jane Doe_4711_assignsubmission_onlinetext/onlinetext.html": b"<p>see file</p>",
        }
    )
    when = "2026-03-02 10:00:00 UTC"
    assert arrived(stamps=True) == {"jane-doe": ("jd", when), "zo\u00eb-de-la-cruz": ("z", when)}
    assert done.err == "Max Text: handed in onlinetext.html, no notebook\n"
    assert class_state.students(released)["zo\u00eb-de-la-cruz"][:2] == ("Zo\u00eb de la", "Cruz")


def test_moodle_files_in_one_folder_are_read_too(collect, arrived, notebook):
    collect({f"Jane Doe_4711_assignsubmission_file_{FILE}": notebook("jd")})
    assert arrived() == {"jane-doe": "jd"}


def test_blind_marking_leaves_the_participant_number(collect, arrived, notebook):
    collect({f"Participant_4711_assignsubmission_file/{FILE}": notebook("p")})
    assert arrived() == {"participant-4711": "p"}


def test_two_people_of_one_name_are_not_taken_for_one(collect, arrived, notebook, tmp_path):
    files = {
        f"Jane Doe_1_assignsubmission_file/{FILE}": notebook("first"),
        f"Jane Doe_2_assignsubmission_file/{FILE}": notebook("second"),
    }
    done = collect(files)
    assert (done.status, arrived()) == (1, {})
    assert (
        done.err == "jane-doe: is handed in for by Jane Doe 1 and Jane Doe 2: nothing of either was taken\n"
    )
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(
        "Identifier,Full name,ID number,Email address,Status,Grade\n"
        "Participant 1,Jane Doe,j1,j1@x.edu,,\nParticipant 2,Jane Doe,j2,j2@x.edu,,\n"
    )
    assert collect(files, "--roster", str(worksheet)).status == 0
    assert arrived() == {"j1": "first", "j2": "second"}


# Zips and folders of any other making


@pytest.mark.parametrize(
    "names",
    [
        ["ada.ipynb", "student-12.ipynb"],
        [f"{TINY}_ada.ipynb", f"{TINY} student-12.ipynb"],
        [f"all/ada/{FILE}", f"all/student-12/{FILE}"],
        [f"ada/{TINY}/{FILE}", f"student-12/{TINY}/{FILE}"],
        ["ada/my work.ipynb", "student-12/homework-3.ipynb"],
    ],
)
def test_a_plain_archive_names_students_by_files_or_folders(names, collect, arrived, notebook):
    assert collect(dict(zip(names, (notebook("1"), notebook("2")), strict=True))).err == ""
    assert arrived() == {"ada": "1", "student-12": "2"}


def test_nbgraders_own_tree_keeps_its_times(released, arrived, notebook, autograder, tmp_path):
    folder = tmp_path / "exchange" / "ada" / TINY
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(notebook("a"))
    (folder / "timestamp.txt").write_text("2026-03-02 11:30:00.123456 Europe/Berlin\n")
    assert autograder(released, "collect", str(tmp_path / "exchange"), TINY).status == 0
    assert arrived(stamps=True) == {"ada": ("a", "2026-03-02 10:30:00 UTC")}


def test_a_folders_files_have_the_time_they_were_written(released, arrived, notebook, autograder, tmp_path):
    path = tmp_path / "in" / "ada.ipynb"
    path.parent.mkdir()
    path.write_bytes(notebook("a"))
    os.utime(path, (1772445600, 1772445600))
    autograder(released, "collect", str(path.parent), TINY)
    assert arrived(stamps=True) == {"ada": ("a", "2026-03-02 10:00:00 UTC")}


def test_a_second_download_in_the_browser_is_a_second_hand_in(collect, arrived, notebook):
    done = collect({"ada.ipynb": notebook("1"), "ada (2).ipynb": notebook("2")}, time=datetime(1980, 1, 1))
    assert "is handed in for by" not in done.err
    assert arrived(stamps=True) == {"ada": ("2", "")}


@pytest.mark.parametrize("ending", ["ipynb.txt", "ipynb.json", "IPYNB"])
def test_endings_that_browsers_and_systems_add_do_no_harm(ending, collect, arrived, notebook):
    collect({f"doejane_101_5001_{TINY}.{ending}": notebook("a")})
    assert arrived() == {"doejane-101": "a"}


def test_a_notebook_that_names_nobody_is_told(collect, arrived, notebook):
    done = collect({FILE: notebook("a"), "ben.ipynb": notebook("b")})
    assert (done.err, arrived()) == (f"{FILE}: does not say whose it is\n", {"ben": "b"})


def test_an_assignment_of_two_notebooks_takes_each_by_its_name():
    def file(path):
        return Entry(path, 1, None, "", lambda: io.BytesIO(b"x"))

    entries = [file(f"ada/{name}.ipynb") for name in ("part-1", "part-2", "part-2 (1)", "scratch")]
    wanted = Wanted("hw", ("part-1", "part-2"))
    found = sort(entries, wanted, ClassList([]), source=None, open_class=True)
    assert [(item.file, item.notebook) for item in found.notebooks["ada"]] == [
        ("part-1.ipynb", "part-1"),
        ("part-2.ipynb", "part-2"),
        ("part-2 (1).ipynb", "part-2"),
    ]
    assert found.left_out == 1


def test_a_notebook_of_another_assignment_is_not_taken_for_this_one(released, collect, arrived, notebook):
    (released / "solutions" / "01-other").mkdir()
    (released / "solutions" / "01-other" / "01-other.ipynb").write_text("{}")
    done = collect(
        {"ada/01-other.ipynb": notebook("a"), "ben/x.ipynb": notebook(), "ben/y.ipynb": notebook()}
    )
    assert arrived() == {}
    assert f"ada: handed in 01-other.ipynb, not {FILE}" in done.err
    assert f"ben: handed in x.ipynb and y.ipynb, not {FILE}" in done.err


# Names


def test_names_in_old_encodings_are_read_as_they_were_meant(
    released, arrived, notebook, autograder, tmp_path
):
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry("zo\u00eb_1_10_x.ipynb".encode().decode("latin-1")), notebook("utf-8"))
        archive.writestr(entry("m\u00fcller_2_20_x.ipynb"), notebook("cp437"))
    data = path.read_bytes()  # Python marks both names as UTF-8: take the marks off and write the bytes meant
    for name, meant in (("zo\u00eb_1_10_x.ipynb", "utf-8"), ("m\u00fcller_2_20_x.ipynb", "cp437")):
        written = name.encode().decode("latin-1").encode() if meant == "utf-8" else name.encode()
        data = _rename(data, written, name.encode(meant))
    path.write_bytes(data)
    done = autograder(released, "collect", str(path), TINY)
    assert (done.err, arrived()) == ("", {"m\u00fcller-2": "cp437", "zo\u00eb-1": "utf-8"})


def _rename(data, old, new):
    """Give a file a name of other bytes that is not marked as UTF-8, padded where it is in front of the data."""
    data = patched(data, old, 8, "<H", 0)
    local, central = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    while not data[local + 30 :].startswith(old):
        local = data.find(b"PK\x03\x04", local + 4)
    while not data[central + 46 :].startswith(old):
        central = data.find(b"PK\x01\x02", central + 4)
    pad = len(old) - len(new)
    extra = b"" if not pad else pad.to_bytes(2, "little")
    assert len(extra) in (0, 2)
    head = bytearray(data)
    for place, name_at, length_at in ((central, 46, 28), (local, 30, 26)):
        head[place + name_at : place + name_at + len(old)] = new.ljust(len(old), b"\0")
        head[place + length_at : place + length_at + 2] = len(new).to_bytes(2, "little")
        head[place + length_at + 2 : place + length_at + 4] = pad.to_bytes(2, "little")
        if place == local:
            head[place + 6 : place + 8] = b"\0\0"
    return bytes(head)
