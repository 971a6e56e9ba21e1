"""The hostile submissions: read from `attacks/*.toml` and built on the notebook that students get."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from tests.redteam import broken_files, course, edits
from tests.redteam.edits import Notebook, nbgrader_metadata
from tests.support.answers import reference

FOLDER = Path(__file__).parent / "attacks"
Stock = Literal["works", "unsure", "fails", "n/a"]

_WRONG = "def {f}(*args, **kwargs):\n    return np.full(3, 7.25)\n"
_HOSTILE = "def {f}(*args, **kwargs):\n    return hostile('{f}', *args, **kwargs)\n"


@dataclass(frozen=True)
class Attack:
    """One hostile (or unlucky) submission.

    `base` tells what the functions are that the attack itself does not write: "wrong" (7.25 of a wrong
    shape), "hostile" (each calls the attack's `hostile(name, *args)`) or "right" (all but `sign`, which
    holds `code`). `later` is code that runs after the first question was tested. `edit` names a change of
    the notebook or the file, `place` something put in the file's place. `stock` says whether stock
    nbgrader is claimed to be open to it. `alone` runs there need a process of their own.

    An attack on another `assignment` is right but for its `answers`, by function; `unearned` lists the items that it
    must not earn. Stock nbgrader does not grade it.
    """

    id: str
    kind: str
    does: str
    goal: str
    base: Literal["wrong", "hostile", "right"] = "wrong"
    code: str = ""
    later: str = ""
    edit: str = ""
    place: str = ""
    stock: Stock = "works"
    alone: bool = False
    assignment: str = course.ASSIGNMENT
    answers: dict[str, str] = field(default_factory=dict)
    unearned: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.id

    @property
    def elsewhere(self) -> bool:
        """Whether it is handed in for another assignment than the red team's own."""
        return self.assignment != course.ASSIGNMENT

    @property
    def question(self) -> str:
        """The function whose solution cell holds the attack's code."""
        return "sign" if self.base == "right" else "step"


@cache
def attacks() -> tuple[Attack, ...]:
    """Return every attack, class by class."""
    found = [attack for path in sorted(FOLDER.glob("*.toml")) for attack in _read(path)]
    if len({attack.id for attack in found}) < len(found):
        raise ValueError("two attacks have the same id")
    return tuple(found)


def under_layers() -> list[Attack]:
    """All but those on what the judge does with files and values: the same whatever confines the worker."""
    kinds = ("lie by type", "memorise", "edit the notebook", "break the file", "attack the reader")
    ids = (
        "returns-",
        "starve-billion-laughs",
        "starve-colliding-keys",
        "starve-huge-integer",
        "hold-finaliser",
    )
    return [a for a in attacks() if not (a.place or a.kind in kinds or a.id.startswith(ids))]


def attack(name: str) -> Attack:
    """Return the attack of this id."""
    return next(one for one in attacks() if one.id == name)


def _read(path: Path) -> list[Attack]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    shared = {key: value for key, value in table.items() if key != "attack"}
    entries = [{**shared, **entry} for entry in table["attack"]]
    lists = [{"unearned": tuple(entry.pop("unearned", ()))} for entry in entries]
    return [
        Attack(kind=entry.pop("class"), **entry, **more) for entry, more in zip(entries, lists, strict=True)
    ]


def handed_in(attack: Attack) -> bytes:
    """Return the file that this student hands in (a wrong one where something takes its place)."""
    notebook = _filled(attack)
    if not attack.edit:
        return as_file(notebook)
    edit = getattr(edits, attack.edit, None) or getattr(broken_files, attack.edit)
    changed = edit(notebook)
    return changed if isinstance(changed, bytes) else as_file(changed)


def honest() -> bytes:
    """Return the honest submission that is graded beside each attack: all functions right."""
    notebook = course.release()
    _fill(notebook, reference(course.ASSIGNMENT))
    notebook["metadata"]["title"] = f"neighbour's {course.SECRET}"
    return as_file(notebook)


def as_file(notebook: Notebook) -> bytes:
    """Write a notebook as Jupyter does."""
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _filled(attack: Attack) -> Notebook:
    notebook = course.release(attack.assignment)
    if attack.elsewhere:
        _fill(notebook, reference(attack.assignment) | attack.answers)
        return notebook
    right = reference(course.ASSIGNMENT)
    template = {"wrong": _WRONG, "hostile": _HOSTILE}.get(attack.base)
    code = {name: template.format(f=name) if template else text for name, text in right.items()}
    if attack.base == "right":
        code["sign"] = attack.code or code["sign"]
    else:
        code["step"] = f"{attack.code}\n\n{code['step']}"
    code["sigmoid"] = f"{attack.later}\n{code['sigmoid']}"
    _fill(notebook, code)
    return notebook


def _fill(notebook: Notebook, code: dict[str, str]) -> None:
    for cell in notebook["cells"]:
        meta = nbgrader_metadata(cell)
        if meta.get("solution") and cell["cell_type"] == "code":
            cell["source"] = code[meta["grade_id"]].strip("\n")
