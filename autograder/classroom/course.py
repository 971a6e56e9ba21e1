"""Where a course keeps its things, and who can read them: from its `nbgrader_config.py`, without importing nbgrader.

Importing nbgrader takes seconds, so a command that has only a mistyped name to report does not do it.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.classroom.errors import CourseError, did_you_mean

CONFIG_NAME = "nbgrader_config.py"
FOLDER_PATTERN = "{nbgrader_step}/{student_id}/{assignment_id}"  # nbgrader's own default


@dataclass(frozen=True)
class Course:
    """A course folder and what its configuration says."""

    root: Path
    config: Config

    @property
    def course_id(self) -> str:
        """The course's name in the gradebook."""
        return str(self._setting("course_id", ""))

    @property
    def db_url(self) -> str:
        """The gradebook's address, as SQLAlchemy spells it."""
        return str(self._setting("db_url", f"sqlite:///{self.root / 'gradebook.db'}"))

    @property
    def database_file(self) -> Path | None:
        """The gradebook's file, or None if it is a server or is addressed in a special way."""
        path = self.db_url.removeprefix("sqlite:///")
        return None if path == self.db_url or path.startswith(("file:", ":memory:")) else Path(path)

    @property
    def log_folder(self) -> Path:
        """Where commands write what is too long for the terminal: `log/` beside the submissions."""
        return self.root / Path(str(self._setting("submitted_directory", "submitted"))).parent / "log"

    def assignments(self) -> list[str]:
        """Return the names of all assignments, in alphabetical order."""
        return sorted({path.parent.name for path in self.source("*").parent.glob("*/*.ipynb")})

    def source(self, assignment: str) -> Path:
        """Return the folder of an assignment's solutions."""
        return self._folder("source", ".", assignment)

    def released(self, assignment: str) -> Path:
        """Return the folder of an assignment as students get it."""
        return self._folder("release", ".", assignment)

    def submitted(self, student: str, assignment: str) -> Path:
        """Return the folder of what a student handed in."""
        return self._folder("submitted", student, assignment)

    def autograded(self, student: str, assignment: str) -> Path:
        """Return the folder of a graded submission."""
        return self._folder("autograded", student, assignment)

    def feedback(self, student: str, assignment: str) -> Path:
        """Return the folder of a student's feedback pages."""
        return self._folder("feedback", student, assignment)

    def is_graded(self, student: str, assignment: str) -> bool:
        """Tell whether a submission has been graded."""
        return self.autograded(student, assignment).is_dir()

    def relative(self, path: Path) -> str:
        """Return a path as a person in the course folder would write it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def require_assignment(self, assignment: str) -> None:
        """Raise CourseError, with the names that exist, if there is no such assignment."""
        names = self.assignments()
        if assignment not in names:
            where = self.relative(self.source(assignment).parent)
            raise CourseError(f"{where}/ has no assignment {assignment!r}{_instead(assignment, names)}")

    def _folder(self, step: str, student: str, assignment: str) -> Path:
        step_folder = self._setting(f"{step}_directory", step)
        pattern = str(self._setting("directory_structure", FOLDER_PATTERN))
        return self.root / pattern.format(
            nbgrader_step=step_folder, student_id=student, assignment_id=assignment
        )

    def _setting(self, name: str, default: Any) -> Any:
        return self.config.CourseDirectory.get(name, default)


def load_course(start: Path) -> Course:
    """Load the course that the folder `start` is in; raise CourseError if it is in none."""
    root = _find_root(start.resolve())
    try:
        config = PyFileConfigLoader(CONFIG_NAME, path=str(root)).load_config()
    except OSError as error:
        raise CourseError(
            f"{error.filename} cannot be made ({error.strerror}): what belongs to the class is kept there."
        ) from error
    except Exception as error:  # the file is a program: anything may go wrong in it
        raise CourseError(f"{root / CONFIG_NAME} cannot be read: {type(error).__name__}: {error}") from error
    return Course(Path(config.CourseDirectory.get("root", root)), config)


def _find_root(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise CourseError(f"{start} is not in a course: no {CONFIG_NAME} there or above. Use --course FOLDER.")


def _instead(name: str, names: list[str]) -> str:
    if hint := did_you_mean(name, names):
        return f".{hint}"
    return f". It has: {', '.join(names)}." if names else ": it is empty."


def exposed(course: Course) -> list[Path]:
    """Return the folders and files that every account of this machine can read, the course's own ones only."""
    private = [course.source("*").parent, course.submitted("", "").parent, course.database_file]
    found = {path.resolve() for path in private if path and path.exists() and _is_readable(path.resolve())}
    return sorted(path for path in found if not found & set(path.parents))


def advice_on_privacy(course: Course) -> str:
    """Return in a line what to do about what others can read, empty where there is nothing."""
    names = " ".join(course.relative(path) for path in exposed(course))
    return f"every account of this machine can read {names}: chmod -R o-rwx {names}" if names else ""


def _is_readable(path: Path) -> bool:
    """Whether anybody may read it, and go through all folders above it."""
    if os.name != "posix":
        return False
    may_pass = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return may_pass and bool(path.stat().st_mode & stat.S_IROTH)
