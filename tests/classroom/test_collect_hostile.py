"""Archives that students, broken programs or enemies made: the good hand-ins in them arrive, nothing else does."""

from __future__ import annotations

import os
import random
import stat
import zipfile
from collections import Counter

import pytest

from autograder.classroom.collect import archive
from autograder.classroom.collect.people import ClassList
from autograder.classroom.collect.sorting import Wanted, sort
from autograder.classroom.errors import CourseError
from tests.support import courses
from tests.support.archives import LINK, PIPE, entry, mode, overlapping, patched, write_zip
from tests.support.courses import TINY

GOOD = f"doejane_101_5001_{TINY}.ipynb"
BAD = f"evil_666_6001_{TINY}.ipynb"


@pytest.fixture
def notebook(released):
    """The bytes of a right answer."""
    path = courses.hand_in(released, "somebody")
    data = path.read_bytes()
    path.unlink()
    path.parent.rmdir()
    path.parent.parent.rmdir()
    return data


@pytest.fixture
def take(released, notebook, autograder, tmp_path):
    """Collect what a recipe makes beside a good hand-in; what arrived, what was said, what else changed."""

    def run(make):
        place = tmp_path / "download"
        place.mkdir()
        made = make(place / "submissions.zip", notebook)
        before = courses.snapshot(tmp_path)
        done = autograder(released, "collect", str(made), TINY)
        after = courses.snapshot(tmp_path)
        changed = {name for name in before | after if before.get(name) != after.get(name)}
        inside = ("course/class/submitted/", "course/class/collected/", "course/class/gradebook.db")
        assert [name for name in sorted(changed) if not name.startswith(inside)] == []
        arrived = sorted(path.name for path in (released / "class/submitted").glob("*"))
        return arrived, done

    return run


def _with(name, data=None, **attributes):
    def make(path, notebook):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(entry(GOOD), notebook)
            archive.writestr(entry(name, **attributes), notebook if data is None else data)
        return path

    return make


def _patched(offset, format, value):
    def make(path, notebook):
        write_zip(path, {GOOD: notebook, BAD: notebook})
        path.write_bytes(patched(path.read_bytes(), BAD.encode(), offset, format, value))
        return path

    return make


def _twice(path, notebook):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry(GOOD), notebook)
        archive.writestr(entry(BAD), notebook)
        archive.writestr(entry(BAD.replace("evil", "live")), notebook + b" ")
    path.write_bytes(path.read_bytes().replace(BAD.replace("evil", "live").encode(), BAD.encode()))
    return path


def _damaged(path, notebook):
    write_zip(path, {GOOD: notebook, BAD: notebook})
    data = bytearray(path.read_bytes())
    place = data.rfind(BAD.encode(), 0, data.find(b"PK\x01\x02")) + len(BAD) + 40
    data[place : place + 40] = bytes(40)
    path.write_bytes(data)
    return path


def _other_header(path, notebook):
    write_zip(path, {GOOD: notebook, BAD: notebook})
    data = path.read_bytes()
    path.write_bytes(data.replace(BAD.encode(), BAD.replace("evil", "good").encode(), 1))
    return path


ONE_LINE = {
    "path out of the folder": (_with(f"../../{BAD}"), "names a path out of its folder"),
    "path out, backslashes": (_with(f"..\\..\\{BAD}"), "names a path out of its folder"),
    "absolute path": (_with(f"/etc/{BAD}"), "names an absolute path"),
    "drive letter": (_with(f"C:\\Windows\\{BAD}"), "names an absolute path"),
    "control characters in a name": (_with(f"ev\x1b[31mil_666_6001_{TINY}.ipynb"), "cannot be read"),
    "enormous name": (_with(f"{'x' * 3000}_666_6001_{TINY}.ipynb"), "too long"),
    "symbolic link": (_with(BAD, b"../../../gradebook.db", **LINK), "is a link"),
    "pipe": (_with(BAD, b"", **PIPE), "is a device or a pipe"),
    "device": (_with(BAD, b"", **mode(stat.S_IFCHR)), "is a device or a pipe"),
    "locked with a password": (_patched(8, "<H", 1), "is locked with a password"),
    "packed in an unknown way": (_patched(10, "<H", 99), "packed in a way"),
    "zip bomb": (_with(BAD, bytes(50 << 20)), "times its size"),
    "claims to be enormous": (_patched(24, "<I", 3 << 30), "is too large"),
    "claims to be small": (_patched(24, "<I", 100), "is damaged"),
    "wrong checksum": (_patched(16, "<I", 1), "is damaged"),
    "damaged inside": (_damaged, "is damaged"),
    "two names for one file": (_other_header, "is damaged"),
    "twice with different contents": (_twice, "is in the archive twice"),
    "archive in the archive": (
        _with("evil_666_6001_work.zip", b"PK\x03\x04"),
        "handed in an archive, work.zip",
    ),
    "PDF": (_with("evil_666_6001_work.pdf", b"%PDF-1.7"), "handed in work.pdf, no notebook"),
    "script": (_with("evil_666_6001_work.py", b"print()"), "handed in work.py, no notebook"),
    "another assignment": (_with("evil_666_6001_a.ipynb"), None),
    "text instead of a file": (_with("evil_666_text.html", b"hello"), "handed in text.html, no notebook"),
    "name of no student": (_with(f"=1+1_666_6001_{TINY}.ipynb"), "is no name that a student can have"),
    "name of nobody": (_with("readme.txt", b"read me"), "has no name of the kind that Canvas gives"),
}


@pytest.mark.parametrize("case", ONE_LINE)
def test_a_bad_file_costs_one_line_and_no_other_file(case, take):
    make, why = ONE_LINE[case]
    arrived, done = take(make)
    if why is None:
        assert arrived == ["doejane-101", "evil-666"]
        return
    assert arrived == ["doejane-101"]
    assert done.status == 1
    assert len(done.err.splitlines()) == 1
    assert why in done.err
    assert "\x1b" not in done.err


def _truncated(path, notebook):
    write_zip(path, {GOOD: notebook})
    path.write_bytes(path.read_bytes()[:-30])
    return path


def _crowded(path, notebook):
    return write_zip(
        path, {GOOD: notebook} | {f"{number}": b"" for number in range(archive.MOST_ENTRIES + 1)}
    )


def _lying_list(path, notebook):
    """An archive whose last record says that its list of files is enormous."""
    data = bytearray(write_zip(path, {GOOD: notebook}).read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = (0xFFFFFF0).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def _flood(path, notebook):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry(GOOD, compress_type=zipfile.ZIP_STORED), notebook)
    data = path.read_bytes()
    start, end = data.find(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    header = bytearray(data[start:end])
    header[20:24] = header[24:28] = (90 << 20).to_bytes(4, "little")
    headers = b"".join(bytes(header).replace(b"doejane", b"doe%04d" % number) for number in range(60))
    record = bytearray(data[end:])
    record[8:12] = (60).to_bytes(2, "little") * 2
    record[12:16] = len(headers).to_bytes(4, "little")
    path.write_bytes(data[:start] + headers + record)
    return path


WHOLE = {
    "truncated": (_truncated, "no whole zip archive"),
    "not an archive": (lambda path, _: path.write_bytes(b"%PDF") and path, "no whole zip archive"),
    "a RAR archive": (
        lambda path, _: path.write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(100)) and path,
        "a RAR archive, which is not read here: unpack it",
    ),
    "a 7-Zip archive": (
        lambda path, _: path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100)) and path,
        "a 7-Zip archive, which is not read here: unpack it",
    ),
    "nothing in the file": (lambda path, _: path.write_bytes(b"") or path, "no whole zip archive"),
    "more files than a class has": (_crowded, "more than 20,000 files"),
    "a list of files that would fill the memory": (_lying_list, "more than 20,000 files"),
    "more bytes than a class has": (_flood, "would unpack to 5 GB"),
    "no such file": (lambda path, _: path, "there is no archive or folder"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_an_archive_that_cannot_be_trusted_at_all_is_refused_in_one_line(case, take):
    make, why = WHOLE[case]
    arrived, done = take(make)
    assert (arrived, done.status, len(done.err.splitlines())) == ([], 2, 1)
    assert why in done.err


def test_files_that_share_their_packed_bytes_unpack_to_nothing(take):
    arrived, done = take(lambda path, notebook: overlapping(path, {GOOD: notebook}, 40))
    assert arrived == ["doejane-101"]
    assert done.err.count("\n") == 40


def test_what_systems_and_editors_leave_about_is_passed_over(take):
    junk = [f"__MACOSX/._{GOOD}", ".DS_Store", f".ipynb_checkpoints/{BAD}", "Thumbs.db"]
    arrived, done = take(lambda path, notebook: write_zip(path, {GOOD: notebook} | dict.fromkeys(junk, b"x")))
    assert (arrived, done.status, done.err) == (["doejane-101"], 0, "")


def test_a_folder_with_links_pipes_and_loops_is_read_without_following_them(take, released):
    def make(path, notebook):
        folder = path.with_name("from-e-mail")
        (folder / "ada").mkdir(parents=True)
        (folder / "ada" / f"{TINY}.ipynb").write_bytes(notebook)
        for student in ("ben", "eve", "cleo"):
            (folder / student).mkdir()
        (folder / "ben" / f"{TINY}.ipynb").symlink_to(released / "solutions" / TINY / f"{TINY}.ipynb")
        os.mkfifo(folder / "cleo" / f"{TINY}.ipynb")
        (folder / "eve" / "up").symlink_to(folder)
        return folder

    arrived, done = take(make)
    assert arrived == ["ada"]
    assert f"ben/{TINY}.ipynb: is a link" in done.err
    assert f"cleo/{TINY}.ipynb: is a device or a pipe" in done.err


def test_two_names_that_some_systems_take_for_one_are_nobodys(take):
    files = ["Ada.ipynb", "ada.ipynb", "Zoe\u0308.ipynb", "Zo\u00eb.ipynb", "ben.ipynb"]
    arrived, done = take(
        lambda path, notebook: write_zip(path, {name: notebook + name.encode() for name in files})
    )
    assert arrived == ["ben"]
    assert "Ada: is handed in for by Ada and ada: nothing of either was taken" in done.err
    assert "is in the archive twice" in done.err


def test_a_full_disk_ends_it_and_what_was_collected_stays(take, monkeypatch, released):
    from autograder.classroom.collect import ledger

    write = ledger.write_bytes

    def full(path, data):
        if "evil" in str(path):
            raise OSError(28, "No space left on device", str(path))
        write(path, data)

    monkeypatch.setattr(ledger, "write_bytes", full)
    arrived, done = take(_with(BAD))
    assert arrived == ["doejane-101"]
    assert (done.status, "the disk is full" in done.err) == (2, True)


def test_too_little_room_is_told_before_anything_is_written(take, monkeypatch):
    from autograder.classroom.collect import collecting

    class Usage:
        free = 10 << 20

    monkeypatch.setattr(collecting.shutil, "disk_usage", lambda _: Usage)
    arrived, done = take(_with(BAD))
    assert (arrived, done.status) == ([], 2)
    assert "10 MB are free on the disk" in done.err


def test_damage_anywhere_in_an_archive_is_refused_and_raises_nothing_else(tmp_path):
    path = write_zip(
        tmp_path / "a.zip", {GOOD: b'{"cells": []}' * 50, "m\u00fcller_7_8_x.ipynb": b"x" * 100, "": b"?"}
    )
    good, chance = path.read_bytes(), random.Random(1)
    seen = Counter()
    for _ in range(1500):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 5))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), len(data), chance.randrange(len(data))))])
        seen[_read_all(path)] += 1
    assert set(seen) == {"whole", "partly", "nothing"}


def _read_all(path):
    try:
        with archive.in_zip(path, None) as entries:
            found = sort(entries, Wanted(TINY, [TINY]), ClassList([]), source=None, open_class=True)
            taken = [_is_read(item.entry) for items in found.notebooks.values() for item in items]
    except CourseError:
        return "nothing"
    return "whole" if all(taken) else "partly"


def _is_read(file):
    try:
        return bool(file.read())
    except archive.Refused:
        return False


def test_the_limits_leave_room_for_real_notebooks():
    assert archive.LARGEST_FILE >= 50 << 20
    assert archive.HIGHEST_RATIO >= 100
