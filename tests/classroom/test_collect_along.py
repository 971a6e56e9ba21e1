"""Files handed in along with a notebook: beside it in `submitted/`, within bounds, never elsewhere."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.courses import TINY

FILE = f"{TINY}.ipynb"


def zipped(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


@pytest.fixture
def along(released):
    """What lies beside the notebooks of a student in `submitted/`, by its path from there."""

    def look(student):
        folder = released / "class/submitted" / student / TINY
        files = [
            path for path in folder.rglob("*") if path.is_file() and path.name not in (FILE, "timestamp.txt")
        ]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    return look


@pytest.mark.parametrize(
    "form",
    [
        {"ada/{FILE}": b"", "ada/data/own.csv": b"1", "ada/helper.py": b"x = 1"},
        {"ada/work/{FILE}": b"", "ada/work/data/own.csv": b"1", "ada/work/helper.py": b"x = 1"},
        {"ada_101_5001_{FILE}": b"", "ada_101_5002_helper.py": b"x = 1"},
        {"ada_101_5001_all.zip": b"in it"},
        {"Ada_1_assignsubmission_file/{FILE}": b"", "Ada_1_assignsubmission_file/data/own.csv": b"1"},
    ],
    ids=["folder", "folder in a folder", "Canvas", "zip on Canvas", "Moodle"],
)
def test_files_beside_a_notebook_are_taken_with_it(collect, along, notebook, arrived, form):
    held = zipped(
        {f"all/{FILE}": notebook("a"), "all/data/own.csv": b"1", "all/helper.py": b"x = 1", "top.txt": b"0"}
    )
    made = {"": notebook("a"), "in it": held}
    collect({name.format(FILE=FILE): made.get(data.decode(), data) for name, data in form.items()})
    [student] = arrived()
    wanted = {"data/own.csv": b"1", "helper.py": b"x = 1"}
    given = str(list(form)) if len(form) > 1 else str(list(wanted))
    assert along(student) == {path: data for path, data in wanted.items() if path.split("/")[-1] in given}


def test_what_is_hidden_or_the_instructors_is_not_taken(collect, along, notebook, released):
    (released / "solutions" / TINY / "table.csv").write_text("right")
    files = {
        ".hidden": b"",
        "table.csv": b"wrong",
        "table.csv/x": b"wrong",
        "sub/.git/config": b"",
        "own.csv": b"1",
    }
    collect({f"ada/{FILE}": notebook(), **{f"ada/{name}": data for name, data in files.items()}})
    assert along("ada") == {"own.csv": b"1"}


def test_of_too_much_the_small_files_are_taken(collect, along, notebook):
    large = random.Random(0).randbytes(10 << 20)
    collect({f"ada/{FILE}": notebook(), "ada/a.bin": large, "ada/b.bin": large, "ada/small.txt": b"1"})
    assert sorted(along("ada")) == ["a.bin", "small.txt"]


def test_a_newer_hand_in_has_its_own_files_and_what_was_put_by_hand_stays(collect, along, notebook, released):
    collect({f"ada/{FILE}": notebook("old"), "ada/old.csv": b"1", "ada/both.csv": b"1"})
    folder = released / "class/submitted/ada" / TINY
    (folder / "given.csv").write_bytes(b"by hand")
    (folder / "old.csv").write_bytes(b"corrected")
    collect({f"ada/{FILE}": notebook("new"), "ada/both.csv": b"2"})
    assert along("ada") == {"given.csv": b"by hand", "old.csv": b"corrected", "both.csv": b"2"}


def test_a_changed_file_beside_the_same_notebook_is_taken(collect, along, notebook):
    collect({f"ada/{FILE}": notebook(), "ada/own.csv": b"1", "ada/left.csv": b"1"})
    assert "1 collected" in collect({f"ada/{FILE}": notebook(), "ada/own.csv": b"2"}).out
    assert along("ada") == {"own.csv": b"2"}


def test_nothing_is_written_through_a_link(collect, notebook, released, tmp_path: Path):
    collect({f"ada/{FILE}": notebook("a")})
    outside = tmp_path / "outside"
    outside.mkdir()
    (released / "class/submitted/ada" / TINY / "data").symlink_to(outside)
    done = collect({f"ada/{FILE}": notebook("b"), "ada/data/own.csv": b"1"})
    assert "is a link or a folder: remove it first" in done.err
    assert not list(outside.iterdir())


def test_paths_out_of_the_folder_are_refused(collect, along, notebook, released):
    collect({f"ada/{FILE}": notebook(), "ada/../../evil.py": b"1", "ada/own.csv": b"1"})
    assert along("ada") == {"own.csv": b"1"}
    assert not list(released.rglob("evil.py"))
