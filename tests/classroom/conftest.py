"""Courses to work on, each in a folder of its own."""

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from autograder.classroom.grade import crews
from autograder.classroom.grade.crews import Crew
from autograder.cli import main
from autograder.judging.forkserver import Warm
from tests.support import courses
from tests.support.archives import write_zip
from tests.support.courses import TINY
from tests.support.small_class import build as build_small_class


@pytest.fixture(scope="session")
def released_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, released; copied by the tests, never changed."""
    course = courses.tiny_course(tmp_path_factory.mktemp("pattern") / "course")
    done = courses.autograder(course, "release")
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The tiny course, not yet released."""
    return courses.tiny_course(tmp_path / "course")


@pytest.fixture
def released(tmp_path: Path, released_pattern: Path) -> Path:
    """The tiny course, released."""
    return courses.copy_tree(released_pattern, tmp_path / "course")


@pytest.fixture(scope="session")
def graded_pattern(tmp_path_factory, released_pattern):
    """The tiny course with two graded submissions; copied by the tests, never changed."""
    course = courses.copy_tree(released_pattern, tmp_path_factory.mktemp("graded") / "course")
    courses.hand_in(course, "ada")
    courses.hand_in(course, "ben", courses.WRONG)
    done = courses.autograder(course, "grade", courses.TINY)
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture(scope="session")
def warm():
    with Warm() as started:
        yield started


@pytest.fixture
def graded(tmp_path, graded_pattern):
    return courses.copy_tree(graded_pattern, tmp_path / "course")


@pytest.fixture
def judged(monkeypatch, warm):
    """Judge in this process, and note whose submissions are."""
    students = []

    def work(task):
        students.append(task.student)
        return crews.grade_task(task, warm)

    @contextmanager
    def hired(jobs, scheduler=""):
        with ThreadPoolExecutor(1) as executor:
            yield Crew(executor, work, 1)

    monkeypatch.setattr(crews, "hired", hired)
    return students


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def autograder(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run an `autograder` command on a course in this process, which has imported nbgrader already."""

    def run(course: Path, *arguments: str) -> Outcome:
        capfd.readouterr()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader and its parts do warn
            warnings.filterwarnings("error", module="autograder")
            status = main([*arguments, "--course", str(course)])
        return Outcome(status, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def small_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real course with a few of the demo class, graded by the judge; not to be changed."""
    return build_small_class(tmp_path_factory.mktemp("small") / "course")


@pytest.fixture
def notebook(released):
    """The bytes of an answer that says who wrote it."""

    def write(text="", valid=True):
        path = courses.hand_in(released, "somebody", f"def double(x):\n    return 2 * x  # {text}")
        data = path.read_bytes()
        path.unlink()
        path.parent.rmdir()
        path.parent.parent.rmdir()
        return data if valid else data[:200]

    return write


@pytest.fixture
def collect(released, autograder, tmp_path):
    """Collect the given files from a zip archive."""

    def run(files, *arguments, time=datetime(2026, 3, 2, 10)):
        archive = write_zip(tmp_path / "submissions.zip", files, time)
        return autograder(released, "collect", str(archive), TINY, "--timezone", "UTC", *arguments)

    return run


@pytest.fixture
def arrived(released):
    """What lies in `submitted/`: by student the remark in their answer, and their timestamp."""

    def look(stamps=False):
        found = {}
        for path in sorted((released / "class/submitted").glob(f"*/{TINY}/{TINY}.ipynb")):
            stamp = path.with_name("timestamp.txt")
            text = path.read_text(encoding="utf-8")
            remark = text.split("return 2 * x  # ")[-1].split('"')[0] if "return 2" in text else "broken"
            found[path.parts[-3]] = (
                (remark, stamp.read_text().strip() if stamp.exists() else "") if stamps else remark
            )
        return found

    return look
