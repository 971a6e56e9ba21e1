"""What lies beside the notebooks of an assignment: the instructor's files, those handed in along, what they import.

A student's file is there for the student's code alone, and never stands for one of the instructor's, unless the course
says so for it (nbgrader's `c.Autograde.exclude_overwriting`): then tests outside the student's process have neither.
"""

from __future__ import annotations

import ast
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from autograder.classroom.course import Course
from autograder.classroom.errors import CourseError
from autograder.classroom.files import TIMESTAMP
from autograder.judging.cell_code import parsed
from autograder.judging.outcome import Files
from autograder.judging.worker.modules import PACKAGES

_MOST_OF_INSTRUCTORS = 64 << 20
_MOST_OF_STUDENTS = 16 << 20
_MOST_FILES = 500
_LEFT_OUT = frozenset(("__pycache__", "__MACOSX"))


def instructors(course: Course, assignment: str) -> tuple[Files, Files]:
    """The instructor's files, and those of which a student's version is kept; CourseError over 64 MB."""
    folder, kept = course.source(assignment), kept_files(course, assignment)
    found = [(name, path.read_bytes()) for name, path in _files(folder) if path.is_file()]
    if sum(len(data) for _, data in found) > _MOST_OF_INSTRUCTORS:
        most, where = _MOST_OF_INSTRUCTORS >> 20, course.relative(folder)
        raise CourseError(f"the files in {where}/ are over {most} MB: every submission gets a copy.")
    return tuple(f for f in found if f[0] not in kept), tuple(f for f in found if f[0] in kept)


def kept_files(course: Course, assignment: str) -> frozenset[str]:
    """The files of which a student's version is kept, by their paths in the assignment's folder."""
    every = course.config.Autograde.get("exclude_overwriting", {})
    return frozenset(PurePosixPath(name).as_posix() for name in every.get(assignment, ()))


def students(folder: Path, instructors: Files) -> Files:
    """The files handed in along with a notebook that count (see `counted`); links do not."""
    regular = {name: path for name, path in _files(folder) if stat.S_ISREG(path.lstat().st_mode)}
    sizes = {name: path.stat().st_size for name, path in regular.items()}
    return tuple(
        (name, regular[name].read_bytes()) for name in counted(sizes, [name for name, _ in instructors])
    )


def counted(sizes: Mapping[str, int], instructors: Iterable[str]) -> list[str]:
    """Which of these files, by their paths beside a notebook, count: none that is hidden or in the way of one of the
    instructor's; at most 16 MB and 500 of them, the small ones first.
    """
    taken = [PurePosixPath(name) for name in instructors]
    found, room = [], _MOST_OF_STUDENTS
    for size, name in sorted((size, name) for name, size in sizes.items() if _is_own(name, taken))[
        :_MOST_FILES
    ]:
        if (room := room - size) >= 0:
            found.append(name)
    return sorted(found)


def names_of_instructors(course: Course, assignment: str) -> list[str]:
    """The files for which no student's ever stands, by their paths in the assignment's folder."""
    kept = kept_files(course, assignment)
    return [name for name, _ in _files(course.source(assignment)) if name not in kept]


def to_import(course: Course, assignment: str, allowed: Sequence[str]) -> tuple[str, ...] | None:
    """The packages that student code may import ("*": all) and the modules to import once for all of a class.

    None for NumPy and the standard library alone.
    """
    if not allowed:
        return None
    wanted = {
        name for name in _imported(course.source(assignment)) if _top(name) in allowed or "*" in allowed
    }
    return (*allowed, *sorted(wanted - {*allowed}))


def packages_needed(course: Course, assignment: str) -> list[str]:
    """The packages that an assignment imports, but for NumPy, what stands in for plots, and the standard library."""
    plain = sys.stdlib_module_names | PACKAGES | {"numpy"}
    return sorted({_top(name) for name in _imported(course.source(assignment))} - plain)


def imported(notebook: bytes) -> frozenset[str]:
    """The modules that a notebook's cells may import, by their full names; none if it cannot be read.

    `from scipy import optimize` names `scipy.optimize` as well: whether that is a module shows when it is imported.
    """
    try:
        cells = [cell["source"] for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return frozenset()
    return frozenset(name for cell in cells for name in _modules_in("".join(cell)))


def _imported(folder: Path) -> Iterator[str]:
    """What the notebooks of an assignment and the modules beside them import, without those modules themselves."""
    beside = {_top(name.removesuffix(".py").replace("/", ".")) for name, _ in _files(folder)}
    names = {name for path in folder.glob("*.ipynb") for name in imported(path.read_bytes())}
    for name, path in _files(folder):
        if name.endswith(".py"):
            names |= _modules_in(path.read_text(encoding="utf-8", errors="replace"))
    yield from (name for name in names if _top(name) not in beside)


def _modules_in(code: str) -> frozenset[str]:
    """The modules that a cell or a file imports, in functions too; none if it is not Python."""
    statements = (
        node for node in ast.walk(parsed(code, len(code))) if isinstance(node, ast.Import | ast.ImportFrom)
    )
    return frozenset(name for statement in statements for name in _modules(statement))


def _modules(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif statement.module and not statement.level:
        yield statement.module
        yield from (f"{statement.module}.{alias.name}" for alias in statement.names if alias.name != "*")


def _top(name: str) -> str:
    return name.partition(".")[0]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files below a folder by their paths in it, but for notebooks and what is hidden."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for path in (Path(where, name) for name in sorted(names)):
            if not _is_hidden(path.name):
                yield path.relative_to(folder).as_posix(), path


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is nobody's: a notebook, or what systems and editors leave about."""
    return name.startswith(".") or name in _LEFT_OUT or name.endswith((".ipynb", ".pyc"))


def _is_own(name: str, taken: Sequence[PurePosixPath]) -> bool:
    """Whether a student's file may be there: it is not in the way of one of the instructor's."""
    own = PurePosixPath(name)
    if name == TIMESTAMP or any(map(_is_hidden, own.parts)):
        return False
    return not any(_stands_for(own, other) for other in taken)


def _stands_for(own: PurePosixPath, other: PurePosixPath) -> bool:
    """Whether a path would be found instead of another: it is the same, one needs the other for a folder, or `import`
    prefers it (`geometry/__init__.py` to `geometry.py`).
    """
    if own == other or own in other.parents or other in own.parents:
        return True
    is_module = own.suffix in (".py", ".so") and other.suffix == ".py" and len(other.parts) == 1
    return is_module and own.parts[0].partition(".")[0] == other.stem
