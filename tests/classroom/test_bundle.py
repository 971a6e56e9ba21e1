"""The students' bundle and the autograder for Gradescope."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.classroom.release import gradescope as pack
from autograder.classroom.release import gradescope_run as run
from autograder.judging.forkserver import Warm
from autograder.judging.sandbox import LAYERS, NAMESPACES
from tests.support import courses
from tests.support.courses import TINY

pytestmark = pytest.mark.xdist_group("bundle")

# The students' bundle


@pytest.fixture
def built(released):
    """A released course with a book of one page."""
    page = released / "_build" / "html" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>The double of 2 is 4.</p>", encoding="utf-8")
    return released


def _names(path):
    with zipfile.ZipFile(path) as archive:
        return sorted(archive.namelist())


def test_a_bundle_has_exercises_and_book_and_no_solutions(built, autograder, tmp_path):
    path = tmp_path / "students.zip"
    done = autograder(built, "bundle", str(path))
    assert (done.status, "3 files" in done.out) == (0, True)
    assert _names(path) == ["README.txt", "book/index.html", f"exercises/{TINY}/{TINY}.ipynb"]


def test_the_same_course_gives_the_same_bundle(built, autograder, tmp_path):
    for name in ("one.zip", "two.zip"):
        autograder(built, "bundle", str(tmp_path / name))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_bundle_without_the_book_is_made_only_when_asked_for(released, autograder, tmp_path):
    path = tmp_path / "students.zip"
    done = autograder(released, "bundle", str(path))
    assert (done.status, "the book is not built" in done.err, path.exists()) == (2, True, False)
    assert autograder(released, "bundle", str(path), "--without-book").status == 0
    assert _names(path) == ["README.txt", f"exercises/{TINY}/{TINY}.ipynb"]


def test_a_missing_exercise_is_told(course, autograder, tmp_path):
    done = autograder(course, "bundle", str(tmp_path / "x.zip"), "--without-book")
    assert (done.status, f"{TINY}.ipynb is missing" in done.err) == (2, True)


def test_an_exercise_that_is_older_than_its_solution_is_told(released, autograder, tmp_path):
    path = released / "solutions" / TINY / f"{TINY}.ipynb"
    path.write_text(path.read_text().replace("assert double(2) == 4", "assert double(3) == 6"))
    done = autograder(released, "bundle", str(tmp_path / "x.zip"), "--without-book")
    assert (done.status, f"{TINY}.ipynb is older than its solution" in done.err) == (2, True)
    assert autograder(released, "release").status == 0
    assert autograder(released, "bundle", str(tmp_path / "x.zip"), "--without-book").status == 0


SECRET = "return x + x * (x - x) + x"
LEAKS = {
    "in a page": ("index.html", "<pre><span>return</span> x + x * <b>(x - x)</b> + x</pre>"),
    "as text of a page": ("a.html", "<p>assert double(-1234567) == -2469134, &#x27;wrong&#x27;</p>"),
    "in a notebook that the book carries": (
        "files/a.ipynb",
        json.dumps({"cells": [{"source": ["    return x + x *", " (x - x) + x\n"]}]}),
    ),
    "in data": ("all.json", json.dumps({"content": SECRET})),
    "in a source file": ("_sources/a.md", f"```python\n{SECRET}\n```"),
}


@pytest.mark.parametrize("case", LEAKS)
def test_a_leak_in_the_book_stops_the_bundle(case, built, autograder, tmp_path):
    name, text = LEAKS[case]
    place = built / "_build" / "html" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    done = autograder(built, "bundle", str(tmp_path / "x.zip"))
    assert (done.status, f"{name} would show students" in done.err) == (2, True)
    assert not (tmp_path / "x.zip").exists()


def test_a_leak_in_an_archive_in_the_book_stops_the_bundle(built, autograder, tmp_path):
    with zipfile.ZipFile(built / "_build" / "html" / "book.zip", "w") as archive:
        archive.writestr("a/b.html", f"<pre>{SECRET}</pre>")
    assert autograder(built, "bundle", str(tmp_path / "x.zip")).status == 2


def test_a_leak_in_an_exercise_stops_the_bundle(built, autograder, tmp_path):
    path = built / "exercises" / TINY / "notes.txt"
    path.write_text("### BEGIN HIDDEN TESTS\n")
    assert autograder(built, "bundle", str(tmp_path / "x.zip")).status == 2


def test_what_a_chapter_shows_is_taught_and_no_leak(built, autograder, tmp_path):
    (built / "_build" / "html" / "a.html").write_text(f"<pre>{SECRET}</pre>")
    (built / "chapters").mkdir()
    (built / "chapters" / "a.md").write_text(f"```\n{SECRET}\n```\n")
    assert autograder(built, "bundle", str(tmp_path / "x.zip")).status == 0


# The autograder for Gradescope


@pytest.fixture(scope="module")
def container(tmp_path_factory, released_pattern):
    """What Gradescope makes of the zip: its folders, with `setup.sh` run in an environment that has NumPy already."""
    root = tmp_path_factory.mktemp("autograder")
    zip_file = root / "autograder.zip"
    done = courses.autograder(released_pattern, "bundle", str(zip_file), "--gradescope", TINY)
    assert "3 points by the autograder, 2 by hand" in done.stdout
    subprocess.run(["unzip", "-q", zip_file, "-d", root / "source"], check=True)
    venv.create(root / "venv", with_pip=False, symlinks=True)
    packages = next((root / "venv" / "lib").glob("python*/site-packages"))
    (packages / "here.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    setup = _shell(root, root / "source" / "setup.sh")
    assert setup.returncode == 0, setup.stdout + setup.stderr
    assert "landlock" in setup.stdout
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "results").mkdir()
    return root


@pytest.fixture
def submission(container):
    """An empty `submission/`, and no results yet."""
    folder = container / "submission"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (container / "results" / "results.json").unlink(missing_ok=True)
    return folder


def _shell(root, script):
    environment = {"AUTOGRADER_ROOT": str(root), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    return subprocess.run(
        ["bash", str(script)], env=environment, cwd=root, capture_output=True, text=True, check=False
    )


def _grade(container):
    done = _shell(container, container / "run_autograder")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((container / "results" / "results.json").read_text()), done.stdout


def _hand_in(folder, released, code, name=f"{TINY}.ipynb"):
    notebook = nbformat.read(released / "exercises" / TINY / f"{TINY}.ipynb", as_version=4)
    next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id == "double").source = code
    nbformat.write(notebook, folder / name)


def test_the_same_judge_grades_on_gradescope(container, submission, released_pattern):
    _hand_in(submission, released_pattern, "def double(x):\n    return abs(2 * x)")
    report, log = _grade(container)
    assert [(test["score"], test["max_score"], test["status"]) for test in report["tests"]] == [
        (2.0, 2.0, "passed"),
        (0.0, 1.0, "failed"),
    ]
    assert "score" not in report
    assert report["stdout_visibility"] == "hidden"
    assert "landlock" in report["extra_data"]["layers"]
    assert "student code is confined by: " in log
    assert "1234567" not in json.dumps(report)


def test_a_notebook_of_another_name_is_taken_if_it_is_the_only_one(container, submission, released_pattern):
    _hand_in(submission, released_pattern, "def double(x):\n    return 2 * x", "my work.ipynb")
    report, _ = _grade(container)
    assert sum(test["score"] for test in report["tests"]) == 3


@pytest.mark.parametrize(
    "names", [(f"{TINY}-Copy1.ipynb", f"{TINY}.ipynb"), (f"{TINY}.ipynb", f"Copy of {TINY}.ipynb")]
)
def test_of_a_notebook_and_a_copy_the_one_that_was_worked_on_counts(
    names, container, submission, released_pattern
):
    _hand_in(submission, released_pattern, "def double(x):\n    return 2 * x", names[0])
    shutil.copy(released_pattern / "exercises" / TINY / f"{TINY}.ipynb", submission / names[1])
    (submission / f"._{TINY}.ipynb").write_bytes(b"\0\5\26\7")
    report, _ = _grade(container)
    assert sum(test["score"] for test in report["tests"]) == 3
    assert f"{names[0]} was graded; as they were given out: {names[1]}." in report["output"]


@pytest.mark.parametrize("kind", ["nothing", "pdf", "two", "link", "broken"])
def test_what_cannot_be_graded_is_zero_with_the_reason(kind, container, submission):
    if kind == "pdf":
        (submission / "work.pdf").write_bytes(b"%PDF")
    elif kind == "two":
        (submission / "a.ipynb").write_text("{}")
        (submission / "b.ipynb").write_text("{}")
    elif kind == "link":
        (submission / f"{TINY}.ipynb").symlink_to(container / "source" / "assignment.ipynb")
    elif kind == "broken":
        (submission / f"{TINY}.ipynb").write_text('{"cells": [')
    report, _ = _grade(container)
    assert (report["score"], report["tests"]) == (0.0, [])
    assert report["output"]


def test_a_container_without_namespaces_still_confines(container, submission, released_pattern, monkeypatch):
    _hand_in(submission, released_pattern, "def double(x):\n    return 2 * x")
    monkeypatch.setattr(run, "Warm", partial(Warm, without=NAMESPACES))
    assert run.main(container) == 0
    report = json.loads((container / "results" / "results.json").read_text())
    assert not set(NAMESPACES) & set(report["extra_data"]["layers"])
    assert sum(test["score"] for test in report["tests"]) == 3


def test_a_container_that_cannot_confine_gives_no_results_rather_than_a_zero(
    container, submission, released_pattern, monkeypatch, capsys
):
    _hand_in(submission, released_pattern, "def double(x):\n    return 2 * x")
    monkeypatch.setattr(run, "Warm", partial(Warm, without=LAYERS))
    assert run.main(container) == 1
    assert not (container / "results" / "results.json").exists()
    assert "not graded: " in capsys.readouterr().out


def test_students_cannot_read_the_assignment_in_the_container(container):
    assert (container / "source").stat().st_mode & 0o077 == 0
    assert (container / "source" / "assignment.ipynb").stat().st_mode & 0o077 == 0


def test_gradescope_gets_the_numpy_that_the_course_is_tested_with():
    lock = (courses.ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {line.split(";")[0].strip() for line in pack.REQUIREMENTS.splitlines()}
    assert pinned == {line.split(";")[0].strip() for line in lock.splitlines() if line.startswith("numpy==")}


def test_an_assignment_that_is_not_there_is_told(released, autograder, tmp_path):
    done = autograder(released, "bundle", str(tmp_path / "x.zip"), "--gradescope", "00-doubel")
    assert (done.status, "Did you mean" in done.err) == (2, True)
