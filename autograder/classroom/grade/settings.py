"""What the course's configuration says of grading, read through nbgrader's own classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.judging.assignment import Stubs, imported
from autograder.judging.limits import Limits

_JUDGE = "autograder.nbgrader_plugin.JudgeSubmission"
_REPAIR = "autograder.nbgrader_plugin.RepairSubmission"
_OURS = {
    "exporter_class": "autograder.nbgrader_plugin.SubmissionExporter",
    "sanitize_preprocessors": [_REPAIR, "nbgrader.preprocessors.CheckCellMetadata"],
    "autograde_preprocessors": [
        _JUDGE,
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ],
}
_HOOKS = ("pre_convert_hook", "post_convert_hook")


class Settings:
    """The settings of one course. Raises CourseError where they ask for another way of grading than the judge's."""

    def __init__(self, course: Course) -> None:
        _require_judge(course)
        from nbgrader.converters import Autograde
        from nbgrader.coursedir import CourseDirectory

        self._course = course
        self._directory = CourseDirectory(config=course.config)
        self._converter = Autograde(coursedir=self._directory, config=course.config)

    @cached_property
    def limits(self) -> Limits:
        """The judge's budgets."""
        limits: Limits = self._judge.limits()
        return limits

    @cached_property
    def trusted(self) -> bool:
        """Whether to grade even where student code cannot be confined."""
        return bool(self._judge.trust_submissions)

    def packages(self, assignment: str) -> tuple[str, ...] | None:
        """The packages that student code may import, and those to import once for all; None for NumPy alone."""
        allowed = tuple(self._judge.packages)
        if "*" not in allowed:
            return allowed or None
        notebooks = sorted(self._course.source(assignment).glob("*.ipynb"))
        return ("*", *sorted({name for path in notebooks for name in imported(path.read_bytes())}))

    @cached_property
    def stubs(self) -> Stubs:
        """What students find where the solutions were."""
        from nbgrader.preprocessors import ClearSolutions

        cleared = ClearSolutions(config=self._course.config)
        return Stubs(cleared.code_stub["python"], cleared.text_stub)

    @property
    def may_add_students(self) -> bool:
        """Whether somebody who is not in the gradebook yet is entered."""
        return bool(self._converter.create_student)

    @property
    def permissions(self) -> int:
        """The mode of the files that are written."""
        return int(str(self._converter.permissions), 8)

    @property
    def is_shared(self) -> bool:
        """Whether the folders belong to a group of instructors."""
        return bool(self._directory.groupshared)

    @property
    def ignored(self) -> list[str]:
        """Patterns of the files that are not copied."""
        return [*self._directory.ignore, "*.ipynb"]

    def kept_files(self, assignment: str) -> list[str]:
        """The files of which a student's version is kept, by their names in the assignment's folder."""
        return list(self._converter.exclude_overwriting.get(assignment, []))

    @cached_property
    def penalty(self) -> Callable[[str, float, float], float | None]:
        """The course's rule for being late."""
        from nbgrader.preprocessors import AssignLatePenalties

        step: Any = AssignLatePenalties(config=self._course.config)
        step.init_plugin()
        rule: Callable[[str, float, float], float | None] = step.plugin_inst.late_submission_penalty
        return rule

    def penalty_settings(self) -> str:
        """The rule for being late as a text that changes with its settings."""
        names = ("AssignLatePenalties", "LateSubmissionPlugin")
        return repr([sorted(self._course.config.get(name, {}).items(), key=str) for name in names])

    @cached_property
    def _judge(self) -> Any:
        from autograder.nbgrader_plugin import JudgeSubmission

        return JudgeSubmission(config=self._course.config)


def _require_judge(course: Course) -> None:
    configured = course.config.Autograde
    changed = [name for name, ours in _OURS.items() if configured.get(name) != ours]
    changed += [name for name in _HOOKS if name in configured]
    if changed:
        raise CourseError(
            f"the configuration's c.Autograde.{changed[0]} is not the judge's: "
            "grade this course with `nbgrader autograde`, or take the setting from this repository."
        )
