"""Write the notebooks: the same bytes from the same source, and never over what a person has edited."""

from __future__ import annotations

import hmac
import importlib
import pkgutil
import shutil
from pathlib import Path

import nbformat

import assignments
from assignments.library.draws import Draw
from assignments.library.model import Assignment
from assignments.library.notebook import digest, notebook


class EditedByHand(Exception):
    """The notebook that is to be written was made or changed by a person."""


def sources() -> dict[str, Assignment]:
    """Return every assignment that has a module, by its name."""
    modules = [module.name for module in pkgutil.iter_modules(assignments.__path__) if not module.ispkg]
    found = [vars(importlib.import_module(f"assignments.{module}")).values() for module in modules]
    made = {value.name: value for values in found for value in values if isinstance(value, Assignment)}
    return dict(sorted(made.items()))


def write(assignment: Assignment, folder: Path, secret: bytes | None = None) -> bool:
    """Write an assignment's notebook into `folder`; tell whether it changed.

    With a class's secret its hidden numbers are this class's own. Raises EditedByHand.
    """
    draw = Draw(hmac.digest(secret, assignment.name.encode(), "sha256").hex()) if secret else None
    made = nbformat.writes(notebook(assignment, draw)) + "\n"
    path = folder / f"{assignment.name}.ipynb"
    if path.exists():
        if path.read_text(encoding="utf-8") == made:
            return False
        _refuse_edited(path)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(made, encoding="utf-8")
    return True


def copy_others(written: Path, to: Path) -> list[str]:
    """Copy the assignments that have no notebook in `to` yet: a person made them, or wrote no numbers of their own."""
    missing = [
        folder for folder in sorted(written.iterdir()) if folder.is_dir() and not (to / folder.name).exists()
    ]
    for folder in missing:
        shutil.copytree(folder, to / folder.name)
    return [folder.name for folder in missing]


def _refuse_edited(path: Path) -> None:
    there = nbformat.read(path, as_version=4)
    if there.metadata.get("autograder", {}).get("written") != digest(there):
        raise EditedByHand(f"{path} was edited by hand. Move it away to have it written anew.")
