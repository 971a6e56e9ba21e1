"""Adopting a course that has preprocessors of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.adopt import adopt, drop
from autograder.classroom.course import load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.grade.rules import require_judge

CLEANING = "c.Autograde.sanitize_preprocessors"
GRADING = "c.Autograde.autograde_preprocessors"
OWN = "nbconvert.preprocessors.TagRemovePreprocessor"
STOCK = "nbgrader.preprocessors"


def course(folder: Path, *lines: str) -> Path:
    (folder / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines, ""]))
    return folder


def adopted(folder: Path, name: str) -> list[str]:
    """The preprocessors of that name that nbgrader runs in a course once it is adopted, without where they are from."""
    adopt(folder, write=True)
    return [step.split(".")[-1] for step in load_course(folder).config.Autograde[name]]


def test_a_course_without_own_preprocessors_is_graded_by_the_judge(tmp_path: Path) -> None:
    adopt(course(tmp_path), write=True)
    require_judge(load_course(tmp_path))


def test_preprocessors_of_the_course_keep_their_place_beside_the_judge(tmp_path: Path) -> None:
    listed = [f"{STOCK}.ClearOutput", OWN, f"{STOCK}.Execute", "mine.After", f"{STOCK}.SaveAutoGrades"]
    found = adopted(course(tmp_path, f"{GRADING} = {listed}"), "autograde_preprocessors")
    assert found[:4] == ["TagRemovePreprocessor", "JudgeSubmission", "After", "SaveAutoGrades"]


def test_a_preprocessor_that_is_appended_stays(tmp_path: Path) -> None:
    found = adopted(course(tmp_path, f"{CLEANING}.append({OWN!r})"), "sanitize_preprocessors")
    assert found == ["RepairSubmission", "TagRemovePreprocessor", "CheckCellMetadata"]


def test_dropping_restores_a_course_with_preprocessors_of_its_own(tmp_path: Path) -> None:
    before = (course(tmp_path, f"{CLEANING}.append({OWN!r})") / "nbgrader_config.py").read_text()
    adopt(tmp_path, write=True)
    drop(tmp_path)
    assert (tmp_path / "nbgrader_config.py").read_text() == before


def test_what_only_nbgrader_runs_is_named_in_a_line(tmp_path: Path) -> None:
    adopt(course(tmp_path, f"{CLEANING}.append({OWN!r})"), write=True)
    with pytest.raises(CourseError, match=rf"sanitize_preprocessors has {OWN}, .* `nbgrader autograde`"):
        require_judge(load_course(tmp_path))


def test_what_the_judge_sees_to_by_itself_is_no_preprocessor_of_the_courses(tmp_path: Path) -> None:
    adopt(course(tmp_path), write=True)
    path = tmp_path / "nbgrader_config.py"
    path.write_text(f'{path.read_text()}{GRADING}.insert(1, "{STOCK}.LimitOutput")\n')
    require_judge(load_course(tmp_path))


def test_a_hook_and_a_course_that_is_not_adopted_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="`autograder adopt`"):
        require_judge(load_course(course(tmp_path)))
    adopt(course(tmp_path, "c.Autograde.pre_convert_hook = print"), write=True)
    with pytest.raises(CourseError, match="pre_convert_hook is the course's own"):
        require_judge(load_course(tmp_path))
