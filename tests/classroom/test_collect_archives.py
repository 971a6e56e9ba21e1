"""Archives in archives, as students and mail programs make them: their notebooks are found, and nothing is trusted."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"


def _zip(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("doejane_101_5001_work.zip", f"moemax_103_5002_{FILE}"),
        ("Jane Doe_11_assignsubmission_file/work.zip", f"Max Moe_12_assignsubmission_file/{FILE}"),
        ("Jane Doe_11_assignsubmission_file_work.zip", f"Max Moe_12_assignsubmission_file_{FILE}"),
        ("7-8 - Jane Doe - Mar 2, 2026 926 PM/work.zip", f"7-8 - Max Moe - Mar 2, 2026 927 PM/{FILE}"),
        ("HW/Doe, Jane(jd)/Submission attachment(s)/work.zip", f"HW/Moe, Max(mm)/Anlagen/{FILE}"),
        ("Doe_Jane_jdoe_4711/work.zip", f"Moe_Max_mmoe_4712/{FILE}"),
        ("jane/work.zip", f"max/{FILE}"),
        ("jane.zip", "max.ipynb"),
        (f"jane_{TINY}.zip", f"max_{TINY}.zip/{FILE}"),
    ],
)
def test_the_notebook_in_a_students_zip_is_theirs(one, other, collect, arrived, notebook):
    inside = {f"homework/final/{FILE}": notebook("zipped"), "homework/data.csv": b"1", "__MACOSX/._x": b"\0"}
    done = collect({one: _zip(inside), other: notebook("plain")})
    assert (done.status, done.err) == (0, "")
    assert sorted(arrived().values()) == ["plain", "zipped"]


def test_a_class_of_zips_is_told_apart_by_their_folders_or_names(collect, arrived, notebook):
    folders = {f"{name}/{TINY}.zip": _zip({FILE: notebook(name)}) for name in ("ada", "ben")}
    collect(folders)
    assert arrived() == {"ada": "ada", "ben": "ben"}
    collect({f"{name}.zip": _zip({FILE: notebook(name)}) for name in ("cleo", "dora")})
    assert arrived() == {name: name for name in ("ada", "ben", "cleo", "dora")}


def test_a_download_that_was_packed_again_is_read_as_it_is(collect, arrived, notebook):
    inner = {f"doejane_101_5001_{FILE}": notebook("jd"), f"moemax_103_5002_{FILE}": notebook("max")}
    assert collect({"submissions.zip": _zip(inner)}).err == ""
    assert arrived() == {"doejane-101": "jd", "moemax-103": "max"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (lambda notebook: b"PK\3\4 and no more", "doejane: handed in an archive, work.zip, that cannot be opened"),
        (lambda notebook: _zip({}), "handed in an archive, work.zip"),
        (lambda notebook: _zip({f"../../{FILE}": notebook("evil")}), "names a path out of its folder"),
        (lambda notebook: _zip({f"/etc/{FILE}": notebook("evil")}), "names an absolute path"),
        (lambda notebook: _zip({"inner.zip": _zip({FILE: notebook("deep")})}), "handed in an archive, work.zip"),
        (
            lambda notebook: _zip({f"a/{FILE}": notebook("one"), f"b/{FILE}": notebook("two")}),
            f"work.zip/a/{FILE} and doejane_101_5001_work.zip/b/{FILE}, both worked on",
        ),
    ],
)  # fmt: skip
def test_a_zip_that_is_not_clear_is_nobodys_and_stops_nobody(data, why, collect, arrived, notebook):
    done = collect({"doejane_101_5001_work.zip": data(notebook), f"moemax_103_5002_{FILE}": notebook("max")})
    assert (done.status, arrived().get("moemax-103")) == (1, "max")
    assert why in done.err


@pytest.mark.parametrize("kind", ["rar", "7z"])
@pytest.mark.parametrize(
    "name", ["doejane_101_5001_work", "Jane Doe_11_assignsubmission_file/work", "jane/work"]
)
def test_another_kind_of_archive_is_named_with_what_to_do(name, kind, collect, arrived, notebook):
    other = name.replace("doejane_101_5001", "moemax_103_5002").replace("Jane Doe_11", "Max Moe_12")
    other = other.replace("jane/", "max/").replace("work", FILE)
    done = collect({f"{name}.{kind}": b"Rar!", other: notebook("plain")})
    assert f"work.{kind}, a {kind} archive, which is not read here: unpack it, hand it in as zip" in done.err
    assert list(arrived().values()) == ["plain"]


def test_a_locked_zip_in_a_zip_says_so(collect, arrived, notebook):
    locked = bytearray(_zip({FILE: notebook("secret")}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    done = collect({"doejane_101_5001_work.zip": bytes(locked)})
    assert (done.status, arrived()) == (1, {})
    assert "is locked with a password" in done.err


def test_a_bomb_in_a_zip_in_a_zip_is_not_unpacked(collect, arrived):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, b"0" * (30 << 20))
    done = collect({"doejane_101_5001_work.zip": data.getvalue()})
    assert (done.status, arrived()) == (1, {})
    assert "times its size" in done.err
