"""What an assignment is graded by: the course's settings, and the instructor's notebooks in `solutions/`.

The settings are read through nbgrader's own classes, the notebooks are checked against the gradebook.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.classroom import beside, ways
from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError, not_released
from autograder.classroom.files import combine
from autograder.classroom.grade.task import Rules
from autograder.judging.assignment import (
    Assignment,
    BadAssignment,
    Stubs,
    instantiated,
    parse_assignment,
)
from autograder.judging.limits import Limits

_JUDGE = "autograder.nbgrader_plugin.JudgeSubmission"
_REPAIR = "autograder.nbgrader_plugin.RepairSubmission"
_EXPORTER = "autograder.nbgrader_plugin.SubmissionExporter"
_STEPS = {
    "sanitize_preprocessors": [_REPAIR],
    "autograde_preprocessors": [
        _JUDGE,
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
    ],
}
_NEEDLESS = {
    f"nbgrader.preprocessors.{name}"
    for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "LimitOutput", "CheckCellMetadata")
}
"""What the judge sees to by itself."""

_HOOKS = ("pre_convert_hook", "post_convert_hook")


class Settings:
    """The settings of one course."""

    def __init__(self, course: Course) -> None:
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
        return beside.to_import(self._course, assignment, self._judge.packages)

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


def require_judge(course: Course) -> None:
    """Raise CourseError where the settings ask for another way of grading than the judge's alone."""
    configured = course.config.Autograde
    if configured.get("exporter_class") != _EXPORTER:
        raise CourseError("the judge does not grade this course yet: `autograder adopt` puts it there.")
    foreign = [f"{name} is the course's own" for name in _HOOKS if name in configured]
    for name, ours in _STEPS.items():
        listed = configured.get(name)
        steps = [str(step) for step in listed if step not in _NEEDLESS] if isinstance(listed, list) else []
        own = [step for step in steps if step not in ours]
        foreign += [f"{name} has {step}, which only nbgrader runs" for step in own]
        foreign += [] if own or steps == ours else [f"{name} leaves out a step of the judge's"]
    if foreign:
        raise CourseError(f"c.Autograde.{foreign[0]}: grade this course with `nbgrader autograde`.")


@dataclass(frozen=True)
class Tests:
    """The rules that go to the grading processes, their digest, and whether they are newer than the release."""

    rules: Rules
    digest: str
    newer_than_release: bool

    @property
    def names(self) -> list[str]:
        """The names of the notebooks, without `.ipynb`."""
        return [name for name, _ in self.rules.notebooks]


def load(course: Course, gradebook: Any, assignment: str, settings: Settings) -> Tests:
    """Read what an assignment is graded by.

    Raises CourseError if it is not released, or its graded cells and points are others than those released.
    """
    released = _released(gradebook, assignment)
    sources = {
        name: instantiated(_source(course, assignment, name), released[name].sources)
        for name in sorted(released)
    }
    newer = False
    for name, source in sources.items():
        try:
            parsed = parse_assignment(name, source, settings.stubs)
        except BadAssignment as error:
            raise CourseError(str(error)) from error
        require_same_points(assignment, parsed, released[name])
        newer |= {cell.id: cell.checksum for cell in parsed.cells if cell.id} != released[name].checksums
    chosen, (files, kept) = ways.shared_tests(course, assignment), beside.instructors(course, assignment)
    rules = Rules(
        tuple(sources.items()),
        settings.stubs,
        settings.limits,
        settings.trusted,
        settings.packages(assignment),
        tuple((name, frozenset(tests)) for name, tests in chosen.items()),
        files,
        kept,
    )
    return Tests(rules, _digest(rules, sources), newer)


def _digest(rules: Rules, sources: Mapping[str, bytes]) -> str:
    contents = [f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sources.items()]
    contents += [f"{path} {hashlib.sha256(data).hexdigest()}" for path, data in (*rules.files, *rules.kept)]
    chosen = [(name, sorted(tests)) for name, tests in rules.shared]
    return combine(*contents, repr(rules.stubs), repr(rules.limits), repr((rules.packages, chosen)))


@dataclass(frozen=True)
class Released:
    """A notebook as the gradebook knows it, each by the cell's name."""

    points: dict[str, float]
    sources: dict[str, str]
    checksums: dict[str, str]


def _released(gradebook: Any, assignment: str) -> dict[str, Released]:
    from nbgrader.api import MissingEntry

    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry as error:
        raise not_released(assignment) from error
    return {notebook.name: released_cells(gradebook.db, notebook.id) for notebook in notebooks}


def released_cells(db: Any, notebook: str) -> Released:
    """Return the cells of a notebook by its id. Nbgrader's own objects would ask the database once for each."""
    from nbgrader.api import GradeCell, SourceCell, TaskCell
    from sqlalchemy import select

    def columns(kind: Any, *wanted: Any) -> list[Any]:
        return list(db.execute(select(kind.name, *wanted).where(kind.notebook_id == notebook)))

    points = [*columns(GradeCell, GradeCell.max_score), *columns(TaskCell, TaskCell.max_score)]
    sources = columns(SourceCell, SourceCell.source, SourceCell.checksum)
    return Released(
        dict(points),
        {name: source for name, source, _ in sources},
        {name: checksum for name, _, checksum in sources},
    )


def _source(course: Course, assignment: str, name: str) -> bytes:
    path = course.source(assignment) / f"{name}.ipynb"
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{course.relative(path)} is needed to grade: {error.strerror}.") from error


def require_same_points(assignment: str, parsed: Assignment, released: Released) -> None:
    """Raise CourseError unless the gradebook has the same graded cells and points: else scores would go nowhere."""
    if released.points != {cell.id: cell.points for cell in parsed.graded}:
        raise CourseError(
            f"{assignment} has other graded cells or points than it was released with: "
            f"run `autograder release {assignment}` first."
        )
