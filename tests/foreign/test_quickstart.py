"""The course that `nbgrader quickstart` makes, under this grader: from adopting it to dropping the grader again."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbgrader
import pytest

from tests.support import modules

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quickstart")]

BIN = Path(sys.executable).parent
FORGOT_ONE = "def squares(n):\n    return [i ** 2 for i in range(1, n)]"
ANSWERS = {
    "right": {},
    "wrong": {"squares": FORGOT_ONE},
    "blank": None,
}


def run(course: Path, *command: str, status: int = 0) -> str:
    paths = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}  # stock nbgrader calls alembic by its name
    done = subprocess.run(
        modules.command(*command), cwd=course, env=os.environ | paths, capture_output=True, text=True
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def hand_in(course: Path, student: str, edits: dict[str, str] | None) -> None:
    """Answer as the instructor did, but for the edits; None leaves everything as it was released."""
    folder = course / "submitted" / student / "ps1"
    shutil.copytree(course / "release" / "ps1", folder)
    for path in folder.glob("*.ipynb"):
        notebook = json.loads(path.read_text())
        own = json.loads((course / "source" / "ps1" / path.name).read_text())
        answers = {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["source"] for cell in own["cells"]
        }
        for cell in notebook["cells"] if edits is not None else []:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("solution"):
                cell["source"] = (edits or {}).get(about["grade_id"], answers[about["grade_id"]])
        path.write_text(json.dumps(notebook))


def points(course: Path, file: str) -> dict[str, str]:
    with (course / file).open(encoding="utf-8-sig", newline="") as rows:
        return {row["student_id"]: row["raw_score"] for row in csv.DictReader(rows)}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The quickstart's course, which starts nbgrader six times; to be copied."""
    folder = tmp_path_factory.mktemp("foreign") / "course"
    run(folder.parent, "nbgrader", "quickstart", folder.name)
    return folder


@pytest.fixture(scope="module")
def course(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, adopted, with three submissions graded."""
    folder = shutil.copytree(untouched, tmp_path_factory.mktemp("graded") / "course")
    run(folder, "autograder", "adopt", "--write")
    run(folder, "autograder", "release")
    for student, edits in ANSWERS.items():
        hand_in(folder, student, edits)
    run(folder, "autograder", "grade", "ps1")
    run(folder, "autograder", "export", "grades.csv")
    return folder


def test_adopting_changes_the_configuration_only_and_dropping_restores_it(
    untouched: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(untouched, tmp_path / "course")
    before = (folder / "nbgrader_config.py").read_text()
    assert "c.JudgeSubmission.packages" in run(folder, "autograder", "adopt")
    assert (folder / "nbgrader_config.py").read_text() == before
    said = run(folder, "autograder", "adopt", "--write")
    assert "ps1/problem1: 3 strict, 1 shared, 0 wrong" in said
    run(folder, "autograder", "adopt", "--write", status=2)
    run(folder, "autograder", "drop")
    assert (folder / "nbgrader_config.py").read_text() == before


def test_points_are_stock_nbgraders(course: Path, tmp_path: Path) -> None:
    stock = tmp_path / "stock"
    shutil.copytree(course, stock, ignore=shutil.ignore_patterns("autograded", "gradebook.db", "log"))
    config = (stock / "nbgrader_config.py").read_text().replace(str(course), str(stock))
    (stock / "nbgrader_config.py").write_text(config)
    run(stock, "autograder", "drop")
    run(stock, "nbgrader", "generate_assignment", "ps1", "--force")
    run(stock, "nbgrader", "autograde", "ps1")
    run(stock, "nbgrader", "export", "--CsvExportPlugin.to=stock.csv")
    ours = {student: float(score) for student, score in points(course, "grades.csv").items()}
    assert ours == {student: float(score) for student, score in points(stock, "stock.csv").items()}
    assert ours["right"] > ours["wrong"] > ours["blank"] == 0


def test_feedback_says_which_item_was_run_with_the_students_code(course: Path) -> None:
    run(course, "autograder", "feedback", "ps1")
    page = (course / "feedback" / "wrong" / "ps1" / "problem1.html").read_text()
    assert "run together with" in page
    assert "BEGIN HIDDEN" not in page


def test_stock_autograde_and_this_grader_give_the_same_on_the_same_course(course: Path) -> None:
    before = points(course, "grades.csv")
    run(course, "nbgrader", "autograde", "ps1", "--force")
    run(course, "autograder", "export", "again.csv")
    assert points(course, "again.csv") == before


def test_tests_that_nbgrader_makes_at_release_are_graded(untouched: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(untouched, tmp_path / "course")
    guide = (
        Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
    )  # as `quickstart --autotest` does
    shutil.copyfile(guide / "autotests.yml", folder / "autotests.yml")
    shutil.rmtree(folder / "source" / "ps1")
    shutil.copytree(guide / "source" / "ps1_autotest", folder / "source" / "ps1")
    run(
        folder, "autograder", "adopt", "--write", status=1
    )  # before the release, a blank submission passes these
    run(folder, "autograder", "release")
    for student in ("right", "blank"):
        hand_in(folder, student, ANSWERS[student])
    run(folder, "autograder", "grade", "ps1")
    run(folder, "autograder", "export", "grades.csv")
    scores = points(folder, "grades.csv")
    assert float(scores["blank"]) == 0
    assert float(scores["right"]) > 2
