"""No line of a solution or of a hidden test is in the built book, or in the bundle that students get."""

from __future__ import annotations

import io
import zipfile
import zlib
from html import unescape

import pytest

from autograder.classroom.course import load_course
from autograder.classroom.release import bundle
from autograder.classroom.release.bundle import Search
from tests.support import courses
from tests.support.hidden import TAUGHT, hidden_lines, squeezed

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("book")]

ROOT = courses.ROOT
LIBRARIES = 2 << 20  # bytes of a script beyond which it is somebody else's


@pytest.fixture(scope="module")
def packed(site, tmp_path_factory):
    """The bundle of the real course with the built book, as a zip."""
    place = tmp_path_factory.mktemp("bundle")
    course = courses.copy_course(place / "course")
    (course / "chapters").symlink_to(ROOT / "chapters")
    (course / "_build").mkdir()
    (course / "_build" / "html").symlink_to(site.folder)
    path = place / "for-students.zip"
    bundle.write(load_course(course), path)
    return path


def _texts(files):
    """The text of every file, as it is and without tags; what is packed in a file is unpacked."""
    for name, data in files:
        if name.endswith((".zip", ".whl")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield from _texts((f"{name}/{inner}", archive.read(inner)) for inner in archive.namelist())
        elif not (name.endswith((".js", ".wasm", ".woff2", ".png")) and len(data) > LIBRARIES):
            text = data.decode("utf-8", errors="replace")
            plain = bundle._TAG.sub("", text) if name.endswith(".html") else text
            yield (
                name,
                squeezed(
                    unescape(plain).replace("\\n", "").replace('\\"', '"').replace('",', "").replace('"', "")
                ),
            )


def _shown(files):
    hidden = {short.replace('"', ""): line for short, line in hidden_lines().items()}
    search = Search(hidden)
    return sorted({(name, hidden[short]) for name, text in _texts(files) for short in search.found_in(text)})


def test_there_are_hidden_lines_to_look_for():
    assert len(hidden_lines()) > 400


def test_no_hidden_line_is_in_the_built_book(site):
    folder = site.folder
    files = (
        (str(path.relative_to(folder)), path.read_bytes()) for path in folder.rglob("*") if path.is_file()
    )
    assert _shown(files) == []


def test_no_hidden_line_is_in_the_bundle(packed, site):
    """Files of the book that went in as they were have been searched already."""
    with zipfile.ZipFile(packed) as archive:
        own = [info for info in archive.infolist() if not _is_as_built(info, site.folder)]
        assert len(own) == 1 + len(list((ROOT / "exercises").glob("*/*.ipynb")))
        assert _shown((info.filename, archive.read(info)) for info in own) == []


def _is_as_built(info, folder):
    path = folder / info.filename.removeprefix("book/")
    return info.filename.startswith("book/") and zlib.crc32(path.read_bytes()) == info.CRC


def test_the_bundle_has_the_exercises_the_book_and_how_to_start(packed):
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
    exercises = {
        f"exercises/{path.parent.name}/{path.name}" for path in (ROOT / "exercises").glob("*/*.ipynb")
    }
    assert exercises | {"README.txt", "book/index.html", "book/chapters/sigmoid.html"} <= names
    assert {name.split("/")[0] for name in names} == {"README.txt", "exercises", "book"}


def test_what_chapters_teach_of_the_solutions_is_known_line_by_line():
    files = [*(ROOT / "chapters").glob("*.md"), *(ROOT / "chapters").rglob("*.py")]
    chapters = squeezed("".join(path.read_text("utf-8") for path in files))
    assert sorted(line for line in TAUGHT if squeezed(line) not in chapters) == []
