"""A machine that cannot confine refuses to grade, unless the instructor trusts the submissions."""

import json
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from autograder import nbgrader_plugin
from autograder.classroom.course import load_course
from autograder.classroom.grade import crews
from autograder.classroom.gradebook import records
from autograder.cli import main
from autograder.judging import doctor, forkserver
from autograder.judging.forkserver import Template, Warm
from autograder.judging.sandbox import LAYERS
from tests.support import courses

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("trust")]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = courses.tiny_course(tmp_path_factory.mktemp("trust") / "course")
    assert courses.autograder(folder, "release").returncode == 0
    courses.hand_in(folder, "ada")
    return folder


@pytest.fixture
def cannot_confine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine without any of its layers."""
    monkeypatch.setattr(crews, "_MODULE", "tests.support.unconfined")
    monkeypatch.setenv("PYTHONPATH", str(courses.ROOT))
    monkeypatch.setattr(forkserver, "Warm", partial(Warm, without=LAYERS))
    monkeypatch.setattr(nbgrader_plugin, "_template", template := Template())
    yield
    template.close()


def run(course: Path, *arguments: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own
        return main([*arguments, "--course", str(course)])


@pytest.mark.usefixtures("cannot_confine")
def test_it_refuses_in_one_line_and_leaves_everything(
    course: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = courses.snapshot(course)
    assert run(course, "grade", courses.TINY) == 2
    printed = capfd.readouterr()
    assert "graded" not in printed.out
    assert printed.err.count("\n") == 1
    assert "cannot confine student code" in printed.err
    after = courses.snapshot(course)
    assert {path for path in before | after if after.get(path) != before.get(path)} <= {"class/gradebook.db"}
    assert records.scores(load_course(course), courses.TINY) == {}


@pytest.mark.usefixtures("cannot_confine")
def test_trusted_submissions_are_graded_and_every_result_says_so(course: Path) -> None:
    assert run(course, "grade", courses.TINY, "--trust-submissions") == 0
    (path,) = course.glob(f"class/autograded/ada/{courses.TINY}/*.ipynb")
    assert "trusted" in json.loads(path.read_bytes())["metadata"]["autograder"]["layers"]
    assert run(course, "feedback", courses.TINY) == 0
    (page,) = course.glob(f"class/feedback/ada/{courses.TINY}/*.html")
    assert "declared trusted" in page.read_text(encoding="utf-8")


def test_the_doctor_names_every_layer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    printed = capsys.readouterr().out
    assert all(line.split()[0] == layer for line, layer in zip(printed.splitlines(), LAYERS, strict=False))
    assert "Student code is confined" in printed


def test_the_doctor_says_what_is_missing() -> None:
    finding = doctor.Examination({"mount": None, "seccomp": "the kernel has none"}, enough=False)
    assert finding.lines()[1] == "seccomp  missing: the kernel has none"
    assert "grading refuses" in finding.lines()[-1]
    assert "1 of 2 layers are missing" in doctor.Examination(finding.layers, enough=True).lines()[-1]


def test_the_doctor_imports_what_students_may_and_says_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.examine().lost == ()
    monkeypatch.setattr(doctor, "MODULES", "numpy.fft numpy.no_such_part")
    finding = doctor.examine()
    assert finding.lost == ("numpy.no_such_part",)
    assert "does not find numpy.no_such_part" in finding.lines()[-1]


@pytest.mark.parametrize("link", ["environment", "parent"])
def test_parts_of_numpy_are_found_by_whatever_path_python_was_started(tmp_path: Path, link: str) -> None:
    environment = Path(sys.prefix)
    target = environment if link == "environment" else environment.parent
    (tmp_path / "link").symlink_to(target)
    python = tmp_path / "link" / ("" if link == "environment" else environment.name) / "bin" / "python"
    ended = subprocess.run(
        [python, "-m", "autograder.cli", "doctor"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "does not find" not in ended.stdout
