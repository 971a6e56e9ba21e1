"""The folders of graded submissions, each replaced as a whole when the gradebook has its grade.

A new folder is written beside the old one, under a name that begins with a dot and ends in a token. The
gradebook's transaction records the token; then the folder takes the old one's place. A run that was killed in
between is recognised by the tokens: the next one puts the recorded folders in place and removes the others.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.course import Course
from autograder.classroom.grade import beside
from autograder.classroom.grade.rules import Settings

_ANY = re.compile(r"\.(?P<name>.+)\.(?P<token>[0-9a-f]{32})\.(?P<kind>draft|old)")


@dataclass(frozen=True)
class Draft:
    """A graded submission's folder that is not in its place yet."""

    place: Path
    token: str

    @property
    def folder(self) -> Path:
        """Where it is until then."""
        return self.place.with_name(f".{self.place.name}.{self.token}.draft")

    @property
    def _old(self) -> Path:
        return self.place.with_name(f".{self.place.name}.{self.token}.old")

    def install(self) -> None:
        """Put it in its place; what was there is gone. Ends what an interrupted call began."""
        if self.folder.exists():
            if self.place.exists():
                self.place.rename(self._old)
            self.folder.rename(self.place)
        shutil.rmtree(self._old, ignore_errors=True)

    def discard(self) -> None:
        """Remove it; what is in its place stays."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Folders:
    """Where the graded submissions of one assignment are written, as nbgrader writes them."""

    def __init__(self, course: Course, assignment: str, settings: Settings) -> None:
        self._course, self._assignment, self._settings = course, assignment, settings
        self._ignored = re.compile("|".join(fnmatch.translate(pattern) for pattern in settings.ignored))
        source = course.source(assignment)
        kept = beside.kept_files(course, assignment)
        self._instructors = {n: p for n, p in self._files(source).items() if n not in kept}

    def write(
        self, student: str, token: str, handed_in: Path, notebooks: Iterable[tuple[str, bytes]]
    ) -> Draft:
        """Write a draft: the graded notebooks, the other files handed in, the instructor's over them.

        Raises OSError, and leaves nothing, when it cannot be written.
        """
        draft = Draft(self._course.autograded(student, self._assignment), token)
        try:
            draft.folder.mkdir(parents=True)
            for name, path in (self._files(handed_in) | self._instructors).items():
                (draft.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, draft.folder / name)
            for name, content in notebooks:
                (draft.folder / f"{name}.ipynb").write_bytes(content)
            self._set_rights(draft.folder)
        except BaseException:
            draft.discard()
            raise
        return draft

    def recover(self, recorded: Callable[[set[str]], set[str]]) -> None:
        """End what a killed run began: `recorded` says which tokens the gradebook has."""
        found: dict[str, Draft] = {}
        everyone = self._course.autograded("*", f".{glob.escape(self._assignment)}.*")
        for place in map(Path, glob.glob(str(everyone))):
            match = _ANY.fullmatch(place.name)
            if match and match["name"] == self._assignment:
                found[match["token"]] = Draft(place.with_name(match["name"]), match["token"])
        known = recorded(set(found))
        for token, draft in found.items():
            draft.install() if token in known else draft.discard()

    def _files(self, folder: Path) -> dict[str, Path]:
        """The files below a folder that nbgrader copies, by their names relative to it; links are left out."""
        found = {}
        for where, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if not self._ignored.match(name)]
            for path in (Path(where, name) for name in names if not self._ignored.match(name)):
                if stat.S_ISREG(path.lstat().st_mode):
                    found[str(path.relative_to(folder))] = path
        return found

    def _set_rights(self, folder: Path) -> None:
        for where, _, names in os.walk(folder):
            for name in names:
                os.chmod(os.path.join(where, name), self._settings.permissions)
            if self._settings.is_shared:
                os.chmod(where, (os.stat(where).st_mode | 0o2770) & 0o2777)
