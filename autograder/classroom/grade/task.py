"""What is shipped to a grading process and what comes back: bytes and numbers, nothing that needs a disk."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

import autograder.judging
from autograder.judging.assignment import Stubs
from autograder.judging.grading import ENGINE
from autograder.judging.limits import Limits
from autograder.judging.outcome import Files


@dataclass(frozen=True)
class Rules:
    """What all submissions of one assignment are graded by: the instructor's notebooks, as bytes, by name.

    `files` lie beside them, of those in `kept` a student's version is kept. `shared` names each notebook's tests that
    run together with the student's code, `packages` what that may import.
    """

    notebooks: tuple[tuple[str, bytes], ...]
    stubs: Stubs = field(default_factory=Stubs)
    limits: Limits = field(default_factory=Limits)
    trusted: bool = False
    packages: tuple[str, ...] | None = None
    shared: tuple[tuple[str, frozenset[str]], ...] = ()
    files: Files = ()
    kept: Files = ()


@dataclass(frozen=True)
class Task:
    """One submission: its notebooks' bytes by name, those that are there, and the files handed in along."""

    student: str
    rules: Rules
    notebooks: tuple[tuple[str, bytes], ...]
    files: Files = ()

    @property
    def size(self) -> int:
        """The bytes to be shipped, about."""
        return sum(len(data) for _, data in (*self.notebooks, *self.files))


@dataclass(frozen=True)
class JudgedNotebook:
    """One graded notebook.

    `points` are those of each graded cell, None where a person gives them; `untouched` names the answers that are
    as they were released.
    """

    name: str
    content: bytes
    points: dict[str, float | None]
    untouched: frozenset[str]
    notes: tuple[str, ...]
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """What came of a task: graded notebooks, or in `reason` the line that says why there are none.

    `unreadable` names the notebook that is none. `engine` is the grading process's own `engine()`, `platform`
    what it ran on.
    """

    notebooks: tuple[JudgedNotebook, ...] = ()
    reason: str = ""
    unreadable: str = ""
    engine: str = ""
    platform: str = ""


@cache
def engine() -> str:
    """What grades: the rules' name and a digest of the judge's sources, equal where grades are."""
    root = Path(autograder.judging.__file__).parent
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(path.read_bytes())
    return f"{ENGINE} ({total.hexdigest()[:12]})"


@cache
def runs_on() -> str:
    """The Python and NumPy that this process grades with."""
    return f"Python {platform.python_version()}, NumPy {version('numpy')}"
